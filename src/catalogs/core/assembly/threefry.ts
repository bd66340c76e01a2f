/**
 * Threefry2x32-20 (Salmon et al. 2011), bit for bit the blocks that numerics/random.ts states one at
 * a time. Sixteen counters go side by side, four a vector, so that no instruction waits for the one
 * before. The compiler puts a vector's rounds together as far as it can see: a loop keeps it to four.
 */
import { KEYS_AT } from "./job";

const PARITY: u32 = 0x1bd11bda;

@inline
function turn(x: v128, bits: i32, sum: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)), sum);
}

/** Prepares a key: what is added to the two words before every four rounds, and at the end. */
export function setKey(key0: u32, key1: u32, highCounter: u32): void {
  const key2 = PARITY ^ key0 ^ key1;
  v128.store(KEYS_AT, i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(key0)));
  v128.store(KEYS_AT, i32x4.splat(key1 + highCounter), 16);
  setVectors(1, key1, key2);
  setVectors(2, key2, key0);
  setVectors(3, key0, key1);
  setVectors(4, key1, key2);
  setVectors(5, key2, key0);
}

@inline
function setVectors(injection: u32, low: u32, high: u32): void {
  v128.store(KEYS_AT + injection * 32, i32x4.splat(low));
  v128.store(KEYS_AT + injection * 32, i32x4.splat(high + injection), 16);
}

/**
 * The blocks of sixteen counters: of four from each of `counter`, `counter` + p, `counter` + q and
 * `counter` + p + q on.
 *
 * @param out Receives 128 bytes: for each of the four, four first words, then four second words
 */
@inline
export function threefry(out: usize, counter: i32, p: i32, q: i32): void {
  let a0 = i32x4.splat(counter), b0 = i32x4.splat(0);
  let a1 = i32x4.splat(counter + p), b1 = b0;
  let a2 = i32x4.splat(counter + q), b2 = b0;
  let a3 = i32x4.splat(counter + p + q), b3 = b0;
  for (let four: usize = 0; four < 5; four++) {
    const low = v128.load(KEYS_AT + four * 32), high = v128.load(KEYS_AT + four * 32, 16);
    a0 = i32x4.add(a0, low), a1 = i32x4.add(a1, low), a2 = i32x4.add(a2, low), a3 = i32x4.add(a3, low);
    b0 = i32x4.add(b0, high), b1 = i32x4.add(b1, high), b2 = i32x4.add(b2, high), b3 = i32x4.add(b3, high);
    if (four & 1) {
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 17, a0), b1 = turn(b1, 17, a1), b2 = turn(b2, 17, a2), b3 = turn(b3, 17, a3);
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 29, a0), b1 = turn(b1, 29, a1), b2 = turn(b2, 29, a2), b3 = turn(b3, 29, a3);
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 16, a0), b1 = turn(b1, 16, a1), b2 = turn(b2, 16, a2), b3 = turn(b3, 16, a3);
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 24, a0), b1 = turn(b1, 24, a1), b2 = turn(b2, 24, a2), b3 = turn(b3, 24, a3);
    } else {
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 13, a0), b1 = turn(b1, 13, a1), b2 = turn(b2, 13, a2), b3 = turn(b3, 13, a3);
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 15, a0), b1 = turn(b1, 15, a1), b2 = turn(b2, 15, a2), b3 = turn(b3, 15, a3);
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 26, a0), b1 = turn(b1, 26, a1), b2 = turn(b2, 26, a2), b3 = turn(b3, 26, a3);
      a0 = i32x4.add(a0, b0), a1 = i32x4.add(a1, b1), a2 = i32x4.add(a2, b2), a3 = i32x4.add(a3, b3);
      b0 = turn(b0, 6, a0), b1 = turn(b1, 6, a1), b2 = turn(b2, 6, a2), b3 = turn(b3, 6, a3);
    }
  }
  const low = v128.load(KEYS_AT, 160), high = v128.load(KEYS_AT, 176);
  v128.store(out, i32x4.add(a0, low)), v128.store(out, i32x4.add(b0, high), 16);
  v128.store(out, i32x4.add(a1, low), 32), v128.store(out, i32x4.add(b1, high), 48);
  v128.store(out, i32x4.add(a2, low), 64), v128.store(out, i32x4.add(b2, high), 80);
  v128.store(out, i32x4.add(a3, low), 96), v128.store(out, i32x4.add(b3, high), 112);
}
