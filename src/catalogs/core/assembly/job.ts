/**
 * The module's fixed addresses, between its constants and the tables: V8 checks the bounds of no access to a constant
 * address, and of every other. draw_batch.ts writes the job, `draw` the terms of a catalog.
 */
const JOB_AT: usize = 2048;
const TERMS_AT: usize = 2304;
/** The key's vectors, in the order in which threefry.ts adds them. */
export const KEYS_AT: usize = 2432;
/** Address of 32 words of random bits. */
export const WORDS_AT: usize = 2688;

/**
 * The work of one call of `draw`. Addresses are bytes; tables are float32 unless stated otherwise.
 * The TypeScript side's job.ts has the fields in this order.
 */
@unmanaged
export class Job {
  /** Number of catalogs to draw, and the address of their first {@link Terms}. */
  catalogs: i32;
  terms: usize;
  /** Mass bins, heaviest first; then bins under the limit, to be smoothed over it, and zeros to 4. */
  bins: i32;
  allBins: i32;
  binWidth: f32;
  /** Mass range of the bins [dex]. */
  span: f32;
  /** (M / M_min)^A by bin. */
  flux: usize;
  /** Weights of the smoothing, 2 reach + 1; no smoothing where reach is 0. */
  kernel: usize;
  reach: i32;
  /** Counts by bin, with zeros for `reach` + 4 on either side. */
  counts: usize;
  /** Sums of the counts of heavier bins, followed by twelve infinities. */
  sums: usize;
  /** Cells per dex, and each cell's first interval (int32). */
  cells: f32;
  guide: usize;
  /** Upper ends of the mass intervals [dex above the limit], followed by four infinities. */
  ends: usize;
  /** Address of the first neighbor's row and number of neighbors in each interval (int32 pairs). */
  ranges: usize;
  /**
   * For each base cluster a vector of offsets (luminosity, temperature, gas mass, mass), then the
   * constant part of a row in vectors: of pixels, then supplementary.
   */
  rows: usize;
  rowBytes: i32;
  /** Slopes of rows by quantity, one vector per term; and each term's quantity (int32). */
  slopes: usize;
  sources: usize;
  /** The number of terms up to the end of each vector of a row (int32). */
  termEnds: usize;
  pixelVectors: i32;
  supplementaryVectors: i32;
  pixelWidth: i32;
  supplementaryWidth: i32;
  /** 1 for ascending luminosity, 0 for a random order. */
  byLuminosity: i32;
  /** Number of rows that fit into the arrays below. */
  capacity: i32;
  /** For each cluster the word of its gap, then its arrival, then its mass [dex above the limit]. */
  masses: usize;
  /** The cell of each mass (int32). */
  massCells: usize;
  /**
   * For each eight clusters eight words that pick neighbors, then the addresses of their rows; and eight
   * words for normal numbers, then the numbers.
   */
  numbers: usize;
  /** The four quantities of each cluster; its tag: the address of its row and its key, 8 bytes. */
  quantities: usize;
  tags: usize;
  /** Quantities and tags in the order of rows. */
  orderedQuantities: usize;
  orderedTags: usize;
  /** Rounded keys, and the rows found with them (int16). */
  rounded: usize;
  /** Two orders and counts of digits (int32), for large catalogs. */
  order: usize;
  spareOrder: usize;
  digits: usize;
  /** The result: the number of clusters of each catalog (int32), and the rows of all. */
  heights: usize;
  pixels: usize;
  supplementary: usize;
}

/** The values of one catalog, 80 bytes. */
@unmanaged
export class Terms {
  key0: u32;
  key1: u32;
  /** Clusters in the volume by bin, before selection. */
  volume: usize;
  /** (M_min / M_break)^A. */
  selection: f32;
  /** Quantity = slope x mass + constant + factor x offset + noise x normal; four each, as offsets. */
  slope: f32;
  slope1: f32;
  slope2: f32;
  slope3: f32;
  constant: f32;
  constant1: f32;
  constant2: f32;
  constant3: f32;
  factor: f32;
  factor1: f32;
  factor2: f32;
  factor3: f32;
  noise: f32;
  noise1: f32;
  noise2: f32;
  noise3: f32;
}

/** The current job. */
@inline
export function theJob(): Job {
  return changetype<Job>(JOB_AT);
}

/** The terms of the current catalog. */
@inline
export function theTerms(): Terms {
  return changetype<Terms>(TERMS_AT);
}

/** Makes a catalog's terms the current ones. */
export function takeTerms(from: usize): void {
  memory.copy(TERMS_AT, from, offsetof<Terms>());
}
