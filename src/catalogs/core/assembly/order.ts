/** The order of a catalog's rows: by luminosity, or by random numbers for a shuffled one. */
import { theJob, theTerms, WORDS_AT } from "./job";
import { setKey, threefry } from "./threefry";

/** Catalogs of more clusters are sorted by digits; below, counting smaller keys is faster. */
const COUNTED: i32 = 1024;

/** Random sort keys of 24 bits, from blocks whose high counter is 1. */
export function drawKeys(count: i32): void {
  const job = theJob();
  setKey(theTerms().key0, theTerms().key1, 1);
  for (let n = 0; n < count; n += 32) {
    threefry(WORDS_AT, n >> 1, 4, 8);
    for (let i = n; i < min(n + 32, count); i++) {
      const word = load<u32>(WORDS_AT + <usize> (i - n) * 4);
      store<f32>(job.tags + <usize> i * 8, <f32> (word >> 8), 4);
    }
  }
}

/** Sorts clusters by ascending key, which gives the order of their rows. */
export function orderRows(count: i32): void {
  const job = theJob();
  if (count > COUNTED) {
    sortByDigits(count);
    for (let r = 0; r < count; r++) {
      move(load<i32>(job.order + <usize> r * 4), r);
    }
  } else {
    roundKeys(count);
    countSmaller(count);
    const rows = job.rounded + ROWS_BEHIND;
    for (let i = 0; i < count; i++) {
      move(i, <i32> load<u16>(rows + <usize> i * 2));
    }
    mendOrder(count);
  }
}

/** Gives a row to a cluster. */
@inline
function move(cluster: i32, row: i32): void {
  const job = theJob();
  const from = <usize> cluster;
  const to = <usize> row;
  v128.store(job.orderedQuantities + to * 16, v128.load(job.quantities + from * 16));
  store<u64>(job.orderedTags + to * 8, load<u64>(job.tags + from * 8));
}

/** Bytes from the rounded keys to the rows found with them. */
const ROWS_BEHIND: usize = 2 * COUNTED + 64;

/** 12 bits of a key, and the place in its block of 16 in the last 4: no two of a block are equal. */
const LEVELS: f32 = 4095;

/** Keys in 16 bits, from the least to the greatest: eight of them are compared at once. */
function roundKeys(count: i32): void {
  const job = theJob();
  const end = job.tags + <usize> count * 8;
  let low = v128.load_splat<f32>(job.tags + 4);
  let high = low;
  for (let at = job.tags; at < end; at += 32) {
    // Keys past the last cluster are of earlier catalogs, and do not matter.
    const keys = loadKeys(at);
    low = f32x4.pmin(low, keys);
    high = f32x4.pmax(high, keys);
  }
  const least = min(
    min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)),
    min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)),
  );
  const range = max(
    max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)),
    max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)),
  ) - least;
  const scale = f32x4.splat(range > 0 ? LEVELS / range : 0);
  let places = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  let to = job.rounded;
  for (let at = job.tags; at < end; at += 64) {
    const a = toWhole(loadKeys(at), least, scale);
    const b = toWhole(loadKeys(at + 32), least, scale);
    v128.store(to, v128.or(i16x8.shl(i16x8.narrow_i32x4_s(a, b), 4), places));
    places = v128.xor(places, i16x8.splat(8));
    to += 16;
  }
  store<i16>(job.rounded + <usize> count * 2, i16.MAX_VALUE);
}

/** The keys of four clusters. */
@inline
function loadKeys(at: usize): v128 {
  return v128.shuffle<f32>(v128.load(at), v128.load(at, 16), 1, 3, 5, 7);
}

/** -2048 to 2047: added to 2^23, a whole number stands in the last bits. */
@inline
function toWhole(keys: v128, least: f32, scale: v128): v128 {
  const scaled = f32x4.mul(f32x4.sub(keys, f32x4.splat(least)), scale);
  return i32x4.sub(f32x4.add(scaled, f32x4.splat(8388608)), i32x4.splat(0x4b000000 + 2048));
}

