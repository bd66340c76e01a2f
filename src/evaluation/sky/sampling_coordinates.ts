/**
 * The coordinates in which posteriors are sampled: S8 and omegaM as they are, in units of their box's
 * standard deviation, and all else as standard normal numbers.
 *
 * A likelihood that presses against the end of the box has a long, bent tail in standard normal numbers,
 * which importance sampling misses; as it is, it is a Gaussian with an end.
 */
import { SKY_PARAMETER_NAMES, type SkyPriors } from "../../catalogs/sky/parameters.ts";
import { factorCholesky, multiplyLower } from "../../numerics/cholesky.ts";
import type { LnDensity } from "../../numerics/ensemble_sampler.ts";
import { fastNormalProbability, fastNormalQuantile } from "../../numerics/fast_normal.ts";
import { type PointMoments, weightedMoments } from "../../numerics/importance_sampler.ts";
import type { Random } from "../../numerics/random.ts";

/** Parameters that are sampled in their own units, if they have a box. */
const PLAIN = ["S8", "omegaM"] as const;

/** Width of a uniform distribution in standard deviations. */
const BOX = Math.sqrt(12);

/** Number of points by which moments are mapped. */
const MAPPED = 1000;

/** The map between standard normal numbers and the coordinates. */
export interface SamplingCoordinates {
  /** The standard normal numbers at a point; null beyond the box. */
  toNormal(point: Float64Array): Float64Array | null;
  /** The density by coordinates from the density by standard normal numbers. */
  density(lnDensity: LnDensity): LnDensity;
  /** Moments in the coordinates of a Gaussian of standard normal numbers, from sampled points. */
  moments(normal: PointMoments, random: Random): PointMoments;
}

/** The coordinates for some priors. */
export function samplingCoordinates(priors: SkyPriors): SamplingCoordinates {
  const boxed = PLAIN.filter((name) => priors[name].kind === "uniform")
    .map((name) => SKY_PARAMETER_NAMES.indexOf(name));
  const toNormal = (point: Float64Array): Float64Array | null => {
    const normal = point.slice();
    for (const d of boxed) {
      const share = point[d]! / BOX + 0.5;
      if (!(share > 0 && share < 1)) return null;
      normal[d] = fastNormalQuantile(share);
    }
    return normal;
  };
  return {
    toNormal,
    density: (lnDensity) => (point) => {
      const normal = toNormal(point);
      if (normal === null) return -Infinity;
      // The box's density is even where that of the normal number is not.
      return boxed.reduce((sum, d) => sum + normal[d]! ** 2 / 2, lnDensity(normal));
    },
    moments: ({ mean, covariance }, random) => {
      const dimensions = mean.length;
      const factor = factorCholesky(covariance, dimensions);
      if (factor === null) {
        throw new RangeError(
          "Cannot sample: the pilot's covariance is degenerate, it should be positive definite",
        );
      }
      const points = new Float64Array(MAPPED * dimensions);
      for (let i = 0; i < MAPPED; i++) {
        const drawn = Float64Array.from({ length: dimensions }, () => random.normal());
        const point = multiplyLower(factor, drawn).map((value, d) => value + mean[d]!);
        for (const d of boxed) point[d] = (fastNormalProbability(point[d]!) - 0.5) * BOX;
        points.set(point, i * dimensions);
      }
      const weights = new Float64Array(MAPPED).fill(1 / MAPPED);
      return weightedMoments({ dimensions, points, weights });
    },
  };
}
