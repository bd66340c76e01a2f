/** The order of a catalog's rows: by luminosity, or by random numbers for a shuffled one. */
import { Job, Terms } from "./job";
import { threefry } from "./threefry";

/** Catalogs of more clusters are sorted by digits; up to here counting smaller keys is faster. */
const COUNTED: i32 = 256;

/** Random sort keys of 24 bits, from blocks whose high counter is 1. */
export function drawKeys(job: Job, terms: Terms, count: i32): void {
  for (let n = 0; n < count; n += 8) {
    const at = job.keys + <usize> n * 4;
    threefry(at, terms.key0, terms.key1, n >> 1, 1);
    v128.store(at, f32x4.convert_i32x4_u(i32x4.shr_u(v128.load(at), 8)));
    v128.store(at, f32x4.convert_i32x4_u(i32x4.shr_u(v128.load(at, 16), 8)), 16);
  }
}

/** Writes the clusters in ascending order of their keys; the earlier first where keys are equal. */
export function orderRows(job: Job, count: i32): void {
  if (count > COUNTED) sortByDigits(job, count);
  else countSmaller(job, count);
}

/**
 * A cluster's row is the number of smaller keys. Eight clusters are compared with one at a time, so
 * nothing branches on the keys.
 */
function countSmaller(job: Job, count: i32): void {
  const keys = job.keys;
  const order = job.order;
  const end = keys + <usize> count * 4;
  for (let i = 0; i < count; i += 8) {
    const block = keys + <usize> i * 4;
    const a = v128.load(block);
    const b = v128.load(block, 16);
    let rowsA = i32x4.splat(0);
    let rowsB = i32x4.splat(0);
    for (let at = keys; at < block; at += 4) {
      const key = v128.load_splat<f32>(at);
      rowsA = i32x4.sub(rowsA, f32x4.le(key, a));
      rowsB = i32x4.sub(rowsB, f32x4.le(key, b));
    }
    const blockEnd = min(block + 32, end);
    let place = i32x4(0, 1, 2, 3);
    for (let at = block; at < blockEnd; at += 4) {
      const key = v128.load_splat<f32>(at);
      // place is the lane less the number of keys passed: above 0 for clusters behind this key.
      const behindA = v128.and(f32x4.eq(key, a), i32x4.gt_s(place, i32x4.splat(0)));
      const behindB = v128.and(f32x4.eq(key, b), i32x4.gt_s(place, i32x4.splat(-4)));
      rowsA = i32x4.sub(rowsA, v128.or(f32x4.lt(key, a), behindA));
      rowsB = i32x4.sub(rowsB, v128.or(f32x4.lt(key, b), behindB));
      place = i32x4.sub(place, i32x4.splat(1));
    }
    for (let at = blockEnd; at < end; at += 4) {
      const key = v128.load_splat<f32>(at);
      rowsA = i32x4.sub(rowsA, f32x4.lt(key, a));
      rowsB = i32x4.sub(rowsB, f32x4.lt(key, b));
    }
    // Lanes past the end write behind the order, where there is room for eight.
    const left = count - i;
    put(order, i32x4.extract_lane(rowsA, 0), i);
    if (left > 1) put(order, i32x4.extract_lane(rowsA, 1), i + 1);
    if (left > 2) put(order, i32x4.extract_lane(rowsA, 2), i + 2);
    if (left > 3) put(order, i32x4.extract_lane(rowsA, 3), i + 3);
    if (left > 4) put(order, i32x4.extract_lane(rowsB, 0), i + 4);
    if (left > 5) put(order, i32x4.extract_lane(rowsB, 1), i + 5);
    if (left > 6) put(order, i32x4.extract_lane(rowsB, 2), i + 6);
    if (left > 7) put(order, i32x4.extract_lane(rowsB, 3), i + 7);
  }
}

@inline
function put(order: usize, row: i32, cluster: i32): void {
  store<i32>(order + <usize> row * 4, cluster);
}

/** A key's bits as a whole number in the same order. */
@inline
function toOrdered(keys: usize, cluster: i32): u32 {
  const bits = load<i32>(keys + <usize> cluster * 4);
  return <u32> (bits ^ ((bits >> 31) | <i32> 0x80000000));
}

/** Radix sort, four digits of eight bits from the lowest. */
function sortByDigits(job: Job, count: i32): void {
  let from = job.spareOrder;
  let to = job.order;
  for (let i = 0; i < count; i++) store<i32>(from + <usize> i * 4, i);
  for (let shift = 0; shift < 32; shift += 8) {
    memory.fill(job.digits, 0, 1024);
    for (let i = 0; i < count; i++) {
      const at = job.digits + <usize> ((toOrdered(job.keys, i) >> shift) & 255) * 4;
      store<i32>(at, load<i32>(at) + 1);
    }
    let start = 0;
    for (let at = job.digits; at < job.digits + 1024; at += 4) {
      const held = load<i32>(at);
      store<i32>(at, start);
      start += held;
    }
    for (let i = 0; i < count; i++) {
      const cluster = load<i32>(from + <usize> i * 4);
      const at = job.digits + <usize> ((toOrdered(job.keys, cluster) >> shift) & 255) * 4;
      const row = load<i32>(at);
      store<i32>(at, row + 1);
      store<i32>(to + <usize> row * 4, cluster);
    }
    const held = from;
    from = to;
    to = held;
  }
  if (from != job.order) memory.copy(job.order, from, <usize> count * 4);
}
