/** The stage that trains: from the sets of a run to its network. */
import type { Experiment } from "../experiments/experiment.ts";
import type { Engine } from "../model.ts";
import type { Checkpoint } from "../network/checkpoint.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import type { EndEvent, TrainingEvent } from "../network/training.ts";
import { train } from "../network/training.ts";
import type { RecalibrationHelp } from "./recalibration.ts";
import { recalibrateRun } from "./recalibration.ts";
import type { Random } from "../numerics/random.ts";
import type { TrainingSets } from "./sets.ts";
import { prepareTraining } from "./sets.ts";
import { openStream } from "./streams.ts";

/** A step or an epoch of a training. */
export type TrainingProgress = Exclude<TrainingEvent, EndEvent>;

/** How a run is trained. */
export interface TrainRunOptions {
  /** The state to continue from; the outcome has the same bits as if training had never stopped. */
  readonly resume?: Checkpoint | undefined;
  /** Called after every step and every epoch, and awaited; if it throws, training stops. */
  readonly onProgress?: ((event: TrainingProgress) => void | Promise<void>) | undefined;
}

/**
 * Trains the network of an experiment, with any preset: catalogs that are drawn while it trains come
 * from the base sample, or from new ones, as the schedule asks.
 *
 * @example A run from choices to saliency, with a narrow network on a few catalogs
 * ```ts
 * import {
 *   buildSets,
 *   drawBaseSample,
 *   drawDesign,
 *   experiment,
 *   interpretRun,
 *   measureErrors,
 *   openEngine,
 *   openModel,
 *   trainRun,
 * } from "@clusters/terse";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const choices = experiment("standard", "compact", {
 *   architecture: { encoder: [8, 4], cluster: [4], dense: [4] },
 *   schedule: { epochs: 2, batches: 8 },
 * });
 * const base = drawBaseSample(choices.seed);
 * const catalogs = [...drawDesign(choices, base, { from: 0, to: 50 })]; // of 4968
 * const sets = buildSets(choices, catalogs);
 * const engine = await openEngine("core");
 * const run = await trainRun(engine, choices, { sets, base });
 * const model = await openModel(engine, run);
 * const { scatter } = measureErrors(await model.predict(sets.test), sets.test.map((c) => c.sigma8));
 * const { saliency } = await interpretRun(engine, run, catalogs);
 * assert(scatter > 0);
 * assertEquals(saliency.pixels.length, 15);
 * engine.close();
 * ```
 *
 * @param engine Runs the network
 * @param experiment All choices; fresh catalogs take their plan from it
 * @param origin The sets of {@linkcode buildSets}, and the base sample they were drawn from
 * @throws {RangeError} If fresh clusters are asked for and the base sample was not drawn from the
 * seed, a loss is not finite, or the checkpoint is of another training
 */
export function trainRun(
  engine: Engine,
  experiment: Experiment,
  origin: TrainingSets,
  options: TrainRunOptions = {},
): Promise<TrainingRun<Experiment>> {
  return trainHelped(engine, experiment, origin, options);
}

/** Trains as {@linkcode trainRun} does, with another thread's help after the last epoch. */
export async function trainHelped(
  engine: Engine,
  experiment: Experiment,
  origin: TrainingSets,
  { resume, onProgress, help }: TrainRunOptions & {
    readonly help?: RecalibrationHelp | undefined;
  },
): Promise<TrainingRun<Experiment>> {
  const random = openStream(experiment.seed, "training");
  const { normalization, data } = prepareTraining(experiment, origin, random);
  for await (const event of train(engine, experiment, data, random, { resume })) {
    if (event.kind !== "end") {
      await onProgress?.(event);
      continue;
    }
    const { history, selectedEpoch, weights } = event;
    const run = { experiment, normalization, history, selectedEpoch, weights };
    return await recalibrateRun(engine, run, {
      base: origin.base,
      trained: origin.sets.train.length,
      random: recalibrationStream(experiment.seed),
    }, help);
  }
  throw new TypeError("Cannot train: the training ended without weights");
}

/** The stream from which the catalogs of a run's recalibration are drawn. */
export function recalibrationStream(seed: number): Random {
  return openStream(seed, "training").fork("recalibration");
}
