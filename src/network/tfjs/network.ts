/**
 * A network on a tfjs backend: the weights and the optimiser's state, flat and on the device, and
 * the verbs of {@linkcode Network} on them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../features/dataset.ts";
import type {
  Architecture,
  InputWidths,
  Loss,
  LossGradients,
  Network,
  StepOptions,
} from "../../model.ts";
import type { ArrayData, NamedArray, NamedArrays } from "../../numerics/arrays.ts";
import { sizeOf } from "../../numerics/arrays.ts";
import { dropoutMask, layerDropoutKey } from "../dropout.ts";
import { checkWeights, weightShapes } from "../weights.ts";
import { layOutBatch, splitBatch } from "./batch_layout.ts";
import type { Gradients } from "./layers.ts";
import { checkLoss, lossGradient, lossValue } from "./losses.ts";
import type { Moments } from "./optimizer.ts";
import { updateWeights } from "./optimizer.ts";
import type { Layers } from "./supervised_encoder.ts";
import {
  arrangeLayers,
  runChain,
  runChainBackward,
  runRegression,
  runRegressionBackward,
} from "./supervised_encoder.ts";

/** Padded rows that inference runs at once: 64 MB of Table 3's widest activations. */
const INFERENCE_ROWS = 8192;

const STEP = "step";
type MomentName = "m" | "v";

/** What a network knows from its birth. */
interface NetworkForm {
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly outputs: number;
}

/** Device memory: replaced as a whole by every step. */
interface NetworkState {
  readonly flat: tf.Tensor;
  /** The same weights one by one, in the shapes of the kernels. */
  readonly parts: readonly tf.Tensor[];
  readonly layers: Layers;
  readonly moments: Moments | null;
  readonly steps: number;
}

/**
 * A network on tfjs's backend `backend`, which must be ready.
 *
 * @param onDispose Called once, when the network is disposed
 * @throws {TypeError} If the weights are not of this architecture
 */
export async function createTfjsNetwork(
  backend: string,
  form: { readonly architecture: Architecture; readonly inputs: InputWidths },
  weights: NamedArrays,
  onDispose: (network: Network) => void,
): Promise<Network> {
  const network = new TfjsNetwork(backend, form.architecture, form.inputs, onDispose);
  await network.load(weights);
  return network;
}

class TfjsNetwork implements Network {
  readonly #backend: string;
  readonly #form: NetworkForm;
  readonly #onDispose: (network: Network) => void;
  #state: NetworkState | null = null;

