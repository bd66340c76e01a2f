/**
 * The passes of a training step as operations of the core: forward through encoder and regression,
 * backward through both, the gradients of all weights, and the update.
 *
 * @module
 */
import type { Architecture, Loss, StepOptions } from "../../model.ts";
import { CONVOLUTION_ROWS_BEFORE, LEAKY_SLOPE } from "../../model.ts";
import { dropoutThreshold, layerDropoutKey } from "../dropout.ts";
import type { CoreLayer, CoreLayers } from "./layers.ts";
import { PANEL, panelsOf } from "./layers.ts";
import * as op from "./opcodes.ts";
import type { Chunk, Group, Level, Panels, Plan, RowTable } from "./plan.ts";
import { GAP, ROW, TILE } from "./plan.ts";
import type { Program } from "./program.ts";

/** Outputs of a tile: "narrow" is 8; "wide" 16, for V8's revectorization alone. */
export type TileWidth = "narrow" | "wide";

/** The operation of a product in tiles of this width. */
const PRODUCTS: Readonly<Record<TileWidth, number>> = {
  narrow: op.PRODUCT,
  wide: op.WIDE_PRODUCT,
};

/** What all passes know. Addresses are of the flat arrays of `layers.ts`; 0: not there. */
export interface Setting {
  readonly architecture: Architecture;
  readonly layers: CoreLayers;
  readonly weights: number;
  /** Gradients; until they are computed, the regression's transposed kernels. */
  readonly gradients: number;
  readonly plan: Plan;
  readonly program: Program;
  readonly tile: TileWidth;
  readonly dropoutKey: StepOptions["dropoutKey"];
}

const POOLINGS = { "mean": op.MEAN, "max": op.MAX, "mean+max": op.MEAN_MAX } as const;
const LOSSES: Readonly<Record<Loss, number>> = {
  mae: op.MAE,
  mse: op.MSE,
  gaussian: op.GAUSSIAN,
};
const TERSE = "terse";

/** Leaky ReLU follows all layers of a chain but its last two: the last hidden one and the output. */
function isLeaky(chain: readonly CoreLayer[], index: number): boolean {
  return index < chain.length - 2;
}

/** The fraction dropped after a layer of a chain; 0 for none. */
function dropoutRate({ architecture, dropoutKey }: Setting, chain: string, index: number): number {
  if (dropoutKey === null) return 0;
  if (chain === TERSE) {
    return index === 0 && architecture.encoder.length > 0 ? architecture.dropout.encoder : 0;
  }
  return index < architecture.dense.length - 1 ? architecture.dropout.dense : 0;
}

interface ProductPlaces {
  readonly table: RowTable;
  readonly x: Panels;
  readonly y: Panels;
}

/** A layer's output from its input. */
function addForward(
  { program, weights, tile }: Setting,
  thread: number,
  layer: CoreLayer,
  { table, x, y }: ProductPlaces,
  isLeaky: boolean,
): void {
  const before = layer.taps > 1 ? CONVOLUTION_ROWS_BEFORE * ROW : 0;
  program.add(PRODUCTS[tile], thread, [
    ...[x.start - before, x.stride, table.rows, table.tiles],
    ...[weights + 4 * layer.kernel, layer.kPanels, layer.taps, ROW],
    ...[y.start, y.stride, layer.nPanels, weights + 4 * layer.bias],
    ...[isLeaky ? op.LEAKY : op.LINEAR, 0],
  ], [1, LEAKY_SLOPE]);
}

/** Slopes of an activation by the sign of its value, and how the product is to apply them. */
interface Slopes {
  readonly finish: number;
  readonly positive: number;
  readonly negative: number;
}

/** Address of a layer's transposed kernel. */
function transposedKernel({ layers, plan, gradients }: Setting, layer: CoreLayer): number {
  return (layers.encoder.includes(layer) ? plan.transposed : gradients) + 4 * layer.kernel;
}

/** The gradient `x` of a layer's input from that of its output, `y`. */
function addBackward(
  setting: Setting,
  thread: number,
  layer: CoreLayer,
  { table, x, y }: ProductPlaces,
  activation: { readonly values: Panels; readonly slopes: Slopes } | null,
): void {
  const after = layer.taps > 1 ? CONVOLUTION_ROWS_BEFORE * ROW : 0;
  setting.program.add(PRODUCTS[setting.tile], thread, [
    ...[y.start + after, y.stride, table.rows, table.tiles],
    ...[transposedKernel(setting, layer), layer.nPanels, layer.taps, -ROW],
    ...[x.start, x.stride, layer.kPanels, 0],
    ...[activation?.slopes.finish ?? op.LINEAR, activation?.values.start ?? 0],
  ], [activation?.slopes.positive ?? 0, activation?.slopes.negative ?? 0]);
}

