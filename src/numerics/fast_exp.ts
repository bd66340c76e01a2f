/**
 * The exponential for loops of millions, to two units of the last digit: the language's own is rounded
 * correctly, and takes twice as long.
 */

/** Steps of the table of powers of 2 between 1 and 2. */
const STEPS = 256;

/** 2^(i / STEPS). */
const POWERS = Float64Array.from({ length: STEPS }, (_, i) => 2 ** (i / STEPS));

/** Beyond this |x| the power is not a normal number, and the language's function is called. */
const REACH = 700;

/** Whole powers of 2, from the least that is needed. */
const LEAST_POWER = -1024;
const WHOLE = Float64Array.from({ length: 2048 }, (_, i) => 2 ** (i + LEAST_POWER));

/** STEPS / ln 2, and ln 2 / STEPS as the sum of two numbers, of which the first has few digits. */
const PER_UNIT = STEPS / Math.LN2;
const STEP_HIGH = Math.fround(Math.LN2 / STEPS);
const STEP_LOW = -7.440055859210031e-12;

/** Added and taken away again, it rounds to a whole number. */
const ROUNDER = 1.5 * 2 ** 52;

/** e^x, to two units of the last digit; 0, Infinity and NaN where `Math.exp` has them. */
export function fastExp(x: number): number {
  if (!(x > -REACH && x < REACH)) return Math.exp(x);
  const whole = x * PER_UNIT + ROUNDER - ROUNDER;
  const rest = x - whole * STEP_HIGH - whole * STEP_LOW;
  const k = whole | 0;
  const power = POWERS[k & (STEPS - 1)]!;
  const more = rest * (1 + rest * (0.5 + rest * (1 / 6 + rest * (1 / 24))));
  return (power + power * more) * WHOLE[(k >> 8) - LEAST_POWER]!;
}
