/** Mass, neighbor and observables of the clusters of one catalog. */
import { Job, Terms } from "./job";

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

/**
 * Four clusters at a time: their bins by one short search each, going on where the one before ended;
 * their masses; then each one's neighbor and four quantities. Those past the end stand at the least
 * mass and are not used.
 */
export function placeClusters(job: Job, terms: Terms, count: i32): void {
  const bins = job.sums + 4;
  const width = f32x4.splat(job.binWidth);
  const span = f32x4.splat(job.span);
  const cells = f32x4.splat(job.cells);
  const lastBin = job.bins - 1;
  let bin = 0;
  for (let i = 0; i < count; i += 4) {
    const at = <usize> i * 4;
    const arrivals = v128.load(job.arrivals + at);
    bin = min(passUpTo(bins, bin, v128.shuffle<f32>(arrivals, arrivals, 0, 0, 0, 0)), lastBin);
    const bin0 = bin;
    bin = min(passUpTo(bins, bin, v128.shuffle<f32>(arrivals, arrivals, 1, 1, 1, 1)), lastBin);
    const bin1 = bin;
    bin = min(passUpTo(bins, bin, v128.shuffle<f32>(arrivals, arrivals, 2, 2, 2, 2)), lastBin);
    const bin2 = bin;
    bin = min(passUpTo(bins, bin, v128.shuffle<f32>(arrivals, arrivals, 3, 3, 3, 3)), lastBin);
    // Each vector holds the lower and the upper end of two bins.
    const ends01 = v128.load_lane<i64>(
      bins - 4 + <usize> bin1 * 4,
      v128.load_zero<i64>(bins - 4 + <usize> bin0 * 4),
      1,
    );
    const ends23 = v128.load_lane<i64>(
      bins - 4 + <usize> bin * 4,
      v128.load_zero<i64>(bins - 4 + <usize> bin2 * 4),
      1,
    );
    const lower = v128.shuffle<f32>(ends01, ends23, 0, 2, 4, 6);
    const upper = v128.shuffle<f32>(ends01, ends23, 1, 3, 5, 7);
    const part = f32x4.div(f32x4.sub(arrivals, lower), f32x4.sub(upper, lower));
    const passed = f32x4.add(f32x4.convert_i32x4_s(i32x4(bin0, bin1, bin2, bin)), part);
    const mass = f32x4.max(f32x4.sub(span, f32x4.mul(passed, width)), f32x4.splat(0));
    const cell = i32x4.trunc_sat_f32x4_s(f32x4.mul(mass, cells));
    place(job, terms, i, i32x4.extract_lane(cell, 0), v128.shuffle<f32>(mass, mass, 0, 0, 0, 0));
    if (i + 1 >= count) return;
    place(job, terms, i + 1, i32x4.extract_lane(cell, 1), v128.shuffle<f32>(mass, mass, 1, 1, 1, 1));
    if (i + 2 >= count) return;
    place(job, terms, i + 2, i32x4.extract_lane(cell, 2), v128.shuffle<f32>(mass, mass, 2, 2, 2, 2));
    if (i + 3 >= count) return;
    place(job, terms, i + 3, i32x4.extract_lane(cell, 3), v128.shuffle<f32>(mass, mass, 3, 3, 3, 3));
  }
}

/** Neighbor and quantities of one cluster. */
@inline
function place(job: Job, terms: Terms, i: i32, cell: i32, mass: v128): void {
  const at = <usize> i * 4;
  const interval = passUpTo(job.ends, load<i32>(job.guide + <usize> cell * 4), mass);
  const range = job.ranges + <usize> interval * 8;
  const pick = <u64> load<u32>(job.words + at) * <u64> load<u32>(range, 4);
  const neighbor = load<i32>(range) + <i32> (pick >> 32);
  store<i32>(job.neighbors + at, neighbor);
  const address = changetype<usize>(terms);
  const slope = v128.load(address, offsetof<Terms>("slope"));
  const constant = v128.load(address, offsetof<Terms>("constant"));
  const factor = v128.load(address, offsetof<Terms>("factor"));
  const noise = v128.load(address, offsetof<Terms>("noise"));
  const offset = f32x4.mul(factor, v128.load(job.offsets + <usize> neighbor * 16));
  const trend = f32x4.add(f32x4.mul(slope, mass), constant);
  const error = f32x4.mul(noise, v128.load_splat<f32>(job.normals + at));
  const quantities = f32x4.add(f32x4.add(trend, offset), error);
  v128.store(job.quantities + at * 4, quantities);
  store<f32>(job.keys + at, f32x4.extract_lane(quantities, 0));
}