function activationSlopes(isLeaky: boolean, rate: number): Slopes | null {
  if (!isLeaky && rate === 0) return null;
  const kept = rate === 0 ? 1 : Math.fround(1 / (1 - rate));
  const negative = isLeaky ? LEAKY_SLOPE * kept : kept;
  return { finish: rate === 0 ? op.MASKED : op.DROPPED, positive: kept, negative };
}

function addDropout(
  { program, dropoutKey }: Setting,
  thread: number,
  y: Panels,
  layer: { readonly number: number; readonly width: number; readonly rate: number },
  rows: { readonly count: number; readonly catalogs: number; readonly places: number },
): void {
  if (layer.rate === 0) return;
  const key = layerDropoutKey(dropoutKey!, layer.number);
  program.add(op.DROPOUT, thread, [
    ...[y.start, y.stride, layer.width, rows.count, rows.catalogs, rows.places],
    ...[...key, dropoutThreshold(layer.rate)],
  ], [1 / (1 - layer.rate)]);
}

/** The encoder on all chunks, from the batch's pixels to the terse values. */
export function addEncoder(setting: Setting): void {
  const { plan, program, layers } = setting;
  const width = layers.encoder[0]!.inputs[0]!;
  for (const [c, chunk] of plan.chunks.entries()) {
    const { thread, first, count, tiles } = chunk;
    const x = plan.hidden(0, c);
    const pixels = plan.pixels + 4 * first * width;
    program.add(op.INPUT, thread, [pixels, width, x.start, x.stride, count, tiles * TILE]);
    for (const [i, layer] of layers.encoder.entries()) {
      const y = plan.hidden(i + 1, c);
      const places = { table: chunk, x: plan.hidden(i, c), y };
      addForward(setting, thread, layer, places, isLeaky(layers.encoder, i));
      const rate = dropoutRate(setting, TERSE, i);
      addDropout(setting, thread, y, { number: i, width: layer.outputs, rate }, {
        count,
        catalogs: plan.catalogs + 4 * first,
        places: plan.places + 4 * first,
      });
    }
  }
}

/** Joins the encoder's terse values, or given ones, with the supplementary columns. */
export function addJoin(
  { plan, program }: Setting,
  supplementary: number,
  terse: "encoded" | "given",
): void {
  const { x } = plan.levels[0]!;
  for (const [c, { thread, first, count }] of plan.chunks.entries()) {
    const [start, step] = terse === "encoded"
      ? [plan.hidden(plan.chunkBytes.length - 1, c).start, ROW]
      : [plan.terse + 4 * first, 4];
    program.add(op.JOIN, thread, [
      ...[start, step, count, plan.joined + 4 * first],
      ...[plan.supplementary + 4 * first * supplementary, supplementary, x.start, x.stride],
    ]);
  }
  for (const { thread, from, to } of plan.groups) {
    program.add(
      op.CLEAR,
      thread,
      clearArguments(plan.levels[0]!, x, panelsOf(supplementary + 1), [from, to]),
    );
  }
}

function clearArguments(
  { starts, counts }: Level,
  { start, stride }: Panels,
  panels: number,
  catalogs: readonly [number, number],
): number[] {
  return [start, stride, panels, starts, counts, ...catalogs];
}

/** Panels of the global pooling's input. */
function lastPanels({ layers, architecture }: Setting): number {
  const { kPanels } = layers.dense[0]!;
  return architecture.globalPooling === "mean+max" ? kPanels / 2 : kPanels;
}

/** Convolutions, poolings and dense layers, each group of catalogs by itself. */
export function addRegression(setting: Setting): void {
  const { plan } = setting;
  for (const [g, group] of plan.groups.entries()) {
    addConvolutions(setting, group, g);
    addDense(setting, group, g);
  }
}

