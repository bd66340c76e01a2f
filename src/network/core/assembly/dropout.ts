/**
 * Dropout from counter-based streams, bit for bit as `network/dropout.ts` states it: Threefry2x32-20
 * for four times four units of four
 * rows at once: one chain of its twenty rounds alone would wait for every result.
 */

const PARITY: u32 = 0x1bd11bda;

@inline
function turn(x: v128, bits: i32, sum: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)), sum);
}

/** A rotation by whole bytes, which is one operation. */
@inline
function turnBytes(x: v128, places: v128, sum: v128): v128 {
  return v128.xor(i8x16.relaxed_swizzle(x, places), sum);
}

/**
 * Zeroes or scales the activations of some rows in place.
 *
 * @param y First byte of the panels
 * @param stride Bytes from one panel to the next
 * @param width Units of the layer
 * @param rows Number of rows
 * @param catalogs Each row's catalog, its place in the batch; readable to a multiple of 4 rows
 * @param places Each row's place in its catalog
 * @param key0 The layer's key
 * @param key1 The layer's key, second word
 * @param threshold A unit is dropped where its 16 bits are below
 * @param kept Factor of a kept unit
 */
export function dropout(
  y: usize,
  stride: usize,
  width: i32,
  rows: i32,
  catalogs: usize,
  places: usize,
  key0: u32,
  key1: u32,
  threshold: i32,
  kept: f32,
): void {
  const blocks = (width + 3) >> 2;
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(PARITY ^ key0 ^ key1);
  // What each injection adds to the second word: the next key and the injection's number.
  const ka = i32x4.add(k2, i32x4.splat(1));
  const kb = i32x4.add(k0, i32x4.splat(2));
  const kc = i32x4.add(k1, i32x4.splat(3));
  const kd = i32x4.add(k2, i32x4.splat(4));
  const ke = i32x4.add(k0, i32x4.splat(5));
  const by16 = i8x16(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  const by24 = i8x16(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
  const factor = f32x4.splat(kept);
  const level = i32x4.splat(threshold);
  for (let r = 0; r < rows; r += 4) {
    const start = i32x4.mul(v128.load(places + <usize> r * 4), i32x4.splat(blocks));
    const catalog = i32x4.add(v128.load(catalogs + <usize> r * 4), k1);
    for (let b = 0; b < blocks; b += 4) {
      const counter = i32x4.add(i32x4.add(start, i32x4.splat(b)), k0);
      let s0 = i32x4.add(counter, i32x4.splat(0)), s1 = catalog;
      let t0 = i32x4.add(counter, i32x4.splat(1)), t1 = catalog;
      let u0 = i32x4.add(counter, i32x4.splat(2)), u1 = catalog;
      let v0 = i32x4.add(counter, i32x4.splat(3)), v1 = catalog;
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 13, s0), t1 = turn(t1, 13, t0);
      u1 = turn(u1, 13, u0), v1 = turn(v1, 13, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 15, s0), t1 = turn(t1, 15, t0);
      u1 = turn(u1, 15, u0), v1 = turn(v1, 15, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 26, s0), t1 = turn(t1, 26, t0);
      u1 = turn(u1, 26, u0), v1 = turn(v1, 26, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 6, s0), t1 = turn(t1, 6, t0);
      u1 = turn(u1, 6, u0), v1 = turn(v1, 6, v0);
      s0 = i32x4.add(s0, k1), t0 = i32x4.add(t0, k1);
      u0 = i32x4.add(u0, k1), v0 = i32x4.add(v0, k1);
      s1 = i32x4.add(s1, ka), t1 = i32x4.add(t1, ka);
      u1 = i32x4.add(u1, ka), v1 = i32x4.add(v1, ka);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 17, s0), t1 = turn(t1, 17, t0);
      u1 = turn(u1, 17, u0), v1 = turn(v1, 17, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 29, s0), t1 = turn(t1, 29, t0);
      u1 = turn(u1, 29, u0), v1 = turn(v1, 29, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turnBytes(s1, by16, s0), t1 = turnBytes(t1, by16, t0);
      u1 = turnBytes(u1, by16, u0), v1 = turnBytes(v1, by16, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turnBytes(s1, by24, s0), t1 = turnBytes(t1, by24, t0);
      u1 = turnBytes(u1, by24, u0), v1 = turnBytes(v1, by24, v0);
      s0 = i32x4.add(s0, k2), t0 = i32x4.add(t0, k2);
      u0 = i32x4.add(u0, k2), v0 = i32x4.add(v0, k2);
      s1 = i32x4.add(s1, kb), t1 = i32x4.add(t1, kb);
      u1 = i32x4.add(u1, kb), v1 = i32x4.add(v1, kb);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 13, s0), t1 = turn(t1, 13, t0);
      u1 = turn(u1, 13, u0), v1 = turn(v1, 13, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 15, s0), t1 = turn(t1, 15, t0);
      u1 = turn(u1, 15, u0), v1 = turn(v1, 15, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 26, s0), t1 = turn(t1, 26, t0);
      u1 = turn(u1, 26, u0), v1 = turn(v1, 26, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 6, s0), t1 = turn(t1, 6, t0);
      u1 = turn(u1, 6, u0), v1 = turn(v1, 6, v0);
      s0 = i32x4.add(s0, k0), t0 = i32x4.add(t0, k0);
      u0 = i32x4.add(u0, k0), v0 = i32x4.add(v0, k0);
      s1 = i32x4.add(s1, kc), t1 = i32x4.add(t1, kc);
      u1 = i32x4.add(u1, kc), v1 = i32x4.add(v1, kc);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 17, s0), t1 = turn(t1, 17, t0);
      u1 = turn(u1, 17, u0), v1 = turn(v1, 17, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 29, s0), t1 = turn(t1, 29, t0);
      u1 = turn(u1, 29, u0), v1 = turn(v1, 29, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turnBytes(s1, by16, s0), t1 = turnBytes(t1, by16, t0);
      u1 = turnBytes(u1, by16, u0), v1 = turnBytes(v1, by16, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turnBytes(s1, by24, s0), t1 = turnBytes(t1, by24, t0);
      u1 = turnBytes(u1, by24, u0), v1 = turnBytes(v1, by24, v0);
      s0 = i32x4.add(s0, k1), t0 = i32x4.add(t0, k1);
      u0 = i32x4.add(u0, k1), v0 = i32x4.add(v0, k1);
      s1 = i32x4.add(s1, kd), t1 = i32x4.add(t1, kd);
      u1 = i32x4.add(u1, kd), v1 = i32x4.add(v1, kd);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 13, s0), t1 = turn(t1, 13, t0);
      u1 = turn(u1, 13, u0), v1 = turn(v1, 13, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 15, s0), t1 = turn(t1, 15, t0);
      u1 = turn(u1, 15, u0), v1 = turn(v1, 15, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 26, s0), t1 = turn(t1, 26, t0);
      u1 = turn(u1, 26, u0), v1 = turn(v1, 26, v0);
      s0 = i32x4.add(s0, s1), t0 = i32x4.add(t0, t1);
      u0 = i32x4.add(u0, u1), v0 = i32x4.add(v0, v1);
      s1 = turn(s1, 6, s0), t1 = turn(t1, 6, t0);
      u1 = turn(u1, 6, u0), v1 = turn(v1, 6, v0);
      s0 = i32x4.add(s0, k2), t0 = i32x4.add(t0, k2);
      u0 = i32x4.add(u0, k2), v0 = i32x4.add(v0, k2);
      s1 = i32x4.add(s1, ke), t1 = i32x4.add(t1, ke);
      u1 = i32x4.add(u1, ke), v1 = i32x4.add(v1, ke);
      const at = y + <usize>(b >> 1) * stride + <usize>(r * 32);
      dropRows(at, rows - r, s0, s1, level, factor);
      if (b + 1 < blocks) dropRows(at + 16, rows - r, t0, t1, level, factor);
      if (b + 2 < blocks) dropRows(at + stride, rows - r, u0, u1, level, factor);
      if (b + 3 < blocks) dropRows(at + stride + 16, rows - r, v0, v1, level, factor);
    }
  }
}

/** Four units of up to four rows, whose random bits are the lanes of two vectors. */
@inline
function dropRows(at: usize, rows: i32, x0: v128, x1: v128, level: v128, factor: v128): void {
  const first = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
  const second = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
  drop(at, i32x4.extend_low_i16x8_u(first), level, factor);
  if (rows > 1) drop(at + 32, i32x4.extend_high_i16x8_u(first), level, factor);
  if (rows > 2) drop(at + 64, i32x4.extend_low_i16x8_u(second), level, factor);
  if (rows > 3) drop(at + 96, i32x4.extend_high_i16x8_u(second), level, factor);
}

@inline
function drop(at: usize, bits: v128, level: v128, factor: v128): void {
  const scaled = f32x4.mul(v128.load(at), factor);
  v128.store(at, v128.and(scaled, i32x4.ge_s(bits, level)));
}
