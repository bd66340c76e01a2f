/**
 * Expected number of clusters of a survey on the sky, in bins of redshift, flux and mass, and its
 * selection function.
 */
import {
  FINE_NODES,
  fluxWidth,
  prepareSkyAbundance,
  type SkySelection,
} from "../../catalogs/sky/abundance.ts";
import { detectedShare, detectionRow } from "../../catalogs/sky/detection.ts";
import type { SkyParameters } from "../../catalogs/sky/parameters.ts";
import { sigma8Of } from "../../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import {
  GRID_LN_MASS,
  GRID_LN_STEP,
  GRID_MASSES,
  tableCosmology,
} from "../../cosmology/abundance_table.ts";
import { expansionRate } from "../../cosmology/fast_distance.ts";
import { meanLnFluxRatio } from "./mean_flux.ts";
import { fastNormalProbability } from "../../numerics/fast_normal.ts";

/** Expected clusters in bins. */
export interface SkyHistogram {
  /** Edges of the bins, ascending, one more than bins. */
  readonly edges: Float64Array;
  /** Clusters expected in each bin. */
  readonly expected: Float64Array;
}

/** Probability of detection by mass at one redshift. */
export interface SkySelectionCurve {
  /** The redshift. */
  readonly redshift: number;
  /** Probability at each mass of {@linkcode SkyDistributions.logMass}. */
  readonly probability: Float64Array;
}

/** Distributions of the clusters that a survey finds at some parameters. */
export interface SkyDistributions {
  /** Distribution of redshifts. */
  readonly redshift: SkyHistogram;
  /** Distribution of log10 observed flux [1e-12 erg/s/cm2]. */
  readonly logFlux: SkyHistogram;
  /** Distribution of log10 M500 [Msun/h]. */
  readonly logMass: SkyHistogram;
  /** log10 M500 [Msun/h] at which the selection function is given. */
  readonly selectionLogMass: Float64Array;
  /** The selection function at several redshifts. */
  readonly selection: readonly SkySelectionCurve[];
}

/** Bins of each histogram. */
const BINS = 20;

/** Number of redshifts of the selection function. */
const CURVES = 4;

/** Range of log10 M500 in figures. */
const LOG_MASS: readonly [number, number] = [12.8, 15.8];

/**
 * Expected distributions; the arguments must have been checked. A library of offsets is not
 * supported.
 */
export function distributeSky(
  survey: SkySurvey,
  parameters: SkyParameters,
  selection: Pick<SkySelection, "detection"> = {},
): SkyDistributions {
  const abundance = prepareSkyAbundance(survey, FINE_NODES, selection);
  const rates = abundance.compute(parameters);
  const rate = expansionRate(tableCosmology(parameters.omegaM, sigma8Of(parameters)));
  const width = fluxWidth(survey, parameters);
  const logLimit = Math.log10(survey.fluxLimit);
  const redshift = layBins(survey.redshiftMin, survey.redshiftMax);
  const logFlux = layBins(logLimit, logLimit + 2);
  const logMass = layBins(...LOG_MASS);
  /** Probabilities of detection in each bin of flux, and in all bins. */
  const fluxShares = (z: number, lnMass: number): { bins: Float64Array; all: number } => {
    const x = meanLnFluxRatio(survey, parameters, rate, z, lnMass);
    const above = logFlux.edges.map((edge) =>
      fastNormalProbability((x - (edge - logLimit) * Math.LN10) / width)
    );
    const bins = Float64Array.from({ length: BINS }, (_, b) => above[b]! - above[b + 1]!);
    if (selection.detection === undefined) return { bins, all: above[0]! };
    const row = detectionRow(selection.detection, survey.fluxLimit, z);
    const all = detectedShare(row, x, width);
    const shares = bins.map((share, b) => {
      const middle = ((logFlux.edges[b]! + logFlux.edges[b + 1]!) / 2 - logLimit) * Math.LN10;
      return share * detectedShare(row, middle, 1e-3);
    });
    return { bins: shares, all };
  };
  abundance.redshifts.forEach((z, j) => {
    let sum = 0;
    for (let k = 0; k < GRID_MASSES; k++) sum += rates.detected[j * GRID_MASSES + k]!;
    if (sum === 0) return;
    const perCount = abundance.weights[j]! * rates.perLnRedshift[j]! / sum;
    for (let k = 0; k < GRID_MASSES; k++) {
      const count = perCount * rates.detected[j * GRID_MASSES + k]!;
      if (count < 1e-9) continue;
      spread(logMass, GRID_LN_MASS[k]! / Math.LN10, GRID_LN_STEP / Math.LN10, count);
      const { bins, all } = fluxShares(z, GRID_LN_MASS[k]!);
      bins.forEach((share, b) => logFlux.expected[b]! += count * share / all);
    }
  });
  // Redshift bins are integrated one by one, since the nodes cover the whole range.
  for (let b = 0; b < BINS; b++) {
    const part = {
      ...survey,
      redshiftMin: redshift.edges[b]!,
      redshiftMax: redshift.edges[b + 1]!,
    };
    const nodes = { kind: "legendre", count: 6 } as const;
    redshift.expected[b] = prepareSkyAbundance(part, nodes, selection).compute(parameters).expected;
  }
  const selectionLogMass = Float64Array.from({ length: 61 }, (_, i) => LOG_MASS[0] + 0.05 * i);
  const ratio = survey.redshiftMax / survey.redshiftMin;
  return {
    redshift,
    logFlux,
    logMass,
    selectionLogMass,
    selection: Array.from({ length: CURVES }, (_, c) => {
      const z = survey.redshiftMin * ratio ** (c / (CURVES - 1));
      const probability = selectionLogMass.map((log) => fluxShares(z, log * Math.LN10).all);
      return { redshift: z, probability };
    }),
  };
}

function layBins(low: number, high: number): SkyHistogram {
  return {
    edges: Float64Array.from({ length: BINS + 1 }, (_, b) => low + (high - low) * b / BINS),
    expected: new Float64Array(BINS),
  };
}

/** Adds clusters that are spread evenly over a step about a value. */
function spread({ edges, expected }: SkyHistogram, at: number, step: number, count: number): void {
  for (let b = 0; b < BINS; b++) {
    const overlap = Math.min(edges[b + 1]!, at + step / 2) - Math.max(edges[b]!, at - step / 2);
    if (overlap > 0) expected[b]! += count * overlap / step;
  }
}
