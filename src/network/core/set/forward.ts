/** A set's passes forward, on one chunk of catalogs. */
import { LEAKY_SLOPE, MEAN_CLUSTERS } from "../../../model.ts";
import type { Chunk } from "../chunks.ts";
import type { CoreLayer } from "../layers.ts";
import * as op from "../opcodes.ts";
import type { Panels } from "../panels.ts";
import { ROW } from "../panels.ts";
import { addDropout, addForward, layerDropout } from "../products.ts";
import { dropoutRate } from "../setting.ts";
import { addBlockMeans, isTall } from "./blocks.ts";
import type { SetChunk } from "./chunks.ts";
import type { SetSetting } from "./places.ts";
import {
  catalogsOf,
  catalogTable,
  ownPanels,
  panelsFrom,
  placeOf,
  rangeOf,
  seenWidth,
} from "./places.ts";

/** Address of a chunk's terse values, and the bytes between them. */
export interface Terse {
  readonly start: number;
  readonly step: number;
}

/** Adds the pass from terse values to the outputs. */
export function addChunkRegression(setting: SetSetting, chunk: SetChunk, terse: Terse): void {
  const { plan, program, layers, architecture } = setting;
  const { thread } = chunk;
  const slot = plan.slots[chunk.slot]!;
  const seen = seenWidth(setting);
  const [x] = slot.cluster.values as [Panels];
  const panels = ownPanels(setting);
  program.add(op.DEVIATE, thread, [
    terse.start,
    terse.step,
    plan.supplementary,
    seen,
    plan.offsets,
    chunk.from,
    chunk.to,
    x.start,
    x.stride,
    panels,
    plan.means,
  ]);
  const { length } = architecture.frequencies;
  if (length > 0) {
    program.add(op.PERIODIC, thread, [x.start, x.stride, seen, plan.factors, length, chunk.count]);
  }
  if (layers.context.length > 0) addContext(setting, chunk, terse, panelsFrom(x, panels));
  const pooled = catalogsOf(plan.dense.values[0]!, chunk);
  const { values } = slot.cluster;
  if (isTall(setting, chunk)) {
    const input = ({ first }: Chunk) => ({ ...x, start: x.start + (first - chunk.first) * ROW });
    addBlockMeans(setting, chunk, { layers: layers.cluster, values, input }, pooled);
  } else {
    addLayers(setting, chunk, layers.cluster, values);
    addMean(setting, chunk, values.at(-1)!, layers.cluster.at(-1)!, pooled);
  }
  addDescription(setting, chunk, layers.cluster.at(-1)!, pooled, seen);
  addDense(setting, chunk);
}

/** Adds layers of every row, each followed by a leaky ReLU. */
function addLayers(
  setting: SetSetting,
  chunk: SetChunk,
  layers: readonly CoreLayer[],
  values: readonly Panels[],
): void {
  for (const [i, layer] of layers.entries()) {
    const places = { table: chunk, x: values[i]!, y: values[i + 1]! };
    addForward(setting, chunk.thread, layer, places, true);
  }
}

/** Adds the mean over each catalog's rows. */
function addMean(
  setting: SetSetting,
  chunk: SetChunk,
  x: Panels,
  { nPanels }: CoreLayer,
  y: Panels,
): void {
  const { from, to } = chunk;
  setting.program.add(op.GATHER, chunk.thread, [
    x.start,
    x.stride,
    nPanels,
    setting.plan.offsets,
    from,
    to,
    y.start,
    y.stride,
    1,
    0,
  ], [LEAKY_SLOPE]);
}

/** Adds the number of rows and the means of the seen values, after the means `y` of a layer. */
function addDescription(
  setting: SetSetting,
  chunk: SetChunk,
  { nPanels }: CoreLayer,
  y: Panels,
  seen: number,
): void {
  const described = panelsFrom(y, nPanels);
  const { offsets, means } = setting.plan;
  setting.program.add(op.DESCRIBE, chunk.thread, [
    offsets,
    chunk.from,
    chunk.to,
    means,
    seen,
    described.start,
    described.stride,
  ], [MEAN_CLUSTERS]);
}

/** Adds the learned context to every cluster's inputs, from `x` on. */
function addContext(setting: SetSetting, chunk: SetChunk, terse: Terse, x: Panels): void {
  const { plan, program, layers, inputs } = setting;
  const { thread } = chunk;
  const { values } = plan.slots[chunk.slot]!.context;
  const [seen] = values as [Panels];
  const { supplementary } = inputs;
  const join = ({ first, count }: Chunk) => {
    program.add(op.JOIN, thread, [
      ...[terse.start + (first - chunk.first) * terse.step, terse.step, count, plan.rowTable],
      ...[plan.supplementary + 4 * first * supplementary, supplementary, seen.start, seen.stride],
    ]);
    return seen;
  };
  const rowLayers = layers.context.slice(0, -1);
  const [joined, output] = plan.contextOutput.values as [Panels, Panels];
  const pooled = catalogsOf(joined, chunk);
  if (isTall(setting, chunk)) {
    addBlockMeans(setting, chunk, { layers: rowLayers, values, input: join }, pooled);
  } else {
    join(chunk);
    addLayers(setting, chunk, rowLayers, values);
    addMean(setting, chunk, values.at(-1)!, rowLayers.at(-1)!, pooled);
  }
  addDescription(setting, chunk, rowLayers.at(-1)!, pooled, 0);
  const last = layers.context.at(-1)!;
  addForward(setting, thread, last, {
    table: catalogTable(chunk),
    x: placeOf(joined, chunk),
    y: placeOf(output, chunk),
  }, true);
  const source = catalogsOf(output, chunk);
  program.add(op.SPREAD, thread, [
    ...[source.start, source.stride, last.nPanels, ...rangeOf(setting, chunk)],
    ...[x.start, x.stride, 0, 0],
  ], [LEAKY_SLOPE]);
}

/** Adds the dense layers and the output; all but the output are followed by a leaky ReLU. */
function addDense(setting: SetSetting, chunk: SetChunk): void {
  const { plan, layers } = setting;
  const { thread, from, to } = chunk;
  for (const [i, layer] of layers.dense.entries()) {
    const x = placeOf(plan.dense.values[i]!, chunk);
    const y = placeOf(plan.dense.values[i + 1]!, chunk);
    const isOutput = i === layers.dense.length - 1;
    addForward(setting, thread, layer, { table: catalogTable(chunk), x, y }, !isOutput);
    const dropout = layerDropout(setting, i + 1, layer, dropoutRate(setting, "dense", i));
    if (!dropout) continue;
    const catalogs = plan.numbers + 4 * from;
    addDropout(setting, thread, y, dropout, { count: to - from, catalogs, places: plan.zeros });
  }
}
