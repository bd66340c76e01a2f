/**
 * Samples of a density in a few dimensions by an ensemble of walkers with stretch moves (Goodman
 * and Weare 2010, Comm. App. Math. Comp. Sci. 5, 65).
 *
 * The moves are unchanged by any linear map of the parameters, so no scales need tuning.
 */
import type { Random } from "./random.ts";

/** The natural log of a density at a point, up to a constant; -Infinity outside its support. */
export type LnDensity = (point: Float64Array) => number;

/** Lengths of a chain. */
export interface EnsembleOptions {
  /** Steps that are discarded first. */
  readonly burnIn: number;
  /** Steps that are kept after the burn-in. */
  readonly steps: number;
}

/** The walkers' paths through the parameters. */
export interface EnsembleChain {
  /** Number of walkers. */
  readonly walkers: number;
  /** Number of parameters. */
  readonly dimensions: number;
  /** Steps that were kept. */
  readonly steps: number;
  /** Points of the chain, [steps x walkers x dimensions]. */
  readonly points: Float64Array;
  /** Share of moves accepted; 0.2 to 0.5 is healthy. */
  readonly acceptance: number;
}

/** The stretch's scale: factors run from 1/2 to 2, the authors' choice. */
const STRETCH = 2;

/**
 * Runs the ensemble: in each step, each half of the walkers moves along lines to the other half.
 *
 * @example The mean of an exponential density is 1
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { sampleEnsemble } from "@clusters/terse/numerics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const start = Array.from({ length: 20 }, () => Float64Array.of(random.uniform()));
 * const lnDensity = ([x]: Float64Array) => x! > 0 ? -x! : -Infinity;
 * const chain = sampleEnsemble(lnDensity, start, { burnIn: 200, steps: 2000 }, random);
 * const mean = chain.points.reduce((sum, x) => sum + x, 0) / chain.points.length;
 * assertAlmostEquals(mean, 1, 0.05);
 * ```
 *
 * @param lnDensity Natural log of the density
 * @param start One point per walker, of finite log density, not all in one plane; an even number of
 * them, at least twice the dimensions
 * @param options Lengths of the burn-in and of the chain
 * @param random Draws every move: three blocks per walker and step
 * @throws {RangeError} If there are too few walkers or one starts where the density is 0
 */
export function sampleEnsemble(
  lnDensity: LnDensity,
  start: readonly Float64Array[],
  options: EnsembleOptions,
  random: Random,
): EnsembleChain {
  const walkers = start.length;
  const dimensions = start[0]?.length ?? 0;
  if (walkers % 2 !== 0 || walkers < 2 * dimensions || walkers === 0) {
    throw new RangeError(
      `Cannot sample: there are ${walkers} walkers in ${dimensions} dimensions, ` +
        "an even number of at least twice the dimensions is needed",
    );
  }
  const positions = start.map((point) => point.slice());
  const densities = positions.map(lnDensity);
  const outside = densities.findIndex((density) => !Number.isFinite(density));
  if (outside >= 0) {
    throw new RangeError(
      `Cannot sample: walker ${outside} starts where the log density is ${densities[outside]}, ` +
        "it should be finite",
    );
  }
  const points = new Float64Array(options.steps * walkers * dimensions);
  const proposal = new Float64Array(dimensions);
  const half = walkers / 2;
  let accepted = 0;
  for (let step = -options.burnIn; step < options.steps; step++) {
    for (let w = 0; w < walkers; w++) {
      const other = positions[(w < half ? half : 0) + random.integer(half)]!;
      const z = (1 + (STRETCH - 1) * random.uniform()) ** 2 / STRETCH;
      const position = positions[w]!;
      for (let d = 0; d < dimensions; d++) {
        proposal[d] = other[d]! + z * (position[d]! - other[d]!);
      }
      const density = lnDensity(proposal);
      const lnRatio = (dimensions - 1) * Math.log(z) + density - densities[w]!;
      if (Math.log(random.uniform()) < lnRatio) {
        position.set(proposal);
        densities[w] = density;
        if (step >= 0) accepted++;
      }
    }
    if (step >= 0) {
      positions.forEach((p, w) => points.set(p, (step * walkers + w) * dimensions));
    }
  }
  const acceptance = accepted / (options.steps * walkers);
  return { walkers, dimensions, steps: options.steps, points, acceptance };
}
