/**
 * The gradients of all weights, wave by wave while the encoder goes backward.
 *
 * @module
 */
import { CONVOLUTION_ROWS_BEFORE } from "../../model.ts";
import type { Wave } from "./backward.ts";
import { addEncoderBackward } from "./backward.ts";
import type { CoreLayer } from "./layers.ts";
import { PANEL } from "./layers.ts";
import { GAP } from "./levels.ts";
import * as op from "./opcodes.ts";
import type { Panels } from "./panels.ts";
import { ROW } from "./panels.ts";
import type { Plan } from "./plan.ts";
import type { Setting } from "./setting.ts";

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
