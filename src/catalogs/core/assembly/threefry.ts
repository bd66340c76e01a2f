/**
 * Threefry2x32-20 (Salmon et al. 2011), bit for bit the blocks that numerics/random.ts states one at
 * a time. Twelve counters go side by side, so that no instruction waits for the one before.
 */

const PARITY: u32 = 0x1bd11bda;

@inline
function turn(x: v128, bits: i32, sum: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)), sum);
}

/**
 * The blocks of twelve counters from (`low`, `highCounter`) on: for each four of them, four first
 * words, then four second words.
 *
 * @param out Receives 96 bytes
 */
@inline
export function threefry(out: usize, key0: u32, key1: u32, low: i32, highCounter: i32): void {
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(PARITY ^ key0 ^ key1);
  let a0 = i32x4.add(i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3)), k0);
  let b0 = i32x4.add(a0, i32x4.splat(4));
  let c0 = i32x4.add(a0, i32x4.splat(8));
  let high = i32x4.add(i32x4.splat(highCounter), k1);
  let a1 = high, b1 = high, c1 = high;
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 13, a0), b1 = turn(b1, 13, b0), c1 = turn(c1, 13, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 15, a0), b1 = turn(b1, 15, b0), c1 = turn(c1, 15, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 26, a0), b1 = turn(b1, 26, b0), c1 = turn(c1, 26, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 6, a0), b1 = turn(b1, 6, b0), c1 = turn(c1, 6, c0);
  high = i32x4.add(k2, i32x4.splat(1));
  a0 = i32x4.add(a0, k1), b0 = i32x4.add(b0, k1), c0 = i32x4.add(c0, k1);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 17, a0), b1 = turn(b1, 17, b0), c1 = turn(c1, 17, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 29, a0), b1 = turn(b1, 29, b0), c1 = turn(c1, 29, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 16, a0), b1 = turn(b1, 16, b0), c1 = turn(c1, 16, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 24, a0), b1 = turn(b1, 24, b0), c1 = turn(c1, 24, c0);
  high = i32x4.add(k0, i32x4.splat(2));
  a0 = i32x4.add(a0, k2), b0 = i32x4.add(b0, k2), c0 = i32x4.add(c0, k2);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 13, a0), b1 = turn(b1, 13, b0), c1 = turn(c1, 13, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 15, a0), b1 = turn(b1, 15, b0), c1 = turn(c1, 15, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 26, a0), b1 = turn(b1, 26, b0), c1 = turn(c1, 26, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 6, a0), b1 = turn(b1, 6, b0), c1 = turn(c1, 6, c0);
  high = i32x4.add(k1, i32x4.splat(3));
  a0 = i32x4.add(a0, k0), b0 = i32x4.add(b0, k0), c0 = i32x4.add(c0, k0);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 17, a0), b1 = turn(b1, 17, b0), c1 = turn(c1, 17, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 29, a0), b1 = turn(b1, 29, b0), c1 = turn(c1, 29, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 16, a0), b1 = turn(b1, 16, b0), c1 = turn(c1, 16, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 24, a0), b1 = turn(b1, 24, b0), c1 = turn(c1, 24, c0);
  high = i32x4.add(k2, i32x4.splat(4));
  a0 = i32x4.add(a0, k1), b0 = i32x4.add(b0, k1), c0 = i32x4.add(c0, k1);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 13, a0), b1 = turn(b1, 13, b0), c1 = turn(c1, 13, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 15, a0), b1 = turn(b1, 15, b0), c1 = turn(c1, 15, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 26, a0), b1 = turn(b1, 26, b0), c1 = turn(c1, 26, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 6, a0), b1 = turn(b1, 6, b0), c1 = turn(c1, 6, c0);
  high = i32x4.add(k0, i32x4.splat(5));
  a0 = i32x4.add(a0, k2), b0 = i32x4.add(b0, k2), c0 = i32x4.add(c0, k2);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  v128.store(out, a0), v128.store(out, a1, 16);
  v128.store(out, b0, 32), v128.store(out, b1, 48);
  v128.store(out, c0, 64), v128.store(out, c1, 80);
}
