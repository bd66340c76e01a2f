/**
 * The layout of a network's weights in the core: all in one flat array, kernels in panels of 8
 * outputs, [outputs / 8][taps][inputs / 8][8 inputs][8 outputs], with zeros where a width is not a
 * multiple of 8. Gradients and the optimizer's moments have the same layout, and the zeros stay
 * zeros.
 */
import type { Architecture, InputWidths } from "../../model.ts";
import { CONVOLUTION_ROWS } from "../../model.ts";
import type { NamedArray, NamedArrays } from "../../numerics/arrays.ts";
import { sizeOf } from "../../numerics/arrays.ts";
import { layerShapes, SIZE_INPUTS } from "../weights.ts";

/** Units per panel: two vectors of four floats. */
export const PANEL = 8;

/** Number of panels that hold this many units. */
export function panelsOf(width: number): number {
  return Math.ceil(width / PANEL);
}

/** One layer's place among the weights. */
export interface CoreLayer {
  /** Prefix of the names of the layer's weights. */
  readonly name: string;
  /** Widths of the joined inputs; each begins a new panel. */
  readonly inputs: readonly number[];
  readonly outputs: number;
  /** Number of rows seen at once: 4 for a convolution, else 1. */
  readonly taps: number;
  readonly kPanels: number;
  readonly nPanels: number;
  /** First element of the kernel and of the bias in the flat array. */
  readonly kernel: number;
  readonly bias: number;
}

/** Every layer, by part of the network, and the length of the flat array. */
export interface CoreLayers {
  /** The encoder's hidden layers, then the terse value. */
  readonly encoder: readonly CoreLayer[];
  readonly convolution: readonly CoreLayer[];
  /** Layers of a set's context: those of every cluster, then the one of the catalog. */
  readonly context: readonly CoreLayer[];
  /** Layers of every cluster of a set. */
  readonly cluster: readonly CoreLayer[];
  /** The dense layers, then the output. */
  readonly dense: readonly CoreLayer[];
  readonly all: readonly CoreLayer[];
  readonly size: number;
}

/** Places every layer of an architecture. */
export function placeLayers(architecture: Architecture, widths: InputWidths): CoreLayers {
  const all: CoreLayer[] = [];
  let size = 0;
  for (const { name, kernel, bias } of layerShapes(architecture, widths)) {
    const [outputs, input, taps = 1] = kernel.toReversed() as [number, number, number?];
    const inputs = joinedInputs(name, input, architecture, widths);
    const kPanels = inputs.reduce((sum, width) => sum + panelsOf(width), 0);
    const nPanels = panelsOf(bias[0]!);
    const biasStart = size + nPanels * kPanels * taps * PANEL * PANEL;
    const place = { kPanels, nPanels, kernel: size, bias: biasStart };
    all.push({ name, inputs, outputs, taps, ...place });
    size = biasStart + nPanels * PANEL;
  }
  const part = (test: RegExp) => all.filter(({ name }) => test.test(name));
  return {
    encoder: part(/^(encoder|terse)/),
    convolution: part(/^convolution/),
    context: part(/^context/),
    cluster: part(/^cluster/),
    dense: part(/^(dense|output)/),
    all,
    size,
  };
}

/** Widths of a layer's inputs that are joined. */
function joinedInputs(
  name: string,
  input: number,
  architecture: Architecture,
  widths: InputWidths,
): number[] {
  const isPooled = name === (architecture.dense.length > 0 ? "dense/0" : "output");
  if (architecture.regression === "convolution") {
    return isPooled && architecture.globalPooling === "mean+max" ? [input / 2, input / 2] : [input];
  }
  const { context } = architecture;
  const last = context.length - 1;
  if (name === `context/${last}`) return [input - SIZE_INPUTS, SIZE_INPUTS];
  if (name === "cluster/0" && last >= 0) return [input - context[last]!, context[last]!];
  const described = SIZE_INPUTS + 1 + widths.supplementary;
  return isPooled ? [input - described, described] : [input];
}

/** The place of each input in the panels, [taps x padded inputs], in the order of the arrays. */
function* inputPlaces({ inputs, taps, kPanels }: CoreLayer): Generator<number> {
  for (let tap = 0; tap < taps; tap++) {
    let start = tap * kPanels * PANEL;
    for (const width of inputs) {
      for (let k = 0; k < width; k++) yield start + k;
      start += panelsOf(width) * PANEL;
    }
  }
}

/** Copies named arrays to the flat array; all other elements become zero. */
export function packArrays(
  layers: readonly CoreLayer[],
  arrays: NamedArrays,
  flat: Float32Array,
  suffix = "",
): void {
  flat.fill(0);
  for (const layer of layers) {
    const { data } = arrays[`${layer.name}/kernel${suffix}`]!;
    const stride = layer.taps * layer.kPanels * PANEL * PANEL;
    let from = 0;
    for (const place of inputPlaces(layer)) {
      const row = layer.kernel + place * PANEL;
      for (let n = 0; n < layer.outputs; n++) {
        flat[row + (n >> 3) * stride + (n & 7)] = data[from++]!;
      }
    }
    flat.set(arrays[`${layer.name}/bias${suffix}`]!.data, layer.bias);
  }
}

/** Copies the flat array to named ones. */
export function unpackArrays(
  layers: readonly CoreLayer[],
  flat: Float32Array,
  suffix = "",
): Record<string, NamedArray> {
  const arrays: Record<string, NamedArray> = {};
  for (const layer of layers) {
    const { name, outputs, taps, kPanels, kernel, bias } = layer;
    const input = layer.inputs.reduce((sum, width) => sum + width, 0);
    const shape = taps === CONVOLUTION_ROWS ? [taps, input, outputs] : [input, outputs];
    const data = new Float32Array(sizeOf(shape));
    const stride = taps * kPanels * PANEL * PANEL;
    let to = 0;
    for (const place of inputPlaces(layer)) {
      const row = kernel + place * PANEL;
      for (let n = 0; n < outputs; n++) data[to++] = flat[row + (n >> 3) * stride + (n & 7)]!;
    }
    arrays[`${name}/kernel${suffix}`] = { shape, data };
    arrays[`${name}/bias${suffix}`] = {
      shape: [outputs],
      data: flat.slice(bias, bias + outputs),
    };
  }
  return arrays;
}
