/** What an observation found, and the truth, as a record for JSON. */
import { SHELL_EDGES } from "../clusters/cluster_table.ts";
import type { DensityCandidate } from "../xray/density_fit.ts";
import { DENSITY_PARAMETERS } from "../xray/density_parameters.ts";
import type { DensityModel } from "../xray/gas_density.ts";
import { shellGasMasses, shellSlopes } from "../xray/gas_density.ts";
import type { Observation, Observatory } from "../xray/observe.ts";
import type { Quality } from "../xray/quality.ts";
import { QUALITIES } from "../xray/quality.ts";

/** A measured value, its error and the truth; the first two are null where nothing was measured. */
export interface Measured {
  readonly value: number | null;
  readonly error: number | null;
  readonly truth: number;
}

/** The measurements of one shell. */
export interface MeasuredShell {
  /** Outer edge of the shell [R500] */
  readonly edge: number;
  /** Gas mass of the shell, log10 [Msun/h] */
  readonly logGasMass: Measured;
  /** Logarithmic slope of the gas density, dlog rho / dlog r, at the outer edge. */
  readonly slope: Measured;
}

/** An observation in numbers; lengths in Mpc/h or, on the image, in pixels. */
export interface ObservationRecord {
  readonly quality: Quality;
  readonly reason: string;
  readonly r500: number;
  readonly pixel: number;
  readonly core: string;
  readonly photons: number;
  readonly maskedShare: number;
  readonly regions: Observation["substructure"]["regions"];
  /** The cluster's place and shape on the image, as found and in truth. */
  readonly shape: { readonly found: Shape; readonly truth: Shape };
  /** The density fit; null with too few photons. */
  readonly fit: FitRecord | null;
  readonly density: { readonly fit: DensityModel | null; readonly truth: DensityModel };
  readonly logGasMass: Measured;
  readonly shells: readonly MeasuredShell[];
}

interface Shape {
  readonly x: number;
  readonly y: number;
  readonly axisRatio: number;
  /** Angle from the x axis to the major axis [radian] */
  readonly positionAngle: number;
}

/** How a density fit ended. */
export interface FitRecord {
  readonly converged: boolean;
  readonly deviance: number;
  readonly degreesOfFreedom: number;
  readonly steps: number;
  /** The models without and with an inner part, the most probable first. */
  readonly candidates: readonly {
    readonly probability: number;
    readonly parameters: Readonly<Record<string, { value: number; error: number }>>;
  }[];
}

/** The fit's coordinates in order; radii are in R500, ln is natural. */
const COORDINATES: readonly string[] = [
  "lnSquaredScale",
  "lnCoreRadius",
  "cusp",
  "beta",
  "lnSteepeningRadius",
  "steepening",
  "lnInnerToMain",
  "lnInnerCoreRadius",
  "innerBeta",
];

/**
 * Describes an observation, each measurement with its truth.
 *
 * @param observatory The telescope, as it pointed
 * @param observation The image and what was measured on it
 */
export function describeObservation(
  { pointing }: Observatory,
  { truth, photons, quality, substructure, profile, fit, gas }: Observation,
): ObservationRecord {
  const { center, axisRatio, positionAngle } = truth.onSky;
  const masses = shellGasMasses(truth.density, truth.r500);
  const slopes = shellSlopes(truth.density, truth.r500);
  const measured = (value?: number, error?: number) => ({
    value: value ?? null,
    error: error ?? null,
  });
  return {
    quality,
    reason: QUALITIES[quality].reason,
    r500: truth.r500,
    pixel: pointing.pixel,
    core: truth.core,
    photons: photons.reduce((sum, n) => sum + n, 0),
    maskedShare: substructure.mask.reduce((sum, m) => sum + m, 0) / photons.length,
    regions: substructure.regions,
    shape: {
      found: {
        ...(profile?.center ?? substructure.center),
        axisRatio: substructure.axisRatio,
        positionAngle: substructure.positionAngle,
      },
      truth: { ...center, axisRatio, positionAngle },
    },
    fit: fit === undefined ? null : {
      converged: fit.converged,
      deviance: fit.deviance,
      degreesOfFreedom: fit.degreesOfFreedom,
      steps: fit.steps,
      candidates: fit.candidates.map(describeCandidate),
    },
    density: { fit: fit?.model ?? null, truth: truth.density },
    logGasMass: {
      ...measured(gas?.logGasMass, gas?.logGasMassError),
      truth: Math.log10(masses.reduce((sum, mass) => sum + mass, 0)),
    },
    shells: SHELL_EDGES.map((edge, i) => ({
      edge,
      logGasMass: {
        ...measured(gas?.logShellMasses[i], gas?.logShellMassErrors[i]),
        truth: Math.log10(masses[i]!),
      },
      slope: { ...measured(gas?.slopes[i], gas?.slopeErrors[i]), truth: slopes[i]! },
    })),
  };
}

function describeCandidate({ probability, parameters, covariance }: DensityCandidate) {
  const error = (p: number) => Math.sqrt(covariance[p * DENSITY_PARAMETERS + p]!);
  return {
    probability,
    parameters: Object.fromEntries(
      COORDINATES.map((name, p) => [name, { value: parameters[p]!, error: error(p) }]),
    ),
  };
}
