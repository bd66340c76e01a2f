/**
 * The stage that predicts: an observed table mapped to catalogs, sigma8 and terse values of each,
 * and whether to believe them.
 */
import { counted } from "../numerics/counted.ts";
import type { ColumnMapping } from "../observed/column_mapping.ts";
import type { MappedClusters, MappingPlan } from "../observed/mapped_clusters.ts";
import { mapColumns } from "../observed/mapped_clusters.ts";
import type { RefusalCount } from "../observed/refusals.ts";
import { countReasons } from "../observed/refusals.ts";
import type { Repeats } from "../observed/repeated_rows.ts";
import { countRepeats } from "../observed/repeated_rows.ts";
import type { Interval } from "../catalogs/grid.ts";
import type { Survey } from "../catalogs/survey.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { FeatureArray } from "../features/features.ts";
import type { FitsTable } from "../formats/fits.ts";
import type { Safety, SafetyVerdict } from "../interpretation/safety/findings.ts";
import type { SafetyReference } from "../interpretation/safety/reference.ts";
import { TERSE } from "../interpretation/safety/statistics.ts";
import { encodeInOrder } from "../interpretation/safety/view.ts";
import { judgeSafety } from "../interpretation/safety.ts";
import type { Sigma8Posteriors, TrainedModel } from "../network/trained_model.ts";
import { combineEnsemble, mixtureQuantiles } from "../evaluation/ensemble_posterior.ts";
import type { SourceTable } from "../observed/source_table.ts";
import { groupRows, labelsOf } from "../observed/labels.ts";
import { leaveOut } from "./left_out.ts";
import { RowOutcomes } from "./row_outcomes.ts";
import { openObserved, seeClusters } from "./seen_clusters.ts";

/** What is predicted of one catalog. */
export interface CatalogPrediction {
  /** Entry of the catalog in the column of --catalog-id; "" if there is none. */
  readonly id: string;
  /** Rows of the table that belong to the catalog. */
  readonly rows: number;
  /** Rows that the network saw. */
  readonly used: number;
  /** Rows that could not be used, counted by reason. */
  readonly refused: readonly RefusalCount[];
  /** Rows in use that repeat another one exactly. */
  readonly repeated: number;
  /** `null` if no row could be used, or the network gives no finite value. */
  readonly sigma8: number | null;
  /** The standard deviation of the posterior, an ensemble's if there are members; `null` if there is none. */
  readonly error: number | null;
  /** sigma8 at {@linkcode QUOTED_PROBABILITIES} of the posterior; `null` if there is none. */
  readonly quantiles: readonly number[] | null;
  /** Whether the prediction should be believed. */
  readonly verdict: SafetyVerdict;
  /** What led to the verdict. */
  readonly reasons: readonly string[];
  /** `null` if no row could be used. */
  readonly safety: Safety | null;
}

/** Ends of the central 95% and 68% intervals, and the median. */
export const QUOTED_PROBABILITIES: readonly number[] = [0.025, 0.16, 0.5, 0.84, 0.975];

/** Predictions, and every row of the table. */
export interface Prediction {
  /** One entry per catalog, in the order in which they appear in the table. */
  readonly catalogs: readonly CatalogPrediction[];
  /** One row per cluster, in the order of the table. */
  readonly clusters: FitsTable;
}

/** A trained network and what it is compared with. */
export interface Predictor {
  /** Choices that the network was trained by. */
  readonly experiment: Experiment;
  /** The network. */
  readonly model: TrainedModel;
  /** What the network does on mock catalogs. */
  readonly reference: SafetyReference;
  /**
   * Networks that differ from the first in their seed alone. The posterior is then the mixture of all with
   * equal weights; terse values and the verdict are the first network's.
   */
  readonly members?: readonly TrainedModel[] | undefined;
}

