/**
 * The data that all passes of a training step share, and the rules common to forward and backward
 * passes.
 */
import type { Architecture, InputWidths, StepOptions } from "../../model.ts";
import type { BatchPlan } from "./batch_plan.ts";
import type { CoreLayer, CoreLayers } from "./layers.ts";
import type { CoreMemory } from "./memory.ts";
import type { Program } from "./program.ts";

/** Outputs per tile: "narrow" is 8; "wide" is 16, for V8's revectorization only. */
export type TileWidth = "narrow" | "wide";

/** The data of all passes. Addresses are of the flat arrays of `layers.ts`; 0 means absent. */
export interface Setting<P extends BatchPlan = BatchPlan> {
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
  readonly memory: CoreMemory;
  readonly layers: CoreLayers;
  readonly weights: number;
  /** Gradients; until they are computed, the regression's transposed kernels. */
  readonly gradients: number;
  readonly plan: P;
  readonly program: Program;
  readonly tile: TileWidth;
  readonly dropoutKey: StepOptions["dropoutKey"];
}

/** The name of the encoder's chain of layers in {@linkcode dropoutRate}. */
export const TERSE = "terse";

/** Whether a leaky ReLU follows: all layers of a chain but the last hidden one and the output. */
export function isLeaky(chain: readonly CoreLayer[], index: number): boolean {
  return index < chain.length - 2;
}

/** The dropout rate after a layer of a chain; 0 for none. */
export function dropoutRate(
  { architecture, dropoutKey }: Setting,
  chain: string,
  index: number,
): number {
  if (dropoutKey === null) return 0;
  if (chain === TERSE) {
    return index === 0 && architecture.encoder.length > 0 ? architecture.dropout.encoder : 0;
  }
  return index < architecture.dense.length - 1 ? architecture.dropout.dense : 0;
}