function addConvolutions(setting: Setting, { thread, from, to }: Group, g: number): void {
  const { plan, program, layers, architecture } = setting;
  const pooling = POOLINGS[architecture.pooling];
  for (const [l, layer] of layers.convolution.entries()) {
    const level = plan.levels[l]!;
    const next = plan.levels[l + 1]!;
    const { x, z } = level;
    addForward(setting, thread, layer, { table: level.tables[g]!, x, y: z }, true);
    program.add(op.POOL, thread, [
      ...[z.start, z.stride, next.x.start, next.x.stride, layer.nPanels],
      ...[level.starts, level.counts, next.starts, from, to, pooling],
    ]);
    program.add(op.CLEAR, thread, clearArguments(next, next.x, layer.nPanels, [from, to]));
  }
  const { x, starts, counts } = plan.levels.at(-1)!;
  const pooled = plan.dense[0]!;
  program.add(op.GLOBAL, thread, [
    ...[x.start, x.stride, lastPanels(setting), starts, counts, pooled.start, pooled.stride],
    ...[from, to, POOLINGS[architecture.globalPooling]],
  ]);
}

function addDense(setting: Setting, { thread, from, to }: Group, g: number): void {
  const { plan, layers } = setting;
  for (const [i, layer] of layers.dense.entries()) {
    const y = plan.dense[i + 1]!;
    const places = { table: plan.denseTables[g]!, x: plan.dense[i]!, y };
    addForward(setting, thread, layer, places, isLeaky(layers.dense, i));
    const rate = dropoutRate(setting, "dense", i);
    const own = { start: y.start + from * ROW, stride: y.stride };
    addDropout(setting, thread, own, { number: i + 1, width: layer.outputs, rate }, {
      count: to - from,
      catalogs: plan.numbers + 4 * from,
      places: plan.zeros,
    });
  }
}

/** Transposes the kernels of layers that the backward passes go through. */
export function addTranspose(setting: Setting, layers: readonly CoreLayer[]): void {
  const { plan, program, weights } = setting;
  for (const layer of layers) {
    const { kernel, kPanels, taps, nPanels } = layer;
    const addresses = [weights + 4 * kernel, transposedKernel(setting, layer)];
    for (let thread = 0; thread < plan.threads; thread++) {
      const from = Math.floor(kPanels * thread / plan.threads);
      const to = Math.floor(kPanels * (thread + 1) / plan.threads);
      if (from < to) {
        program.add(op.TRANSPOSE, thread, [...addresses, kPanels, taps, nPanels, from, to]);
      }
    }
  }
}

/** Losses, and the gradient back to the terse values, each group by itself. */
export function addRegressionBackward(setting: Setting, loss: Loss): void {
  const { plan, program } = setting;
  const output = plan.dense.at(-1)!.start;
  const gradient = plan.denseGradient.at(-1)!.start;
  for (const [g, group] of plan.groups.entries()) {
    const { thread, from, to } = group;
    program.add(op.LOSS, thread, [
      ...[output, plan.labels, gradient, plan.losses, from, to, plan.count, LOSSES[loss]],
    ]);
    addDenseBackward(setting, group, g);
    addConvolutionsBackward(setting, group, g);
  }
}

function addDenseBackward(setting: Setting, { thread }: Group, g: number): void {
  const { plan, layers } = setting;
  for (let i = layers.dense.length - 1; i >= 0; i--) {
    const x = plan.denseGradient[i]!;
    const places = { table: plan.denseTables[g]!, x, y: plan.denseGradient[i + 1]! };
    const slopes = i > 0
      ? activationSlopes(isLeaky(layers.dense, i - 1), dropoutRate(setting, "dense", i - 1))
      : null;
    const activation = slopes && { values: plan.dense[i]!, slopes };
    addBackward(setting, thread, layers.dense[i]!, places, activation);
  }
}

function addConvolutionsBackward(setting: Setting, group: Group, g: number): void {
  const { plan, program, layers, architecture } = setting;
  const { thread, from, to } = group;
  const last = plan.levels.at(-1)!;
  const [pooled, dPooled] = [plan.dense[0]!, plan.denseGradient[0]!];
  program.add(op.UNGLOBAL, thread, [
    ...[last.x.start, last.x.stride, lastPanels(setting), last.starts, last.counts],
    ...[last.dx.start, pooled.start, dPooled.start, pooled.stride],
    ...[from, to, POOLINGS[architecture.globalPooling]],
  ]);
  for (let l = layers.convolution.length - 1; l >= 0; l--) {
    const layer = layers.convolution[l]!;
    const level = plan.levels[l]!;
    const next = plan.levels[l + 1]!;
    const { z, dx } = level;
    program.add(op.UNPOOL, thread, [
      ...[z.start, z.stride, next.dx.start, next.dx.stride, layer.nPanels],
      ...[level.starts, level.counts, next.starts, from, to, POOLINGS[architecture.pooling]],
    ], [LEAKY_SLOPE]);
    program.add(op.CLEAR, thread, clearArguments(level, z, layer.nPanels, [from, to]));
    addBackward(setting, thread, layer, { table: level.tables[g]!, x: dx, y: z }, null);
  }
}

