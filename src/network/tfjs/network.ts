/**
 * A network on a tfjs backend: the weights and the optimizer's state, flat and on the device, and
 * the verbs of {@linkcode Network} on them.
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
import type { NamedArrays } from "../../numerics/arrays.ts";
import { sizeOf } from "../../numerics/arrays.ts";
import type { Reads } from "../checks.ts";
import {
  ALL_INPUTS,
  checkBatch,
  checkLoss,
  checkOptimizerState,
  checkTie,
  outputCount,
} from "../checks.ts";
import { checkWeights, weightShapes } from "../weights.ts";
import { splitBatch } from "./batch_layout.ts";
import { runChainBackward } from "./dense_chain.ts";
import { joinFloats } from "../../numerics/arrays.ts";
import { joinArrays, nameArrays } from "./flat_arrays.ts";
import { lossValue } from "./losses.ts";
import { updateWeights } from "./optimizer.ts";
import type { OptimizerState } from "./optimizer_state.ts";
import { readOptimizerState, writeOptimizerState } from "./optimizer_state.ts";
import type { BatchGradient, Layers, TfjsForm } from "./supervised_encoder.ts";
import {
  arrangeLayers,
  predictFromTerse,
  rowsTensor,
  runEncoder,
  takeGradient,
} from "./supervised_encoder.ts";

/** Padded rows per inference run: 64 MB of Table 3's widest activations. */
const INFERENCE_ROWS = 8192;

/** Rows of a set per run: the matrices of catalogs by rows take at most 2 x 16 MB. */
const SET_ROWS = 2048;

