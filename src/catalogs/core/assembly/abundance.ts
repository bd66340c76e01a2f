/** How many clusters one catalog expects: the cumulative counts over its mass bins. */
import { theJob, theTerms } from "./job";

/** Running sums of four numbers. */
@inline
export function sumLanes(x: v128): v128 {
  const zero = f32x4.splat(0);
  const pairs = f32x4.add(x, v128.shuffle<f32>(zero, x, 3, 4, 5, 6));
  return f32x4.add(pairs, v128.shuffle<f32>(zero, pairs, 2, 3, 4, 5));
}

/**
 * Writes the cumulative counts and returns the clusters expected in all. Sums begin at the massive
 * end, where the counts are small.
 */
export function sumCounts(): f32 {
  const job = theJob();
  const bytes = <usize> job.bins * 4;
  const sums = job.sums;
  const isSmooth = job.reach > 0;
  if (isSmooth) selectAll();
  store<f32>(sums, 0);
  let sum = f32x4.splat(0);
  const flux = job.flux;
  const volume = theTerms().volume;
  const selection = f32x4.splat(theTerms().selection);
  for (let at: usize = 0; at < bytes; at += 16) {
    const counts = isSmooth ? convolve(at) : select(flux + at, volume + at, selection);
    sum = f32x4.add(sumLanes(counts), v128.shuffle<f32>(sum, sum, 3, 3, 3, 3));
    v128.store(sums + at, sum, 4);
  }
  const total = load<f32>(sums + bytes);
  for (let at = bytes; at <= bytes + 32; at += 16) v128.store(sums + at, f32x4.splat(Infinity), 4);
  return total;
}

/** Eq. 1 in four bins. */
@inline
function select(flux: usize, volume: usize, selection: v128): v128 {
  const share = f32x4.mul(v128.load(flux), selection);
  return f32x4.mul(v128.load(volume), f32x4.pmin(share, f32x4.splat(1)));
}

function selectAll(): void {
  const job = theJob();
  const terms = theTerms();
  const selection = f32x4.splat(terms.selection);
  for (let at: usize = 0; at < <usize> job.allBins * 4; at += 16) {
    v128.store(job.counts + at, select(job.flux + at, terms.volume + at, selection));
  }
}

/** App. A's smoothing of four bins. */
function convolve(at: usize): v128 {
  const job = theJob();
  let sum = f32x4.splat(0);
  const taps = <usize> (2 * job.reach + 1) * 4;
  const from = job.counts + at - <usize> job.reach * 4;
  for (let tap: usize = 0; tap < taps; tap += 4) {
    const weight = v128.load_splat<f32>(job.kernel + tap);
    sum = f32x4.add(sum, f32x4.mul(v128.load(from + tap), weight));
  }
  return sum;
}
