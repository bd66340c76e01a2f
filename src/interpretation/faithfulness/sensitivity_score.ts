/**
 * What an encoder responds to: temperature, gas mass at fixed profile shape, and the shape modes of
 * the profiles. The optimum has no response to shape, and a fixed ratio of the other two.
 */
import { decomposeSymmetric, momentsOfRows } from "../../numerics/eigen.ts";
import { standardDeviation } from "../../numerics/statistics.ts";
import type { Columns } from "../columns.ts";
import type { OptimalGradient } from "../exact/optimal_gradient.ts";
import type { JudgedClusters, PixelDirections } from "./judged_clusters.ts";
import { cosine, dot, meanGradient } from "./judged_clusters.ts";

/** Weight of log T over that of log Mgas. */
export interface WeightScore {
  /** The network's; `null` if it does not respond to gas mass at all. */
  readonly found: number | null;
  /** The optimum's. */
  readonly optimal: number;
}

/** Responses of the mean gradient, each times the spread of what it responds to. */
export interface SensitivityComparison {
  /** The weights. */
  readonly weights: WeightScore;
  /** Sensitivities of the network, of unit length: temperature, gas mass, then shape modes. */
  readonly network: Float64Array;
  /** Sensitivities of the optimum, of unit length, in the same order. */
  readonly optimal: Float64Array;
  /** Their cosine. */
  readonly cosine: number;
  /** Length of the network's shape responses: 0 at the optimum, 1 for nothing else. */
  readonly shapeLeakage: number;
}

/**
 * Splits the mean gradient into responses. Shape modes are the principal axes of the pixels from
 * which temperature and gas mass are taken away; as many as the pixels have axes beyond these two.
 */
export function compareSensitivities(
  judged: JudgedClusters,
  directions: PixelDirections,
  { weights, axes }: OptimalGradient,
): SensitivityComparison {
  const { table, width, pixels } = judged;
  const { temperature, gasMass } = directions;
  const gradient = meanGradient(judged);
  const shapes = new Float64Array(pixels.length);
  for (let i = 0; i < table.count; i++) {
    for (let p = 0; p < width; p++) {
      shapes[i * width + p] = pixels[i * width + p]! -
        temperature[p]! * table.logTemperature[i]! - gasMass[p]! * table.logGasMass[i]!;
    }
  }
  const { covariance } = momentsOfRows(shapes, width);
  const modes = decomposeSymmetric(covariance, width);
  const count = Math.max(0, axes.count - 2);
  const shapeResponses = Array.from({ length: count }, (_, k) => {
    const spread = Math.sqrt(Math.max(modes.values[k]!, 0));
    return spread * dot(gradient, modes.vectors.subarray(k * width, (k + 1) * width));
  });
  const spreadT = standardDeviation(table.logTemperature);
  const spreadG = standardDeviation(table.logGasMass);
  const [toT, toG] = [dot(gradient, temperature), dot(gradient, gasMass)];
  const network = unit([toT * spreadT, toG * spreadG, ...shapeResponses]);
  const optimal = unit([
    weights.temperature * spreadT,
    weights.gasMass * spreadG,
    ...shapeResponses.map(() => 0),
  ]);
  return {
    weights: {
      found: toG === 0 ? null : toT / toG,
      optimal: weights.temperature / weights.gasMass,
    },
    network,
    optimal,
    cosine: cosine(network, optimal),
    shapeLeakage: Math.hypot(...network.subarray(2)),
  };
}

function unit(values: readonly number[]): Float64Array {
  const length = Math.hypot(...values);
  return Float64Array.from(values, (value) => length > 0 ? value / length : 0);
}

/** A row per response: 0 temperature, 1 gas mass at fixed shape, then shape modes. */
export function sensitivityColumns({ network, optimal }: SensitivityComparison): Columns {
  return { response: network.map((_, k) => k), network, optimal };
}