/** Tensors on the device, replaced as a whole by every step. */
interface NetworkState extends OptimizerState {
  readonly flat: tf.Tensor;
  /** The weights one by one, in the shapes of the kernels. */
  readonly parts: readonly tf.Tensor[];
  readonly layers: Layers;
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
  readonly #form: TfjsForm;
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
      outputs: outputCount(architecture),
    };
    this.#onDispose = onDispose;
  }

  async step(
    batch: Batch,
    options: StepOptions,
  ): Promise<{ loss: number; outputs: Float32Array }> {
    const state = this.#activate();
    const taken = this.#takeGradient(state, batch, options);
    const { gradient } = taken;
    const steps = state.steps + 1;
    const updated = updateWeights(state.flat, state.moments, gradient, { ...options, step: steps });
    this.#replace({ ...arrangeWeights(this.#form, updated.weights), ...updated, steps });
    gradient.dispose();
    return await readLoss(taken, options.loss, batch);
  }

  async gradients(
    batch: Batch,
    options: Pick<StepOptions, "loss" | "dropoutKey" | "tieWeight">,
  ): Promise<LossGradients> {
    const taken = this.#takeGradient(this.#activate(), batch, options);
    return {
      ...await readLoss(taken, options.loss, batch),
      gradients: nameArrays(this.#form.shapes, await readAndDispose(taken.gradient)),
    };
  }

  predict(batch: Batch): Promise<Float32Array> {
    return this.#infer(batch, (part, { layers }) => {
      const terse = runEncoder(layers, part).values.at(-1)!;
      return predictFromTerse(this.#form, layers, terse, part);
    });
  }

  encode(batch: Batch): Promise<Float32Array> {
    return this.#infer(batch, (part, { layers }) => runEncoder(layers, part).values.at(-1)!);
  }

  encoderGradient(batch: Batch): Promise<Float32Array> {
    return this.#infer(batch, (part, { layers }) => {
      const trace = runEncoder(layers, part);
      // The sum's gradient: a row's terse value sees that row alone.
      const ones = tf.onesLike(trace.values.at(-1)!);
      return runChainBackward(layers.encoder, trace, ones, { gradients: null, input: "needed" })!;
    });
  }

  regress(batch: Batch, terse: Float32Array): Promise<Float32Array> {
    const rows = batch.rowOffsets[batch.count]!;
    if (terse.length !== rows) {
      throw new TypeError(
        `Cannot regress: there are ${terse.length} terse values, ${rows} expected, one per cluster`,
      );
    }
    let start = 0;
    return this.#infer(batch, (part, { layers }) => {
      const end = start + part.rowOffsets[part.count]!;
      const values = rowsTensor(terse.subarray(start, end), part);
      start = end;
      return predictFromTerse(this.#form, layers, values, part);
    }, ["supplementary"]);
  }

  async weights(): Promise<NamedArrays> {
    const { flat } = this.#activate();
    return nameArrays(this.#form.shapes, await flat.data() as Float32Array);
  }

  optimizerState(): Promise<NamedArrays> {
    return readOptimizerState(this.#activate(), this.#form.shapes);
  }

  load(weights: NamedArrays, optimizerState?: NamedArrays): Promise<void> {
    const { architecture, inputs, shapes } = this.#form;
    checkWeights(weights, architecture, inputs);
    if (optimizerState) checkOptimizerState(optimizerState, shapes);
    setBackend(this.#backend);
    const flat = tf.tensor1d(joinArrays(shapes, (name) => weights[name]!.data));
    const kept = { moments: this.#state?.moments ?? null, steps: this.#state?.steps ?? 0 };
    const optimizer = optimizerState ? writeOptimizerState(optimizerState, shapes) : kept;
    this.#replace({ ...arrangeWeights(this.#form, flat), ...optimizer });
    return Promise.resolve();
  }

  dispose(): void {
    if (this.#state === null) return;
    disposeState(this.#state, null);
    this.#state = null;
    this.#onDispose(this);
  }

  #takeGradient(
    { layers }: NetworkState,
    batch: Batch,
    options: Pick<StepOptions, "loss" | "dropoutKey" | "tieWeight">,
  ): BatchGradient {
    checkBatch(batch, this.#form.inputs, ALL_INPUTS);
    checkLoss(options.loss, this.#form.architecture);
    checkTie(batch, options.tieWeight ?? 0);
    return takeGradient(this.#form, layers, batch, options);
  }

  /** Makes this network's backend tfjs's current one; other engines may have run in between. */
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

  /** Runs the parts of a batch and joins their results. */
  async #infer(
    batch: Batch,
    run: (part: Batch, state: NetworkState) => tf.Tensor,
    reads: Reads = ALL_INPUTS,
  ): Promise<Float32Array> {
    checkBatch(batch, this.#form.inputs, reads);
    const results: Float32Array[] = [];
    const mostRows = this.#form.architecture.regression === "set" ? SET_ROWS : INFERENCE_ROWS;
    for (const part of splitBatch(batch, mostRows)) {
      const state = this.#activate();
      const result = tf.tidy(() => run(part, state));
      results.push(await readAndDispose(result));
    }
    return results.length === 1 ? results[0]! : joinFloats(results);
  }
}

/** Switches tfjs to a backend that is ready; takes effect at once. */
function setBackend(name: string): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

/** The loss and the outputs of a pass, whose tensors are freed. */
async function readLoss(
  { outputs, tieLoss }: BatchGradient,
  loss: Loss,
  { labels }: Batch,
): Promise<{ loss: number; outputs: Float32Array }> {
  const values = await readAndDispose(outputs);
  const tied = tieLoss ? (await readAndDispose(tieLoss))[0]! : 0;
  return { loss: lossValue(loss, values, labels) + tied, outputs: values };
}

async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data() as Float32Array;
  tensor.dispose();
  return values;
}

/** The shape in which kernels take weights: [1 x in x out] and [4 x 1 x in x out]; biases flat. */
function deviceShape(shape: readonly number[]): number[] {
  if (shape.length === 2) return [1, ...shape];
  if (shape.length === 3) return [shape[0]!, 1, shape[1]!, shape[2]!];
  return [...shape];
}

function arrangeWeights(
  { architecture, shapes }: TfjsForm,
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

/** Frees the tensors of a state that the next one does not use. */
function disposeState(old: NetworkState, next: NetworkState | null): void {
  tf.dispose([...old.parts]);
  if (old.flat !== next?.flat) old.flat.dispose();
  if (old.moments && old.moments !== next?.moments) {
    old.moments.first.dispose();
    old.moments.second.dispose();
  }
}
