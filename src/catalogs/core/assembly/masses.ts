/**
 * The masses of the clusters of one catalog.
 *
 * Exponential gaps laid end to end on the axis of the cumulative counts are the same process as a
 * Poisson number in each bin, uniform within it; and they come in order, the heaviest first, which
 * makes the search for bins short.
 */
import { sumLanes } from "./abundance";
import { logarithm, storeNormals } from "./elementary";
import { theJob } from "./job";
import { threefry } from "./threefry";

/** Number of clusters whose words are drawn together. */
const AHEAD: i32 = 32;

/**
 * Draws the places of clusters on the axis of the cumulative counts: an exponential gap each.
 *
 * @param total Clusters expected
 * @param room The most clusters that fit
 * @returns The number of clusters, or -1 if they do not fit
 */
export function drawArrivals(total: f32, room: i32): i32 {
  const arrivals = theJob().masses;
  const limit = f32x4.splat(total);
  let base = f32x4.splat(0);
  for (let n = 0; n <= room; n += AHEAD) {
    const start = arrivals + <usize> n * 4;
    threefry(start, n + (n >> 1), 12, 24);
    for (let at = start; at < start + AHEAD * 4; at += 32) {
      const near = f32x4.sub(base, sumLanes(logarithm(v128.load(at))));
      const far = f32x4.sub(
        v128.shuffle<f32>(near, near, 3, 3, 3, 3),
        sumLanes(logarithm(v128.load(at, 16))),
      );
      base = v128.shuffle<f32>(far, far, 3, 3, 3, 3);
      v128.store(at, near);
      v128.store(at, far, 16);
      if (f32x4.extract_lane(base, 0) >= total) {
        const before = popcnt(i32x4.bitmask(f32x4.lt(near, limit))) +
          popcnt(i32x4.bitmask(f32x4.lt(far, limit)));
        const count = (<i32> (at - arrivals) >> 2) + before;
        return count > room ? -1 : count;
      }
    }
  }
  return -1;
}

/** The whole number at or below each; one lower, or off by rounding, does no harm to a search. */
@inline
function floor(x: v128): v128 {
  const shifted = f32x4.add(f32x4.add(x, f32x4.splat(-0.5)), f32x4.splat(12582912)); // 1.5 x 2^23
  return i32x4.sub(shifted, i32x4.splat(0x4b400000));
}

/**
 * Turns arrivals into masses, and finds their cells. The words for normal numbers become such numbers
 * on the way: there is time while a search waits for its entries.
 */
export function findMasses(count: i32): void {
  const job = theJob();
  const masses = job.masses, cells = job.massCells, bins = job.sums + 4;
  const end = <usize> count * 4;
  let numbers = job.numbers;
  let bin = passFirst(bins, load<f32>(masses));
  for (let at: usize = 0; at < end; at += 32) {
    storeNormals(numbers + 32);
    const near = v128.load(masses + at), far = v128.load(masses + at, 16);
    let nearBins = i32x4.splat(bin), farBins = nearBins;
    let entries = bins + <usize> bin * 4;
    while (true) {
      nearBins = i32x4.sub(nearBins, countUpTo(entries, near));
      farBins = i32x4.sub(farBins, countUpTo(entries, far));
      entries += 32;
      bin = i32x4.extract_lane(farBins, 3);
      if (bins + <usize> bin * 4 < entries) break;
    }
    storeMasses(masses + at, cells + at, near, nearBins);
    storeMasses(masses + at + 16, cells + at + 16, far, farBins);
    numbers += 64;
  }
}

/** The first of eight entries one of which is above a value. */
function passFirst(entries: usize, value: f32): i32 {
  let index = 0;
  while (load<f32>(entries + <usize> index * 4, 28) <= value) index += 8;
  return index;
}

/** -1 for each value that is not below an entry. */
@inline
function isUpTo(entry: usize, values: v128): v128 {
  return f32x4.le(v128.load_splat<f32>(entry), values);
}

/** For each value minus the number of eight entries that are not above it. */
@inline
function countUpTo(entries: usize, values: v128): v128 {
  const a = i32x4.add(isUpTo(entries, values), isUpTo(entries + 4, values));
  const b = i32x4.add(isUpTo(entries + 8, values), isUpTo(entries + 12, values));
  const c = i32x4.add(isUpTo(entries + 16, values), isUpTo(entries + 20, values));
  const d = i32x4.add(isUpTo(entries + 24, values), isUpTo(entries + 28, values));
  return i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
}

/** The lower and the upper end of two bins. */
@inline
function loadEnds(bin0: i32, bin1: i32): v128 {
  const sums = theJob().sums;
  const ends = v128.load_zero<i64>(sums + <usize> bin0 * 4);
  return v128.load_lane<i64>(sums + <usize> bin1 * 4, ends, 1);
}

/**
 * Masses of four clusters from their places in their bins. Clusters past the last bin, which ends
 * at infinity, get the least mass and are not used.
 */
@inline
function storeMasses(to: usize, cells: usize, arrivals: v128, bins: v128): void {
  const job = theJob();
  const ends01 = loadEnds(i32x4.extract_lane(bins, 0), i32x4.extract_lane(bins, 1));
  const ends23 = loadEnds(i32x4.extract_lane(bins, 2), i32x4.extract_lane(bins, 3));
  const lower = v128.shuffle<f32>(ends01, ends23, 0, 2, 4, 6);
  const upper = v128.shuffle<f32>(ends01, ends23, 1, 3, 5, 7);
  const part = f32x4.div(f32x4.sub(arrivals, lower), f32x4.sub(upper, lower));
  const passed = f32x4.add(f32x4.convert_i32x4_s(bins), part);
  const depth = f32x4.mul(passed, f32x4.splat(job.binWidth));
  const mass = f32x4.pmax(f32x4.sub(f32x4.splat(job.span), depth), f32x4.splat(0));
  v128.store(to, mass);
  v128.store(cells, floor(f32x4.mul(mass, f32x4.splat(job.cells))));
}
