/** The passes backward: from the loss through regression and encoder, to activations alone. */
import { LEAKY_SLOPE } from "../../../model.ts";
import type { Wave } from "../chunks.ts";
import { addChunkEncoderBackward } from "../encoder.ts";
import type { Objective } from "../losses.ts";
import { addLoss, addTie } from "../losses.ts";
import * as op from "../opcodes.ts";
import { TILE } from "../panels.ts";
import { activationSlopes, addBackward } from "../products.ts";
import { dropoutRate, isLeaky } from "../setting.ts";
import type { Group } from "../shards.ts";
import type { ConvolutionSetting } from "./setting.ts";
import { clearArguments, lastPanels, POOLINGS } from "./setting.ts";

/** Losses, and the gradient back to the terse values, each group by itself. */
export function addRegressionBackward(
  setting: ConvolutionSetting,
  { loss, tieWeight }: Objective,
): void {
  const { plan } = setting;
  const output = plan.dense.at(-1)!.start;
  const gradient = plan.denseGradient.at(-1)!.start;
  const { x, dx } = plan.levels[0]!;
  const terse = { values: x.start, gradients: dx.start, places: plan.joined };
  for (const [g, group] of plan.groups.entries()) {
    addLoss(setting, group, { output, gradient }, loss);
    addDenseBackward(setting, group, g);
    addConvolutionsBackward(setting, group, g);
    addTie(setting, group, terse, tieWeight);
  }
}

function addDenseBackward(setting: ConvolutionSetting, { thread }: Group, g: number): void {
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

function addConvolutionsBackward(setting: ConvolutionSetting, group: Group, g: number): void {
  const { plan, program, layers, architecture } = setting;
  const { thread, from, to } = group;
  const last = plan.levels.at(-1)!;
  const [pooled, dPooled] = [plan.dense[0]!, plan.denseGradient[0]!];
  program.add(op.UNGLOBAL, thread, [
    last.x.start,
    last.x.stride,
    lastPanels(setting),
    last.starts,
    last.counts,
    last.dx.start,
    pooled.start,
    dPooled.start,
    pooled.stride,
    from,
    to,
    POOLINGS[architecture.globalPooling],
  ]);
  for (let l = layers.convolution.length - 1; l >= 0; l--) {
    const layer = layers.convolution[l]!;
    const level = plan.levels[l]!;
    const next = plan.levels[l + 1]!;
    const { z, dx } = level;
    program.add(op.UNPOOL, thread, [
      z.start,
      z.stride,
      next.dx.start,
      next.dx.stride,
      layer.nPanels,
      level.starts,
      level.counts,
      next.starts,
      from,
      to,
      POOLINGS[architecture.pooling],
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
  setting: ConvolutionSetting,
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
    const values = (layer: number) => plan.hidden(layer, c);
    const gradients = (layer: number) => plan.hiddenGradient(layer, c);
    const write = () => {
      program.add(op.SPLIT, thread, [source, places, terse, count, tiles * TILE]);
      addChunkEncoderBackward(setting, chunk, values, gradients, to);
    };
    if (plan.areShared) program.claim(write);
    else write();
  }
}
