/**
 * The stage that calibrates: posteriors of one network or several on fresh catalogs, tested, and
 * compared with explicit ones of the same catalogs.
 */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { measureCalibration } from "../../src/evaluation/calibration.ts";
import type { GaussianPosteriors } from "../../src/evaluation/ensemble_posterior.ts";
import { cellsOf } from "../../src/catalogs/grid.ts";
import { combineEnsemble } from "../../src/evaluation/ensemble_posterior.ts";
import { comparePosteriors } from "../../src/evaluation/posterior_comparison.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import type { BackendName } from "../../src/network/backends.ts";
import { openStream } from "../../src/runs/streams.ts";
import { RunError } from "../program/errors.ts";
import { buildAll, buildSets } from "../../src/runs/sets.ts";
import { drawFresh } from "./fresh_catalogs.ts";
import { weakLensingUse } from "../../src/runs/posteriors.ts";
import { collectPosteriors } from "./limit_measurement.ts";
import type { CalibratedRun } from "../../src/runs/calibration.ts";
import { predictPosteriors } from "../../src/runs/calibration.ts";
import type { Progress } from "../program/progress.ts";
import { requireWork } from "./needed_room.ts";
import { trainSeeds } from "./seed_runs.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";

/** What is tested, and on how much. */
export interface CalibrationChoices {
  readonly folder: string;
  /** Networks. */
  readonly seeds: number;
  readonly catalogs: number;
  /** Explicit posteriors; 0 for none. */
  readonly explicit: number;
  readonly backend: "auto" | BackendName;
  /** Workers that sample them. */
  readonly threads: number;
  readonly progress: Progress;
}

/** Fewest explicit posteriors that can be compared with. */
const FEWEST_EXPLICIT = 3;

/**
 * The experiment, whose network gives a posterior.
 *
 * @throws {RunError} Naming the options that train one that does
 */
export function requireDistribution(folder: string, experiment: Experiment): Experiment {
  const { architecture, schedule } = experiment;
  if (architecture.outputs === "mean and log variance") return experiment;
  throw new RunError(
    `Cannot calibrate ${folder}: its network has no variance, its output is "${architecture.outputs}" and its ` +
      `loss "${schedule.loss}"; train one with --preset compact or best, in another --out`,
  );
}

/**
 * Throws unless a test can be done here; to be called before a device is opened for it.
 *
 * @throws {RunError} If a number is out of range, or this machine has no room
 */
export function requireCalibration(
  experiment: Experiment,
  choices: Omit<CalibrationChoices, "progress">,
): void {
  const { folder, explicit: count } = choices;
  if (count > 0 && (count < FEWEST_EXPLICIT || count > choices.catalogs)) {
    throw new RunError(
      `Cannot calibrate ${folder}: ${count} explicit posteriors are asked for, expected 0 or ` +
        `${FEWEST_EXPLICIT} to ${choices.catalogs}`,
    );
  }
  requireWork(experiment, loadBaseSample(folder), {
    action: "calibrate",
    design: choices.seeds > 1 ? "catalogs" : undefined,
    fresh: choices.catalogs,
    posteriors: count,
    networks: choices.seeds,
    workers: Math.min(choices.threads, count),
    network: choices.seeds > 1 ? "trained" : "applied",
    backend: choices.backend,
  });
}

/** Tests the networks of a run folder; more than one are trained where they are missing. */
export async function calibrateRun(
  experiment: Experiment,
  engine: Engine,
  choices: CalibrationChoices,
): Promise<CalibratedRun> {
  const { folder, explicit: count, progress } = choices;
  const base = loadBaseSample(folder);
  // Those of which `limit` samples the posteriors.
  const root = openStream(experiment.seed, "limit");
  const drawn = drawFresh(experiment, base, choices.catalogs, progress, root);
  const inputs = buildAll(experiment, drawn, root);
  const members: GaussianPosteriors[] = [];
  for await (const run of networksOf(experiment, base, engine, choices)) {
    members.push(await predictPosteriors(engine, run, inputs));
  }
  const truth = drawn.map(({ parameters }) => parameters.sigma8);
  const random = openStream(experiment.seed, "calibration");
  const { sigma8: grid } = experiment.catalog.priors;
  const { min, max } = grid;
  // A network of probits is one of the grid's cells.
  const prior = experiment.architecture.label === "probit"
    ? { ...cellsOf(grid), step: grid.step }
    : { min, max };
  const calibration = measureCalibration({ kind: "mixture", members }, truth, prior, random);
  const posteriors = combineEnsemble(members);
  const weakLensing = weakLensingUse(experiment);
  const explicit = count === 0 ? [] : await collectPosteriors(experiment, base, {
    ...choices,
    catalogs: count,
    weakLensing,
  });
  const first = {
    mean: posteriors.mean.subarray(0, count),
    standardDeviation: posteriors.standardDeviation.subarray(0, count),
  };
  const comparison = count === 0 ? null : comparePosteriors(first, explicit, random);
  return { calibration, comparison, truth, posteriors, explicit };
}

/** The folder's network, and those of the seeds that follow. */
async function* networksOf(
  experiment: Experiment,
  base: BaseSample,
  engine: Engine,
  { folder, seeds, progress }: CalibrationChoices,
): AsyncGenerator<TrainingRun<Experiment>, void, void> {
  yield loadTrainingRun(folder, experiment);
  if (seeds === 1) return;
  const sets = buildSets(experiment, loadCatalogs(folder, experiment));
  yield* trainSeeds(experiment, { sets, base, seed: experiment.seed }, engine, {
    folder,
    progress,
    count: seeds - 1,
  });
}