  constructor(
    backend: string,
    architecture: Architecture,
    inputs: InputWidths,
    onDispose: (network: Network) => void,
  ) {
    this.#backend = backend;
    this.#form = {
      architecture,
      inputs,
      shapes: weightShapes(architecture, inputs),
      outputs: architecture.outputs === "value" ? 1 : 2,
    };
    this.#onDispose = onDispose;
  }

  async step(
    batch: Batch,
    options: StepOptions,
  ): Promise<{ loss: number; outputs: Float32Array }> {
    const state = this.#activate();
    checkBatch(batch);
    checkLoss(options.loss, this.#form.outputs);
    const { outputs, gradient } = takeGradient(this.#form, state, batch, options);
    const steps = state.steps + 1;
    const updated = updateWeights(state.flat, state.moments, gradient, { ...options, step: steps });
    this.#replace({ ...arrangeWeights(this.#form, updated.weights), ...updated, steps });
    gradient.dispose();
    const values = await readAndDispose(outputs);
    return { loss: lossValue(options.loss, values, batch.labels), outputs: values };
  }

  async gradients(
    batch: Batch,
    options: Pick<StepOptions, "loss" | "dropoutKey">,
  ): Promise<LossGradients> {
    const state = this.#activate();
    checkBatch(batch);
    checkLoss(options.loss, this.#form.outputs);
    const { outputs, gradient } = takeGradient(this.#form, state, batch, options);
    const values = await readAndDispose(outputs);
    return {
      loss: lossValue(options.loss, values, batch.labels),
      outputs: values,
      gradients: nameArrays(this.#form.shapes, await readAndDispose(gradient)),
    };
  }

  predict(batch: Batch): Promise<Float32Array> {
    return this.#infer(batch, (part, state) => {
      const terse = runChain(state.layers.encoder, rowsTensor(part.pixels, part), []);
      return this.#regressPart(part, terse.values.at(-1)!, state);
    });
  }

  encode(batch: Batch): Promise<Float32Array> {
    return this.#infer(
      batch,
      (part, state) =>
        runChain(state.layers.encoder, rowsTensor(part.pixels, part), []).values.at(-1)!,
    );
  }

  encoderGradient(batch: Batch): Promise<Float32Array> {
    return this.#infer(batch, (part, state) => {
      const { encoder } = state.layers;
      const trace = runChain(encoder, rowsTensor(part.pixels, part), []);
      // The sum's gradient: a row's terse value sees that row alone.
      const ones = tf.onesLike(trace.values.at(-1)!);
      return runChainBackward(encoder, trace, ones, { gradients: null, input: "needed" })!;
    });
  }

  regress(batch: Batch, terse: Float32Array): Promise<Float32Array> {
    const rows = batch.rowOffsets[batch.count]!;
    if (terse.length !== rows) {
      throw new TypeError(
        `Cannot regress: there are ${terse.length} terse values, ${rows} expected, one a cluster`,
      );
    }
    let start = 0;
    return this.#infer(batch, (part, state) => {
      const end = start + part.rowOffsets[part.count]!;
      const values = rowsTensor(terse.subarray(start, end), part);
      start = end;
      return this.#regressPart(part, values, state);
    });
  }

  async weights(): Promise<NamedArrays> {
    const { flat } = this.#activate();
    return nameArrays(this.#form.shapes, await flat.data() as Float32Array);
  }

  async optimizerState(): Promise<NamedArrays> {
    const { moments, steps } = this.#activate();
    if (steps === 0) return {};
    const arrays: Record<string, NamedArray> = {
      [STEP]: { shape: [1], data: Float32Array.of(steps) },
    };
    if (moments) {
      const { shapes } = this.#form;
      const first = await moments.first.data() as Float32Array;
      const second = await moments.second.data() as Float32Array;
      for (const [name, array] of Object.entries(nameArrays(shapes, first))) {
        arrays[`${name}/m`] = array;
      }
      for (const [name, array] of Object.entries(nameArrays(shapes, second))) {
        arrays[`${name}/v`] = array;
      }
    }
    return arrays;
  }

  load(weights: NamedArrays, optimizerState?: NamedArrays): Promise<void> {
    const { architecture, inputs, shapes } = this.#form;
    checkWeights(weights, architecture, inputs);
    if (optimizerState) checkOptimizerState(optimizerState, shapes);
    setBackend(this.#backend);
    const flat = tf.tensor1d(joinArrays(shapes, (name) => weights[name]!.data));
    const kept = {
      moments: this.#state?.moments ?? null,
      steps: this.#state?.steps ?? 0,
    };
    const optimizer = optimizerState ? readOptimizerState(optimizerState, shapes) : kept;
    this.#replace({ ...arrangeWeights(this.#form, flat), ...optimizer });
    return Promise.resolve();
  }

  dispose(): void {
    if (this.#state === null) return;
    disposeState(this.#state, null);
    this.#state = null;
    this.#onDispose(this);
  }

  /** Makes this network's backend tfjs's current one: other engines may have run in between. */
  #activate(): NetworkState {
    if (this.#state === null) {
      throw new TypeError("Cannot use the network: it is disposed, a new one must be created");
    }
    setBackend(this.#backend);
    return this.#state;
  }

  #replace(state: NetworkState): void {
    if (this.#state) disposeState(this.#state, state);
    this.#state = state;
  }

  #regressPart(part: Batch, terse: tf.Tensor, { layers }: NetworkState): tf.Tensor {
    const { architecture, inputs } = this.#form;
    const layout = layOutBatch(part, architecture);
    const trace = runRegression(architecture, layers, terse, {
      batch: part,
      layout,
      supplementaryWidth: inputs.supplementary,
      factors: [],
    });
    return trace.dense.values.at(-1)!;
  }

  /** Runs parts of a batch and joins what they give. */
  async #infer(
    batch: Batch,
    run: (part: Batch, state: NetworkState) => tf.Tensor,
  ): Promise<Float32Array> {
    checkBatch(batch);
    const results: Float32Array[] = [];
    for (const part of splitBatch(batch, INFERENCE_ROWS)) {
      const state = this.#activate();
      const result = tf.tidy(() => run(part, state));
      results.push(await readAndDispose(result));
    }
    return results.length === 1 ? results[0]! : joinFloats(results);
  }
}

/** Switches tfjs to a backend that is ready, which takes effect at once. */
function setBackend(name: string): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

function checkBatch({ count, rowOffsets }: Batch): void {
  for (let c = 0; c < count; c++) {
    if (rowOffsets[c + 1]! <= rowOffsets[c]!) {
      throw new RangeError(`Cannot run the network: catalog ${c} of the batch has no cluster`);
    }
  }
}

/** Values a row as [1 x rows x width]. */
function rowsTensor(values: Float32Array, batch: Batch): tf.Tensor {
  const rows = batch.rowOffsets[batch.count]!;
  return tf.tensor3d(values, [1, rows, values.length / rows]);
}

async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data() as Float32Array;
  tensor.dispose();
  return values;
}

