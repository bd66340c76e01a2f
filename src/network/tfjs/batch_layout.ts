/**
 * The layout of a ragged batch's rows in the padded images of the convolutions, and the rows that
 * exist at each level. Catalogs of one height need no padding, and no mask is made for them.
 *
 * Padding goes to the height of the tallest catalog. What a catalog's rows become must not depend
 * on it, so rows past a catalog's end are made zero before every convolution and left out of
 * every pooling.
 */
import type { Batch } from "../../features/dataset.ts";
import type { Architecture } from "../../model.ts";

/** Added to padding rows before a maximum is taken; activations stay far above it. */
const EXCLUDED = -1e30;

/** The rows of all catalogs before a convolution and its pooling, or the global pooling. */
export interface Level {
  /** Rows of the padded images. */
  readonly height: number;
  /** Rows of each catalog. */
  readonly rows: Uint32Array;
  /** Whether every catalog has `height` rows. */
  readonly full: boolean;
}

/** A batch's heights, level by level. */
export interface BatchLayout {
  /** Number of catalogs. */
  readonly count: number;
  /** Levels, one for each convolution, and last the rows that the global pooling sees. */
  readonly levels: readonly Level[];
}

/** The heights at each level; every pooling halves them, rounded up. */
export function layOutBatch(batch: Batch, architecture: Architecture): BatchLayout {
  let rows = Uint32Array.from(
    { length: batch.count },
    (_, c) => batch.rowOffsets[c + 1]! - batch.rowOffsets[c]!,
  );
  const levels = [describeLevel(rows)];
  for (let i = 0; i < architecture.convolution.length; i++) {
    rows = rows.map((n) => Math.ceil(n / 2));
    levels.push(describeLevel(rows));
  }
  return { count: batch.count, levels };
}

function describeLevel(rows: Uint32Array): Level {
  const height = rows.reduce((most, n) => Math.max(most, n), 0);
  return { height, rows, full: rows.every((n) => n === height) };
}

/** One number per row of the padded images, [catalogs x height]. */
function fillRows(
  level: Level,
  height: number,
  value: (row: number, rows: number) => number,
): Float32Array {
  const values = new Float32Array(level.rows.length * height);
  for (const [c, rows] of level.rows.entries()) {
    for (let r = 0; r < height; r++) values[c * height + r] = value(r, rows);
  }
  return values;
}

/** 1 for rows that exist, 0 for padding. */
export function rowMask(level: Level): Float32Array {
  return fillRows(level, level.height, (r, rows) => r < rows ? 1 : 0);
}

/** 0 for rows that exist, {@linkcode EXCLUDED} for padding. */
export function rowPenalty(level: Level): Float32Array {
  return fillRows(level, level.height, (r, rows) => r < rows ? 0 : EXCLUDED);
}

/** Number of rows of a 2x1 pair that exist: 2, 1 or 0. */
function rowsOfPair(pair: number, rows: number): number {
  return Math.max(0, Math.min(2, rows - 2 * pair));
}

/**
 * What turns the mean over the rows of a padded pair into that over the rows that exist, for each
 * pair, with those that do not exist set to zero by {@linkcode rowMask}.
 */
export function pairFactors(level: Level): Float32Array {
  const { height } = level;
  return fillRows(level, Math.ceil(height / 2), (pair, rows) => {
    const existing = rowsOfPair(pair, rows);
    return existing === 0 ? 0 : rowsOfPair(pair, height) / existing;
  });
}

/** Each row's weight in the mean of its pair: 1 / rows that exist, 0 where none does. */
export function pairShares(level: Level): Float32Array {
  return fillRows(level, Math.ceil(level.height / 2), (pair, rows) => {
    const existing = rowsOfPair(pair, rows);
    return existing === 0 ? 0 : 1 / existing;
  });
}

/** Each row's weight in the mean of its catalog. */
export function meanWeights(level: Level): Float32Array {
  return fillRows(level, level.height, (r, rows) => r < rows ? 1 / rows : 0);
}

/** The batch's row for each row of the padded images; `rowCount` for padding. */
export function paddedRows(batch: Batch, { height, rows }: Level): Int32Array {
  const indices = new Int32Array(batch.count * height).fill(batch.rowOffsets[batch.count]!);
  for (let c = 0; c < batch.count; c++) {
    for (let r = 0; r < rows[c]!; r++) indices[c * height + r] = batch.rowOffsets[c]! + r;
  }
  return indices;
}

/** The padded images' row for each row of the batch. */
export function batchRows(batch: Batch, { height, rows }: Level): Int32Array {
  const indices = new Int32Array(batch.rowOffsets[batch.count]!);
  for (let c = 0; c < batch.count; c++) {
    for (let r = 0; r < rows[c]!; r++) indices[batch.rowOffsets[c]! + r] = c * height + r;
  }
  return indices;
}

/** The supplementary values in the padded images, [catalogs x height x width], zeros as padding. */
export function padSupplementary(
  batch: Batch,
  { height, full }: Level,
  width: number,
): Float32Array {
  if (full) return batch.supplementary;
  const padded = new Float32Array(batch.count * height * width);
  for (let c = 0; c < batch.count; c++) {
    const rows = batch.supplementary.subarray(
      batch.rowOffsets[c]! * width,
      batch.rowOffsets[c + 1]! * width,
    );
    padded.set(rows, c * height * width);
  }
  return padded;
}

/** Cuts a batch into parts of whole catalogs with at most `mostRows` padded rows, or one catalog. */
export function* splitBatch(batch: Batch, mostRows: number): Generator<Batch> {
  let first = 0;
  while (first < batch.count) {
    let end = first;
    let height = 0;
    while (end < batch.count) {
      height = Math.max(height, batch.rowOffsets[end + 1]! - batch.rowOffsets[end]!);
      if (end > first && height * (end + 1 - first) > mostRows) break;
      end++;
    }
    yield takeCatalogs(batch, first, end);
    first = end;
  }
}

function takeCatalogs(batch: Batch, first: number, end: number): Batch {
  if (first === 0 && end === batch.count) return batch;
  const all = batch.rowOffsets[batch.count]!;
  const start = batch.rowOffsets[first]!;
  const stop = batch.rowOffsets[end]!;
  const take = (values: Float32Array) => {
    const width = all === 0 ? 0 : values.length / all;
    return values.subarray(start * width, stop * width);
  };
  return {
    count: end - first,
    rowOffsets: batch.rowOffsets.slice(first, end + 1).map((offset) => offset - start),
    pixels: take(batch.pixels),
    supplementary: take(batch.supplementary),
    labels: batch.labels.subarray(first, end),
    tie: take(batch.tie),
  };
}
