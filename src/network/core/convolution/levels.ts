/**
 * The catalogs' rows before each convolution and its pooling: a thread's catalogs in one line, with
 * two zero rows between neighbors; a row table names the lines' rows, so that no product is spent
 * on the zeros.
 */
import { CONVOLUTION_ROWS, CONVOLUTION_ROWS_BEFORE } from "../../../model.ts";
import { panelsOf } from "../layers.ts";
import type { Arena, Panels, RowTable } from "../panels.ts";
import { rowTable } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import type { Group, Shard } from "../shards.ts";

/** Zero rows between catalogs, the reach of a window beyond its row on either side. */
export const GAP: number = Math.max(
  CONVOLUTION_ROWS_BEFORE,
  CONVOLUTION_ROWS - 1 - CONVOLUTION_ROWS_BEFORE,
);
/** Rows after the last gap: one that tiles may fill, in the middle of a window's reach. */
const SPARE_ROWS = 2 * GAP + 1;

/** The rows of the catalogs after some poolings. */
export interface Level {
  /** Addresses of each catalog's first row and number of rows. */
  readonly starts: number;
  readonly counts: number;
  /** Rows of each shard. */
  readonly spans: readonly Span[];
  /** Input of this level's convolution, or of the global pooling; its gradient. */
  readonly x: Panels;
  readonly dx: Panels;
  /** The convolution's output, which its gradient replaces. */
  readonly z: Panels;
  /** Row tables of each group. */
  readonly tables: readonly RowTable[];
}

/** Rows of a shard in a level, from its first catalog's first to its last one's last. */
export interface Span {
  readonly first: number;
  readonly rows: number;
  /** Table of the number of rows. */
  readonly table: number;
}

/** Lays out every level; also a table of the byte offset of each row in the first level's panels. */
export function planLevels(
  { architecture, layers, rowOffsets, purpose }: PlanRequest,
  { groups, shards }: { readonly groups: readonly Group[]; readonly shards: readonly Shard[] },
  arena: Arena,
): { levels: Level[]; joined: number } {
  const count = rowOffsets.length - 1;
  let heights = Int32Array.from({ length: count }, (_, c) => rowOffsets[c + 1]! - rowOffsets[c]!);
  const levels: Level[] = [];
  let joined = 0;
  const none = { start: 0, stride: 0 };
  for (let l = 0; l <= architecture.convolution.length; l++) {
    const starts = new Int32Array(count);
    let next = GAP;
    for (let c = 0; c < count; c++) {
      starts[c] = next;
      next += heights[c]! + GAP;
    }
    if (l === 0) joined = rowTable({ starts, heights, from: 0, to: count }, 0, arena).rows;
    const rows = next + SPARE_ROWS;
    const spare = next + GAP;
    const convolution = layers.convolution[l];
    const inputPanels = l === 0
      ? panelsOf((layers.convolution[0] ?? layers.dense[0]!).inputs[0]!)
      : layers.convolution[l - 1]!.nPanels;
    const x = arena.panels(inputPanels, rows);
    const dx = purpose === "training" ? arena.panels(inputPanels, rows) : none;
    const z = convolution ? arena.panels(convolution.nPanels, rows) : none;
    const tables = convolution
      ? groups.map(({ from, to }) => rowTable({ starts, heights, from, to }, spare, arena))
      : [];
    levels.push({
      starts: arena.table(starts),
      counts: arena.table(heights),
      spans: shards.map(({ from, to }): Span => {
        const first = starts[from]!;
        const rows = starts[to - 1]! + heights[to - 1]! - first;
        return { first, rows, table: arena.table([rows]) };
      }),
      x,
      dx,
      z,
      tables,
    });
    heights = heights.map((height) => Math.ceil(height / 2));
  }
  return { levels, joined };
}
