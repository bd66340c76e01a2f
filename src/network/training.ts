/**
 * The training loop (section 3.3), written once for every engine: order of batches, learning rate,
 * validation, selection of the best epoch, checkpoints and exact resumption.
 */
import type { NormalizedCatalog } from "../features/dataset.ts";
import { createJoiner, planBatches } from "../features/dataset.ts";
import { drawWithinCells, isProbit } from "../features/label_scale.ts";
import type { LabelScale } from "../features/normalization.ts";
import type { Engine, Epoch, Network } from "../model.ts";
import type { NamedArrays } from "../numerics/arrays.ts";
import type { Random } from "../numerics/random.ts";
import type { Checkpoint, NetworkChoices, SelectedWeights, TrainingOrigin } from "./checkpoint.ts";
import { checkOrigin, inputWidths } from "./checkpoint.ts";
import { jitterPixels } from "./jitter.ts";
import { checkSchedule, learningRateAt } from "./schedule.ts";
import { orientTerse, terseSign } from "./terse_sign.ts";
import type { TrainingData } from "./training_data.ts";
import { catalogsOfEpoch, checkTrainingData, fingerprintData } from "./training_data.ts";
import { predictCatalogs } from "./trained_model.ts";
import { checkWeights, initialWeights } from "./weights.ts";

/** Event of one update of the weights. */
export interface StepEvent {
  /** Kind of the event. */
  readonly kind: "step";
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of the step within the epoch, from 1. */
  readonly step: number;
  /** Steps of this epoch. */
  readonly steps: number;
  /** Loss before the update, in scaled sigma8. */
  readonly loss: number;
  /** Learning rate of the step. */
  readonly learningRate: number;
}

/** Event of one pass over the training catalogs. */
export interface EpochEvent {
  /** Kind of the event. */
  readonly kind: "epoch";
  /** Number and errors of the epoch. */
  readonly epoch: Epoch;
  /**
   * A copy of the whole state after this epoch.
   *
   * @throws {RangeError} If training has continued since the event was yielded
   */
  checkpoint(): Promise<Checkpoint>;
}

/** Event of the end of training, always the last. */
export interface EndEvent {
  /** Kind of the event. */
  readonly kind: "end";
  /** The epochs in order. */
  readonly history: readonly Epoch[];
  /** The epoch, from 1, with the least validation error. */
  readonly selectedEpoch: number;
  /** Weights of the best epoch, turned so that the terse value rises with gas mass. */
  readonly weights: NamedArrays;
}

/** Events that {@linkcode train} yields. */
export type TrainingEvent = StepEvent | EpochEvent | EndEvent;

/** Number of catalogs by which the sign of the terse value is set: thousands of clusters. */
const CATALOGS_FOR_SIGN = 64;

