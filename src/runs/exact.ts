/** Exact answers of one test catalog: what the workers of `exact` do. */
import { drawCatalog, prepareCatalogs } from "../catalogs/catalog.ts";
import type { CatalogParameters } from "../catalogs/priors.ts";
import type { LikelihoodModel } from "../evaluation/likelihood.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { ExactAnswers, ExactCatalog } from "../interpretation/exact/exact_catalog.ts";
import { answerExactly } from "../interpretation/exact/exact_catalog.ts";
import type { Gap } from "../interpretation/exact/gap.ts";
import { isGap } from "../interpretation/exact/gap.ts";
import { designOf } from "./catalogs.ts";
import { splitOf } from "./sets.ts";
import { openStream } from "./streams.ts";

/** What all catalogs share. */
export interface ExactPlan {
  /** Likelihood from `prepareLikelihood`, with base sample and catalog plan in it. */
  readonly model: LikelihoodModel;
  /** Seed of the run, which draws the catalogs. */
  readonly seed: number;
}

/** One test catalog to answer for. */
export interface ExactTask {
  /** Place in the order of answers, from 0. */
  readonly rank: number;
  /** Place among the test catalogs. */
  readonly place: number;
  /** Number in the design, which names the stream that draws the catalog. */
  readonly catalog: number;
  /** What it is drawn with. */
  readonly parameters: CatalogParameters;
}

/** The exact answers of one test catalog. */
export interface ExactRecord extends ExactCatalog {
  /** Place in the order of answers, from 0. */
  readonly rank: number;
  /** Place among the test catalogs. */
  readonly place: number;
  /** Number in the design. */
  readonly catalog: number;
  /** N_cluster. */
  readonly clusters: number;
  /** The truth. */
  readonly sigma8: number;
  /** True masses of its clusters, which the answers do not rest on, log10 M500c [Msun/h]. */
  readonly logMass: Float64Array;
}

/**
 * The test catalogs of an experiment in the order in which they are answered for. Splits are in the
 * order of the design, in which sigma8 rises, so that they are dealt first: any number of catalogs
 * from the front stands for all.
 */
export function exactTasks(experiment: Experiment): ExactTask[] {
  const parameters = designOf(experiment);
  const { test } = splitOf(experiment, parameters.length);
  const order = openStream(experiment.seed, "exact").fork("order").permutation(test.length);
  return Array.from(order, (place, rank) => {
    const catalog = test[place]!;
    return { rank, place, catalog, parameters: parameters[catalog]! };
  });
}

/** Answers by place among the test catalogs; `null` where there are none. */
export function answersByPlace(records: readonly ExactRecord[]): (ExactRecord | null)[] {
  const length = records.reduce((most, { place }) => Math.max(most, place + 1), 0);
  const answers = new Array<ExactRecord | null>(length).fill(null);
  for (const record of records) answers[record.place] = record;
  return answers;
}

/**
 * Answers for the catalogs of one plan; what it returns depends on the task alone.
 *
 * @throws {RangeError} If the survey holds less than one cluster
 */
export function createAnswerer({ model, seed }: ExactPlan): (task: ExactTask) => ExactRecord {
  const maker = prepareCatalogs(model.base, model.plan);
  const catalogs = openStream(seed, "catalogs");
  const random = openStream(seed, "exact");
  return ({ rank, place, catalog, parameters }) => {
    const { clusters } = drawCatalog(maker, parameters, catalogs.fork("catalog", catalog));
    const answers = answerExactly(model, clusters, random.fork("catalog", catalog));
    return {
      rank,
      place,
      catalog,
      clusters: clusters.count,
      sigma8: parameters.sigma8,
      logMass: round(clusters.logMass),
      everything: roundAnswers(answers.everything),
      oneNumber: roundAnswers(answers.oneNumber),
    };
  };
}

/** Seven digits are far beyond the sampling error, and halve the file. */
const DIGITS = 7;

function round(values: Float64Array): Float64Array {
  return values.map((x) => Number(x.toPrecision(DIGITS)));
}

function roundAnswers(answers: ExactAnswers | Gap): ExactAnswers | Gap {
  if (isGap(answers)) return answers;
  const { leaveOneOut, sensitivities } = answers;
  return {
    ...answers,
    leaveOneOut: isGap(leaveOneOut) ? leaveOneOut : {
      change: round(leaveOneOut.change),
      error: round(leaveOneOut.error),
      paretoK: round(leaveOneOut.paretoK),
    },
    sensitivities: Object.fromEntries(
      Object.entries(sensitivities).map(([name, { slope, error }]) => [
        name,
        { slope: round(slope), error: round(error) },
      ]),
    ),
  };
}