/** How a table of clusters is read. */
export interface Reading {
  /** Expressions of columns, by what the network reads. */
  readonly mapping: ColumnMapping;
  /** The Hubble parameter in expressions. */
  readonly h: number;
  /** The column that distinguishes catalogs; undefined if all rows are one catalog. */
  readonly catalogId: string | undefined;
  /** Whether to leave out each cluster, too, in a column `change`; "terse" if left out. */
  readonly columns?: "terse" | "terse and change";
  /** Called when a catalog is done, with the number of catalogs so far and of all. */
  watch?(done: number, all: number): void;
}

/**
 * How far a cluster's redshift may be from the survey's. At 0.1 the growth of structure differs by
 * 5%, which is twice the network's own error of sigma8.
 */
const REDSHIFT_REACH = 0.1;

/**
 * Predicts every catalog of a table: sigma8, the terse value of each cluster, and whether to believe
 * them.
 *
 * @param predictor The network and its safety reference
 * @param table Clusters of one catalog or several, with columns of any name
 * @param reading How the columns become what the network reads
 * @throws {TypeError | RangeError} If the mapping does not give what the network reads
 */
export async function predictTable(
  predictor: Predictor,
  table: SourceTable,
  { mapping, h, catalogId, columns = "terse", watch }: Reading,
): Promise<Prediction> {
  const { experiment, reference } = predictor;
  const ranges = listRanges(experiment, reference);
  const plan: MappingPlan = { mapping, fields: reference.fields, h, ranges };
  const labels = catalogId === undefined ? null : labelsOf(table, catalogId);
  const isOne = labels === null || labels.names.length === 1;
  const outcomes = new RowOutcomes(table.count, columns);
  const catalogs: CatalogPrediction[] = [];
  const { names, of } = labels ?? { names: [""], of: new Uint32Array(table.count) };
  for (const [place, rows] of groupRows({ names, of }).entries()) {
    const id = names[place]!;
    const mapped = mapColumns(table.columns, rows, plan);
    const repeats = countRepeats(mapped, reference.fields, table.columns);
    if (isOne) table.release?.();
    const { terse, features, ...found } = await predictCatalog(predictor, mapped, repeats);
    const isLeftOut = columns !== "terse" && found.sigma8 !== null;
    const change = isLeftOut ? await leaveOut(predictor.model, features) : null;
    outcomes.add({ rows: mapped.rows, refusals: mapped.refusals, terse, change });
    const refused = countReasons(mapped.refusals);
    catalogs.push({ id, rows: rows.length, used: mapped.rows.length, refused, ...found });
    watch?.(catalogs.length, names.length);
  }
  return { catalogs, clusters: outcomes.tabulate(labels) };
}

/** What the network has seen of each field, and the survey's redshift. */
export function listRanges(
  { catalog: { survey } }: Experiment,
  { pools }: Pick<SafetyReference, "pools">,
): Record<string, Interval> {
  const seen = pools.filter(({ name }) => name !== TERSE)
    .map(({ name, min, max }) => [name, { min, max }]);
  return { ...Object.fromEntries(seen), redshift: redshiftsOf(survey) };
}

/** The redshifts that a network of this survey may be applied to. */
export function redshiftsOf({ redshift }: Pick<Survey, "redshift">): Interval {
  return { min: Math.max(0, redshift - REDSHIFT_REACH), max: redshift + REDSHIFT_REACH };
}

type Found = Pick<
  CatalogPrediction,
  "repeated" | "sigma8" | "error" | "quantiles" | "verdict" | "reasons" | "safety"
>;

/** Share of rows that may repeat others before a catalog is another one than its clusters. */
const FEW_REPEATS = 0.05;

/** What is said of sigma8 where nothing is known. */
const UNKNOWN = { sigma8: null, error: null, quantiles: null };

async function predictCatalog(
  { experiment, model, reference, members = [] }: Predictor,
  { clusters, refusals }: MappedClusters,
  repeats: Repeats,
): Promise<
  Found & { readonly terse: ArrayLike<number>; readonly features: FeatureArray | null }
