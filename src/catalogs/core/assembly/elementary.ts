/**
 * Logarithm, sine and cosine of four float32 numbers. Plain IEEE products and sums, never fused, so
 * that the bits are the same on every machine.
 */

/** sqrt(1/2) as bits: mantissas are taken from there to sqrt 2. */
const HALF_ROOT: i32 = 0x3f3504f3;
const LN_2: f32 = 0.6931471805599453;
const TWO_PI: f32 = 6.283185307179586;

@inline
function times(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

@inline
function plus(a: v128, b: f32): v128 {
  return f32x4.add(a, f32x4.splat(b));
}

/** Words as uniform numbers in (0, 1], (w / 2 + 0.5) / 2^31 rounded: 24 bits, more near 0. */
@inline
export function toUniform(words: v128): v128 {
  const whole = f32x4.convert_i32x4_s(i32x4.shr_u(words, 1));
  return times(plus(whole, 0.5), f32x4.splat(4.656612873077393e-10));
}

/**
 * ln x of normal positive numbers: x = 2^e m, ln m = 2 artanh s with s = (m - 1) / (m + 1), at most
 * 0.172, by its series to s^9, of which the rest is below 4e-10 of the result.
 */
@inline
export function ln(x: v128): v128 {
  const shifted = i32x4.sub(x, i32x4.splat(HALF_ROOT));
  const exponent = i32x4.shr_s(shifted, 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const s = f32x4.div(plus(m, -1), plus(m, 1));
  const q = times(s, s);
  let series = plus(times(q, f32x4.splat(<f32> (2.0 / 9))), <f32> (2.0 / 7));
  series = plus(times(series, q), <f32> (2.0 / 5));
  series = plus(times(series, q), <f32> (2.0 / 3));
  series = times(times(series, q), s);
  const mantissa = f32x4.add(series, f32x4.add(s, s));
  return f32x4.add(times(f32x4.convert_i32x4_s(exponent), f32x4.splat(LN_2)), mantissa);
}

/**
 * Two normal numbers from each pair of words (Box and Muller 1958). The second word is an angle in
 * 2^-32 turns; what is left of it within an eighth turn of a quarter goes into Taylor series to
 * the ninth and eighth power, of which the rest is below 3e-8.
 *
 * @param out Receives four numbers by the cosine, then four by the sine
 */
@inline
export function storeNormals(out: usize, first: v128, second: v128): void {
  const radius = f32x4.sqrt(times(ln(toUniform(first)), f32x4.splat(-2)));
  const quarter = i32x4.shr_s(i32x4.add(second, i32x4.splat(1 << 29)), 30);
  const rest = f32x4.convert_i32x4_s(i32x4.sub(second, i32x4.shl(quarter, 30)));
  const x = times(rest, f32x4.splat(<f32> (TWO_PI / 4294967296)));
  const q = times(x, x);
  let sine = plus(times(q, f32x4.splat(<f32> (1.0 / 362880))), <f32> (-1.0 / 5040));
  sine = plus(times(sine, q), <f32> (1.0 / 120));
  sine = plus(times(sine, q), <f32> (-1.0 / 6));
  sine = f32x4.add(times(times(sine, q), x), x);
  let cosine = plus(times(q, f32x4.splat(<f32> (1.0 / 40320))), <f32> (-1.0 / 720));
  cosine = plus(times(cosine, q), <f32> (1.0 / 24));
  cosine = plus(times(cosine, q), <f32> (-1.0 / 2));
  cosine = plus(times(cosine, q), 1);
  // Odd quarters swap the two; the sine changes sign in the second half, the cosine in the middle.
  const swap = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const sineSign = i32x4.shl(i32x4.shr_u(quarter, 1), 31);
  const cosineSign = i32x4.shl(i32x4.shr_u(i32x4.add(quarter, i32x4.splat(1)), 1), 31);
  const forCosine = v128.xor(v128.bitselect(sine, cosine, swap), cosineSign);
  const forSine = v128.xor(v128.bitselect(cosine, sine, swap), sineSign);
  v128.store(out, times(radius, forCosine));
  v128.store(out, times(radius, forSine), 16);
}
