/** The gradients of layers' weights, from their inputs and the gradients of their outputs. */
import type { CoreLayer } from "./layers.ts";
import { PANEL } from "./layers.ts";
import * as op from "./opcodes.ts";
import type { Panels } from "./panels.ts";
import { ROW } from "./panels.ts";
import type { Setting } from "./setting.ts";

/** Operands of one layer's weight gradient. */
export interface WeightOperands {
  readonly layer: CoreLayer;
  readonly x: Panels;
  readonly dy: Panels;
  /** Table of the chunks' rows, their number, and the bytes between them. */
  readonly chunks: readonly [table: number, count: number, xBytes: number, dyBytes: number];
  /** Total number of rows, by which threads share the work. */
  readonly rows: number;
}

/** The place of a shard's gradients, and the threads that sum them. */
export interface Target {
  readonly gradients: number;
  readonly threads: readonly number[];
  /** Whether any thread takes any part; none if left out. */
  readonly areShared?: boolean;
}

/** Parts of the panels of outputs for each thread, where any thread may take any. */
const PARTS_A_THREAD = 4;

/**
 * Gradients of some layers' weights: every thread takes an equal share of the panels of outputs, or, where they
 * are `shared`, one small part after the other.
 */
export function addWeightGradients(
  { program, tile }: Setting,
  { gradients, threads: own, areShared = false }: Target,
  all: readonly WeightOperands[],
  mode: "overwrite" | "add",
): void {
  const threads = areShared ? own.flatMap((t) => Array<number>(PARTS_A_THREAD).fill(t)) : own;
  const panelCost = ({ layer, rows }: WeightOperands) => layer.kPanels * layer.taps * rows;
  const total = all.reduce((sum, o) => sum + panelCost(o) * o.layer.nPanels, 0);
  let done = 0;
  for (const operands of all) {
    const { layer, x, dy, chunks } = operands;
    const cost = panelCost(operands);
    const partOf = (panel: number) => {
      const part = Math.floor((done + (panel + 0.5) * cost) / total * threads.length);
      return Math.min(threads.length - 1, part);
    };
    const kernelPanel = layer.kPanels * layer.taps * PANEL * PANEL;
    let from = 0;
    while (from < layer.nPanels) {
      const part = partOf(from);
      let to = from + 1;
      while (to < layer.nPanels && partOf(to) === part) to++;
      const ints = [
        x.start,
        x.stride,
        layer.kPanels,
        layer.taps,
        ROW,
        dy.start + from * dy.stride,
        dy.stride,
        to - from,
        chunks[0],
        chunks[1],
        chunks[2],
        chunks[3],
        gradients + 4 * (layer.kernel + from * kernelPanel),
        gradients + 4 * (layer.bias + from * PANEL),
        mode === "add" ? 1 : 0,
        tile === "wide" ? 1 : 0,
      ];
      const write = () => program.add(op.WEIGHTS, threads[part]!, ints);
      if (areShared) program.claim(write);
      else write();
      from = to;
    }
    done += cost * layer.nPanels;
  }
}