> {
  if (clusters.count === 0) {
    const reasons = [
      `0 of ${counted(refusals.length, "cluster")} can be used, the reasons are counted above`,
    ];
    const nothing = { repeated: 0, ...UNKNOWN, safety: null, terse: [], features: null };
    return { verdict: "do not apply", reasons, ...nothing };
  }
  const { catalog, random } = openObserved(experiment, clusters);
  const outside = refusals.filter(({ isOutside }) => isOutside).length;
  const safety = await judgeSafety(model, reference, catalog, random, { outside });
  // Only now, as the verdict takes its own: the inputs of a million clusters are large.
  const { features } = seeClusters(experiment, clusters);
  const predicted = await predictSigma8(experiment, [model, ...members], features);
  const repeated = describeRepeats(repeats, clusters.count);
  const prior = describePrior(predicted, experiment.catalog.priors.sigma8);
  const doubts = [repeated, prior].filter((reason) => reason !== "");
  const verdict = repeats.count > FEW_REPEATS * clusters.count || predicted.sigma8 === null
    ? "do not apply"
    : doubts.length > 0 && safety.verdict === "consistent"
    ? "caution"
    : safety.verdict;
  return {
    repeated: repeats.count,
    ...predicted,
    verdict,
    reasons: [repeated, ...safety.reasons, prior].filter((reason) => reason !== ""),
    safety,
    terse: await encodeInOrder(model, features, 0),
    features,
  };
}

function describeRepeats({ count, example }: Repeats, clusters: number): string {
  if (example === null) return "";
  const rows = `rows ${example[0] + 1} and ${example[1] + 1}`;
  return `${count} of ${counted(clusters, "row")} ${
    count === 1 ? "repeats" : "repeat"
  } another row exactly (${rows} are the same); ` +
    `leave each cluster in once`;
}

/** A prediction is at the edge of the prior if it is nearer than this many of its errors. */
const NEAR_EDGE = 0.5;

/**
 * The network has never seen a universe beyond its prior, whatever the test statistics say; one that answers
 * with a posterior stays within, so that a universe beyond ends at the edge.
 */
function describePrior(
  { sigma8, error }: Pick<Found, "sigma8" | "error">,
  { min, max }: Interval,
): string {
  if (sigma8 === null) {
    return "The network gives no finite sigma8: its output is beyond every mock's";
  }
  const reach = NEAR_EDGE * (error ?? 0);
  if (sigma8 >= min && sigma8 <= max) {
    if (sigma8 - reach >= min && sigma8 + reach <= max) return "";
    const text = `${sigma8.toFixed(4)} +- ${error!.toFixed(4)}`;
    return `sigma8 ${text} is at the edge of the range of training, ${min} to ${max}, ` +
      "which may cut it off";
  }
  return `sigma8 ${sigma8.toFixed(4)} is outside the range of training, ${min} to ${max}`;
}

/** sigma8 of one network or of an ensemble: the mean value, or the posterior of all. */
async function predictSigma8(
  { architecture }: Experiment,
  models: readonly TrainedModel[],
  features: FeatureArray,
): Promise<{
  readonly sigma8: number | null;
  readonly error: number | null;
  readonly quantiles: readonly number[] | null;
}> {
  if (architecture.outputs === "value") {
    let sum = 0;
    for (const model of models) sum += (await model.predict([features]))[0]!;
    const sigma8 = sum / models.length;
    return { sigma8: Number.isFinite(sigma8) ? sigma8 : null, error: null, quantiles: null };
  }
  const posteriors: Sigma8Posteriors[] = [];
  for (const model of models) posteriors.push(await model.predictDistribution([features]));
  // Far from all that it has seen, a network's output may be no distribution in double precision.
  const isKnown = posteriors.every(({ mean, standardDeviation }) =>
    Number.isFinite(mean[0]) && standardDeviation[0]! > 0
  );
  if (!isKnown) return UNKNOWN;
  const { mean, standardDeviation } = combineEnsemble(posteriors);
  const quantiles = [...mixtureQuantiles(posteriors, QUOTED_PROBABILITIES)];
  return { sigma8: mean[0]!, error: standardDeviation[0]!, quantiles };
}
