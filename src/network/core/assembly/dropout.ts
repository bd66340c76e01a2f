/**
 * Dropout from counter-based streams, bit for bit as `network/dropout.ts` states it: Threefry2x32-20
 * for four rows at once.
 */

const PARITY: u32 = 0x1bd11bda;

@inline
function turn(x: v128, bits: i32, sum: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)), sum);
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
  const factor = f32x4.splat(kept);
  const level = i32x4.splat(threshold);
  for (let r = 0; r < rows; r += 4) {
    const start = i32x4.mul(v128.load(places + <usize> r * 4), i32x4.splat(blocks));
    const catalog = i32x4.add(v128.load(catalogs + <usize> r * 4), k1);
    for (let b = 0; b < blocks; b++) {
      let x0 = i32x4.add(i32x4.add(start, i32x4.splat(b)), k0);
      let x1 = catalog;
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 13, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 15, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 26, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 6, x0);
      x0 = i32x4.add(x0, k1), x1 = i32x4.add(x1, i32x4.add(k2, i32x4.splat(1)));
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 17, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 29, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 16, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 24, x0);
      x0 = i32x4.add(x0, k2), x1 = i32x4.add(x1, i32x4.add(k0, i32x4.splat(2)));
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 13, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 15, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 26, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 6, x0);
      x0 = i32x4.add(x0, k0), x1 = i32x4.add(x1, i32x4.add(k1, i32x4.splat(3)));
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 17, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 29, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 16, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 24, x0);
      x0 = i32x4.add(x0, k1), x1 = i32x4.add(x1, i32x4.add(k2, i32x4.splat(4)));
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 13, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 15, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 26, x0);
      x0 = i32x4.add(x0, x1), x1 = turn(x1, 6, x0);
      x0 = i32x4.add(x0, k2), x1 = i32x4.add(x1, i32x4.add(k0, i32x4.splat(5)));
      const first = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
      const second = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
      const at = y + <usize> (b >> 1) * stride + <usize> (((b & 1) << 4) + r * 32);
      drop(at, i32x4.extend_low_i16x8_u(first), level, factor);
      if (r + 1 < rows) drop(at + 32, i32x4.extend_high_i16x8_u(first), level, factor);
      if (r + 2 < rows) drop(at + 64, i32x4.extend_low_i16x8_u(second), level, factor);
      if (r + 3 < rows) drop(at + 96, i32x4.extend_high_i16x8_u(second), level, factor);
    }
  }
}

@inline
function drop(at: usize, bits: v128, level: v128, factor: v128): void {
  const scaled = f32x4.mul(v128.load(at), factor);
  v128.store(at, v128.and(scaled, i32x4.ge_s(bits, level)));
}
