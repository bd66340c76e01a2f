/**
 * A set's passes backward, on one chunk of catalogs: from the loss to the gradients of activations.
 */
import { LEAKY_SLOPE } from "../../../model.ts";
import { SIZE_INPUTS } from "../../weights.ts";
import type { CoreLayer } from "../layers.ts";
import type { Objective } from "../losses.ts";
import { addLoss, addTie } from "../losses.ts";
import * as op from "../opcodes.ts";
import type { Panels } from "../panels.ts";
import { TILE } from "../panels.ts";
import { activationSlopes, addBackward } from "../products.ts";
import { dropoutRate } from "../setting.ts";
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
import type { Chain } from "./layout.ts";

/** Adds the pass from the outputs' gradients back to the terse values. */
export function addChunkRegressionBackward(
  setting: SetSetting,
  chunk: SetChunk,
  objective: Objective,
): void {
  const { plan, layers } = setting;
  const slot = plan.slots[chunk.slot]!;
  const output = catalogsOf(plan.dense.values.at(-1)!, chunk).start;
  const gradient = catalogsOf(plan.dense.gradients.at(-1)!, chunk).start;
  addLoss(setting, chunk, { output, gradient }, objective.loss);
  addDenseBackward(setting, chunk);
  const pooled = catalogsOf(plan.dense.gradients[0]!, chunk);
  addMeanBackward(setting, chunk, pooled, layers.cluster, slot.cluster);
  if (layers.context.length > 0) addContextBackward(setting, chunk);
  addUndeviate(setting, chunk, panelsFrom(pooled, layers.cluster.at(-1)!.nPanels));
  const terse = slot.encoder.values.at(-1)!.start;
  const gradients = slot.encoder.gradients.at(-1)!.start;
  const places = plan.rowTable - 4 * chunk.first;
  addTie(setting, chunk, { values: terse, gradients, places }, objective.tieWeight);
}

function addDenseBackward(setting: SetSetting, chunk: SetChunk): void {
  const { plan, layers } = setting;
  const { values, gradients } = plan.dense;
  for (let i = layers.dense.length - 1; i >= 0; i--) {
    const x = placeOf(gradients[i]!, chunk);
    const y = placeOf(gradients[i + 1]!, chunk);
    const slopes = i > 0 ? activationSlopes(true, dropoutRate(setting, "dense", i - 1)) : null;
    const activation = slopes && { values: placeOf(values[i]!, chunk), slopes };
    const places = { table: catalogTable(chunk), x, y };
    addBackward(setting, chunk.thread, layers.dense[i]!, places, activation);
  }
}

/**
 * Adds the pass from the gradient of a mean over rows back through the layers before it, to their
 * input.
 */
function addMeanBackward(
  setting: SetSetting,
  chunk: SetChunk,
  pooled: Panels,
  layers: readonly CoreLayer[],
  { values, gradients }: Chain,
): void {
  const [last, mask] = [gradients.at(-1)!, values.at(-1)!];
  setting.program.add(op.SPREAD, chunk.thread, [
    pooled.start,
    pooled.stride,
    layers.at(-1)!.nPanels,
    setting.plan.offsets,
    chunk.from,
    chunk.to,
    last.start,
    last.stride,
    1,
    mask.start,
  ], [LEAKY_SLOPE]);
  for (let i = layers.length - 1; i >= 0; i--) {
    const slopes = i > 0 ? activationSlopes(true, 0) : null;
    const activation = slopes && { values: values[i]!, slopes };
    const places = { table: chunk, x: gradients[i]!, y: gradients[i + 1]! };
    addBackward(setting, chunk.thread, layers[i]!, places, activation);
  }
}

function addContextBackward(setting: SetSetting, chunk: SetChunk): void {
  const { plan, program, layers } = setting;
  const slot = plan.slots[chunk.slot]!;
  const last = layers.context.at(-1)!;
  const x = panelsFrom(slot.cluster.gradients[0]!, ownPanels(setting));
  const [joined, gradient] = plan.contextOutput.gradients as [Panels, Panels];
  const y = catalogsOf(gradient, chunk);
  const mask = catalogsOf(plan.contextOutput.values[1]!, chunk).start;
  program.add(op.GATHER, chunk.thread, [
    ...[x.start, x.stride, last.nPanels, ...rangeOf(setting, chunk), y.start, y.stride, 0, mask],
  ], [LEAKY_SLOPE]);
  addBackward(setting, chunk.thread, last, {
    table: catalogTable(chunk),
    x: placeOf(joined, chunk),
    y: placeOf(gradient, chunk),
  }, null);
  const pooled = catalogsOf(joined, chunk);
  addMeanBackward(setting, chunk, pooled, layers.context.slice(0, -1), slot.context);
}

/** Adds the pass from the gradients of a cluster's inputs back to its terse value. */
function addUndeviate(setting: SetSetting, chunk: SetChunk, described: Panels): void {
  const { plan, program, architecture } = setting;
  const slot = plan.slots[chunk.slot]!;
  const [x] = slot.cluster.values as [Panels];
  const [dx] = slot.cluster.gradients as [Panels];
  const dSeen = slot.context.gradients[0]?.start ?? 0;
  program.add(op.UNDEVIATE, chunk.thread, [
    dx.start,
    x.start,
    x.stride,
    seenWidth(setting),
    plan.factors,
    architecture.frequencies.length,
    plan.offsets,
    chunk.from,
    chunk.to,
    described.start + 4 * SIZE_INPUTS,
    dSeen,
    slot.encoder.gradients.at(-1)!.start,
    chunk.tiles * TILE,
  ]);
}