/**
 * Trains a network, handing out an event after every step and every epoch, and at the end the
 * selected weights.
 *
 * The epoch with the least mean squared error on the validation catalogs is selected, among those
 * from `schedule.selectFrom` on; where `selectFrom` is beyond the last epoch, the last one is.
 * Stop at any event by leaving the loop; resume from the last checkpoint, which gives the same bits
 * as if training had never stopped.
 *
 * @example Train a narrow network for two epochs, then look through the model
 * ```ts
 * import {
 *   buildFeatures,
 *   createRandom,
 *   drawBaseSample,
 *   experiment,
 *   openEngine,
 *   prepareCatalogs,
 *   train,
 * } from "@clusters/terse";
 * import { drawCatalogs, drawParameters } from "@clusters/terse/catalogs";
 * import { fitNormalization, normalizeCatalog } from "@clusters/terse/features";
 * import { createModel, inputWidths } from "@clusters/terse/network";
 * import { assertEquals } from "@std/assert";
 *
 * const choices = experiment("standard", "compact", {
 *   architecture: { encoder: [8, 4], cluster: [4], dense: [4] },
 *   schedule: { epochs: 2, batches: 4, tie: null },
 * });
 * const random = createRandom(1);
 * const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), choices.catalog);
 * const parameters = drawParameters(choices.catalog.priors, 15, random.fork("design"));
 * const features = drawCatalogs(maker, parameters, random.fork("catalogs"))
 *   .map((catalog, i) => buildFeatures(catalog, choices.features, random.fork("order", i)));
 * const normalization = fitNormalization(features.slice(0, 12), choices.features, "z-score");
 * const catalogs = features.map((catalog) => normalizeCatalog(catalog, normalization));
 *
 * const engine = await openEngine("cpu");
 * const data = { train: catalogs.slice(0, 12), validation: catalogs.slice(12) };
 * for await (const event of train(engine, choices, data, random.fork("training"))) {
 *   if (event.kind !== "end") continue; // "step" and "epoch" tell how it goes
 *   assertEquals(event.history.length, 2);
 *   const widths = inputWidths(choices.features);
 *   const trained = await engine.create(choices.architecture, widths, event.weights);
 *   const model = createModel(trained, normalization, choices.architecture);
 *   assertEquals((await model.predict(features)).length, 15);
 * }
 * engine.close();
 * ```
 *
 * @param engine Makes the network; the loop disposes it
 * @param choices Columns, architecture and schedule; an `Experiment` will do
 * @param data Normalized catalogs
 * @param random Root of the streams: start values, order of batches, dropout, jitter
 * @param options `resume`: a checkpoint to continue from
 * @throws {RangeError} If a loss or validation error is not finite, naming epoch and step; the last
 * checkpoint stays good. If a choice is out of range, a catalog is empty, or the checkpoint is of
 * another training
 * @throws {TypeError} If a catalog's widths are not those of the columns, or training catalogs are not
 * of the schedule's kind
 */
export async function* train(
  engine: Engine,
  choices: NetworkChoices,
  data: TrainingData,
  random: Random,
  options: { readonly resume?: Checkpoint | undefined } = {},
): AsyncGenerator<TrainingEvent, void, void> {
  const { architecture, features, schedule } = choices;
  const inputs = inputWidths(features);
  checkSchedule(schedule, architecture);
  checkTrainingData(data, inputs, schedule);

  const origin: TrainingOrigin = {
    features,
    architecture,
    schedule,
    key: random.state.key,
    data: fingerprintData(data),
  };
  const { resume } = options;
  if (resume) {
    checkOrigin(resume, origin);
    checkWeights(resume.weights, architecture, inputs);
  }
  const history: Epoch[] = [...resume?.history ?? []];
  let selected: SelectedWeights | null = resume?.selected ?? null;
  const start = resume?.weights ??
    initialWeights(architecture, inputs, random, schedule.encoderStart);
  const network = await engine.create(architecture, inputs, start);
  try {
    if (resume) await network.load(resume.weights, resume.optimizerState);
    while (history.length < schedule.epochs) {
      const number = history.length + 1;
      const catalogs = await catalogsOfEpoch(data, number, inputs, schedule);
      const made = { number, random, label: data.label };
      const trainMse = yield* runEpoch(network, choices, catalogs, made);
      const validationMse = await validate(network, data.validation, number);
      const epoch = selectEpoch({ epoch: number, trainMse, validationMse }, history, choices);
      if (epoch.selected) selected = { epoch: number, weights: await network.weights() };
      history.push(epoch);
      yield* offerEpoch(network, epoch, { origin, history: [...history], selected });
    }
    const chosen = selected!; // the last epoch at the latest is eligible
    await network.load(chosen.weights);
    const sign = await terseSign(network, data.validation.slice(0, CATALOGS_FOR_SIGN), features);
    const weights = orientTerse(chosen.weights, sign, choices);
    yield { kind: "end", history, selectedEpoch: chosen.epoch, weights };
  } finally {
    network.dispose();
  }
}

