/** The streams of numerics/random.ts, bit for bit: Threefry2x32-20, uniform and normal numbers. */

/** The key of the stream at hand, its counter, and the last block. */
let key0: u32 = 0;
let key1: u32 = 0;
let counter: u32 = 0;
let word0: u32 = 0;
let word1: u32 = 0;

/** A stream that is put aside. */
export function takeStream(keys: usize, stream: i32, count: u32): void {
  key0 = load<u32>(keys + (<usize>stream << 3));
  key1 = load<u32>(keys + (<usize>stream << 3), 4);
  counter = count;
}

/** Blocks that the stream at hand has drawn. */
export function streamCounter(): u32 {
  return counter;
}

@inline
function round(bits: i32): void {
  word0 += word1;
  word1 = rotl<u32>(word1, bits) ^ word0;
}

@inline
function odd(): void {
  round(13);
  round(15);
  round(26);
  round(6);
}

@inline
function even(): void {
  round(17);
  round(29);
  round(16);
  round(24);
}

function words(): void {
  const key2: u32 = 0x1bd11bda ^ key0 ^ key1;
  word0 = counter + key0;
  word1 = key1; // the counter's high word is 0
  counter++;
  odd();
  word0 += key1;
  word1 += key2 + 1;
  even();
  word0 += key2;
  word1 += key0 + 2;
  odd();
  word0 += key0;
  word1 += key1 + 3;
  even();
  word0 += key1;
  word1 += key2 + 4;
  odd();
  word0 += key2;
  word1 += key0 + 5;
}

/** A uniform number in [0, 1), a multiple of 2^-53. */
export function uniform(): f64 {
  words();
  return (<f64>(word0 >>> 5) * 67108864.0 + <f64>(word1 >>> 6)) / 9007199254740992.0;
}

/** A standard normal number (Box and Muller 1958). */
export function normal(): f64 {
  words();
  const radius = Math.sqrt(-2.0 * Math.log((<f64>word0 + 0.5) / 4294967296.0));
  return radius * Math.cos(2.0 * Math.PI * (<f64>word1 / 4294967296.0));
}
