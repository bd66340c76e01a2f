/** Draws catalogs (section 2.2) straight into rows of network inputs. */
import { drawArrivals, sumCounts } from "./abundance";
import { ln, storeNormals, toUniform } from "./elementary";
import { Job, Terms } from "./job";
import { drawKeys, orderRows } from "./order";

/**
 * Draws the catalogs of a job one after the other.
 *
 * @returns How many were drawn; fewer than asked for where the next does not fit into the capacity
 */
export function draw(address: usize): i32 {
  const job = changetype<Job>(address);
  let rows = 0;
  for (let c = 0; c < job.catalogs; c++) {
    const terms = changetype<Terms>(job.terms + <usize> c * offsetof<Terms>());
    const total = sumCounts(job, terms);
    const count = drawArrivals(job, terms, total, job.capacity - rows);
    if (count < 0) return c;
    placeClusters(job, terms, count);
    if (!job.byLuminosity) drawKeys(job, terms, count);
    orderRows(job, count);
    writeRows(job, rows, count);
    store<i32>(job.heights + <usize> c * 4, count);
    rows += count;
  }
  return job.catalogs;
}

/** Mass, neighbor and the four quantities of each cluster. */
function placeClusters(job: Job, terms: Terms, count: i32): void {
  const slope = v128.load(changetype<usize>(terms), offsetof<Terms>("slope"));
  const constant = v128.load(changetype<usize>(terms), offsetof<Terms>("constant"));
  const factor = v128.load(changetype<usize>(terms), offsetof<Terms>("factor"));
  const noise = v128.load(changetype<usize>(terms), offsetof<Terms>("noise"));
  const sums = job.sums;
  const width = job.binWidth;
  const span = job.span;
  const cells = job.cells;
  const ends = job.ends;
  const byLuminosity = job.byLuminosity;
  let bin = 0;
  for (let i = 0; i < count; i++) {
    const at = <usize> i * 4;
    const arrival = load<f32>(job.arrivals + at);
    bin = passUpTo(sums + 4, bin, arrival);
    const lower = load<f32>(sums + <usize> bin * 4);
    const upper = load<f32>(sums + <usize> bin * 4, 4);
    const mass = span - (<f32> bin + (arrival - lower) / (upper - lower)) * width;
    const cell = <i32> (mass * cells);
    const interval = passUpTo(ends, load<i32>(job.guide + <usize> max(cell, 0) * 4), mass);
    const range = job.ranges + <usize> interval * 8;
    const pick = <u64> load<u32>(job.words + at) * <u64> load<u32>(range, 4);
    const neighbor = load<i32>(range) + <i32> (pick >> 32);
    store<i32>(job.neighbors + at, neighbor);
    const offset = f32x4.mul(factor, v128.load(job.offsets + <usize> neighbor * 16));
    const trend = f32x4.add(f32x4.mul(slope, f32x4.splat(mass)), constant);
    const error = f32x4.mul(noise, v128.load_splat<f32>(job.normals + at));
    const quantities = f32x4.add(f32x4.add(trend, offset), error);
    v128.store(job.quantities + at * 4, quantities);
    if (byLuminosity) store<f32>(job.keys + at, f32x4.extract_lane(quantities, 0));
  }
}

/** The first index from `start` on whose entry, of entries that ascend, is above a value. */
@inline
function passUpTo(entries: usize, start: i32, value: f32): i32 {
  const level = f32x4.splat(value);
  let index = start;
  while (true) {
    const passed = i32x4.bitmask(f32x4.le(v128.load(entries + <usize> index * 4), level));
    index += popcnt(passed);
    if (passed != 15) return index;
  }
}

/**
 * Rows in their order. A row's last vector may reach into the next row, which is written later.
 */
function writeRows(job: Job, firstRow: i32, count: i32): void {
  const pixelStride = <usize> job.pixelWidth * 4;
  const supplementaryStride = <usize> job.supplementaryWidth * 4;
  const pixelBytes = <usize> job.pixelVectors * 16;
  const rowBytes = pixelBytes + <usize> job.supplementaryVectors * 16;
  const slopes = job.slopes;
  let pixels = job.pixels + <usize> firstRow * pixelStride;
  let supplementary = job.supplementary + <usize> firstRow * supplementaryStride;
  for (let r = 0; r < count; r++) {
    const cluster = <usize> load<i32>(job.order + <usize> r * 4);
    const row = job.rows + <usize> load<i32>(job.neighbors + cluster * 4) * rowBytes;
    const quantities = v128.load(job.quantities + cluster * 16);
    const l = v128.shuffle<f32>(quantities, quantities, 0, 0, 0, 0);
    const t = v128.shuffle<f32>(quantities, quantities, 1, 1, 1, 1);
    const g = v128.shuffle<f32>(quantities, quantities, 2, 2, 2, 2);
    const w = v128.shuffle<f32>(quantities, quantities, 3, 3, 3, 3);
    for (let at: usize = 0; at < pixelBytes; at += 16) {
      v128.store(pixels + at, combine(row + at, slopes + at * 4, l, t, g, w));
    }
    for (let at = pixelBytes; at < rowBytes; at += 16) {
      const value = combine(row + at, slopes + at * 4, l, t, g, w);
      v128.store(supplementary + at - pixelBytes, value);
    }
    pixels += pixelStride;
    supplementary += supplementaryStride;
  }
}

@inline
function combine(row: usize, slopes: usize, l: v128, t: v128, g: v128, w: v128): v128 {
  const light = f32x4.mul(v128.load(slopes), l);
  const heat = f32x4.mul(v128.load(slopes, 16), t);
  const gas = f32x4.mul(v128.load(slopes, 32), g);
  const lensing = f32x4.mul(v128.load(slopes, 48), w);
  return f32x4.add(v128.load(row), f32x4.add(f32x4.add(light, heat), f32x4.add(gas, lensing)));
}

/** ln of four numbers in place, for the tests of its accuracy. */
export function lnInPlace(at: usize): void {
  v128.store(at, ln(v128.load(at)));
}

/** Eight normal numbers from eight words in place, for the same. */
export function normalsInPlace(at: usize): void {
  storeNormals(at, v128.load(at), v128.load(at, 16));
}

/** Uniform numbers from four words in place, for the same. */
export function uniformInPlace(at: usize): void {
  v128.store(at, toUniform(v128.load(at)));
}
