/**
 * The normal distribution for loops of millions: its probability from a table, its quantile from
 * one rational function. `distributions.ts` holds the slower functions that are exact to rounding.
 */
import { normalProbability } from "./distributions.ts";

/** Beyond this |z| the probability is 0 or 1 to 1e-17. */
const REACH = 8.5;

/** Table steps per unit of z. */
const STEPS = 64;

const LAST = 2 * REACH * STEPS;

const PROBABILITY = Float64Array.from(
  { length: LAST + 2 },
  (_, i) => normalProbability(i / STEPS - REACH),
);

/** Slopes over a step. */
const SLOPE = Float64Array.from(
  { length: LAST + 2 },
  (_, i) => Math.exp(-((i / STEPS - REACH) ** 2) / 2) / Math.sqrt(2 * Math.PI) / STEPS,
);

/** A function at equal steps from -reach to reach, cubic in between. */
export interface CubicTable {
  /** Where the table ends on either side. */
  readonly reach: number;
  /** Steps to a unit. */
  readonly steps: number;
  /** Values at the steps, and one more after the last. */
  readonly values: Float64Array;
  /** Slopes over a step. */
  readonly slopes: Float64Array;
}

/** The table of {@linkcode fastNormalProbability}, for a WASM core. */
export const NORMAL_TABLE: CubicTable = {
  reach: REACH,
  steps: STEPS,
  values: PROBABILITY,
  slopes: SLOPE,
};

/**
 * The probability that a standard normal number is below `z`: cubic between steps of 1/64, with an
 * error below 3e-10, and in the lower tail below 1e-6 of itself. 0 below -8.5 and 1 above 8.5.
 */
export function fastNormalProbability(z: number): number {
  if (z <= -REACH) return 0;
  if (z >= REACH) return 1;
  const at = (z + REACH) * STEPS;
  const i = at | 0;
  const t = at - i;
  const low = PROBABILITY[i]!;
  const rise = PROBABILITY[i + 1]! - low;
  const a = SLOPE[i]!;
  const b = SLOPE[i + 1]!;
  return low + t * (a + t * (3 * rise - 2 * a - b + t * (a + b - 2 * rise)));
}

/**
 * The inverse of the normal probability, to 1e-15 of itself for p from 1e-300 (Wichura 1988,
 * Applied Statistics 37, 477: algorithm AS 241, PPND16).
 *
 * @param p Above 0 and below 1
 */
export function fastNormalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q *
      (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
                        45921.953931549871457) * r + 13731.693765509461125) * r +
                1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608) /
      (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
                        21213.794301586595867) * r + 5394.1960214247511077) * r +
                687.1870074920579083) * r + 42.313330701600911252) * r + 1);
  }
  const root = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  let value: number;
  if (root <= 5) {
    const r = root - 1.6;
    value = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r +
                          0.24178072517745061177) * r + 1.27045825245236838258) * r +
                  3.64784832476320460504) * r + 5.7694972214606914055) * r +
          4.6303378461565452959) *
        r + 1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r +
                            0.0151986665636164571966) * r + 0.14810397642748007459) * r +
                    0.68976733498510000455) * r + 1.6763848301838038494) * r +
            2.05319162663775882187) *
          r + 1);
  } else {
    const r = root - 5;
    value = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r +
                          0.0012426609473880784386) * r + 0.026532189526576123093) * r +
                  0.29656057182850489123) * r + 1.7848265399172913358) * r +
          5.4637849111641143699) *
        r + 6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r +
                            1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r +
                    0.0148753612908506148525) * r + 0.13692988092273580531) * r +
            0.59983220655588793769) * r + 1);
  }
  return q < 0 ? -value : value;
}