/**
 * The gradient of the terse values back through the encoder's chunks.
 *
 * @param seed "loss": from the regression's gradient; "ones": of the sum of all terse values
 * @param to Whether to go on to the pixels
 * @param wave Which chunks
 */
export function addEncoderBackward(
  setting: Setting,
  seed: "loss" | "ones",
  to: "first layer" | "pixels",
  wave: Wave = { from: 0, to: setting.plan.chunks.length },
): void {
  const { plan, program, layers } = setting;
  const source = plan.levels[0]!.dx.start;
  for (let c = wave.from; c < wave.to; c++) {
    const chunk = plan.chunks[c]!;
    const { thread, first, count, tiles } = chunk;
    const terse = plan.hiddenGradient(layers.encoder.length, c).start;
    const places = seed === "loss" ? plan.joined + 4 * first : 0;
    program.add(op.SPLIT, thread, [source, places, terse, count, tiles * TILE]);
    for (let i = layers.encoder.length - 1; i >= (to === "pixels" ? 0 : 1); i--) {
      addHiddenBackward(setting, chunk, c, i);
    }
  }
}

function addHiddenBackward(setting: Setting, chunk: Chunk, c: number, i: number): void {
  const { plan, layers } = setting;
  const y = plan.hiddenGradient(i + 1, c);
  const places = { table: chunk, x: plan.hiddenGradient(i, c), y };
  const slopes = i > 0
    ? activationSlopes(isLeaky(layers.encoder, i - 1), dropoutRate(setting, TERSE, i - 1))
    : null;
  const activation = slopes && { values: plan.hidden(i, c), slopes };
  addBackward(setting, chunk.thread, layers.encoder[i]!, places, activation);
}

/** One layer's operands of its weight gradient. */
interface WeightOperands {
  readonly layer: CoreLayer;
  readonly x: Panels;
  readonly dy: Panels;
  /** Table of the chunks' rows, their number, and the bytes between them. */
  readonly chunks: readonly [table: number, count: number, xBytes: number, dyBytes: number];
  readonly rows: number;
}

function encoderOperands({ plan, layers }: Setting, { from, to }: Wave): WeightOperands[] {
  const rows = plan.chunks.slice(from, to).reduce((sum, { count }) => sum + count, 0);
  return layers.encoder.map((layer, i): WeightOperands => ({
    layer,
    x: plan.hidden(i, from),
    dy: plan.hiddenGradient(i + 1, from),
    chunks: [
      ...[plan.chunkCounts + 4 * from, to - from] as const,
      ...[plan.chunkBytes[i]!, plan.chunkBytes[i + 1]!] as const,
    ],
    rows,
  }));
}

function regressionOperands({ plan, layers }: Setting): WeightOperands[] {
  const gap = GAP * ROW;
  const window = gap - CONVOLUTION_ROWS_BEFORE * ROW;
  return [
    ...layers.convolution.map((layer, l): WeightOperands => {
      const { x, z, span } = plan.levels[l]!;
      return {
        layer,
        x: { start: x.start + window, stride: x.stride },
        dy: { start: z.start + gap, stride: z.stride },
        chunks: [plan.spans[l]!, 1, 0, 0],
        rows: span,
      };
    }),
    ...layers.dense.map((layer, i): WeightOperands => ({
      layer,
      x: plan.dense[i]!,
      dy: plan.denseGradient[i + 1]!,
      chunks: [plan.countTable, 1, 0, 0],
      rows: plan.count,
    })),
  ];
}

