/**
 * Logarithm, sine and cosine of four float32 numbers. Plain IEEE products and sums, never fused, so
 * that the bits are the same on every machine.
 */

/** sqrt(1/2) as bits: mantissas are taken from there to sqrt 2. */
const HALF_ROOT: i32 = 0x3f3504f3;
/** Constants that are read from memory: V8 would build each splat anew, in three instructions. */
const CONSTANTS = memory.data<f32>([
  0.5, 4.656612873077393e-10, // 2^-31
  -1, 1, 0.6931471805599453, // ln 2
  0.2222222222222222, 0.2857142857142857, 0.4, 0.6666666666666666, // 2 / 9, 7, 5, 3
  -2, 1.4629180792671596e-9, // radians of 2^-32 turns
  2.755731922398589e-6, -1.984126984126984e-4, 8.333333333333333e-3, -0.16666666666666666, // 1 / 9!, 7!, 5!, 3!
  2.48015873015873e-5, -1.388888888888889e-3, 0.041666666666666664, -0.5, // 1 / 8!, 6!, 4!, 2!
], 16);
const HALF = 0, WORD = 1, MINUS_1 = 2, PLUS_1 = 3, LN_2 = 4, NINTH = 5, MINUS_2 = 9, RADIANS = 10, SINE = 11, COSINE = 15;

@inline
function constant(index: usize): v128 {
  return v128.load_splat<f32>(CONSTANTS + index * 4);
}

@inline
function times(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

@inline
function plus(a: v128, index: usize): v128 {
  return f32x4.add(a, constant(index));
}

/** Words as uniform numbers in (0, 1], (w / 2 + 0.5) / 2^31 rounded: 24 bits, more near 0. */
@inline
function toUniform(words: v128): v128 {
  const whole = f32x4.convert_i32x4_s(i32x4.shr_u(words, 1));
  return times(plus(whole, HALF), constant(WORD));
}

/** The e of x = 2^e m with m from sqrt(1/2) to sqrt 2. */
@inline
function exponentOf(x: v128): v128 {
  return i32x4.shr_s(i32x4.sub(x, i32x4.splat(HALF_ROOT)), 23);
}

/** s = (m - 1) / (m + 1), at most 0.172. */
@inline
function reduce(x: v128, exponent: v128): v128 {
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  return f32x4.div(plus(m, MINUS_1), plus(m, PLUS_1));
}

/**
 * ln u of the uniform numbers of four words: ln m = 2 artanh s, by its series to s^9, of which the
 * rest is below 4e-10 of the result.
 */
@inline
export function logarithm(words: v128): v128 {
  const x = toUniform(words);
  const exponent = exponentOf(x);
  const s = reduce(x, exponent);
  const q = times(s, s);
  let tail = plus(times(q, constant(NINTH)), NINTH + 1);
  tail = plus(times(tail, q), NINTH + 2);
  tail = plus(times(tail, q), NINTH + 3);
  tail = times(times(tail, q), s);
  const whole = times(f32x4.convert_i32x4_s(exponent), constant(LN_2));
  return f32x4.add(whole, f32x4.add(tail, f32x4.add(s, s)));
}

/**
 * Eight normal numbers (Box and Muller 1958). A word is an angle in 2^-32 turns; what is left of it
 * within an eighth turn of a quarter goes into Taylor series to the ninth and eighth power, of which
 * the rest is below 3e-8.
 *
 * @param at Four words for the radius, then four angles; in their place four numbers by the cosine,
 * then four by the sine
 */
@inline
export function storeNormals(at: usize): void {
  const radius = f32x4.sqrt(times(logarithm(v128.load(at)), constant(MINUS_2)));
  const words = v128.load(at, 16);
  const quarter = i32x4.shr_s(i32x4.add(words, i32x4.splat(1 << 29)), 30);
  const rest = f32x4.convert_i32x4_s(i32x4.sub(words, i32x4.shl(quarter, 30)));
  const x = times(rest, constant(RADIANS));
  const q = times(x, x);
  let sine = plus(times(q, constant(SINE)), SINE + 1);
  let cosine = plus(times(q, constant(COSINE)), COSINE + 1);
  sine = plus(times(sine, q), SINE + 2);
  cosine = plus(times(cosine, q), COSINE + 2);
  sine = plus(times(sine, q), SINE + 3);
  cosine = plus(times(cosine, q), COSINE + 3);
  sine = f32x4.add(times(times(sine, q), x), x);
  cosine = plus(times(cosine, q), PLUS_1);
  // Odd quarters swap the two; the sine changes sign in the second half, the cosine in the middle.
  const swap = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const sineSign = i32x4.shl(i32x4.shr_u(quarter, 1), 31);
  const cosineSign = i32x4.shl(i32x4.shr_u(i32x4.add(quarter, i32x4.splat(1)), 1), 31);
  const forCosine = v128.xor(v128.bitselect(sine, cosine, swap), cosineSign);
  const forSine = v128.xor(v128.bitselect(cosine, sine, swap), sineSign);
  v128.store(at, times(radius, forCosine));
  v128.store(at, times(radius, forSine), 16);
}