/** Makes one pass over the catalogs; returns the mean squared error during the steps. */
async function* runEpoch(
  network: Network,
  choices: NetworkChoices,
  catalogs: readonly NormalizedCatalog[],
  epoch: {
    readonly number: number;
    readonly random: Random;
    readonly label: LabelScale | undefined;
  },
): AsyncGenerator<StepEvent, number, void> {
  const { architecture, schedule } = choices;
  const { number, random, label } = epoch;
  const { loss: lossKind, optimizer, gradientClip, shards, jitter, tie } = schedule;
  const heights = catalogs.map(({ count }) => count);
  const plan = planBatches(heights, schedule.batches, random.fork("batches", number));
  const allSteps = plan.length * schedule.epochs;
  const hasDropout = architecture.dropout.encoder > 0 || architecture.dropout.dense > 0;
  // A network has read a batch when its step is done, and the next batch is made meanwhile.
  const joiners = [createJoiner(), createJoiner()];
  const prepare = (i: number) => {
    const step = i + 1;
    const learningRate = learningRateAt(schedule, (number - 1) * plan.length + i, allSteps);
    const joined = joiners[i % 2]!(Array.from(plan[i]!, (c) => catalogs[c]!));
    // Jitter fades: a network that ends on jittered pixels underestimates its own precision.
    const width = jitter * learningRate / schedule.learningRate;
    if (width > 0) jitterPixels(joined.pixels, width, random.fork("jitter", number, step));
    const batch = label && isProbit(label)
      ? {
        ...joined,
        labels: drawWithinCells(joined.labels, label, random.fork("labels", number, step)),
      }
      : joined;
    return { step, learningRate, batch };
  };
  let [squares, next] = [0, prepare(0)];
  for (let i = 0; i < plan.length; i++) {
    const { step, learningRate, batch } = next;
    const running = network.step(batch, {
      loss: lossKind,
      optimizer,
      learningRate,
      gradientClip,
      dropoutKey: hasDropout ? random.fork("dropout", number, step).state.key : null,
      shards,
      tieWeight: tie?.weight ?? 0,
    });
    if (i + 1 < plan.length) next = prepare(i + 1);
    const { loss, outputs } = await running;
    checkFinite("loss", loss, `epoch ${number}, step ${step}`);
    squares += sumOfSquares(outputs, batch.labels);
    yield { kind: "step", epoch: number, step, steps: plan.length, loss, learningRate };
  }
  return squares / catalogs.length;
}

/** Yields an epoch, with a checkpoint that can be taken until training continues. */
async function* offerEpoch(
  network: Network,
  epoch: Epoch,
  state: Omit<Checkpoint, "weights" | "optimizerState">,
): AsyncGenerator<EpochEvent, void, void> {
  let isCurrent = true;
  yield {
    kind: "epoch",
    epoch,
    async checkpoint(): Promise<Checkpoint> {
      if (!isCurrent) {
        throw new RangeError(
          `Cannot take the checkpoint of epoch ${epoch.epoch}: training has continued since`,
        );
      }
      const weights = await network.weights();
      return { ...state, weights, optimizerState: await network.optimizerState() };
    },
  };
  isCurrent = false;
}

/** Whether the epoch is the best so far from `selectFrom` on, or the last epoch. */
function selectEpoch(
  epoch: Omit<Epoch, "selected">,
  history: readonly Epoch[],
  { schedule }: NetworkChoices,
): Epoch {
  const first = Math.min(schedule.selectFrom, schedule.epochs);
  const selected = epoch.epoch >= first &&
    history.slice(first - 1).every(({ validationMse }) => epoch.validationMse < validationMse);
  return { ...epoch, selected };
}

async function validate(
  network: Network,
  catalogs: readonly NormalizedCatalog[],
  epoch: number,
): Promise<number> {
  const outputs = await predictCatalogs(network, catalogs);
  const labels = Float32Array.from(catalogs, ({ label }) => label);
  const mse = sumOfSquares(outputs, labels) / catalogs.length;
  checkFinite("validation error", mse, `epoch ${epoch}`);
  return mse;
}

/** Sums the squares of each catalog's first output minus its label. */
function sumOfSquares(outputs: Float32Array, labels: Float32Array): number {
  const width = outputs.length / labels.length;
  let sum = 0;
  for (let c = 0; c < labels.length; c++) sum += (outputs[c * width]! - labels[c]!) ** 2;
  return sum;
}

function checkFinite(what: string, value: number, where: string): void {
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `Cannot continue training: the ${what} is ${value} at ${where}, should be finite`,
    );
  }
}
