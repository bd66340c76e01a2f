/** A trained network in physical units, and the record that a training leaves behind. */
import { counted } from "../numerics/counted.ts";
import type { Batch, NormalizedCatalog } from "../features/dataset.ts";
import { createJoiner, joinCatalogs, normalizeCatalog } from "../features/dataset.ts";
import type { FeatureArray } from "../features/features.ts";
import { ROWS_A_PART } from "../features/features.ts";
import type { Normalization } from "../features/normalization.ts";
import { normalizeColumns } from "../features/normalization.ts";
import type { Architecture, Engine, Epoch, Model, Network, TerseArray } from "../model.ts";
import { argsort } from "../numerics/arrays.ts";
import type { NamedArrays } from "../numerics/arrays.ts";
import type { NetworkChoices } from "./checkpoint.ts";
import { inputWidths } from "./checkpoint.ts";
import type { Sigma8Posteriors } from "./outputs.ts";
import { decodeMeans, decodePosteriors } from "./outputs.ts";
import type { SavedArrays } from "./saved_arrays.ts";
import { checkFinite, checkNormalization, checkRunHeader } from "./saved_fields.ts";
import { openArrays, sealArrays } from "./saved_arrays.ts";
import { checkWeights } from "./weights.ts";

export type { Sigma8Posteriors } from "./outputs.ts";

/** A {@linkcode Model} that also predicts its own uncertainty, if it was trained to. */
export interface TrainedModel extends Model {
  /**
   * The posterior of each catalog's sigma8.
   *
   * @throws {RangeError} If the network outputs a value alone
   */
  predictDistribution(catalogs: readonly FeatureArray[]): Promise<Sigma8Posteriors>;
}

/**
 * Rows per call of the network, with padding: few enough that the widest layer of Table 3 takes 32
 * MB, and enough that calls take little time.
 */
const ROWS_A_CALL = 4096;

/**
 * A network's view in physical units. Catalogs may come in any order and height; the network sees
 * them sorted by height in parts, and results come in the order of the input.
 *
 * Every method rejects with a TypeError for a catalog whose widths are not those of the
 * normalization, and with a RangeError for one without clusters.
 *
 * @param network The network, which the caller disposes after the model's last use
 * @param normalization The normalization with which the network was trained
 * @param architecture The architecture, which defines the outputs
 */
export function createModel(
  network: Network,
  normalization: Normalization,
  architecture: Architecture,
): TrainedModel {
  const outputs = architecture.outputs === "value" ? 1 : 2;
  const scaleMeans = (values: Float32Array) => decodeMeans(values, outputs, normalization.sigma8);
  const normalize = (catalog: FeatureArray) => {
    checkCatalog(catalog, normalization);
    return normalizeCatalog(catalog, normalization);
  };
  const encode = async (catalog: FeatureArray): Promise<Float32Array> => {
    const { count } = catalog;
    if (count <= ROWS_A_PART) return await network.encode(joinCatalogs([normalize(catalog)]));
    const terse = new Float32Array(count);
    for (let from = 0; from < count; from += ROWS_A_PART) {
      const part = partOf(catalog, from, Math.min(count, from + ROWS_A_PART));
      terse.set(await network.encode(joinCatalogs([normalize(part)])), from);
    }
    return terse;
  };
  const regressScaled = (catalogs: readonly TerseArray[]) => {
    const regressPart = (part: Uint32Array) => {
      const chosen = Array.from(part, (c) => catalogs[c]!);
      const { batch, terse } = joinTerse(chosen, normalization);
      return network.regress(batch, terse);
    };
    return callInParts(catalogs, regressPart);
  };
  const predictScaled = async (catalogs: readonly FeatureArray[]): Promise<Float32Array> => {
    if (catalogs.every(({ count }) => count <= ROWS_A_PART)) {
      return await predictCatalogs(network, catalogs.map(normalize));
    }
    // All inputs of a tall catalog at once would take more memory than their terse values.
    const encoded: TerseArray[] = [];
    for (const catalog of catalogs) {
      const { count, supplementary } = catalog;
      encoded.push({ count, terse: await encode(catalog), supplementary });
    }
    return await regressScaled(encoded);
  };

  return {
    async predict(catalogs: readonly FeatureArray[]): Promise<Float64Array> {
      return scaleMeans(await predictScaled(catalogs));
    },
    async predictDistribution(catalogs: readonly FeatureArray[]): Promise<Sigma8Posteriors> {
      if (outputs === 1) {
        throw new RangeError(
          'Cannot predict a distribution: outputs is "value", should be "mean and log variance"',
        );
      }
      return decodePosteriors(await predictScaled(catalogs), normalization.sigma8);
    },
    encode,
    async encoderGradient(catalog: FeatureArray): Promise<Float32Array> {
      return await network.encoderGradient(joinCatalogs([normalize(catalog)]));
    },
    async regress(catalogs: readonly TerseArray[]): Promise<Float64Array> {
      for (const catalog of catalogs) checkTerse(catalog, normalization);
      return scaleMeans(await regressScaled(catalogs));
    },
  };
}

/**
 * Scaled outputs of normalized catalogs, [catalogs x outputs], in the order of the input.
 *
 * @param network A network of any engine
 * @param catalogs Catalogs of any heights; the network gets them sorted, in parts
 */
export function predictCatalogs(
  network: Network,
  catalogs: readonly NormalizedCatalog[],
): Promise<Float32Array> {
  const join = createJoiner(); // parts come one after the other
  return callInParts(
    catalogs,
    (part) => network.predict(join(Array.from(part, (c) => catalogs[c]!))),
  );
}

