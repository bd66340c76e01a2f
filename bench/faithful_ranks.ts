/**
 * Ranks of the truth within the posteriors that networks ship with (simulation-based calibration), on
 * catalogs that neither training nor recalibration has seen. All networks on a ground share the catalogs:
 * they are those of `calibrate`, which begins with as many.
 */
import { cellsOf } from "../src/catalogs/grid.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import { measureCalibration } from "../src/evaluation/calibration.ts";
import { measureErrors } from "../src/evaluation/errors.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import type { FeatureArray } from "../src/features/features.ts";
import type { TrainedModel } from "../src/network/trained_model.ts";
import { drawFreshCatalogs } from "../src/runs/catalogs.ts";
import { buildAll } from "../src/runs/sets.ts";
import { openStream } from "../src/runs/streams.ts";

/** Ranks of the truth within a network's posteriors. */
export interface RankRecord {
  readonly catalogs: number;
  /** Chi-square probability of uniform ranks. */
  readonly probability: number;
  readonly covered68: number;
  readonly covered95: number;
  /** Scatter of sigma8 on the same catalogs. */
  readonly scatter: number;
}

/** Catalogs to rank the truth on. */
export interface RankCatalogs {
  /** Network inputs of the catalogs for networks of an experiment. */
  inputsOf(experiment: Experiment): readonly FeatureArray[];
}

/**
 * Catalogs of a base sample. They are drawn when networks first ask for them, and once more for networks
 * that see other columns; 20 000 take some 120 MB for each kind of inputs.
 */
export function prepareRanks(base: BaseSample, seed: number, count: number): RankCatalogs {
  const kept = new Map<string, readonly FeatureArray[]>();
  return {
    inputsOf(experiment) {
      const { catalog, features } = experiment;
      const key = JSON.stringify({ catalog, features });
      const known = kept.get(key);
      if (known) return known;
      const root = openStream(seed, "limit");
      const inputs: FeatureArray[] = [];
      for (const drawn of drawFreshCatalogs({ ...experiment, seed }, base, count, root)) {
        inputs.push(...buildAll(experiment, [drawn], root.fork("rows", inputs.length)));
      }
      kept.set(key, inputs);
      return inputs;
    },
  };
}

/** Most catalogs that a network is given at once. */
const AT_ONCE = 2000;

/** Ranks the truths of catalogs within a network's posteriors of them. */
export async function rankTruths(
  model: TrainedModel,
  experiment: Experiment,
  catalogs: RankCatalogs,
): Promise<RankRecord> {
  const inputs = catalogs.inputsOf(experiment);
  const { seed, catalog: { priors: { sigma8: grid } } } = experiment;
  const truth = inputs.map(({ sigma8 }) => sigma8);
  const mean = new Float64Array(inputs.length);
  const standardDeviation = new Float64Array(inputs.length);
  const center = new Float64Array(inputs.length);
  const width = new Float64Array(inputs.length);
  let family: Awaited<ReturnType<TrainedModel["predictDistribution"]>>["probit"];
  for (let first = 0; first < inputs.length; first += AT_ONCE) {
    const found = await model.predictDistribution(inputs.slice(first, first + AT_ONCE));
    mean.set(found.mean, first);
    standardDeviation.set(found.standardDeviation, first);
    center.set(found.probit!.center, first);
    width.set(found.probit!.width, first);
    family = found.probit;
  }
  const { ranks, coverage } = measureCalibration(
    { kind: "gaussian", mean, standardDeviation, probit: { ...family!, center, width } },
    truth,
    { ...cellsOf(grid), step: grid.step },
    openStream(seed, "calibration"),
  );
  const covered = (level: number) => coverage.find((entry) => entry.level === level)!.covered;
  const random = openStream(seed, "bootstrap").fork("ranks");
  return {
    catalogs: inputs.length,
    probability: ranks.chiSquareProbability,
    covered68: covered(0.68),
    covered95: covered(0.95),
    scatter: measureErrors(mean, truth, random, { edges: [] }).scatter,
  };
}
