/**
 * Counter-based random streams that fork by name: Threefry2x32-20 of Salmon et al. (2011),
 * "Parallel random numbers: as easy as 1, 2, 3".
 *
 * A stream is a key and a counter. Forking makes a new key from the old one and a name, and
 * consumes nothing, so catalog 17 is the same alone or among 4968, in any order, on any worker.
 */

/** What identifies a forked stream: words and whole numbers, as in `fork("catalog", 17)`. */
export type StreamName = string | number;

/** A stream's whole state, enough to continue it exactly. */
export interface RandomState {
  /** The two 32-bit words of the key. */
  readonly key: readonly [number, number];
  /** How many 64-bit blocks have been drawn. */
  readonly counter: number;
}

const ROUNDS = 20;
const KEY_PARITY = 0x1bd11bda; // Skein's constant, as Random123 has it for 32-bit words

/**
 * One block of Threefry2x32-20, written into `out`.
 *
 * @param key0 Low word of the key
 * @param key1 High word of the key
 * @param counter0 Low word of the counter
 * @param counter1 High word of the counter
 * @param out Receives the two 32-bit words
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  // No arrays in here: everything random waits for this loop.
  let next = key1;
  let second = KEY_PARITY ^ key0 ^ key1;
  let third = key0;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let injection = 1; injection <= ROUNDS / 4; injection++) {
    const isOdd = (injection & 1) === 1;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? (x1 << 13) | (x1 >>> 19) : (x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? (x1 << 15) | (x1 >>> 17) : (x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? (x1 << 26) | (x1 >>> 6) : (x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? (x1 << 6) | (x1 >>> 26) : (x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + next) | 0;
    x1 = (x1 + second + injection) | 0;
    const used = next;
    next = second;
    second = third;
    third = used;
  }
  out[0] = x0;
  out[1] = x1;
}

/** Draws use counters with this bit of the high word clear, forks with it set: they never meet. */
const FORK_BIT = 0x80000000;
const TWO_POW_32 = 4294967296;

/** Holds a fork's key until it is read. */
const FORKED = new Uint32Array(2);

/**
 * A random stream: state is a key and a count of the blocks drawn.
 *
 * Every draw takes a fixed number of blocks wherever that is possible, so that two programs which
 * make the same calls in the same order get the same numbers.
 */
export class Random {
  readonly #key0: number;
  readonly #key1: number;
  #block: Uint32Array | undefined;
  #counter: number;

  /** Continues the stream that `state` describes; see {@linkcode createRandom} for a new one. */
  constructor(state: RandomState) {
    this.#key0 = state.key[0] | 0;
    this.#key1 = state.key[1] | 0;
    this.#counter = state.counter;
  }

  /** The stream's whole state, to be saved and given to the constructor later. */
  get state(): RandomState {
    return { key: [this.#key0 >>> 0, this.#key1 >>> 0], counter: this.#counter };
  }

  /**
   * A stream of its own for each sequence of names. Forking draws nothing: the result depends on
   * this stream's key and the names alone.
   */
  fork(...names: readonly StreamName[]): Random {
    let key0 = this.#key0;
    let key1 = this.#key1;
    for (const name of names) {
      const [low, high] = hashName(name);
      threefry2x32(key0, key1, low, high | FORK_BIT, FORKED);
      key0 = FORKED[0]!;
      key1 = FORKED[1]!;
    }
    return new Random({ key: [key0, key1], counter: 0 });
  }

  /** Two fresh 32-bit words; the returned array is overwritten by the next draw. */
  words(): Uint32Array {
    const n = this.#counter++;
    const block = this.#block ??= new Uint32Array(2); // many streams are only forked
    threefry2x32(this.#key0, this.#key1, n | 0, (n / TWO_POW_32) | 0, block);
    return block;
  }

  /** A uniform number in [0, 1), a multiple of 2^-53. One block. */
  uniform(): number {
    const w = this.words();
    return ((w[0]! >>> 5) * 67108864 + (w[1]! >>> 6)) / 9007199254740992;
  }

  /** A whole number from 0 to `count - 1`, each equally likely to 2^-53. One block. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** A standard normal number (Box and Muller 1958); |x| is at most 6.8. One block. */
  normal(): number {
    const w = this.words();
    const radius = Math.sqrt(-2 * Math.log((w[0]! + 0.5) / TWO_POW_32));
    return radius * Math.cos(2 * Math.PI * (w[1]! / TWO_POW_32));
  }

  /**
   * A Poisson number of the given mean: inversion below {@linkcode POISSON_SPLIT}, and for larger
   * means the sum of independent draws of equal, smaller means, which is exact.
   *
   * @throws {RangeError} If the mean is negative or not finite
   */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < Infinity)) {
      throw new RangeError(
        `Cannot draw a Poisson number: the mean is ${mean}, should be 0 or more and finite`,
      );
    }
    if (mean > POISSON_SPLIT) {
      const parts = Math.ceil(mean / POISSON_SPLIT);
      let sum = 0;
      for (let i = 0; i < parts; i++) sum += this.poisson(mean / parts);
      return sum;
    }
    const u = this.uniform();
    let k = 0;
    let term = Math.exp(-mean);
    let cumulative = term;
    while (u >= cumulative && term > 0) {
      k++;
      term *= mean / k;
      cumulative += term;
    }
    return k;
  }

  /** The numbers 0 to `count - 1` in random order (Fisher and Yates). `count - 1` blocks. */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }
}

/** Above this mean inversion would lose accuracy to rounding of exp(-mean) and its sums. */
const POISSON_SPLIT = 32;

/**
 * The root stream of a seed.
 *
 * @example A stream depends on its name, not on what was drawn before
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { assertEquals } from "@std/assert";
 *
 * const random = createRandom(7);
 * const alone = random.fork("catalog", 17).normal();
 * random.uniform();
 * assertEquals(random.fork("catalog", 17).normal(), alone);
 * ```
 *
 * @param seed A whole number from 0 to 2^53 - 1
 * @throws {RangeError} If the seed is not such a number
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `Cannot seed a random stream: seed is ${seed}, should be a whole number from 0 to 2^53 - 1`,
    );
  }
  return new Random({ key: [seed % TWO_POW_32, Math.floor(seed / TWO_POW_32)], counter: 0 });
}

/** Last character code that is its own UTF-8 byte, so that a name need not be encoded. */
const LAST_ASCII = 127;
const ENCODER = new TextEncoder();

/** 63 bits for a name: FNV-1a of its UTF-8 bytes in two lanes; words and numbers never meet. */
function hashName(name: StreamName): [number, number] {
  const text = typeof name === "number" ? `#${name}` : `"${name}`;
  let isAscii = true;
  for (let i = 0; i < text.length; i++) isAscii &&= text.charCodeAt(i) <= LAST_ASCII;
  const bytes = isAscii ? null : ENCODER.encode(text);
  const length = bytes ? bytes.length : text.length;
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < length; i++) {
    const byte = bytes ? bytes[i]! : text.charCodeAt(i);
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte ^ (low >>> 16), 0x85ebca6b) ^ (high >>> 13);
  }
  return [low, high];
}
