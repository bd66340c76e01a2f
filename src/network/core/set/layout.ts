/**
 * Where a set's batch lies in the core's memory. A layout has room for the largest batch so far and serves the
 * next ones too, so that operations that name its addresses need not be written again.
 */
import { labelCount } from "../../checks.ts";
import type { CoreLayer } from "../layers.ts";
import { NORM_BLOCK } from "../opcodes.ts";
import type { Arena, Panels } from "../panels.ts";
import { firstRows, TILE } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";
import { shardBytes } from "../shards.ts";
import { rowsAtOnce } from "./chunks.ts";
import type { UnitPlan } from "./unit_plan.ts";
import { planUnits } from "./unit_plan.ts";

/** Activations of consecutive layers (0: the input), and their gradients. */
export interface Chain {
  readonly values: readonly Panels[];
  readonly gradients: readonly Panels[];
}

/** Space for the rows of one chunk. */
export interface Slot {
  readonly encoder: Chain;
  /** Layers from a cluster's seen values on, without the context's last layer. */
  readonly context: Chain;
  /** Layers from a cluster's inputs on. */
  readonly cluster: Chain;
  /** Sums over the rows of each block of a tall catalog. */
  readonly sums: Panels;
  /** Address of the transposed kernels: a thread's own, which are then in its cache, or those of all. */
  readonly transposed: number;
}

/** How much of everything there is room for. */
export interface Room {
  readonly rows: number;
  readonly catalogs: number;
  readonly shards: number;
  readonly chunks: number;
  /** Rows of panels with one row per catalog. */
  readonly catalogRows: number;
  /** Rows of each slot. */
  readonly slotRows: readonly number[];
  /** Blocks of the tallest catalog, and panels that are summed over them. */
  readonly blocks: number;
  readonly blockPanels: number;
}

/** Addresses of all that a set's batch needs. */
export interface SetLayout {
  readonly pixels: number;
  readonly supplementary: number;
  readonly labels: number;
  readonly tie: number;
  readonly terse: number;
  readonly losses: number;
  readonly sums: number;
  readonly transposed: number;
  readonly shardGradients: number;
  readonly catalogs: number;
  readonly places: number;
  readonly numbers: number;
  readonly zeros: number;
  readonly offsets: number;
  /** Table of the byte offsets of rows in a panel. */
  readonly rowTable: number;
  /** Tables of the chunks' numbers of rows and of catalogs. */
  readonly rowCounts: number;
  readonly catalogCounts: number;
  /** Address of the catalogs' means of the seen values, [catalogs x seen]. */
  readonly means: number;
  /** Address of the factors of the periodic features. */
  readonly factors: number;
  readonly slots: readonly Slot[];
  /** The context's last layer and the dense layers: a row for each catalog. */
  readonly contextOutput: Chain;
  readonly dense: Chain;
  /** What threads take chunks by; null where each chunk is a certain thread's. */
  readonly units: UnitPlan | null;
}

/** Whether there is room for a batch, in as many shards and slots. */
export function hasRoom(room: Room, need: Room): boolean {
  return room.shards === need.shards && room.slotRows.length === need.slotRows.length &&
    room.rows >= need.rows && room.catalogs >= need.catalogs && room.chunks >= need.chunks &&
    room.catalogRows >= need.catalogRows &&
    need.slotRows.every((rows, slot) => rows <= room.slotRows[slot]!);
}

/** The larger of two rooms in every respect. */
export function unite(a: Room, b: Room): Room {
  return {
    rows: Math.max(a.rows, b.rows),
    catalogs: Math.max(a.catalogs, b.catalogs),
    shards: b.shards,
    chunks: Math.max(a.chunks, b.chunks),
    catalogRows: Math.max(a.catalogRows, b.catalogRows),
    slotRows: b.slotRows.map((rows, slot) => Math.max(rows, a.slotRows[slot] ?? 0)),
    blocks: b.blocks,
    blockPanels: b.blockPanels,
  };
}

/**
 * Lays out a room; tables that are the same for all batches that fit into it are given their values.
 *
 * @param isShared Whether threads take chunks one after the other
 */
export function layOut(
  { architecture, widths, layers, threads, purpose }: PlanRequest,
  room: Room,
  isShared: boolean,
  arena: Arena,
): SetLayout {
  const { rows, catalogs, shards, chunks } = room;
  const isTraining = purpose === "training";
  const chain = (layers: readonly CoreLayer[], rows: number, inputRows = rows): Chain => {
    if (layers.length === 0) return { values: [], gradients: [] };
    const panels = [layers[0]!.kPanels, ...layers.map(({ nPanels }) => nPanels)];
    const place = () => panels.map((count, i) => arena.panels(count, i === 0 ? inputRows : rows));
    return { values: place(), gradients: isTraining ? place() : [] };
  };
  const contextRows = layers.context.slice(0, -1);
  const takeTransposed = () => isTraining ? arena.take(4 * layers.size) : 0;
  const transposed = isShared ? 0 : takeTransposed();
  const atOnce = room.slotRows.map((rows) => rowsAtOnce(rows, purpose));
  const slots = room.slotRows.map((rows, slot): Slot => {
    const height = roomFor(atOnce[slot]!);
    return {
      encoder: chain(layers.encoder, height),
      context: chain(contextRows, height),
      cluster: chain(layers.cluster, height, roomFor(rows)),
      sums: arena.panels(room.blockPanels, room.blocks),
      transposed: isShared ? takeTransposed() : transposed,
    };
  });
  const hasDropout = architecture.dropout.encoder > 0 && isTraining;
  return {
    slots,
    pixels: arena.take(4 * rows * widths.pixels),
    supplementary: arena.take(4 * rows * widths.supplementary),
    labels: arena.take(4 * catalogs * labelCount(architecture)),
    tie: arena.take(4 * rows),
    terse: arena.take(4 * rows),
    losses: arena.take(8 * catalogs),
    sums: arena.take(8 * Math.ceil(layers.size / NORM_BLOCK)),
    transposed: slots[0]!.transposed,
    shardGradients: isTraining ? arena.take((shards - 1) * shardBytes(layers)) : 0,
    catalogs: hasDropout ? arena.take(4 * rows) : 0,
    places: hasDropout ? arena.take(4 * rows) : 0,
    numbers: arena.table(Uint32Array.from({ length: catalogs }, (_, c) => c)),
    zeros: arena.table(new Uint32Array(catalogs)),
    offsets: arena.take(4 * (catalogs + 1)),
    rowTable: arena.table(firstRows(Math.max(room.catalogRows, ...atOnce))),
    rowCounts: arena.take(4 * chunks),
    catalogCounts: arena.take(4 * chunks),
    means: arena.take(4 * catalogs * (1 + widths.supplementary)),
    factors: arena.table(floatBits(architecture.frequencies)),
    units: isShared ? planUnits({ layers, threads, shards, chunks }, arena) : null,
    contextOutput: chain(layers.context.slice(-1), room.catalogRows),
    dense: chain(layers.dense, room.catalogRows),
  };
}

/** Rows padded to an odd number of tiles, so that a row's panels lie in different cache sets. */
function roomFor(rows: number): number {
  return (2 * Math.floor(rows / TILE / 2) + 1) * TILE;
}

/** Floats as the words of a table, followed by zeros. */
function floatBits(values: readonly number[]): Int32Array {
  return new Int32Array(Float32Array.from(values).buffer);
}
