/**
 * Where a chunk's rows and catalogs lie, as the passes of a set hand them to operations.
 *
 * @module
 */
import { panelsOf } from "../layers.ts";
import type { Panels, RowTable } from "../panels.ts";
import { ROW } from "../panels.ts";
import type { Setting } from "../setting.ts";
import type { SetChunk } from "./chunks.ts";
import type { SetPlan } from "./plan.ts";

/** A setting of a set. */
export type SetSetting = Setting<SetPlan>;

/** Values that the regression sees of a cluster: the terse one and the supplementary ones. */
export function seenWidth({ inputs }: SetSetting): number {
  return 1 + inputs.supplementary;
}

/** Panels of a cluster's own inputs, before the context's. */
export function ownPanels(setting: SetSetting): number {
  return panelsOf(2 * seenWidth(setting) + 2 * setting.architecture.frequencies.length);
}

/** Later panels of the same rows. */
export function panelsFrom({ start, stride }: Panels, first: number): Panels {
  return { start: start + first * stride, stride };
}

/** Panels with a row for each catalog: the chunk's rows alone, for products. */
export function placeOf({ start, stride }: Panels, { place }: SetChunk): Panels {
  return { start: start + place * ROW, stride };
}

/** The same, so that row `c` is catalog `c`'s. */
export function catalogsOf({ start, stride }: Panels, { place, from }: SetChunk): Panels {
  return { start: start + (place - from) * ROW, stride };
}

/** The tiles of a chunk's catalogs. */
export function catalogTable({ rows, placeTiles }: SetChunk): RowTable {
  return { rows, tiles: placeTiles };
}

/** Catalogs of a chunk as operations take them. */
export function rangeOf({ plan }: SetSetting, { from, to }: SetChunk): [number, number, number] {
  return [plan.offsets, from, to];
}
