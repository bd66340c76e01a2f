/**
 * Where a batch lies in the core's memory, and which thread does what with it.
 *
 * The encoder sees rows one by one, so it runs on chunks of rows that stay in the cache through all
 * its layers. The convolutions see the catalogs of a thread in one line, with two zero rows between
 * neighbors; a row table names the lines' rows, so that no product is spent on the zeros.
 *
 * @module
 */
import type { Architecture, InputWidths } from "../../model.ts";
import { CONVOLUTION_ROWS, CONVOLUTION_ROWS_BEFORE } from "../../model.ts";
import type { CoreLayers } from "./layers.ts";
import { PANEL, panelsOf } from "./layers.ts";
import type { CoreMemory } from "./memory.ts";
import { NORM_BLOCK } from "./opcodes.ts";

/** Bytes of one row of a panel. */
export const ROW: number = 4 * PANEL;
/** Rows of a product's tile. */
export const TILE = 6;
/** Pairs of tiles of a chunk: a multiple of four rows, as the weight gradient sums them. */
const CHUNK_PAIRS = 10;
/** Zero rows between catalogs: as many as a window reaches over its row on either side. */
export const GAP: number = Math.max(
  CONVOLUTION_ROWS_BEFORE,
  CONVOLUTION_ROWS - 1 - CONVOLUTION_ROWS_BEFORE,
);
/** Rows behind the last gap: one that tiles may fill, in the middle of a window's reach. */
const SPARE_ROWS = 2 * GAP + 1;

/** Panels in memory: panel p of a batch begins at `start + p * stride`. */
export interface Panels {
  readonly start: number;
  readonly stride: number;
}

/** A table of row offsets, six a tile. */
export interface RowTable {
  readonly rows: number;
  readonly tiles: number;
}

/** Rows that go through the encoder together. */
export interface Chunk extends RowTable {
  readonly thread: number;
  readonly first: number;
  readonly count: number;
}

/** Catalogs that go through convolutions and dense layers together. */
export interface Group {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
}

/** The catalogs' rows after some poolings. */
export interface Level {
  /** Addresses of each catalog's first row and number of rows. */
  readonly starts: number;
  readonly counts: number;
  /** Rows from the first catalog's first to the last one's last, gaps included. */
  readonly span: number;
  /** Input of this level's convolution, or of the global pooling; its gradient. */
  readonly x: Panels;
  readonly dx: Panels;
  /** The convolution's output, which its gradient replaces. */
  readonly z: Panels;
  /** For each group. */
  readonly tables: readonly RowTable[];
}

/** Addresses of all that a batch needs. */
export interface Plan {
  readonly count: number;
  readonly rows: number;
  readonly threads: number;
  readonly bytes: number;
  readonly pixels: number;
  readonly supplementary: number;
  readonly labels: number;
  readonly losses: number;
  readonly sums: number;
  /** The encoder's transposed kernels, placed as in the flat array. */
  readonly transposed: number;
  /** Terse values that are given, [rows]. */
  readonly terse: number;
  /** Each row's catalog and its place in it; each catalog's number; zeros. */
  readonly catalogs: number;
  readonly places: number;
  readonly numbers: number;
  readonly zeros: number;
  /** Byte offset of each row in the first level's panels. */
  readonly joined: number;
  readonly chunks: readonly Chunk[];
  /** Table of the chunks' numbers of rows. */
  readonly chunkCounts: number;
  /** Bytes from one chunk to the next, by layer: 0 is the input. */
  readonly chunkBytes: readonly number[];
  /** Activations of encoder layer i (0: the input), of a chunk. */
  hidden(layer: number, chunk: number): Panels;
  /** Their gradients. */
  hiddenGradient(layer: number, chunk: number): Panels;
  readonly groups: readonly Group[];
  readonly levels: readonly Level[];
  /** Activations of dense layer i (0: the global pooling), and their gradients. */
  readonly dense: readonly Panels[];
  readonly denseGradient: readonly Panels[];
  readonly denseTables: readonly RowTable[];
  /** Tables of the number of rows of a level's span, and of the catalogs. */
  readonly spans: readonly number[];
  readonly countTable: number;
}

/** What a plan is made for. */
export interface PlanRequest {
  readonly architecture: Architecture;
  readonly widths: InputWidths;
  readonly layers: CoreLayers;
  readonly rowOffsets: Uint32Array;
  readonly threads: number;
  /** "training" keeps every activation and has room for gradients. */
  readonly purpose: "training" | "inference";
}

