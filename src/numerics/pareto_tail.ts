/**
 * The tail index of importance weights: a generalized Pareto distribution fitted to the largest of
 * them (Zhang and Stephens 2009), as Pareto-smoothed importance sampling reads it (Vehtari et al.
 * 2024, JMLR 25, 72). It says whether a weighted mean may be believed.
 */

/** Up to this tail index a weighted mean is reliable; above, its error is not known either. */
export const PARETO_LIMIT = 0.7;

/** Fewest weights in a tail for a fit (Vehtari et al. 2024). */
const FEWEST_IN_TAIL = 5;

/** Largest share of all weights that is called the tail. */
const TAIL_SHARE = 0.2;

/** Factor on the square root of the number of weights that gives the length of the tail. */
const TAIL_FACTOR = 3;

/** The shape of a generalized Pareto distribution, and what it takes to fit it. */
export interface ParetoTail {
  /**
   * The tail index k of some weights: moments of order below 1 / k exist.
   *
   * Weights that are all equal have no tail: -Infinity. Where no tail can be fitted, because weights
   * are too few or most of the largest are equal, it is Infinity.
   *
   * @param lnWeights Natural logs of the weights up to a constant, -Infinity for none
   * @param count How many of them are read
   */
  fit(lnWeights: Float64Array, count?: number): number;
}

/**
 * A fitter that uses its arrays again.
 *
 * @example Weights 1 / u of uniform u have the tail index 1
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { createParetoTail } from "./pareto_tail.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const lnWeights = Float64Array.from({ length: 20000 }, () => -Math.log(1 - random.uniform()));
 * assertAlmostEquals(createParetoTail().fit(lnWeights), 1, 0.2);
 * ```
 */
export function createParetoTail(): ParetoTail {
  let sorted = new Float64Array(0);
  return {
    fit(lnWeights, count = lnWeights.length) {
      if (sorted.length < count) sorted = new Float64Array(count);
      let within = 0;
      for (let i = 0; i < count; i++) {
        if (lnWeights[i]! > -Infinity) sorted[within++] = lnWeights[i]!;
      }
      const length = Math.min(
        Math.floor(TAIL_SHARE * within),
        Math.ceil(TAIL_FACTOR * Math.sqrt(within)),
      );
      if (length < FEWEST_IN_TAIL) return Infinity;
      const values = sorted.subarray(0, within);
      selectLargest(values, length + 1);
      const tail = values.subarray(within - length - 1).sort();
      const largest = tail[length]!;
      const edge = Math.exp(tail[0]! - largest);
      for (let i = 0; i < length; i++) tail[i] = Math.exp(tail[i + 1]! - largest) - edge;
      return tail[length - 1]! > 0 ? fitShape(tail.subarray(0, length)) : -Infinity;
    },
  };
}

/** Moves the largest values to the end, in no order (Hoare's selection). */
function selectLargest(values: Float64Array, count: number): void {
  const target = values.length - count;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const held = values[i]!;
      values[i++] = values[j]!;
      values[j--] = held;
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else return;
  }
}

/** Zhang and Stephens's choice of the prior on the scale. */
const PRIOR_SCALE = 3;

/** Weight, in exceedances, of the weak prior that pulls k to 0.5 (Vehtari et al. 2024). */
const PRIOR_COUNT = 10;

/** The posterior mean of the shape of a generalized Pareto distribution of ascending exceedances. */
function fitShape(exceedances: Float64Array): number {
  const n = exceedances.length;
  const candidates = 30 + Math.floor(Math.sqrt(n));
  const quartile = exceedances[Math.floor(n / 4 + 0.5) - 1]!;
  const last = exceedances[n - 1]!;
  if (!(quartile > 0)) return Infinity;
  const theta = new Float64Array(candidates);
  const lnProfile = new Float64Array(candidates);
  for (let j = 0; j < candidates; j++) {
    theta[j] = 1 / last + (1 - Math.sqrt(candidates / (j + 0.5))) / (PRIOR_SCALE * quartile);
    const shape = meanLog(exceedances, theta[j]!);
    lnProfile[j] = n * (Math.log(-theta[j]! / shape) - shape - 1);
  }
  let center = 0;
  for (let j = 0; j < candidates; j++) {
    let inverse = 0;
    for (let k = 0; k < candidates; k++) inverse += Math.exp(lnProfile[k]! - lnProfile[j]!);
    center += theta[j]! / inverse;
  }
  return (n * meanLog(exceedances, center) + PRIOR_COUNT * 0.5) / (n + PRIOR_COUNT);
}

/** Factors that are multiplied before a logarithm is taken, which takes most of the time. */
const FACTORS = 8;

/** Largest factor of which so many can be multiplied. */
const LARGEST_FACTOR = 1e30;

/** The mean of ln(1 - theta x) over ascending values. */
function meanLog(values: Float64Array, theta: number): number {
  const step = 1 - theta * values[values.length - 1]! < LARGEST_FACTOR ? FACTORS : 1;
  let sum = 0;
  for (let start = 0; start < values.length; start += step) {
    const end = Math.min(start + step, values.length);
    let product = 1;
    for (let i = start; i < end; i++) product *= 1 - theta * values[i]!;
    sum += Math.log(product);
  }
  return sum / values.length;
}
