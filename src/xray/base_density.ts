/**
 * The 3D gas density behind a row of the base sample: the model of gas_density.ts that has the
 * row's shell masses and slopes. This is the truth that a mock observation looks at, so observed
 * and drawn profiles describe the same clusters.
 */
import { type ClusterTable, SHELLS } from "../clusters/cluster_table.ts";
import type { Random } from "../numerics/random.ts";
import { addPriors } from "./density_fit.ts";
import { describeGas, differentiateGas } from "./gas_measurement.ts";
import {
  DENSITY_PRIORS,
  fromParameters,
  MAIN_PARAMETERS,
  NO_INNER,
  type Prior,
} from "./density_parameters.ts";
import { type DensityModel, totalGasMass } from "./gas_density.ts";
import { type Expansion, minimize } from "./levenberg_marquardt.ts";

/** Fig. 2's kinds of core: "cool" adds an inner part to the model. */
export type CoreKind = "plain" | "cool";

/** Tolerance of the fit to the shell masses, half a percent [dex]. */
const MASS_TOLERANCE = 0.002;
/** Tolerance of the fit to the slopes. */
const SLOPE_TOLERANCE = 0.02;
/** Largest accepted misfit in tolerances; a row that no model follows to this is no cluster. */
const GIVE_UP = 10;

/** Priors of the shape, as in a fit to photons, but with cusps weaker than r^-2 in emission. */
const SHAPE_PRIORS: readonly (Prior | undefined)[] = DENSITY_PRIORS.slice(0, MAIN_PARAMETERS)
  .with(2, { mean: 0.6, width: 0.4 });

/**
 * A cool core's inner part: about ten times the main part's scale within 0.02 to 0.05 R500, as in
 * the peaked clusters of Vikhlinin et al. (2006, their Table 2). Half the width of the fit's priors.
 */
const COOL_INNER: readonly Prior[] = [
  { mean: Math.log(10), width: 0.4 },
  { mean: Math.log(0.03), width: 0.25 },
  { mean: 1, width: 0.1 },
];

/** Start values of the search, in addition to the scale. */
const START: readonly number[] = [Math.log(0.15), 0.6, 0.65, Math.log(0.8), 1];

/**
 * Whether a cluster has a cool core: if its slope at the core shell's edge is below a limit.
 *
 * @param limit Limit on dlog rho / dlog r; -Infinity for no cool cores at all
 */
export function coreOfCluster(clusters: ClusterTable, row: number, limit: number): CoreKind {
  return clusters.gasSlopeProfile[row * SHELLS]! < limit ? "cool" : "plain";
}

/**
 * The density model of one row of a cluster table.
 *
 * The model follows the row's seven shell masses and seven slopes by least squares; its scale then
 * gives the row's total gas mass exactly.
 *
 * @param row Row of the cluster
 * @param r500 Its R500 [Mpc/h]
 * @param kind "cool" adds a cool core inside the first shell, at the same shell masses
 * @param random Draws the shape of a cool core; not used by a plain one
 * @throws {RangeError} If no model comes near the row
 */
export function densityOfCluster(
  clusters: ClusterTable,
  row: number,
  r500: number,
  { kind, random }: { readonly kind: CoreKind; readonly random: Random },
): DensityModel {
  const wanted = Float64Array.of(
    ...clusters.logGasMassProfile.subarray(row * SHELLS, (row + 1) * SHELLS),
    ...clusters.gasSlopeProfile.subarray(row * SHELLS, (row + 1) * SHELLS),
  );
  const inner = kind === "plain"
    ? NO_INNER
    : COOL_INNER.map(({ mean, width }) => mean + width * random.normal());
  const unscaled = totalGasMass(fromParameters([0, ...START, ...inner], r500), r500);
  const start = [2 * Math.LN10 * clusters.logGasMass[row]! - 2 * Math.log(unscaled), ...START];
  const end = minimize(
    (fitted) => shellExpansion(Float64Array.of(...fitted, ...inner), wanted, r500),
    start,
  );
  const model = fromParameters([...end.parameters, ...inner], r500);
  const miss = missesOf(describeGas(model, r500), wanted);
  if (!miss.every((sigmas) => Math.abs(sigmas) < GIVE_UP * 2)) {
    throw new RangeError(
      `Cannot find a density for cluster ${row}: no model has its shell masses and slopes`,
    );
  }
  const ratio = (10 ** clusters.logGasMass[row]! / totalGasMass(model, r500)) ** 2;
  return {
    ...model,
    squaredScale: model.squaredScale * ratio,
    innerSquaredScale: kind === "plain" ? 0 : model.innerSquaredScale * ratio,
  };
}

/** Misfits in units of the tolerances, one per shell mass and one per slope. */
function missesOf(found: Float64Array, wanted: Float64Array): Float64Array {
  return wanted.map((value, i) =>
    (found[i]! - value) / (i < SHELLS ? MASS_TOLERANCE : SLOPE_TOLERANCE)
  );
}

function shellExpansion(
  parameters: Float64Array,
  wanted: Float64Array,
  r500: number,
): Expansion {
  const misses = missesOf(describeGas(fromParameters(parameters, r500), r500), wanted);
  const jacobian = differentiateGas(parameters, r500, MAIN_PARAMETERS);
  const gradient = new Float64Array(MAIN_PARAMETERS);
  const curvature = new Float64Array(MAIN_PARAMETERS * MAIN_PARAMETERS);
  let objective = addPriors(parameters, SHAPE_PRIORS, gradient, curvature);
  misses.forEach((miss, i) => {
    const tolerance = i < SHELLS ? MASS_TOLERANCE : SLOPE_TOLERANCE;
    objective += miss * miss / 2;
    for (let p = 0; p < MAIN_PARAMETERS; p++) {
      const slope = jacobian[i * MAIN_PARAMETERS + p]! / tolerance;
      gradient[p]! += miss * slope;
      for (let q = 0; q < MAIN_PARAMETERS; q++) {
        curvature[p * MAIN_PARAMETERS + q]! += slope * jacobian[i * MAIN_PARAMETERS + q]! /
          tolerance;
      }
    }
  });
  return { objective, gradient, curvature };
}
