/**
 * How the posterior moves with what was measured of one cluster: the derivative of a posterior mean
 * by ln flux, ln T, ln gas mass and ln M_WL, and what the lensing mass of one cluster does.
 */
import { countLensing } from "../../catalogs/sky/lensing.ts";
import type { SkyParameters } from "../../catalogs/sky/parameters.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import { reweight } from "./influence.ts";
import { prepareSkyLikelihood } from "./likelihood.ts";
import { type SkyPosterior, summarizeSky } from "./posterior.ts";

/** What is measured of a cluster in addition to its redshift. */
export type SkyObservable = "flux" | "temperature" | "gasMass" | "lensingMass";

/** Derivatives by cluster, NaN where the observable was not measured. */
export type SkySensitivity = Readonly<Record<SkyObservable, Float64Array>>;

/** Step of the central differences in ln. */
const STEP = 1e-4;

/** Points of the posterior that derivatives are taken at: they are good to some 3%. */
const MOST_POINTS = 1500;

/** A catalog with one column moved in ln, and where it was measured. */
interface Moved {
  move(by: number): SkyClusters;
  isMeasured(row: number): boolean;
}

function movable(clusters: SkyClusters): Readonly<Record<SkyObservable, Moved>> {
  const { lnFlux, lnTemperature, lnGasMass, lensing } = clusters;
  const add = (column: Float64Array, by: number) => column.map((ln) => ln + by);
  const known = (errors: Float64Array | undefined) => (row: number) =>
    errors !== undefined && errors[row]! < MISSING_ERROR;
  return {
    flux: {
      move: (by) => ({ ...clusters, lnFlux: add(lnFlux, by) }),
      isMeasured: () => true,
    },
    temperature: {
      move: (by) => ({ ...clusters, lnTemperature: add(lnTemperature, by) }),
      isMeasured: known(clusters.lnTemperatureError),
    },
    gasMass: {
      move: (by) => ({ ...clusters, lnGasMass: add(lnGasMass, by) }),
      isMeasured: known(clusters.lnGasMassError),
    },
    lensingMass: {
      move: (by) =>
        lensing === undefined
          ? clusters
          : { ...clusters, lensing: { ...lensing, lnMass: add(lensing.lnMass, by) } },
      isMeasured: known(lensing?.lnMassError),
    },
  };
}

/**
 * The derivative of a posterior mean, in posterior widths, by each number that was measured: with weights
 * w of the posterior's points it is the covariance of the quantity and d ln f_i / d ln x_i.
 *
 * The flux moves the luminosity of its cluster; whether the survey finds the cluster does not change.
 *
 * @param quantity Such as `sigma8Of`
 */
export function senseSky(
  posterior: SkyPosterior,
  survey: SkySurvey,
  clusters: SkyClusters,
  quantity: (parameters: SkyParameters) => number,
): SkySensitivity {
  const { mean, deviation } = summarizeSky(posterior, quantity);
  const points = choosePoints(posterior);
  const count = clusters.redshift.length;
  const columns = movable(clusters);
  const derive = ({ move, isMeasured }: Moved): Float64Array => {
    const rows = Array.from({ length: count }, (_, row) => row);
    if (!rows.some(isMeasured)) return new Float64Array(count).fill(NaN);
    const [up, down] = [STEP, -STEP].map((by) => prepareSkyLikelihood(survey, move(by)));
    const [above, below] = [new Float64Array(count), new Float64Array(count)];
    const slope = new Float64Array(count);
    const covariance = new Float64Array(count);
    for (const { parameters, weight } of points) {
      up!.lnDensities(parameters, above);
      down!.lnDensities(parameters, below);
      const distance = weight * (quantity(parameters) - mean);
      for (let i = 0; i < count; i++) {
        const own = (above[i]! - below[i]!) / (2 * STEP);
        slope[i]! += weight * own;
        covariance[i]! += distance * own;
      }
    }
    const shift = points.reduce(
      (sum, { parameters, weight }) => sum + weight * (quantity(parameters) - mean),
      0,
    );
    return covariance.map((value, i) =>
      isMeasured(i) ? (value - shift * slope[i]!) / deviation : NaN
    );
  };
  return {
    flux: derive(columns.flux),
    temperature: derive(columns.temperature),
    gasMass: derive(columns.gasMass),
    lensingMass: derive(columns.lensingMass),
  };
}

/** Points of equal weight that stand for the posterior's, at even steps through their weights. */
function choosePoints(
  { parameters, weights }: SkyPosterior,
): { readonly parameters: SkyParameters; readonly weight: number }[] {
  if (weights.length <= MOST_POINTS) {
    return parameters.map((own, i) => ({ parameters: own, weight: weights[i]! }));
  }
  const chosen: { parameters: SkyParameters; weight: number }[] = [];
  let below = 0;
  parameters.forEach((own, i) => {
    below += weights[i]!;
    while (chosen.length < MOST_POINTS && (chosen.length + 0.5) / MOST_POINTS <= below) {
      chosen.push({ parameters: own, weight: 1 / MOST_POINTS });
    }
  });
  return chosen;
}

/** The catalog without lensing masses. */
export function withoutLensing({ lensing: _, ...clusters }: SkyClusters): SkyClusters {
  return clusters;
}

/**
 * Change of a posterior mean, in posterior widths, when one cluster's lensing mass is left out and all
 * else of it stays; NaN for clusters without one.
 */
export function leaveLensingOut(
  posterior: SkyPosterior,
  survey: SkySurvey,
  clusters: SkyClusters,
  quantity: (parameters: SkyParameters) => number,
): Float64Array {
  const count = clusters.redshift.length;
  const changes = new Float64Array(count).fill(NaN);
  if (countLensing(clusters.lensing) === 0) return changes;
  const whole = prepareSkyLikelihood(survey, clusters);
  const bare = prepareSkyLikelihood(survey, withoutLensing(clusters));
  const points = posterior.weights.length;
  const ratios = new Float64Array(points * count);
  const [own, other] = [new Float64Array(count), new Float64Array(count)];
  posterior.parameters.forEach((parameters, point) => {
    if (posterior.weights[point]! === 0) return;
    whole.lnDensities(parameters, own);
    bare.lnDensities(parameters, other);
    for (let i = 0; i < count; i++) ratios[point * count + i] = other[i]! - own[i]!;
  });
  const { mean, deviation } = summarizeSky(posterior, quantity);
  for (let row = 0; row < count; row++) {
    if (!(clusters.lensing!.lnMassError[row]! < MISSING_ERROR)) continue;
    const change = Float64Array.from({ length: points }, (_, p) => ratios[p * count + row]!);
    const { weights } = reweight(posterior, change);
    changes[row] = (summarizeSky(posterior, quantity, weights).mean - mean) / deviation;
  }
  return changes;
}
