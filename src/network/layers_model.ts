/**
 * A trained network as a tfjs LayersModel, which is a Keras model too: physical units in, sigma8
 * out, for catalogs of any number of clusters, of layers that every reader has.
 */
import { isProbit } from "../features/label_scale.ts";
import type { LinearScale, ProbitScale } from "../features/normalization.ts";
import { CONVOLUTION_ROWS } from "../model.ts";
import type { NamedArray } from "../numerics/arrays.ts";
import type { NetworkChoices } from "./checkpoint.ts";
import { inputWidths } from "./checkpoint.ts";
import { addChain, addDense, addLeaky, kernelAndBias, layerName } from "./layers_dense.ts";
import type { LayersGraph } from "./layers_graph.ts";
import { addLayer, describeGraph, joinWeights } from "./layers_graph.ts";
import { addSetRegression } from "./layers_set.ts";
import type { TrainingRun } from "./trained_model.ts";
import { SIZE_INPUTS } from "./weights.ts";

/** The two files of a LayersModel. */
export interface LayersModel {
  /** The record of `model.json`. */
  readonly model: Readonly<Record<string, unknown>>;
  /** The bytes of `weights.bin`, which `model.json` names. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/**
 * A trained network as a LayersModel.
 *
 * Its inputs are "pixels" [catalogs x clusters x pixels], if the network has any "supplementary"
 * [catalogs x clusters x values], in physical units and in the order of the network's `FeatureSpec`,
 * and for `regression: "set"` "size" [catalogs x 2], N/80 - 1 and ln(N/80) of N clusters. Rows of a
 * convolutional network ascend in luminosity, unless it is "shuffled". Catalogs of one call have the
 * same number of clusters, 1 or more.
 *
 * Its output is sigma8, [catalogs x 1]; with two outputs, mean and natural log of the variance,
 * [catalogs x 2]: of sigma8, or, where `userDefinedMetadata` has
 * `probit: { min, max, shift, widening, ranks }`, of z, with sigma8 = min + (max - min) Phi(z), Phi the
 * normal distribution, before recalibration. With w = exp(ln variance / 2), sigma8 is then
 * min + (max - min) Phi((z + shift w) / sqrt(1 + (widening w)^2)) to 0.001; the mean of the posterior, which
 * `Model.predict` gives, takes a quadrature, and `ranks`, the coefficients of the map of ranks in
 * `numerics/rank_map.ts`. The outputs agree with the network's own to 1e-6 in sigma8, 1e-5 in z.
 *
 * A page that predicts sigma8 from what it has in `pixels` and `supplementary`:
 * ```html
 * <script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0"></script>
 * <script type="module">
 *   const model = await tf.loadLayersModel("model.json");
 *   const n = pixels.length / 80;
 *   const inputs = [tf.tensor3d([pixels]), tf.tensor3d([supplementary]), tf.tensor2d([[n - 1, Math.log(n)]])];
 *   const [z, lnVariance] = await model.predict(inputs).data();
 *   const { min, max, shift, widening } = model.getUserDefinedMetadata().probit;
 *   const w = Math.exp(lnVariance / 2);
 *   const score = (z + shift * w) / Math.hypot(1, widening * w);
 *   const phi = tf.erf(score / Math.SQRT2).add(1).div(2).dataSync()[0];
 *   document.body.textContent = `sigma8 = ${(min + (max - min) * phi).toFixed(4)}`;
 * </script>
 * ```
 *
 * The same in Python with Keras 3 on JAX:
 * ```python
 * import json, keras, numpy
 * file = json.load(open("model.json"))
 * model = keras.Model.from_config(file["modelTopology"]["model_config"]["config"])
 * data, at, weights = numpy.fromfile("weights.bin", "<f4"), 0, {}
 * for entry in file["weightsManifest"][0]["weights"]:
 *     values = data[at:at + numpy.prod(entry["shape"])].reshape(entry["shape"])
 *     weights.setdefault(entry["name"].split("/")[0], []).append(values)
 *     at += values.size
 * for layer, arrays in weights.items(): model.get_layer(layer).set_weights(arrays)
 * z, ln_variance = model([pixels, supplementary, size])[0]
 * ```
 *
 * @example
 * ```ts
 * import { loadPretrained } from "@clusters/terse";
 * import { toLayersModel } from "@clusters/terse/network";
 * import { assertEquals } from "@std/assert";
 *
 * const { model, weights } = toLayersModel((await loadPretrained("compact")).run);
 * const files = { "model.json": JSON.stringify(model), "weights.bin": weights };
 * assertEquals(JSON.parse(files["model.json"]).format, "layers-model");
 * ```
 */
export function toLayersModel(run: TrainingRun<NetworkChoices>): LayersModel {
  const { experiment: { architecture, features }, normalization } = run;
  const graph: LayersGraph = { layers: [], weights: [] };
  const { pixels, supplementary } = inputWidths(features);
  const inputs = ["pixels"];
  const encoded = addChain(graph, run, {
    room: "encoder",
    widths: architecture.encoder,
    on: addInput(graph, "pixels", pixels, normalization.pixels),
    last: "linear",
  });
  let clusters = addDense(graph, run, "terse", encoded, 1);
  if (supplementary > 0) {
    inputs.push("supplementary");
    const values = addInput(graph, "supplementary", supplementary, normalization.supplementary);
    clusters = addLayer(graph, "Concatenate", { name: "joined", on: [clusters, values], axis: -1 });
  }
  let catalog: string;
  if (architecture.regression === "set") {
    inputs.push("size");
    const size = addInputLayer(graph, "size", [null, SIZE_INPUTS]);
    const on = { clusters, seen: 1 + supplementary, size };
    catalog = addSetRegression(graph, run, architecture, on);
  } else {
    architecture.convolution.forEach((filters, i) => {
      clusters = addConvolution(graph, run, i, clusters, filters);
    });
    const on = addGlobalPooling(graph, architecture.globalPooling, clusters);
    const { dense: widths } = architecture;
    catalog = addChain(graph, run, { room: "dense", widths, on, last: "linear" });
  }
  const output = addOutput(graph, run, catalog);
  const { sigma8: label } = normalization;
  const metadata = {
    features,
    outputs: architecture.outputs,
    ...isProbit(label) ? { probit: describeProbit(label) } : {},
  };
  return {
    model: describeGraph(graph, inputs, [output], metadata),
    weights: joinWeights(graph),
  };
}

/** The fields by which sigma8 is computed from the outputs. */
function describeProbit(
  { min, max, shift, widening, ranks = [] }: ProbitScale,
): Omit<ProbitScale, "kind" | "step"> {
  return { min, max, shift, widening, ranks };
}

/**
 * Adds an input and its scaling. A batch normalization with fixed moments subtracts the offset
 * before anything is multiplied, as the network's own scaling does; folded into the first kernel,
 * the offset of a log gas mass would cost two of Float32's seven digits.
 */
function addInput(
  graph: LayersGraph,
  name: string,
  width: number,
  scales: readonly LinearScale[],
): string {
  addInputLayer(graph, name, [null, null, width]);
  const vector = (value: (scale: LinearScale) => number): NamedArray => ({
    shape: [width],
    data: Float32Array.from(scales, value),
  });
  const scaling = { name: `${name}_scaled`, on: [name], axis: -1, epsilon: 0 };
  return addLayer(graph, "BatchNormalization", scaling, {
    gamma: vector(({ scale }) => 1 / scale),
    // The rounding error of the offset in Float32.
    beta: vector(({ offset, scale }) => (Math.fround(offset) - offset) / scale),
    moving_mean: vector(({ offset }) => offset),
    moving_variance: vector(() => 1),
  });
}

/** Adds an input without scaling. */
function addInputLayer(
  graph: LayersGraph,
  name: string,
  shape: readonly (number | null)[],
): string {
  return addLayer(graph, "InputLayer", {
    name,
    on: [],
    batch_input_shape: shape,
    dtype: "float32",
    sparse: false,
  });
}

/** Adds a convolution and its pooling, both of which keep rows at the end that fill no window. */
function addConvolution(
  graph: LayersGraph,
  run: TrainingRun<NetworkChoices>,
  place: number,
  on: string,
  filters: number,
): string {
  const name = `convolution/${place}`;
  const convolution = addLayer(graph, "Conv1D", {
    name: layerName(name),
    on: [on],
    filters,
    kernel_size: [CONVOLUTION_ROWS],
    strides: [1],
    padding: "same",
    data_format: "channels_last",
    dilation_rate: [1],
    activation: "linear",
    use_bias: true,
  }, kernelAndBias(run, name));
  const leaky = addLeaky(graph, convolution);
  const kind = run.experiment.architecture.pooling === "mean" ? "AveragePooling1D" : "MaxPooling1D";
  return addLayer(graph, kind, {
    name: `pooling_${place}`,
    on: [leaky],
    pool_size: [2],
    strides: [2],
    padding: "same",
    data_format: "channels_last",
  });
}

function addGlobalPooling(
  graph: LayersGraph,
  pooling: NetworkChoices["architecture"]["globalPooling"],
  on: string,
): string {
  const add = (kind: string, name: string) =>
    addLayer(graph, kind, { name, on: [on], data_format: "channels_last" });
  if (pooling === "mean") return add("GlobalAveragePooling1D", "catalog_mean");
  if (pooling === "max") return add("GlobalMaxPooling1D", "catalog_max");
  const both = [
    add("GlobalAveragePooling1D", "catalog_mean"),
    add("GlobalMaxPooling1D", "catalog_max"),
  ];
  return addLayer(graph, "Concatenate", { name: "catalog", on: both, axis: -1 });
}

/** Adds the output layer, with a linear label's scale in its weights, computed in Float64. */
function addOutput(graph: LayersGraph, run: TrainingRun<NetworkChoices>, on: string): string {
  const { sigma8: label } = run.normalization;
  const { kernel, bias } = kernelAndBias(run, "output");
  const units = bias!.data.length;
  if (isProbit(label)) return addDense(graph, run, "output", on, units);
  const { offset, scale } = label;
  // The second output is a log variance, to which the scale adds.
  const factor = (i: number) => i % units === 0 ? scale : 1;
  const shift = (i: number) => i === 0 ? offset : 2 * Math.log(scale);
  const layer = { name: "output", on: [on], units, activation: "linear", use_bias: true };
  return addLayer(graph, "Dense", layer, {
    kernel: { ...kernel!, data: Float32Array.from(kernel!.data, (w, i) => w * factor(i)) },
    bias: { ...bias!, data: Float32Array.from(bias!.data, (b, i) => b * factor(i) + shift(i)) },
  });
}