/** A batch's outputs, [1 x catalogs x outputs], and the loss's gradient by all weights, flat. */
function takeGradient(
  { architecture, inputs, shapes }: NetworkForm,
  { layers }: NetworkState,
  batch: Batch,
  { loss, dropoutKey }: { readonly loss: Loss; readonly dropoutKey: StepOptions["dropoutKey"] },
): { outputs: tf.Tensor; gradient: tf.Tensor } {
  return tf.tidy(() => {
    const layout = layOutBatch(batch, architecture);
    const pixels = rowsTensor(batch.pixels, batch);
    const factors = dropoutFactors(architecture, batch, dropoutKey);
    const encoding = runChain(layers.encoder, pixels, factors.encoder);
    const trace = runRegression(architecture, layers, encoding.values.at(-1)!, {
      batch,
      layout,
      supplementaryWidth: inputs.supplementary,
      factors: factors.dense,
    });
    const outputs = trace.dense.values.at(-1)!;
    const gradients: Gradients = {};
    const dOutputs = lossGradient(loss, outputs, batch.labels);
    const dTerse = runRegressionBackward(architecture, layers, trace, {
      batch,
      layout,
      dOutputs,
      gradients,
    });
    runChainBackward(layers.encoder, encoding, dTerse, { gradients, input: "unused" });
    const flattened = Object.entries(shapes).map(([name, shape]) =>
      tf.reshape(gradients[name]!, [sizeOf(shape)])
    );
    return { outputs, gradient: tf.concat(flattened) };
  });
}

/** Dropout factors after each layer of the two dense chains; see `network/dropout.ts`. */
function dropoutFactors(
  architecture: Architecture,
  batch: Batch,
  stepKey: StepOptions["dropoutKey"],
): { encoder: (tf.Tensor | null)[]; dense: (tf.Tensor | null)[] } {
  const { encoder, dense, dropout } = architecture;
  if (stepKey === null) return { encoder: [], dense: [] };
  const layerFactors = (layer: number, width: number, rate: number, rowsOf: number[]) => {
    if (rate === 0) return null;
    const key = layerDropoutKey(stepKey, layer);
    const masks = rowsOf.map((rows, c) => dropoutMask(key, c, rows, width, rate));
    const joined = joinFloats(masks);
    return tf.tensor3d(joined, [1, joined.length / width, width]);
  };
  const heights = Array.from(
    { length: batch.count },
    (_, c) => batch.rowOffsets[c + 1]! - batch.rowOffsets[c]!,
  );
  const ones = heights.map(() => 1);
  return {
    encoder: encoder.slice(0, 1).map((width) => layerFactors(0, width, dropout.encoder, heights)),
    dense: dense.slice(0, -1).map((width, i) => layerFactors(1 + i, width, dropout.dense, ones)),
  };
}

