/**
 * Masses of one catalog: a Poisson process in the survey's mass bins, heaviest first.
 *
 * Exponential gaps laid end to end on the axis of the cumulative counts are the same process as a
 * Poisson number in each bin, uniform within it; and they come in order, which makes every later
 * search short. Sums begin at the massive end, where the counts are small.
 */
import { ln, storeNormals, toUniform } from "./elementary";
import { Job, Terms } from "./job";
import { threefry } from "./threefry";

/** Running sums of four numbers. */
@inline
function sumLanes(x: v128): v128 {
  const zero = f32x4.splat(0);
  const pairs = f32x4.add(x, v128.shuffle<f32>(zero, x, 0, 4, 5, 6));
  return f32x4.add(pairs, v128.shuffle<f32>(zero, pairs, 0, 1, 4, 5));
}

/** Writes the cumulative counts and returns the clusters expected in all. */
export function sumCounts(job: Job, terms: Terms): f32 {
  const counts = job.counts;
  const scale = f32x4.splat(terms.selection);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < <usize> job.allBins * 4; at += 16) {
    const share = f32x4.min(f32x4.mul(v128.load(job.flux + at), scale), one);
    v128.store(counts + at, f32x4.mul(v128.load(terms.volume + at), share));
  }
  const sums = job.sums;
  store<f32>(sums, 0);
  let total: f32 = 0;
  for (let at: usize = 0; at < <usize> job.bins * 4; at += 16) {
    const smooth = job.reach > 0 ? convolve(job, at) : v128.load(counts + at);
    const sum = f32x4.add(sumLanes(smooth), f32x4.splat(total));
    total = f32x4.extract_lane(sum, 3);
    v128.store(sums + at, sum, 4);
  }
  const end = sums + <usize> job.bins * 4;
  total = load<f32>(end);
  v128.store(end, f32x4.splat(Infinity), 4);
  return total;
}

/** App. A's smoothing of four bins. */
function convolve(job: Job, at: usize): v128 {
  let sum = f32x4.splat(0);
  const taps = <usize> (2 * job.reach + 1) * 4;
  const from = job.counts + at - <usize> job.reach * 4;
  for (let tap: usize = 0; tap < taps; tap += 4) {
    const weight = v128.load_splat<f32>(job.kernel + tap);
    sum = f32x4.add(sum, f32x4.mul(v128.load(from + tap), weight));
  }
  return sum;
}

/**
 * Draws all random numbers of a catalog: arrivals, a word for the neighbor and a normal number each.
 *
 * Blocks 12 i to 12 i + 11 of the catalog's stream make clusters 8 i to 8 i + 7.
 *
 * @returns The number of clusters, or -1 if there are more than `room`
 */
export function drawArrivals(job: Job, terms: Terms, total: f32, room: i32): i32 {
  const key0 = terms.key0;
  const key1 = terms.key1;
  const limit = f32x4.splat(total);
  const arrivals = job.arrivals;
  let base: f32 = 0;
  let n = 0;
  while (true) {
    if (n + 8 > room) return -1;
    const at = <usize> n * 4;
    const block = n + (n >> 1);
    threefry(job.words + at, key0, key1, block, 0);
    const low = ln(toUniform(v128.load(job.words + at)));
    const high = ln(toUniform(v128.load(job.words + at, 16)));
    threefry(job.words + at, key0, key1, block + 4, 0);
    threefry(job.normals + at, key0, key1, block + 8, 0);
    const first = v128.load(job.normals + at);
    const second = v128.load(job.normals + at, 16);
    storeNormals(job.normals + at, first, second);
    const near = f32x4.sub(f32x4.splat(base), sumLanes(low));
    const middle = f32x4.splat(f32x4.extract_lane(near, 3));
    const far = f32x4.sub(middle, sumLanes(high));
    v128.store(arrivals + at, near);
    v128.store(arrivals + at, far, 16);
    base = f32x4.extract_lane(far, 3);
    n += 8;
    if (base >= total) {
      const before = i32x4.bitmask(f32x4.lt(near, limit)) | (i32x4.bitmask(f32x4.lt(far, limit)) << 4);
      return n - 8 + popcnt(before);
    }
  }
}