/** Gives out addresses one after the other. */
class Arena {
  next: number;
  readonly tables: { readonly address: number; readonly values: ArrayLike<number> }[] = [];

  constructor(start: number) {
    this.next = start;
  }

  take(bytes: number): number {
    const address = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    return address;
  }

  table(values: ArrayLike<number>): number {
    const address = this.take(4 * Math.ceil(values.length / 4) * 4);
    this.tables.push({ address, values });
    return address;
  }

  panels(count: number, rows: number): Panels {
    const stride = rows * ROW;
    return { start: this.take(count * stride), stride };
  }
}

/**
 * Lays a batch out from the address `start` on, and fills the plan's tables if `memory` is given.
 */
export function planBatch(request: PlanRequest, start: number, memory?: CoreMemory): Plan {
  const { rowOffsets, widths, layers, threads, purpose } = request;
  const arena = new Arena(start);
  const count = rowOffsets.length - 1;
  const rows = rowOffsets[count]!;
  const groups = cutCatalogs(rowOffsets, threads);
  const levels = planLevels(request, groups, arena);
  const { catalogs, places, joined } = rowTables(rowOffsets, levels.firstRows);
  const pooled = layers.dense[0]!.kPanels;
  const denseWidths = [pooled, ...layers.dense.map(({ nPanels }) => nPanels)];
  const densePanels = () => denseWidths.map((panels) => arena.panels(panels, count + 1));
  const plan = {
    count,
    rows,
    threads,
    pixels: arena.take(4 * rows * widths.pixels),
    supplementary: arena.take(4 * rows * widths.supplementary),
    labels: arena.take(4 * count),
    losses: arena.take(8 * count),
    sums: arena.take(8 * Math.ceil(layers.size / NORM_BLOCK)),
    transposed: purpose === "training" ? arena.take(4 * encoderSize(layers)) : 0,
    terse: arena.take(4 * rows),
    catalogs: arena.table(catalogs),
    places: arena.table(places),
    numbers: arena.table(Uint32Array.from({ length: count }, (_, c) => c)),
    zeros: arena.table(new Uint32Array(count)),
    joined: arena.table(joined),
    groups,
    levels: levels.levels,
    spans: levels.levels.map(({ span }) => arena.table([span])),
    countTable: arena.table([count]),
    dense: densePanels(),
    denseGradient: densePanels(),
    denseTables: groups.map(({ from, to }) => {
      const rows = Array.from({ length: to - from }, (_, i) => from + i);
      return rowTable(rows, count, arena);
    }),
    ...planChunks(request, rows, arena),
    bytes: arena.next - start,
  };
  const bytes = arena.next - start;
  if (memory) {
    for (const { address, values } of arena.tables) {
      memory.ints.set(values, address / 4);
    }
  }
  return { ...plan, bytes };
}

/** Elements of the flat array that the encoder takes; it comes first. */
function encoderSize(layers: CoreLayers): number {
  const { bias, nPanels } = layers.encoder.at(-1)!;
  return bias + nPanels * PANEL;
}

/** Cuts catalogs into one group a thread, of as equal numbers of rows as can be. */
function cutCatalogs(rowOffsets: Uint32Array, threads: number): Group[] {
  const count = rowOffsets.length - 1;
  const groups: Group[] = [];
  let from = 0;
  for (let thread = 0; thread < threads; thread++) {
    const goal = rowOffsets[count]! * (thread + 1) / threads;
    let to = from;
    while (to < count && (rowOffsets[to]! + rowOffsets[to + 1]!) / 2 <= goal) to++;
    if (to > from) groups.push({ thread, from, to });
    from = to;
  }
  return groups;
}

/** Offsets of rows in a panel, filled up to whole tiles with a row that nobody reads. */
function rowTable(rows: readonly number[], spare: number, arena: Arena): RowTable {
  const tiles = Math.ceil(rows.length / TILE);
  const offsets = new Int32Array(tiles * TILE).fill(spare * ROW);
  for (let i = 0; i < rows.length; i++) offsets[i] = rows[i]! * ROW;
  return { rows: arena.table(offsets), tiles };
}

