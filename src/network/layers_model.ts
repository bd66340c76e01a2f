/**
 * A trained network as a tfjs LayersModel, which is a Keras model too: physical units in, sigma8
 * out, for catalogs of any number of clusters, of layers that every reader has.
 *
 * @module
 */
import type { LinearScale } from "../features/normalization.ts";
import { CONVOLUTION_ROWS, LEAKY_SLOPE } from "../model.ts";
import type { NamedArray } from "../numerics/arrays.ts";
import type { NetworkChoices } from "./checkpoint.ts";
import { inputWidths } from "./checkpoint.ts";
import type { LayersGraph } from "./layers_graph.ts";
import { addLayer, describeGraph, joinWeights } from "./layers_graph.ts";
import type { TrainingRun } from "./trained_model.ts";

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
 * Its inputs are "pixels" [catalogs x clusters x pixels] and, if the network has any,
 * "supplementary" [catalogs x clusters x values], in physical units and in the order of the
 * network's `FeatureSpec`: rows that ascend in luminosity, unless it is "shuffled". Catalogs of one
 * call have the same number of clusters, 1 or more. Its output is sigma8, [catalogs x 1]; of a network
 * trained with the Gaussian loss, its mean and the natural log of its variance, [catalogs x 2].
 * sigma8 agrees with `Model.predict` to 1e-6. The columns are told in `userDefinedMetadata`.
 *
 * A page that predicts sigma8 from what it has in `pixels` and `supplementary`:
 * ```html
 * <script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0"></script>
 * <script type="module">
 *   const model = await tf.loadLayersModel("model.json");
 *   const sigma8 = model.predict([tf.tensor3d([pixels]), tf.tensor3d([supplementary])]);
 *   document.body.textContent = `sigma8 = ${(await sigma8.data())[0].toFixed(4)}`;
 * </script>
 * ```
 *
 * The same in Python, as Keras 3.15 on JAX ran it, with sigma8 within 1.1e-7 of ours:
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
 * sigma8 = model([pixels, supplementary])
 * ```
 *
 * @example
 * ```ts
 * import { loadPretrained, toLayersModel } from "@clusters/terse";
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
  let terse = addInput(graph, "pixels", pixels, normalization.pixels);
  architecture.encoder.forEach((units, i) => {
    const isLast = i === architecture.encoder.length - 1;
    terse = addDense(graph, run, `encoder/${i}`, terse, units);
    if (!isLast) terse = addLeaky(graph, terse);
  });
  let rows = addDense(graph, run, "terse", terse, 1);
  if (supplementary > 0) {
    inputs.push("supplementary");
    const values = addInput(graph, "supplementary", supplementary, normalization.supplementary);
    rows = addLayer(graph, "Concatenate", { name: "joined", on: [rows, values], axis: -1 });
  }
  architecture.convolution.forEach((filters, i) => {
    rows = addConvolution(graph, run, i, rows, filters);
  });
  let catalog = addGlobalPooling(graph, architecture.globalPooling, rows);
  architecture.dense.forEach((units, i) => {
    const isLast = i === architecture.dense.length - 1;
    catalog = addDense(graph, run, `dense/${i}`, catalog, units);
    if (!isLast) catalog = addLeaky(graph, catalog);
  });
  const output = addOutput(graph, run, catalog);
  const metadata = { features, outputs: architecture.outputs };
  return {
    model: describeGraph(graph, inputs, [output], metadata),
    weights: joinWeights(graph),
  };
}

/**
 * An input and its scaling. A batch normalization with fixed moments takes the offset off before
 * anything is multiplied, as the network's own scaling does; folded into the first kernel, the offset
 * of a log gas mass would cost two of Float32's seven digits.
 */
function addInput(
  graph: LayersGraph,
  name: string,
  width: number,
  scales: readonly LinearScale[],
): string {
  addLayer(graph, "InputLayer", {
    name,
    on: [],
    batch_input_shape: [null, null, width],
    dtype: "float32",
    sparse: false,
  });
  const vector = (value: (scale: LinearScale) => number): NamedArray => ({
    shape: [width],
    data: Float32Array.from(scales, value),
  });
  const scaling = { name: `${name}_scaled`, on: [name], axis: -1, epsilon: 0 };
  return addLayer(graph, "BatchNormalization", scaling, {
    gamma: vector(({ scale }) => 1 / scale),
    // What Float32 has rounded off the offset.
    beta: vector(({ offset, scale }) => (Math.fround(offset) - offset) / scale),
    moving_mean: vector(({ offset }) => offset),
    moving_variance: vector(() => 1),
  });
}

/** Keras reads a slash in a name as a scope. */
const layerName = (name: string): string => name.replace("/", "_");

function kernelAndBias({ weights }: TrainingRun, name: string): Record<string, NamedArray> {
  return { kernel: weights[`${name}/kernel`]!, bias: weights[`${name}/bias`]! };
}

function addDense(
  graph: LayersGraph,
  run: TrainingRun,
  name: string,
  on: string,
  units: number,
): string {
  const layer = { name: layerName(name), on: [on], units, activation: "linear", use_bias: true };
  return addLayer(graph, "Dense", layer, kernelAndBias(run, name));
}

function addLeaky(graph: LayersGraph, on: string): string {
  return addLayer(graph, "LeakyReLU", { name: `${on}_leaky`, on: [on], alpha: LEAKY_SLOPE });
}

/** A convolution and its pooling, both of which keep rows at the end that fill no window. */
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

/** The output layer with the label's scale in its weights, worked out in Float64. */
function addOutput(graph: LayersGraph, run: TrainingRun<NetworkChoices>, on: string): string {
  const { offset, scale } = run.normalization.sigma8;
  const { kernel, bias } = kernelAndBias(run, "output");
  const units = bias!.data.length;
  // The second output is a log variance, to which the scale adds.
  const factor = (i: number) => i % units === 0 ? scale : 1;
  const shift = (i: number) => i === 0 ? offset : 2 * Math.log(scale);
  const layer = { name: "output", on: [on], units, activation: "linear", use_bias: true };
  return addLayer(graph, "Dense", layer, {
    kernel: { ...kernel!, data: Float32Array.from(kernel!.data, (w, i) => w * factor(i)) },
    bias: { ...bias!, data: Float32Array.from(bias!.data, (b, i) => b * factor(i) + shift(i)) },
  });
}
