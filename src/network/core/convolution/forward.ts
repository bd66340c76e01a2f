/** The passes forward: encoder, joining, regression. */
import { addChunkEncoder, encoderDropouts } from "../encoder.ts";
import { panelsOf } from "../layers.ts";
import * as op from "../opcodes.ts";
import { ROW } from "../panels.ts";
import { addDropout, addForward, layerDropout } from "../products.ts";
import { dropoutRate, isLeaky } from "../setting.ts";
import type { Group } from "../shards.ts";
import type { ConvolutionSetting } from "./setting.ts";
import { clearArguments, lastPanels, POOLINGS } from "./setting.ts";

/** The encoder on all chunks, from the batch's pixels to the terse values. */
export function addEncoder(setting: ConvolutionSetting): void {
  const { plan, program } = setting;
  const dropouts = encoderDropouts(setting);
  for (const [c, chunk] of plan.chunks.entries()) {
    const write = () => addChunkEncoder(setting, chunk, (layer) => plan.hidden(layer, c), dropouts);
    if (plan.areShared) program.claim(write);
    else write();
  }
}

/** Joins the encoder's terse values, or given ones, with the supplementary columns. */
export function addJoin(
  { plan, program, inputs: { supplementary } }: ConvolutionSetting,
  terse: "encoded" | "given",
): void {
  const { x } = plan.levels[0]!;
  for (const [c, { thread, first, count }] of plan.chunks.entries()) {
    const [start, step] = terse === "encoded"
      ? [plan.hidden(plan.chunkBytes.length - 1, c).start, ROW]
      : [plan.terse + 4 * first, 4];
    program.add(op.JOIN, thread, [
      start,
      step,
      count,
      plan.joined + 4 * first,
      plan.supplementary + 4 * first * supplementary,
      supplementary,
      x.start,
      x.stride,
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

/** Convolutions, poolings and dense layers, each group of catalogs by itself. */
export function addRegression(setting: ConvolutionSetting): void {
  const { plan } = setting;
  for (const [g, group] of plan.groups.entries()) {
    addConvolutions(setting, group, g);
    addDense(setting, group, g);
  }
}

function addConvolutions(
  setting: ConvolutionSetting,
  { thread, from, to }: Group,
  g: number,
): void {
  const { plan, program, layers, architecture } = setting;
  const pooling = POOLINGS[architecture.pooling];
  for (const [l, layer] of layers.convolution.entries()) {
    const level = plan.levels[l]!;
    const next = plan.levels[l + 1]!;
    const { x, z } = level;
    addForward(setting, thread, layer, { table: level.tables[g]!, x, y: z }, true);
    program.add(op.POOL, thread, [
      z.start,
      z.stride,
      next.x.start,
      next.x.stride,
      layer.nPanels,
      level.starts,
      level.counts,
      next.starts,
      from,
      to,
      pooling,
    ]);
    program.add(op.CLEAR, thread, clearArguments(next, next.x, layer.nPanels, [from, to]));
  }
  const { x, starts, counts } = plan.levels.at(-1)!;
  const pooled = plan.dense[0]!;
  program.add(op.GLOBAL, thread, [
    x.start,
    x.stride,
    lastPanels(setting),
    starts,
    counts,
    pooled.start,
    pooled.stride,
    from,
    to,
    POOLINGS[architecture.globalPooling],
  ]);
}

function addDense(setting: ConvolutionSetting, { thread, from, to }: Group, g: number): void {
  const { plan, layers } = setting;
  for (const [i, layer] of layers.dense.entries()) {
    const y = plan.dense[i + 1]!;
    const places = { table: plan.denseTables[g]!, x: plan.dense[i]!, y };
    addForward(setting, thread, layer, places, isLeaky(layers.dense, i));
    const dropout = layerDropout(setting, i + 1, layer, dropoutRate(setting, "dense", i));
    if (!dropout) continue;
    const own = { start: y.start + from * ROW, stride: y.stride };
    addDropout(setting, thread, own, dropout, {
      count: to - from,
      catalogs: plan.numbers + 4 * from,
      places: plan.zeros,
    });
  }
}
