/**
 * Masses, neighbors and observables of the clusters of one catalog.
 *
 * Exponential gaps laid end to end on the axis of the cumulative counts are the same process as a
 * Poisson number in each bin, uniform within it; and they come in order, the heaviest first, which
 * makes the search for bins short.
 */
import { sumLanes } from "./abundance";
import { storeLogarithms, storeNormals } from "./elementary";
import { GAPS_AT, LOGARITHMS_AT, NORMALS_AT, PICKS_AT, Terms, theJob, theTerms } from "./job";
import { setKey, threefry } from "./threefry";

/**
 * Draws the clusters of a catalog. Blocks 12 i to 12 i + 11 of its stream make clusters 8 i to 8 i + 7:
 * eight gaps, eight words for neighbors, eight normal numbers.
 *
 * @param total Clusters expected
 * @param room The most that fit
 * @returns The number of clusters, or -1 if they do not fit
 */
export function drawClusters(total: f32, room: i32): i32 {
  setKey(theTerms().key0, theTerms().key1, 0);
  let base: f32 = 0;
  let bin = 0;
  for (let n = 0; n + 8 <= room; n += 8) {
    threefry(GAPS_AT, n + (n >> 1));
    storeLogarithms(LOGARITHMS_AT, v128.load(GAPS_AT), v128.load(GAPS_AT, 16), v128.load(NORMALS_AT));
    const low = v128.load(LOGARITHMS_AT);
    const high = v128.load(LOGARITHMS_AT, 16);
    storeNormals(NORMALS_AT, v128.load(LOGARITHMS_AT, 32), v128.load(NORMALS_AT, 16));
    const near = f32x4.sub(f32x4.splat(base), sumLanes(low));
    const far = f32x4.sub(v128.shuffle<f32>(near, near, 3, 3, 3, 3), sumLanes(high));
    base = f32x4.extract_lane(far, 3);
    bin = placeFour(near, bin, n, 0);
    bin = placeFour(far, bin, n + 4, 16);
    if (base >= total) {
      const limit = f32x4.splat(total);
      const before = i32x4.bitmask(f32x4.lt(near, limit)) | (i32x4.bitmask(f32x4.lt(far, limit)) << 4);
      return n + popcnt(before);
    }
  }
  return -1;
}

/** The first index from `start` on whose entry, of entries that ascend, is above a value. */
@inline
function passUpTo(entries: usize, start: i32, value: v128): i32 {
  let index = start;
  while (true) {
    const passed = i32x4.bitmask(f32x4.le(v128.load(entries + <usize> index * 4), value));
    index += popcnt(passed);
    if (passed != 15) return index;
  }
}

/** The whole number at or below each; one lower, or off by rounding, does no harm to a search. */
@inline
function floor(x: v128): v128 {
  const shifted = f32x4.add(f32x4.add(x, f32x4.splat(-0.5)), f32x4.splat(12582912)); // 1.5 x 2^23
  return i32x4.sub(shifted, i32x4.splat(0x4b400000));
}

/**
 * Places four clusters: their bins by one short search each, going on where the one before ended, and
 * their masses. Those past the last bin, which ends at infinity, stand at the least mass and are not used.
 *
 * @param arrivals Where they are on the axis of the cumulative counts
 * @param bin Where the search begins
 * @param n Number of the first
 * @param at Where its words and numbers are, in bytes
 * @returns The bin of the last
 */
@inline
function placeFour(arrivals: v128, bin: i32, n: i32, at: usize): i32 {
  const job = theJob();
  const bins = job.sums + 4;
  const bin0 = passUpTo(bins, bin, v128.shuffle<f32>(arrivals, arrivals, 0, 0, 0, 0));
  const bin1 = passUpTo(bins, bin0, v128.shuffle<f32>(arrivals, arrivals, 1, 1, 1, 1));
  const bin2 = passUpTo(bins, bin1, v128.shuffle<f32>(arrivals, arrivals, 2, 2, 2, 2));
  const bin3 = passUpTo(bins, bin2, v128.shuffle<f32>(arrivals, arrivals, 3, 3, 3, 3));
  // Each vector holds the lower and the upper end of two bins.
  const ends01 = v128.load_lane<i64>(
    bins - 4 + <usize> bin1 * 4,
    v128.load_zero<i64>(bins - 4 + <usize> bin0 * 4),
    1,
  );
  const ends23 = v128.load_lane<i64>(
    bins - 4 + <usize> bin3 * 4,
    v128.load_zero<i64>(bins - 4 + <usize> bin2 * 4),
    1,
  );
  const lower = v128.shuffle<f32>(ends01, ends23, 0, 2, 4, 6);
  const upper = v128.shuffle<f32>(ends01, ends23, 1, 3, 5, 7);
  const part = f32x4.div(f32x4.sub(arrivals, lower), f32x4.sub(upper, lower));
  let whole = i32x4.splat(bin0);
  whole = i32x4.replace_lane(whole, 1, bin1);
  whole = i32x4.replace_lane(whole, 2, bin2);
  whole = i32x4.replace_lane(whole, 3, bin3);
  const passed = f32x4.add(f32x4.convert_i32x4_s(whole), part);
  const depth = f32x4.mul(passed, f32x4.splat(job.binWidth));
  const mass = f32x4.max(f32x4.sub(f32x4.splat(job.span), depth), f32x4.splat(0));
  const cell = floor(f32x4.mul(mass, f32x4.splat(job.cells)));
  const cell0 = i32x4.extract_lane(cell, 0);
  const cell1 = i32x4.extract_lane(cell, 1);
  const cell2 = i32x4.extract_lane(cell, 2);
  const cell3 = i32x4.extract_lane(cell, 3);
  place(n, at, cell0, v128.shuffle<f32>(mass, mass, 0, 0, 0, 0));
  place(n + 1, at + 4, cell1, v128.shuffle<f32>(mass, mass, 1, 1, 1, 1));
  place(n + 2, at + 8, cell2, v128.shuffle<f32>(mass, mass, 2, 2, 2, 2));
  place(n + 3, at + 12, cell3, v128.shuffle<f32>(mass, mass, 3, 3, 3, 3));
  return bin3;
}

/** Neighbor and quantities of one cluster. */
@inline
function place(n: i32, at: usize, cell: i32, mass: v128): void {
  const job = theJob();
  const interval = passUpTo(job.ends, load<i32>(job.guide + <usize> cell * 4), mass);
  const range = load<u64>(job.ranges + <usize> interval * 8);
  const pick = <u64> load<u32>(PICKS_AT + at) * (range >> 32);
  const neighbor = <u32> range + <u32> (pick >> 32);
  const row = job.rows + <usize> neighbor * <usize> job.rowBytes;
  const terms = changetype<usize>(theTerms());
  const offset = f32x4.mul(v128.load(terms, offsetof<Terms>("factor")), v128.load(row));
  const trend = f32x4.mul(v128.load(terms, offsetof<Terms>("slope")), mass);
  const normal = v128.load_splat<f32>(NORMALS_AT + at);
  const noise = f32x4.mul(v128.load(terms, offsetof<Terms>("noise")), normal);
  const constant = v128.load(terms, offsetof<Terms>("constant"));
  const quantities = f32x4.add(f32x4.add(trend, constant), f32x4.add(offset, noise));
  v128.store(job.quantities + <usize> n * 16, quantities);
  const key = <u64> <u32> i32x4.extract_lane(quantities, 0);
  store<u64>(job.tags + <usize> n * 8, (key << 32) | <u64> (row + 16));
}
