/**
 * Threefry2x32-20 (Salmon et al. 2011) for four counters at once; bit for bit the blocks that
 * numerics/random.ts states one at a time.
 */

const PARITY: u32 = 0x1bd11bda;

@inline
function turn(x: v128, bits: i32, sum: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)), sum);
}

/**
 * The blocks of counters (`low` + lane, `high`): four first words, then four second words.
 *
 * @param out Receives 32 bytes
 */
@inline
export function threefry(out: usize, key0: u32, key1: u32, low: i32, high: i32): void {
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(PARITY ^ key0 ^ key1);
  let x0 = i32x4.add(i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3)), k0);
  let x1 = i32x4.add(i32x4.splat(high), k1);
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
  v128.store(out, x0);
  v128.store(out, x1, 16);
}
