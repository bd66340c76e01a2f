/** The stage that fills Table 4: it trains what is missing and measures every row. */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { measureErrors, sigma8Errors } from "../../src/evaluation/errors.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { InformationLimit } from "../../src/evaluation/posterior.ts";
import type { MeasuredScatter } from "../../src/evaluation/scatter_comparison.ts";
import type { Table4Entries, Table4Entry } from "../../src/evaluation/table4.ts";
import type { Table4RowName } from "../../src/evaluation/table4_rows.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { Random } from "../../src/numerics/random.ts";
import { openStream } from "../../src/runs/streams.ts";
import { splitOf } from "../../src/runs/sets.ts";
import type { Progress } from "../program/progress.ts";
import type { LikelihoodChoices } from "./likelihood_choices.ts";
import { measureRunLimit } from "./limit_measurement.ts";
import { predictByCounts, predictBySummaries } from "../../src/evaluation/table4_baselines.ts";
import type { Table4Predictions } from "../../src/evaluation/table4_baselines.ts";
import { TABLE4_NETWORKS } from "../../src/experiments/names.ts";
import type { Table4Catalogs, Table4Folders } from "./table4_networks.ts";
import { predictWith } from "./table4_networks.ts";

/** The limits that two rows show, by what the likelihood reads. */
export type Limits = Readonly<Record<"limit" | "limitNoWeakLensing", InformationLimit>>;

const LENSING: Readonly<Record<keyof Limits, WeakLensingUse>> = {
  limit: "with weak lensing",
  limitNoWeakLensing: "without weak lensing",
};

/** Measures the rows that networks and regressions fill, on the catalogs of an experiment. */
export async function measureRows(
  experiment: Experiment,
  catalogs: Table4Catalogs,
  engine: Engine,
  { folders, progress }: { readonly folders: Table4Folders; readonly progress: Progress },
): Promise<Table4Entries> {
  const { design, fresh } = catalogs;
  const split = splitOf(experiment, design.length);
  const pick = (rows: Uint32Array) => Array.from(rows, (row) => design[row]!);
  const sets = { train: pick(split.train), test: pick(split.test), fresh };
  const random = openStream(experiment.seed, "bootstrap");
  const entries: Partial<Record<Table4RowName, Table4Entry>> = {};
  const enter = (name: Table4RowName, predicted: Table4Predictions | string) => {
    const measure = (set: "test" | "fresh") =>
      typeof predicted === "string"
        ? predicted
        : measureScatter(predicted[set], sets[set], random.fork(streamOf(name, set)));
    entries[name] = { test: measure("test"), fresh: measure("fresh") };
  };
  for (const name of TABLE4_NETWORKS) {
    const folder = folders[name];
    if (folder === undefined) continue;
    progress.say(`Table 4: ${name}`);
    enter(name, await predictWith(name, experiment, catalogs, engine, { folder, progress }));
  }
  enter("countBaseline", predictByCounts(sets));
  enter("summariesBaseline", predictBySummaries(sets));
  return entries;
}

/** The streams of `evaluate`, so that a row has the numbers of its network's results. */
const streamOf = (name: Table4RowName, set: "test" | "fresh"): string =>
  name === "countBaseline" && set === "test" ? "count baseline" : set;

function measureScatter(
  predicted: Float64Array,
  catalogs: readonly Catalog[],
  random: Random,
): MeasuredScatter | string {
  if (catalogs.length < 2) return "fewer than 2 catalogs";
  const truth = catalogs.map(({ parameters }) => parameters.sigma8);
  const measured = measureErrors(predicted, truth, random, { edges: [] });
  return { ...measured, errors: sigma8Errors(predicted, truth) };
}

/** Measures the two limits. */
export async function measureLimits(
  experiment: Experiment,
  base: BaseSample,
  choices: Omit<LikelihoodChoices, "weakLensing">,
): Promise<Limits> {
  const measure = (row: keyof Limits) =>
    measureRunLimit(experiment, base, { ...choices, weakLensing: LENSING[row] });
  return {
    limit: await measure("limit"),
    limitNoWeakLensing: await measure("limitNoWeakLensing"),
  };
}
