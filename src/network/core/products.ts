/** A layer's products as operations, forward and backward, with their activations and dropout. */
import { CONVOLUTION_ROWS_BEFORE, LEAKY_SLOPE } from "../../model.ts";
import { dropoutThreshold, layerDropoutKey } from "../dropout.ts";
import type { CoreLayer } from "./layers.ts";
import * as op from "./opcodes.ts";
import type { Panels, RowTable } from "./panels.ts";
import { ROW } from "./panels.ts";
import type { Setting, TileWidth } from "./setting.ts";

/** The operation of a product in tiles of this width. */
const PRODUCTS: Readonly<Record<TileWidth, number>> = {
  narrow: op.PRODUCT,
  wide: op.WIDE_PRODUCT,
};

/** Places where a product reads and writes. */
export interface ProductPlaces {
  readonly table: RowTable;
  readonly x: Panels;
  readonly y: Panels;
}

/** Adds the product that computes a layer's output from its input. */
export function addForward(
  { program, weights, tile }: Setting,
  thread: number,
  layer: CoreLayer,
  { table, x, y }: ProductPlaces,
  isLeaky: boolean,
): void {
  const before = layer.taps > 1 ? CONVOLUTION_ROWS_BEFORE * ROW : 0;
  program.add(PRODUCTS[tile], thread, [
    x.start - before,
    x.stride,
    table.rows,
    table.count,
    weights + 4 * layer.kernel,
    layer.kPanels,
    layer.taps,
    ROW,
    y.start,
    y.stride,
    layer.nPanels,
    weights + 4 * layer.bias,
    isLeaky ? op.LEAKY : op.LINEAR,
    0,
  ], [1, LEAKY_SLOPE]);
}

/** Slopes of an activation by the sign of its value, and how the product applies them. */
interface Slopes {
  readonly finish: number;
  readonly positive: number;
  readonly negative: number;
}

/** Address of a layer's transposed kernel. */
function transposedKernel(
  { layers, plan, gradients }: Setting,
  layer: CoreLayer,
): number {
  const isApart = plan.transposesAll || layers.encoder.includes(layer);
  return (isApart ? plan.transposed : gradients) + 4 * layer.kernel;
}

/** Adds the product that computes the gradient `x` of a layer's input from its output's, `y`. */
export function addBackward(
  setting: Setting,
  thread: number,
  layer: CoreLayer,
  { table, x, y }: ProductPlaces,
  activation: { readonly values: Panels; readonly slopes: Slopes } | null,
): void {
  const after = layer.taps > 1 ? CONVOLUTION_ROWS_BEFORE * ROW : 0;
  setting.program.add(PRODUCTS[setting.tile], thread, [
    y.start + after,
    y.stride,
    table.rows,
    table.count,
    transposedKernel(setting, layer),
    layer.nPanels,
    layer.taps,
    -ROW,
    x.start,
    x.stride,
    layer.kPanels,
    0,
    activation?.slopes.finish ?? op.LINEAR,
    activation?.values.start ?? 0,
  ], [activation?.slopes.positive ?? 0, activation?.slopes.negative ?? 0]);
}

/** The slopes of an activation with dropout at a rate; `null` if there is neither. */
export function activationSlopes(isLeaky: boolean, rate: number): Slopes | null {
  if (!isLeaky && rate === 0) return null;
  const kept = rate === 0 ? 1 : Math.fround(1 / (1 - rate));
  const negative = isLeaky ? LEAKY_SLOPE * kept : kept;
  return { finish: rate === 0 ? op.MASKED : op.DROPPED, positive: kept, negative };
}

/** Dropout after a layer. */
export interface LayerDropout {
  readonly width: number;
  readonly key: readonly [number, number];
  readonly threshold: number;
  readonly kept: number;
}

/** Dropout after a layer, by the layer's number in `network/dropout.ts`; `null` at rate 0. */
export function layerDropout(
  { dropoutKey }: Setting,
  number: number,
  { outputs: width }: CoreLayer,
  rate: number,
): LayerDropout | null {
  if (rate === 0) return null;
  const key = layerDropoutKey(dropoutKey!, number);
  return { width, key, threshold: dropoutThreshold(rate), kept: 1 / (1 - rate) };
}

/** Adds dropout to some rows of a layer's output. */
export function addDropout(
  { program }: Setting,
  thread: number,
  y: Panels,
  { width, key, threshold, kept }: LayerDropout,
  rows: { readonly count: number; readonly catalogs: number; readonly places: number },
): void {
  program.add(op.DROPOUT, thread, [
    y.start,
    y.stride,
    width,
    rows.count,
    rows.catalogs,
    rows.places,
    key[0],
    key[1],
    threshold,
  ], [kept]);
}

/** Adds the transposition of the kernels that backward passes need, by some threads. */
export function addTranspose(
  setting: Setting,
  layers: readonly CoreLayer[],
  threads: readonly number[] = Array.from({ length: setting.plan.threads }, (_, t) => t),
): void {
  const { program, weights } = setting;
  for (const layer of layers) {
    const { kernel, kPanels, taps, nPanels } = layer;
    const addresses = [weights + 4 * kernel, transposedKernel(setting, layer)];
    for (const [t, thread] of threads.entries()) {
      const from = Math.floor(kPanels * t / threads.length);
      const to = Math.floor(kPanels * (t + 1) / threads.length);
      if (from < to) {
        program.add(op.TRANSPOSE, thread, [...addresses, kPanels, taps, nPanels, from, to]);
      }
    }
  }
}
