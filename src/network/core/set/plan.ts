/** A set's batch in chunks, at its place in the core's memory. */
import type { BatchPlan } from "../batch_plan.ts";
import * as op from "../opcodes.ts";
import type { Table } from "../panels.ts";
import { Arena, tableOf } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import { catalogWriter, placeWriter } from "../row_places.ts";
import { cutShards } from "../shards.ts";
import type { SetChunk, SetChunks } from "./chunks.ts";
import { cutChunks } from "./chunks.ts";
import type { Room, SetLayout } from "./layout.ts";
import { hasRoom, layOut, unite } from "./layout.ts";
import type { TallCatalogs } from "./tall_catalogs.ts";
import { placeTallCatalogs } from "./tall_catalogs.ts";

/** A batch's chunks, and the addresses of all that it needs. */
export interface SetPlan extends BatchPlan, SetLayout, Omit<SetChunks, "cuts" | "slotRows"> {
  readonly chunks: readonly SetChunk[];
  /** Catalogs that go through the layers block by block. */
  readonly tall: TallCatalogs;
  readonly start: number;
  readonly room: Room;
  readonly layout: SetLayout;
}

/**
 * Lays a batch out from the address `start` on.
 *
 * @param last The plan that the memory was used for before, whose layout is kept if any thread may take any
 * chunk and the batch fits
 */
export function planSet(request: PlanRequest, start: number, last: SetPlan | null): SetPlan {
  const { rowOffsets, threads } = request;
  const arena = new Arena(start);
  const { shards } = cutShards(rowOffsets, request.shards, threads);
  const { cuts, slotRows, ...chunks } = cutChunks(request, shards);
  const tall = placeTallCatalogs(request, { cuts, ...chunks }, arena);
  const count = rowOffsets.length - 1;
  const need: Room = {
    rows: rowOffsets[count]!,
    catalogs: count,
    shards: shards.length,
    chunks: cuts.length,
    catalogRows: chunks.catalogRows,
    slotRows,
    blocks: tall.mostBlocks,
    blockPanels: tall.panels,
  };
  const known = chunks.areShared && last?.areShared ? last : null;
  const kept = known?.start === start && hasRoom(known.room, need) ? known : null;
  const room = kept?.room ?? (known ? unite(known.room, need) : need);
  const layout = kept?.layout ?? layOut(request, room, chunks.areShared, arena);
  return {
    ...layout,
    ...chunks,
    chunks: cuts.map((cut): SetChunk => ({ ...cut, rows: layout.rowTable })),
    count,
    rows: need.rows,
    threads,
    shards,
    tall,
    transposesAll: true,
    start,
    room,
    layout,
    bytes: kept?.bytes ?? arena.next - start,
    tables: [...arena.tables, ...tablesOf(request, { cuts, ...chunks }, layout)],
  };
}

/** The tables of a batch that its layout does not have. */
function tablesOf(
  { rowOffsets }: PlanRequest,
  { cuts, shardChunks }: Pick<SetChunks, "cuts" | "shardChunks">,
  { offsets, rowCounts, catalogCounts, catalogs, places, units }: SetLayout,
): Table[] {
  const tables = [
    tableOf(offsets, rowOffsets),
    tableOf(rowCounts, cuts.map(({ count }) => count)),
    tableOf(catalogCounts, cuts.map(({ from, to }) => to - from)),
  ];
  if (catalogs) {
    const length = rowOffsets.at(-1)!;
    tables.push({ address: catalogs, length, content: catalogWriter(rowOffsets) });
    tables.push({ address: places, length, content: placeWriter(rowOffsets) });
  }
  if (units) {
    tables.push(tableOf(units.ranges, shardChunks.flatMap(({ from, to }) => [from, to - from])));
    const length = shardChunks.length * op.COUNTER_BYTES / 4;
    tables.push({ address: units.counters, length, content: (words) => words.fill(0) });
  }
  return tables;
}
