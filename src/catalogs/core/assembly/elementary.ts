/**
 * Logarithm, sine and cosine of four float32 numbers. Plain IEEE products and sums, never fused, so
 * that the bits are the same on every machine.
 */

/** sqrt(1/2) as bits: mantissas are taken from there to sqrt 2. */
const HALF_ROOT: i32 = 0x3f3504f3;
const LN_2: f32 = 0.6931471805599453;
/** Of 2^-32 turns. */
const RADIANS: f32 = 1.4629180792671596e-9;

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
function toUniform(words: v128): v128 {
  const whole = f32x4.convert_i32x4_s(i32x4.shr_u(words, 1));
  return times(plus(whole, 0.5), f32x4.splat(4.656612873077393e-10));
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
  return f32x4.div(plus(m, -1), plus(m, 1));
}

@inline
function joinParts(exponent: v128, s: v128, tail: v128): v128 {
  const whole = times(f32x4.convert_i32x4_s(exponent), f32x4.splat(LN_2));
  return f32x4.add(whole, f32x4.add(tail, f32x4.add(s, s)));
}

/**
 * ln u of the uniform numbers of twelve words: ln m = 2 artanh s, by its series to s^9, of which the
 * rest is below 4e-10 of the result. Three go side by side, as in threefry.ts.
 *
 * @param out Receives 48 bytes
 */
@inline
export function storeLogarithms(out: usize, wordsA: v128, wordsB: v128, wordsC: v128): void {
  const a = toUniform(wordsA), b = toUniform(wordsB), c = toUniform(wordsC);
  const ea = exponentOf(a), eb = exponentOf(b), ec = exponentOf(c);
  const sa = reduce(a, ea), sb = reduce(b, eb), sc = reduce(c, ec);
  const qa = times(sa, sa), qb = times(sb, sb), qc = times(sc, sc);
  const ninth = f32x4.splat(<f32> (2.0 / 9));
  let ta = plus(times(qa, ninth), <f32> (2.0 / 7));
  let tb = plus(times(qb, ninth), <f32> (2.0 / 7));
  let tc = plus(times(qc, ninth), <f32> (2.0 / 7));
  ta = plus(times(ta, qa), <f32> (2.0 / 5));
  tb = plus(times(tb, qb), <f32> (2.0 / 5));
  tc = plus(times(tc, qc), <f32> (2.0 / 5));
  ta = plus(times(ta, qa), <f32> (2.0 / 3));
  tb = plus(times(tb, qb), <f32> (2.0 / 3));
  tc = plus(times(tc, qc), <f32> (2.0 / 3));
  v128.store(out, joinParts(ea, sa, times(times(ta, qa), sa)));
  v128.store(out, joinParts(eb, sb, times(times(tb, qb), sb)), 16);
  v128.store(out, joinParts(ec, sc, times(times(tc, qc), sc)), 32);
}

/**
 * Eight normal numbers (Box and Muller 1958). A word is an angle in 2^-32 turns; what is left of it
 * within an eighth turn of a quarter goes into Taylor series to the ninth and eighth power, of which
 * the rest is below 3e-8.
 *
 * @param out Receives four numbers by the cosine, then four by the sine
 * @param logarithms ln of uniform numbers
 * @param words The angles
 */
@inline
export function storeNormals(out: usize, logarithms: v128, words: v128): void {
  const radius = f32x4.sqrt(times(logarithms, f32x4.splat(-2)));
  const quarter = i32x4.shr_s(i32x4.add(words, i32x4.splat(1 << 29)), 30);
  const rest = f32x4.convert_i32x4_s(i32x4.sub(words, i32x4.shl(quarter, 30)));
  const x = times(rest, f32x4.splat(RADIANS));
  const q = times(x, x);
  let sine = plus(times(q, f32x4.splat(<f32> (1.0 / 362880))), <f32> (-1.0 / 5040));
  let cosine = plus(times(q, f32x4.splat(<f32> (1.0 / 40320))), <f32> (-1.0 / 720));
  sine = plus(times(sine, q), <f32> (1.0 / 120));
  cosine = plus(times(cosine, q), <f32> (1.0 / 24));
  sine = plus(times(sine, q), <f32> (-1.0 / 6));
  cosine = plus(times(cosine, q), <f32> (-1.0 / 2));
  sine = f32x4.add(times(times(sine, q), x), x);
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
