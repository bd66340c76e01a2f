/**
 * Neighbors and observables of the clusters of one catalog: blocks 12 i to 12 i + 11 of its stream make
 * clusters 8 i to 8 i + 7, by eight gaps (masses.ts), eight words for neighbors, eight normal numbers.
 *
 * Each step is done for all clusters before the next: few instructions from one cluster to the next let
 * the processor work at many at once.
 */
import { Terms, theJob, theTerms } from "./job";
import { threefry } from "./threefry";

/** Draws the words for neighbors and normal numbers. */
export function drawNumbers(count: i32): void {
  const numbers = theJob().numbers;
  let counter = 4;
  for (let at = numbers; at < numbers + <usize> count * 8; at += 128) {
    threefry(at, counter, 4, 12);
    counter += 24;
  }
}

/** Picks the neighbors: addresses of their rows take the place of the words. */
export function pickNeighbors(count: i32): void {
  const masses = theJob().masses, cells = theJob().massCells;
  const end = <usize> count * 4;
  let numbers = theJob().numbers;
  for (let at: usize = 0; at < end; at += 32) {
    pickFour(numbers, v128.load(masses + at), v128.load(cells + at));
    pickFour(numbers + 16, v128.load(masses + at, 16), v128.load(cells + at, 16));
    numbers += 64;
  }
}

@inline
function pickFour(at: usize, masses: v128, cells: v128): void {
  const a = findRange(i32x4.extract_lane(cells, 0), spread0(masses));
  const b = findRange(i32x4.extract_lane(cells, 1), spread1(masses));
  const c = findRange(i32x4.extract_lane(cells, 2), spread2(masses));
  const d = findRange(i32x4.extract_lane(cells, 3), spread3(masses));
  // Each vector holds two ranges: the address of the first row, the number of rows.
  const ab = v128.load_lane<i64>(b, v128.load_zero<i64>(a), 1);
  const cd = v128.load_lane<i64>(d, v128.load_zero<i64>(c), 1);
  const first = v128.shuffle<i32>(ab, cd, 0, 2, 4, 6);
  const number = v128.shuffle<i32>(ab, cd, 1, 3, 5, 7);
  const words = v128.load(at);
  const low = i64x2.extmul_low_i32x4_u(words, number);
  const high = i64x2.extmul_high_i32x4_u(words, number);
  const picked = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  v128.store(at, i32x4.add(first, i32x4.mul(picked, i32x4.splat(theJob().rowBytes))));
}

/** The range of neighbors of a mass, which is given in all lanes. */
@inline
function findRange(cell: i32, mass: v128): usize {
  const job = theJob();
  const start = load<i32>(job.guide + <usize> cell * 4);
  return job.ranges + <usize> passUpTo(job.ends, start, mass) * 8;
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

/** Gives every cluster its quantities, and the tag by which clusters are sorted. */
export function placeClusters(count: i32): void {
  const job = theJob();
  let numbers = job.numbers;
  let quantities = job.quantities;
  let tags = job.tags;
  for (let at = job.masses; at < job.masses + <usize> count * 4; at += 32) {
    placeFour(v128.load(at), numbers, quantities, tags);
    placeFour(v128.load(at, 16), numbers + 16, quantities + 64, tags + 32);
    numbers += 64;
    quantities += 128;
    tags += 64;
  }
}

@inline
function placeFour(masses: v128, numbers: usize, quantities: usize, tags: usize): void {
  const rows = v128.load(numbers), normals = v128.load(numbers, 32);
  const a = combine(i32x4.extract_lane(rows, 0), spread0(masses), spread0(normals));
  const b = combine(i32x4.extract_lane(rows, 1), spread1(masses), spread1(normals));
  const c = combine(i32x4.extract_lane(rows, 2), spread2(masses), spread2(normals));
  const d = combine(i32x4.extract_lane(rows, 3), spread3(masses), spread3(normals));
  v128.store(quantities, a), v128.store(quantities, b, 16);
  v128.store(quantities, c, 32), v128.store(quantities, d, 48);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const keys = v128.shuffle<i32>(ab, cd, 0, 1, 4, 5);
  v128.store(tags, v128.shuffle<i32>(rows, keys, 0, 4, 1, 5));
  v128.store(tags, v128.shuffle<i32>(rows, keys, 2, 6, 3, 7), 16);
}

/** The quantities of one cluster; its mass and its normal number are in all lanes. */
@inline
function combine(row: i32, mass: v128, normal: v128): v128 {
  const terms = changetype<usize>(theTerms());
  const offset = f32x4.mul(v128.load(terms, offsetof<Terms>("factor")), v128.load(<usize> row));
  const noise = f32x4.mul(v128.load(terms, offsetof<Terms>("noise")), normal);
  const trend = f32x4.mul(v128.load(terms, offsetof<Terms>("slope")), mass);
  const constant = v128.load(terms, offsetof<Terms>("constant"));
  return f32x4.add(f32x4.add(trend, constant), f32x4.add(offset, noise));
}

@inline
function spread0(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
}

@inline
function spread1(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
}

@inline
function spread2(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
}

@inline
function spread3(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}
