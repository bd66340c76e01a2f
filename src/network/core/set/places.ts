/** Places of a chunk's rows and catalogs, as a set's passes give them to operations. */
import { panelsOf } from "../layers.ts";
import type { Panels, RowTable } from "../panels.ts";
import { ROW } from "../panels.ts";
import type { Setting } from "../setting.ts";
import type { SetChunk } from "./chunks.ts";
import type { SetPlan } from "./plan.ts";

/** The setting of a set network. */
export type SetSetting = Setting<SetPlan>;

/** Values of a cluster that the regression sees: one terse, and the supplementary ones. */
export function seenWidth({ inputs }: SetSetting): number {
  return 1 + inputs.supplementary;
}

/** Number of panels of a cluster's own inputs, before the context's. */
export function ownPanels(setting: SetSetting): number {
  return panelsOf(2 * seenWidth(setting) + 2 * setting.architecture.frequencies.length);
}

/** Panels of the same rows, from the given one on. */
export function panelsFrom({ start, stride }: Panels, first: number): Panels {
  return { start: start + first * stride, stride };
}

/** Panels with one row per catalog, at the chunk's own rows, for products. */
export function placeOf({ start, stride }: Panels, { place }: SetChunk): Panels {
  return { start: start + place * ROW, stride };
}

/** Panels with one row per catalog, placed so that row `c` is catalog `c`'s. */
export function catalogsOf({ start, stride }: Panels, { place, from }: SetChunk): Panels {
  return { start: start + (place - from) * ROW, stride };
}

/** Row table of a chunk's catalogs. */
export function catalogTable({ rows, from, to }: SetChunk): RowTable {
  return { rows, count: to - from };
}

/** The range of a chunk's catalogs, as arguments of operations. */
export function rangeOf({ plan }: SetSetting, { from, to }: SetChunk): [number, number, number] {
  return [plan.offsets, from, to];
}