function planLevels(
  { architecture, layers, rowOffsets, purpose }: PlanRequest,
  groups: readonly Group[],
  arena: Arena,
): { levels: Level[]; firstRows: Int32Array } {
  const count = rowOffsets.length - 1;
  let heights = Int32Array.from({ length: count }, (_, c) => rowOffsets[c + 1]! - rowOffsets[c]!);
  const levels: Level[] = [];
  let firstRows: Int32Array | undefined;
  const none = { start: 0, stride: 0 };
  for (let l = 0; l <= architecture.convolution.length; l++) {
    const starts = new Int32Array(count);
    let next = GAP;
    for (let c = 0; c < count; c++) {
      starts[c] = next;
      next += heights[c]! + GAP;
    }
    firstRows ??= starts;
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
      ? groups.map(({ from, to }) => rowTable(listRows(starts, heights, from, to), spare, arena))
      : [];
    levels.push({
      starts: arena.table(starts),
      counts: arena.table(heights),
      span: next - 2 * GAP,
      x,
      dx,
      z,
      tables,
    });
    heights = heights.map((height) => Math.ceil(height / 2));
  }
  return { levels, firstRows: firstRows! };
}

function listRows(starts: Int32Array, heights: Int32Array, from: number, to: number): number[] {
  const rows: number[] = [];
  for (let c = from; c < to; c++) {
    for (let r = 0; r < heights[c]!; r++) rows.push(starts[c]! + r);
  }
  return rows;
}

/** For each row of the batch its catalog, its place there, and its offset in the first level. */
function rowTables(
  rowOffsets: Uint32Array,
  firstRows: Int32Array,
): { catalogs: Int32Array; places: Int32Array; joined: Int32Array } {
  const rows = rowOffsets.at(-1)!;
  const catalogs = new Int32Array(rows);
  const places = new Int32Array(rows);
  const joined = new Int32Array(rows);
  for (let c = 0; c + 1 < rowOffsets.length; c++) {
    const start = rowOffsets[c]!;
    for (let row = start; row < rowOffsets[c + 1]!; row++) {
      catalogs[row] = c;
      places[row] = row - start;
      joined[row] = (firstRows[c]! + row - start) * ROW;
    }
  }
  return { catalogs, places, joined };
}

/** Cuts rows into chunks of equal numbers of tiles, as many for each thread. */
function planChunks(
  { layers, threads, purpose }: PlanRequest,
  rows: number,
  arena: Arena,
): Pick<Plan, "chunks" | "chunkCounts" | "chunkBytes" | "hidden" | "hiddenGradient"> {
  const pairs = Math.ceil(rows / (2 * TILE));
  const number = Math.min(pairs, threads * Math.ceil(pairs / (threads * CHUNK_PAIRS)));
  const capacity = Math.ceil(pairs / number) * 2 * TILE;
  const table = rowTable(Array.from({ length: capacity }, (_, r) => r), 0, arena).rows;
  const chunks = Array.from({ length: number }, (_, c): Chunk => {
    const first = Math.floor(c * pairs / number) * 2 * TILE;
    const end = Math.floor((c + 1) * pairs / number) * 2 * TILE;
    const count = Math.min(rows, end) - first;
    return { thread: c % threads, first, count, tiles: Math.ceil(count / TILE), rows: table };
  });
  const stride = capacity * ROW;
  const panels = [layers.encoder[0]!.kPanels, ...layers.encoder.map(({ nPanels }) => nPanels)];
  const chunkBytes = panels.map((count) => count * stride);
  const chunkCounts = arena.table(chunks.map(({ count }) => count));
  if (purpose === "inference") {
    const widest = Math.max(...chunkBytes);
    const buffers = Array.from({ length: 2 * threads }, () => arena.take(widest));
    const terse = arena.take(number * chunkBytes.at(-1)!);
    const hidden = (layer: number, chunk: number) => ({
      start: layer === layers.encoder.length
        ? terse + chunk * chunkBytes.at(-1)!
        : buffers[2 * chunks[chunk]!.thread + layer % 2]!,
      stride,
    });
    return { chunks, chunkCounts, chunkBytes, hidden, hiddenGradient: hidden };
  }
  const values = chunkBytes.map((bytes) => arena.take(number * bytes));
  const gradients = chunkBytes.map((bytes) => arena.take(number * bytes));
  const place = (starts: readonly number[]) => (layer: number, chunk: number): Panels => ({
    start: starts[layer]! + chunk * chunkBytes[layer]!,
    stride,
  });
  return {
    chunks,
    chunkCounts,
    chunkBytes,
    hidden: place(values),
    hiddenGradient: place(gradients),
  };
}
