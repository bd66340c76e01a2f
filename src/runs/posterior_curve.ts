/** The density of a network's posterior of sigma8, as points of a curve. */
import { mixtureProbability, quantileOf } from "../evaluation/ensemble_posterior.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Architecture } from "../model.ts";
import type { TrainedModel } from "../network/trained_model.ts";

/** Points of a curve. */
export interface Curve {
  /** sigma8, ascending. */
  readonly sigma8: Float64Array;
  /** Probability per unit of sigma8. */
  readonly density: Float64Array;
}

/** Points of the curve, more than a screen shows bends. */
const POINTS = 160;

/** What is left out on either side. */
const TAIL = 1e-4;

/**
 * The posterior of one catalog.
 *
 * @returns `null` for a network that does not give a posterior of sigma8, or no finite one
 */
export async function drawPosterior(
  model: TrainedModel,
  outputs: Architecture["outputs"],
  features: FeatureArray,
): Promise<Curve | null> {
  if (outputs !== "mean and log variance") return null;
  const posterior = await model.predictDistribution([features]);
  if (!(posterior.standardDeviation[0]! > 0)) return null;
  const from = quantileOf(posterior, 0, TAIL);
  const step = (quantileOf(posterior, 0, 1 - TAIL) - from) / POINTS;
  const below = Float64Array.from(
    { length: POINTS + 1 },
    (_, i) => mixtureProbability([posterior], 0, from + i * step),
  );
  return {
    sigma8: Float64Array.from({ length: POINTS }, (_, i) => from + (i + 0.5) * step),
    density: Float64Array.from({ length: POINTS }, (_, i) => (below[i + 1]! - below[i]!) / step),
  };
}
