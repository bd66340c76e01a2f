/** The gradients of all weights, wave by wave while the encoder goes backward. */
import { CONVOLUTION_ROWS_BEFORE } from "../../../model.ts";
import type { Wave } from "../chunks.ts";
import { ROW } from "../panels.ts";
import { shardBytes } from "../shards.ts";
import type { WeightOperands } from "../weight_gradients.ts";
import { addWeightGradients } from "../weight_gradients.ts";
import { addEncoderBackward } from "./backward.ts";
import type { ConvolutionPlan } from "./plan.ts";
import type { ConvolutionSetting } from "./setting.ts";

function encoderOperands(
  { plan, layers }: ConvolutionSetting,
  { from, to }: Wave,
): WeightOperands[] {
  const rows = plan.chunks.slice(from, to).reduce((sum, { count }) => sum + count, 0);
  return layers.encoder.map((layer, i): WeightOperands => ({
    layer,
    x: plan.hidden(i, from),
    dy: plan.hiddenGradient(i + 1, from),
    chunks: [
      plan.chunkCounts + 4 * from,
      to - from,
      plan.chunkBytes[i]!,
      plan.chunkBytes[i + 1]!,
    ],
    rows,
  }));
}

function regressionOperands({ plan, layers }: ConvolutionSetting, shard: number): WeightOperands[] {
  const { from, to } = plan.shards[shard]!;
  return [
    ...layers.convolution.map((layer, l): WeightOperands => {
      const { x, z, spans } = plan.levels[l]!;
      const { first, rows, table } = spans[shard]!;
      return {
        layer,
        x: { start: x.start + (first - CONVOLUTION_ROWS_BEFORE) * ROW, stride: x.stride },
        dy: { start: z.start + first * ROW, stride: z.stride },
        chunks: [table, 1, 0, 0],
        rows,
      };
    }),
    ...layers.dense.map((layer, i): WeightOperands => {
      const [x, dy] = [plan.dense[i]!, plan.denseGradient[i + 1]!];
      return {
        layer,
        x: { start: x.start + from * ROW, stride: x.stride },
        dy: { start: dy.start + from * ROW, stride: dy.stride },
        chunks: [plan.countTables[shard]!, 1, 0, 0],
        rows: to - from,
      };
    }),
  ];
}

/** Bytes of activations and gradients that a thread may have in a wave, and the fewest chunks of it. */
const WAVE_BYTES = 1.5e6;
const WAVE_CHUNKS = 4;

function cutWaves({ chunkBytes }: ConvolutionPlan, shard: Wave, threads: number): Wave[] {
  const bytes = 2 * chunkBytes.reduce((sum, bytes) => sum + bytes, 0);
  const size = threads * Math.max(WAVE_CHUNKS, Math.floor(WAVE_BYTES / bytes));
  const chunks = shard.to - shard.from;
  const number = Math.max(1, Math.round(chunks / size));
  const cut = (w: number) =>
    shard.from + Math.min(chunks, threads * Math.round(chunks * w / number / threads));
  return Array.from(
    { length: number },
    (_, w) => ({ from: cut(w), to: w === number - 1 ? shard.to : cut(w + 1) }),
  );
}

/** The encoder backward, and the gradients of all weights, each shard's by themselves. */
export function addGradients(setting: ConvolutionSetting): void {
  const { plan, program, layers } = setting;
  for (const [s, { threads }] of plan.shards.entries()) {
    const gradients = s === 0
      ? setting.gradients
      : plan.shardGradients + (s - 1) * shardBytes(layers);
    const target = { gradients, threads, areShared: plan.areShared };
    for (const [w, wave] of cutWaves(plan, plan.shardChunks[s]!, threads.length).entries()) {
      addEncoderBackward(setting, "loss", "first layer", wave);
      if (plan.shards.length === 1) program.barrier();
      const mode = w === 0 ? "overwrite" : "add";
      addWeightGradients(setting, target, encoderOperands(setting, wave), mode);
    }
    addWeightGradients(setting, target, regressionOperands(setting, s), "overwrite");
  }
}