/** The forms in which kernels take weights: [1 x in x out] and [4 x 1 x in x out]; biases flat. */
function deviceShape(shape: readonly number[]): number[] {
  if (shape.length === 2) return [1, ...shape];
  if (shape.length === 3) return [shape[0]!, 1, shape[1]!, shape[2]!];
  return [...shape];
}

function arrangeWeights(
  { architecture, shapes }: NetworkForm,
  flat: tf.Tensor,
): Pick<NetworkState, "flat" | "parts" | "layers"> {
  const names = Object.keys(shapes);
  const parts = tf.tidy(() =>
    tf.split(flat, names.map((name) => sizeOf(shapes[name]!)))
      .map((part, i) => tf.reshape(part, deviceShape(shapes[names[i]!]!)))
  );
  const byName = Object.fromEntries(names.map((name, i) => [name, parts[i]!]));
  return { flat, parts, layers: arrangeLayers(architecture, byName) };
}

/** Frees what `next` does not go on using. */
function disposeState(old: NetworkState, next: NetworkState | null): void {
  tf.dispose([...old.parts]);
  if (old.flat !== next?.flat) old.flat.dispose();
  if (old.moments && old.moments !== next?.moments) {
    old.moments.first.dispose();
    old.moments.second.dispose();
  }
}

function joinArrays(
  shapes: Readonly<Record<string, readonly number[]>>,
  dataOf: (name: string) => ArrayData,
): Float32Array {
  return joinFloats(Object.keys(shapes).map((name) => dataOf(name)));
}

function joinFloats(parts: readonly ArrayLike<number>[]): Float32Array {
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

/** Cuts a flat array into named ones. */
function nameArrays(
  shapes: Readonly<Record<string, readonly number[]>>,
  flat: Float32Array,
): Record<string, NamedArray> {
  const arrays: Record<string, NamedArray> = {};
  let start = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    arrays[name] = { shape, data: flat.slice(start, start + sizeOf(shape)) };
    start += sizeOf(shape);
  }
  return arrays;
}

function momentsOf(
  state: NamedArrays,
  shapes: Readonly<Record<string, readonly number[]>>,
  moment: MomentName,
): tf.Tensor {
  return tf.tensor1d(joinArrays(shapes, (name) => state[`${name}/${moment}`]!.data));
}

function hasMoments(state: NamedArrays): boolean {
  return Object.keys(state).some((name) => name !== STEP);
}

function readOptimizerState(
  state: NamedArrays,
  shapes: Readonly<Record<string, readonly number[]>>,
): Pick<NetworkState, "moments" | "steps"> {
  const moments = hasMoments(state)
    ? { first: momentsOf(state, shapes, "m"), second: momentsOf(state, shapes, "v") }
    : null;
  return { moments, steps: state[STEP]?.data[0] ?? 0 };
}

/** An optimiser's state is empty, or a step count, with the moments of every weight or of none. */
function checkOptimizerState(
  state: NamedArrays,
  shapes: Readonly<Record<string, readonly number[]>>,
): void {
  if (Object.keys(state).length === 0) return;
  const expected: Record<string, readonly number[]> = { [STEP]: [1] };
  if (hasMoments(state)) {
    for (const [name, shape] of Object.entries(shapes)) {
      expected[`${name}/m`] = shape;
      expected[`${name}/v`] = shape;
    }
  }
  for (const [name, shape] of Object.entries(expected)) {
    const found = state[name] ? `[${state[name].shape.join(" x ")}]` : "missing";
    const wanted = `[${shape.join(" x ")}]`;
    if (found !== wanted) {
      throw new TypeError(
        `Cannot use optimiser state: ${name} is ${found}, expected ${wanted}`,
      );
    }
  }
  for (const name of Object.keys(state)) {
    if (!(name in expected)) {
      throw new TypeError(`Cannot use optimiser state: ${name} belongs to no weight`);
    }
  }
}
