/**
 * Threefry2x32-20 (Salmon et al. 2011), bit for bit the blocks that numerics/random.ts states one at
 * a time. Twelve counters go side by side, so that no instruction waits for the one before.
 */
import { KEYS_AT } from "./job";

const PARITY: u32 = 0x1bd11bda;

@inline
function turn(x: v128, bits: i32, sum: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)), sum);
}

/** Prepares a key: what is added to the two words at first, and after every four rounds. */
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
 * The blocks of twelve counters from `counter` on: for each four of them, four first words, then four
 * second words.
 *
 * @param out Receives 96 bytes
 */
@inline
export function threefry(out: usize, counter: i32): void {
  let low = v128.load(KEYS_AT);
  let high = v128.load(KEYS_AT, 16);
  let a0 = i32x4.add(i32x4.splat(counter), low);
  let b0 = i32x4.add(i32x4.splat(counter + 4), low);
  let c0 = i32x4.add(i32x4.splat(counter + 8), low);
  let a1 = high, b1 = high, c1 = high;
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 13, a0), b1 = turn(b1, 13, b0), c1 = turn(c1, 13, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 15, a0), b1 = turn(b1, 15, b0), c1 = turn(c1, 15, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 26, a0), b1 = turn(b1, 26, b0), c1 = turn(c1, 26, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 6, a0), b1 = turn(b1, 6, b0), c1 = turn(c1, 6, c0);
  low = v128.load(KEYS_AT, 32), high = v128.load(KEYS_AT, 48);
  a0 = i32x4.add(a0, low), b0 = i32x4.add(b0, low), c0 = i32x4.add(c0, low);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 17, a0), b1 = turn(b1, 17, b0), c1 = turn(c1, 17, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 29, a0), b1 = turn(b1, 29, b0), c1 = turn(c1, 29, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 16, a0), b1 = turn(b1, 16, b0), c1 = turn(c1, 16, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 24, a0), b1 = turn(b1, 24, b0), c1 = turn(c1, 24, c0);
  low = v128.load(KEYS_AT, 64), high = v128.load(KEYS_AT, 80);
  a0 = i32x4.add(a0, low), b0 = i32x4.add(b0, low), c0 = i32x4.add(c0, low);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 13, a0), b1 = turn(b1, 13, b0), c1 = turn(c1, 13, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 15, a0), b1 = turn(b1, 15, b0), c1 = turn(c1, 15, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 26, a0), b1 = turn(b1, 26, b0), c1 = turn(c1, 26, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 6, a0), b1 = turn(b1, 6, b0), c1 = turn(c1, 6, c0);
  low = v128.load(KEYS_AT, 96), high = v128.load(KEYS_AT, 112);
  a0 = i32x4.add(a0, low), b0 = i32x4.add(b0, low), c0 = i32x4.add(c0, low);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 17, a0), b1 = turn(b1, 17, b0), c1 = turn(c1, 17, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 29, a0), b1 = turn(b1, 29, b0), c1 = turn(c1, 29, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 16, a0), b1 = turn(b1, 16, b0), c1 = turn(c1, 16, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 24, a0), b1 = turn(b1, 24, b0), c1 = turn(c1, 24, c0);
  low = v128.load(KEYS_AT, 128), high = v128.load(KEYS_AT, 144);
  a0 = i32x4.add(a0, low), b0 = i32x4.add(b0, low), c0 = i32x4.add(c0, low);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 13, a0), b1 = turn(b1, 13, b0), c1 = turn(c1, 13, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 15, a0), b1 = turn(b1, 15, b0), c1 = turn(c1, 15, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 26, a0), b1 = turn(b1, 26, b0), c1 = turn(c1, 26, c0);
  a0 = i32x4.add(a0, a1), b0 = i32x4.add(b0, b1), c0 = i32x4.add(c0, c1);
  a1 = turn(a1, 6, a0), b1 = turn(b1, 6, b0), c1 = turn(c1, 6, c0);
  low = v128.load(KEYS_AT, 160), high = v128.load(KEYS_AT, 176);
  a0 = i32x4.add(a0, low), b0 = i32x4.add(b0, low), c0 = i32x4.add(c0, low);
  a1 = i32x4.add(a1, high), b1 = i32x4.add(b1, high), c1 = i32x4.add(c1, high);
  v128.store(out, a0), v128.store(out, a1, 16);
  v128.store(out, b0, 32), v128.store(out, b1, 48);
  v128.store(out, c0, 64), v128.store(out, c1, 80);
}