/** Calls for parts of similar height, and puts the results in the order of the catalogs. */
async function callInParts(
  catalogs: readonly { readonly count: number }[],
  call: (part: Uint32Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  let results = new Float32Array(0);
  for (const part of splitByHeight(catalogs.map(({ count }) => count))) {
    const values = await call(part);
    const width = values.length / part.length;
    if (results.length === 0) results = new Float32Array(catalogs.length * width);
    part.forEach((c, i) => results.set(values.subarray(i * width, (i + 1) * width), c * width));
  }
  return results;
}

/** Some rows of a catalog, in the same memory if they are there. */
function partOf(catalog: FeatureArray, from: number, to: number): FeatureArray {
  if (catalog.takeRows) return catalog.takeRows(from, to);
  const { width, supplementaryWidth, pixels, supplementary, tie, rows } = catalog;
  return {
    ...catalog,
    count: to - from,
    pixels: pixels.subarray(from * width, to * width),
    supplementary: supplementary.subarray(from * supplementaryWidth, to * supplementaryWidth),
    tie: tie.length === 0 ? tie : tie.subarray(from, to),
    rows: rows.subarray(from, to),
  };
}

/** Indices by ascending height, cut into parts of at most ROWS_A_CALL rows after padding. */
function splitByHeight(heights: readonly number[]): Uint32Array[] {
  const order = argsort(heights);
  const parts: Uint32Array[] = [];
  let start = 0;
  while (start < order.length) {
    let end = start + 1;
    while (end < order.length && (end + 1 - start) * heights[order[end]!]! <= ROWS_A_CALL) end++;
    parts.push(order.subarray(start, end));
    start = end;
  }
  return parts;
}

/** The input of `regress`: a batch without pixels, and the terse values of its rows. */
function joinTerse(
  catalogs: readonly TerseArray[],
  normalization: Normalization,
): { batch: Batch; terse: Float32Array } {
  const joined = joinCatalogs(catalogs.map(({ count, terse, supplementary }) => ({
    count,
    pixels: terse, // joined row by row as pixels are
    supplementary: normalizeColumns(supplementary, normalization.supplementary),
    label: NaN, // regress reads no label, and no tie
    tie: new Float32Array(0),
  })));
  return { batch: { ...joined, pixels: new Float32Array(0) }, terse: joined.pixels };
}

function checkCatalog(catalog: FeatureArray, normalization: Normalization): void {
  checkCount(catalog.count);
  checkWidth("pixels", catalog.width, normalization.pixels.length);
  checkWidth(
    "supplementary values",
    catalog.supplementaryWidth,
    normalization.supplementary.length,
  );
}

function checkTerse(
  { count, terse, supplementary }: TerseArray,
  { supplementary: scales }: Normalization,
): void {
  checkCount(count);
  checkWidth("terse values", terse.length / count, 1);
  checkWidth("supplementary values", supplementary.length / count, scales.length);
}

function checkCount(count: number): void {
  if (count < 1) {
    throw new RangeError(
      `Cannot predict: a catalog has ${counted(count, "cluster")}, at least 1 is needed`,
    );
  }
}

function checkWidth(what: string, found: number, expected: number): void {
  if (found !== expected) {
    throw new TypeError(`Cannot predict: a cluster has ${found} ${what}, expected ${expected}`);
  }
}

/** The result of a training: with an `Experiment`, all that is needed to predict. */
export interface TrainingRun<E extends NetworkChoices = NetworkChoices> {
  /** All choices of the training. */
  readonly experiment: E;
  /** Normalization fitted on the training catalogs. */
  readonly normalization: Normalization;
  /** The epochs in order (Fig. 7). */
  readonly history: readonly Epoch[];
  /** The epoch, from 1, to which the weights belong. */
  readonly selectedEpoch: number;
  /** Weights by the names that `weightShapes` lists; the terse value rises with gas mass. */
  readonly weights: NamedArrays;
}

const KIND = "terse training run";

/** A training run as arrays and text: the weights by their own names, the rest in the header. */
export function trainingRunToArrays(run: TrainingRun): SavedArrays {
  const { weights, ...header } = run;
  return sealArrays(KIND, header, weights);
}

/**
 * The training run that {@linkcode trainingRunToArrays} saved.
 *
 * @param saved Arrays and text, as read from a file
 * @param validate Reads the experiment, as `validateExperiment` does
 * @throws {SyntaxError} If the arrays are not a training run, or are damaged
 * @throws {TypeError} If the weights are not those of the experiment's architecture
 * @throws {RangeError} If a field is not what it should be, or a number not finite
 */
export function trainingRunFromArrays<E extends NetworkChoices>(
  saved: SavedArrays,
  validate: (json: unknown) => E,
): TrainingRun<E> {
  const found = openArrays(KIND, saved);
  checkRunHeader(found);
  const header = found as Omit<TrainingRun<NetworkChoices>, "weights">;
  const experiment = validate(header.experiment);
  const inputs = inputWidths(experiment.features);
  checkNormalization(header.normalization, inputs);
  checkWeights(saved.arrays, experiment.architecture, inputs);
  checkFinite(saved.arrays, "read training run");
  return { ...header, experiment, weights: saved.arrays };
}

/** A trained network that is open on an engine. */
export interface OpenModel extends TrainedModel {
  /** Frees the engine's memory of the network; the model cannot be used afterwards. */
  dispose(): void;
}

/**
 * Opens the network of a training run on an engine.
 *
 * @throws {TypeError} If the weights are not those of the experiment's architecture
 */
export async function openModel(
  engine: Engine,
  { experiment, weights, normalization }: Omit<TrainingRun, "history" | "selectedEpoch">,
): Promise<OpenModel> {
  const { architecture, features } = experiment;
  const network = await engine.create(architecture, inputWidths(features), weights);
  const model = createModel(network, normalization, architecture);
  return { ...model, dispose: () => network.dispose() };
}