/** Gradients of some layers' weights: every thread takes an equal share of the panels of outputs. */
function addWeightGradients(
  { plan, program, gradients, tile }: Setting,
  all: readonly WeightOperands[],
  mode: "overwrite" | "add",
): void {
  const panelCost = ({ layer, rows }: WeightOperands) => layer.kPanels * layer.taps * rows;
  const total = all.reduce((sum, o) => sum + panelCost(o) * o.layer.nPanels, 0);
  let done = 0;
  for (const operands of all) {
    const { layer, x, dy, chunks } = operands;
    const cost = panelCost(operands);
    const threadOf = (panel: number) =>
      Math.min(plan.threads - 1, Math.floor((done + (panel + 0.5) * cost) / total * plan.threads));
    const kernelPanel = layer.kPanels * layer.taps * PANEL * PANEL;
    let from = 0;
    while (from < layer.nPanels) {
      const thread = threadOf(from);
      let to = from + 1;
      while (to < layer.nPanels && threadOf(to) === thread) to++;
      program.add(op.WEIGHTS, thread, [
        ...[x.start, x.stride, layer.kPanels, layer.taps, ROW],
        ...[dy.start + from * dy.stride, dy.stride, to - from, ...chunks],
        gradients + 4 * (layer.kernel + from * kernelPanel),
        gradients + 4 * (layer.bias + from * PANEL),
        mode === "add" ? 1 : 0,
        tile === "wide" ? 1 : 0,
      ]);
      from = to;
    }
    done += cost * layer.nPanels;
  }
}

/** Chunks that go backward together, so that what they need stays in the second-level cache. */
interface Wave {
  readonly from: number;
  readonly to: number;
}

/** Bytes of activations and gradients a thread may have in a wave, and the fewest chunks of it. */
const WAVE_BYTES = 1.5e6;
const WAVE_CHUNKS = 4;

function cutWaves({ chunks, chunkBytes, threads }: Plan): Wave[] {
  const bytes = 2 * chunkBytes.reduce((sum, bytes) => sum + bytes, 0);
  const size = threads * Math.max(WAVE_CHUNKS, Math.floor(WAVE_BYTES / bytes));
  const number = Math.max(1, Math.round(chunks.length / size));
  const cut = (w: number) =>
    Math.min(chunks.length, threads * Math.round(chunks.length * w / number / threads));
  return Array.from(
    { length: number },
    (_, w) => ({ from: cut(w), to: w === number - 1 ? chunks.length : cut(w + 1) }),
  );
}

/** The encoder backward, and the gradients of all weights. */
export function addGradients(setting: Setting): void {
  const { plan, program } = setting;
  for (const [w, wave] of cutWaves(plan).entries()) {
    addEncoderBackward(setting, "loss", "first layer", wave);
    program.barrier();
    addWeightGradients(setting, encoderOperands(setting, wave), w === 0 ? "overwrite" : "add");
  }
  addWeightGradients(setting, regressionOperands(setting), "overwrite");
}

/** Addresses and numbers of an update. */
export interface Update {
  readonly first: number;
  readonly second: number;
  /** From 1. */
  readonly step: number;
  readonly options: Pick<StepOptions, "optimizer" | "learningRate" | "gradientClip">;
}

/** Adam's decays of the moments. */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;

/** The norm of the gradient if it is limited, then the update. */
export function addUpdate(
  { plan, program, layers, weights, gradients }: Setting,
  { first, second, step, options }: Update,
): void {
  const { optimizer, learningRate, gradientClip } = options;
  const blocks = Math.ceil(layers.size / op.NORM_BLOCK);
  const share = (thread: number) => Math.floor(blocks * thread / plan.threads);
  if (gradientClip !== null) {
    for (let t = 0; t < plan.threads; t++) {
      program.add(op.NORM, t, [gradients, layers.size, share(t), share(t + 1), plan.sums]);
    }
    program.barrier();
  }
  for (let t = 0; t < plan.threads; t++) {
    const range = [share(t), share(t + 1)].map((b) => Math.min(layers.size, b * op.NORM_BLOCK));
    program.add(op.UPDATE, t, [
      ...[weights, gradients, first, second, ...range, plan.losses, plan.count],
      ...[plan.sums, gradientClip === null ? 0 : blocks],
      optimizer.kind === "sgd" ? op.SGD : op.ADAM,
    ], [
      ...[gradientClip ?? 0, learningRate],
      optimizer.kind === "adamw" ? optimizer.weightDecay : 0,
      ...[1 - FIRST_DECAY ** step, 1 - SECOND_DECAY ** step],
    ]);
  }
}