/**
 * A cluster's row is the number of smaller keys, plus equal keys in earlier blocks. Sixteen
 * clusters are compared with two at a time, so that nothing branches on the keys; each of the two
 * has its own sums, so that neither waits for the other. A key larger than all others follows the
 * last.
 */
function countSmaller(count: i32): void {
  const keys = theJob().rounded;
  const end = keys + <usize> count * 2;
  for (let i = 0; i < count; i += 16) {
    const block = keys + <usize> i * 2;
    const a = v128.load(block);
    const b = v128.load(block, 16);
    let rowsA = i16x8.splat(<i16> i), rowsB = rowsA;
    let moreA = i16x8.splat(0), moreB = moreA;
    for (let at = keys; at < block; at += 4) {
      const key = v128.load_splat<i16>(at), next = v128.load_splat<i16>(at, 2);
      rowsA = i16x8.add(rowsA, i16x8.gt_s(key, a));
      rowsB = i16x8.add(rowsB, i16x8.gt_s(key, b));
      moreA = i16x8.add(moreA, i16x8.gt_s(next, a));
      moreB = i16x8.add(moreB, i16x8.gt_s(next, b));
    }
    for (let at = block; at < end; at += 4) {
      const key = v128.load_splat<i16>(at), next = v128.load_splat<i16>(at, 2);
      rowsA = i16x8.sub(rowsA, i16x8.gt_s(a, key));
      rowsB = i16x8.sub(rowsB, i16x8.gt_s(b, key));
      moreA = i16x8.sub(moreA, i16x8.gt_s(a, next));
      moreB = i16x8.sub(moreB, i16x8.gt_s(b, next));
    }
    v128.store(block + ROWS_BEHIND, i16x8.add(rowsA, moreA));
    v128.store(block + ROWS_BEHIND, i16x8.add(rowsB, moreB), 16);
  }
}

/** Insertion sort by the exact keys; few keys that round to the same value are out of order. */
function mendOrder(count: i32): void {
  const tags = theJob().orderedTags;
  let before = load<f32>(tags, 4);
  for (let r: usize = 1; r < <usize> count; r++) {
    const key = load<f32>(tags + r * 8, 4);
    if (key >= before) before = key;
    else insert(r, key);
  }
}

/** Moves a row down past all rows with greater keys. */
function insert(row: usize, key: f32): void {
  const tags = theJob().orderedTags;
  const quantities = theJob().orderedQuantities;
  const tag = load<u64>(tags + row * 8);
  const own = v128.load(quantities + row * 16);
  let to = row;
  while (to > 0 && load<f32>(tags + to * 8 - 4) > key) {
    store<u64>(tags + to * 8, load<u64>(tags + to * 8 - 8));
    v128.store(quantities + to * 16, v128.load(quantities + to * 16 - 16));
    to--;
  }
  store<u64>(tags + to * 8, tag);
  v128.store(quantities + to * 16, own);
}

/** A key's bits as a whole number in the same order. */
@inline
function toOrdered(tags: usize, cluster: i32): u32 {
  const bits = load<i32>(tags + <usize> cluster * 8, 4);
  return <u32> (bits ^ ((bits >> 31) | <i32> 0x80000000));
}

/** Radix sort, four digits of eight bits from the lowest. */
function sortByDigits(count: i32): void {
  const job = theJob();
  let from = job.spareOrder;
  let to = job.order;
  for (let i = 0; i < count; i++) store<i32>(from + <usize> i * 4, i);
  for (let shift = 0; shift < 32; shift += 8) {
    memory.fill(job.digits, 0, 1024);
    for (let i = 0; i < count; i++) {
      const at = job.digits + <usize> ((toOrdered(job.tags, i) >> shift) & 255) * 4;
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
      const at = job.digits + <usize> ((toOrdered(job.tags, cluster) >> shift) & 255) * 4;
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
