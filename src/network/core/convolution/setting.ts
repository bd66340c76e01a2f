/** What the passes of the convolutions share. */
import type { Architecture } from "../../../model.ts";
import * as op from "../opcodes.ts";
import type { Panels } from "../panels.ts";
import type { Setting } from "../setting.ts";
import type { Level } from "./levels.ts";
import type { ConvolutionPlan } from "./plan.ts";

/** The setting of a network with convolutions. */
export type ConvolutionSetting = Setting<ConvolutionPlan>;

/** Poolings, by their names in an architecture. */
export const POOLINGS: Readonly<Record<Architecture["globalPooling"], number>> = {
  "mean": op.MEAN,
  "max": op.MAX,
  "mean+max": op.MEAN_MAX,
};

/** Arguments of an operation that clears the rows around some catalogs. */
export function clearArguments(
  { starts, counts }: Level,
  { start, stride }: Panels,
  panels: number,
  catalogs: readonly [number, number],
): number[] {
  return [start, stride, panels, starts, counts, ...catalogs];
}

/** Panels of the global pooling's input. */
export function lastPanels({ layers, architecture }: ConvolutionSetting): number {
  const { kPanels } = layers.dense[0]!;
  return architecture.globalPooling === "mean+max" ? kPanels / 2 : kPanels;
}
