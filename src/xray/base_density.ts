/**
 * The 3D gas density behind a row of the base sample: the model of gas_density.ts that has the row's
 * shell masses and slopes. This is the truth that a mock observation looks at, so observed and
 * drawn profiles describe the same clusters.
 *
 * @module
 */
import { type ClusterTable, SHELLS } from "../clusters/cluster_table.ts";
import type { Random } from "../numerics/random.ts";
import { addPriors, describeGas, differentiateGas } from "./density_fit.ts";
import {
  DENSITY_PARAMETERS,
  DENSITY_PRIORS,
  fromParameters,
  type Prior,
} from "./density_parameters.ts";
import { type DensityModel, totalGasMass } from "./gas_density.ts";
import { type Expansion, minimize } from "./levenberg_marquardt.ts";

/** Fig. 2's three kinds of core: whether the model has an inner part. */
export type CoreKind = "plain" | "cool";

/** How closely the model follows the row: half a percent of a shell's mass [dex]. */
const MASS_TOLERANCE = 0.002;
/** How closely it follows the slopes. */
const SLOPE_TOLERANCE = 0.02;

/** A plain core has no inner part to speak of: e^-12 of the main one. */
const PLAIN_INNER: readonly Prior[] = [
  { mean: -12, width: 0.01 },
  { mean: Math.log(0.04), width: 0.01 },
  { mean: 1, width: 0.01 },
];

/**
 * A cool core's inner part: about ten times the main part's scale within 0.02 to 0.05 R500, as in
 * the peaked clusters of Vikhlinin et al. (2006, their Table 2).
 */
const COOL_INNER = { lnRatio: Math.log(10), radius: Math.log(0.03), beta: 1 } as const;
const COOL_SPREAD = { lnRatio: 0.4, radius: 0.25, beta: 0.1 } as const;
/** Drawn values are held, not fitted: the shells say nothing about what is inside the first. */
const HELD = 0.01;

function coreInner(kind: CoreKind, random: Random): readonly Prior[] {
  if (kind === "plain") return PLAIN_INNER;
  return (["lnRatio", "radius", "beta"] as const).map((name) => ({
    mean: COOL_INNER[name] + COOL_SPREAD[name] * random.normal(),
    width: HELD,
  }));
}

/** Where the search begins, besides the scale. */
const START: readonly number[] = [Math.log(0.15), 0.6, 0.65, Math.log(0.8), 1];

/**
 * The density model of one row of a cluster table.
 *
 * The model follows the row's seven shell masses and seven slopes by least squares; its scale then
 * gives the row's total gas mass exactly.
 *
 * @param row Which cluster
 * @param r500 Its R500 [Mpc/h]
 * @param kind Whether to give it a cool core inside the first shell, at the same shell masses
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
  const inner = coreInner(kind, random);
  const priors = [...DENSITY_PRIORS.slice(0, 6), ...inner];
  const shape = [...START, ...inner.map(({ mean }) => mean)];
  const unscaled = totalGasMass(fromParameters([0, ...shape], r500), r500);
  const start = [2 * Math.LN10 * clusters.logGasMass[row]! - 2 * Math.log(unscaled), ...shape];
  const end = minimize((parameters) => shellExpansion(parameters, wanted, priors, r500), start);
  if (!end.converged) {
    throw new RangeError(
      `Cannot find a density for cluster ${row}: its shell masses and slopes are those of no model`,
    );
  }
  const model = fromParameters(end.parameters, r500);
  const ratio = (10 ** clusters.logGasMass[row]! / totalGasMass(model, r500)) ** 2;
  return {
    ...model,
    squaredScale: model.squaredScale * ratio,
    innerSquaredScale: kind === "plain" ? 0 : model.innerSquaredScale * ratio,
  };
}

function shellExpansion(
  parameters: Float64Array,
  wanted: Float64Array,
  priors: readonly (Prior | undefined)[],
  r500: number,
): Expansion {
  const size = DENSITY_PARAMETERS;
  const found = describeGas(fromParameters(parameters, r500), r500);
  const jacobian = differentiateGas(parameters, r500);
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  let objective = addPriors(parameters, priors, gradient, curvature);
  for (let i = 0; i < wanted.length; i++) {
    const tolerance = i < SHELLS ? MASS_TOLERANCE : SLOPE_TOLERANCE;
    const miss = (found[i]! - wanted[i]!) / tolerance;
    objective += miss * miss / 2;
    for (let p = 0; p < size; p++) {
      const slope = jacobian[i * size + p]! / tolerance;
      gradient[p]! += miss * slope;
      for (let q = 0; q < size; q++) {
        curvature[p * size + q]! += slope * jacobian[i * size + q]! / tolerance;
      }
    }
  }
  return { objective, gradient, curvature };
}
