/**
 * Recipes that give mock clusters their observables: offsets of a neighbor in mass (section 2.2.2,
 * Fig. 3), or a prescriptive scaling with sigma8 (App. B).
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import type { ClusterTable } from "../clusters/cluster_table.ts";
import { selectClusters, SHELLS } from "../clusters/cluster_table.ts";
import type { ScalingOffsets, ScalingRelation } from "../clusters/scaling_relation.ts";
import { evaluateRelation, scalingOffsets } from "../clusters/scaling_relation.ts";
import { argsort } from "../numerics/arrays.ts";
import type { Random } from "../numerics/random.ts";
import { findClosest, findNeighbors } from "./neighbors.ts";
import type { CatalogParameters } from "./priors.ts";

/** The ways to give a mock cluster its observables; see {@linkcode RECIPES}. */
export type RecipeName = "neighbor" | "prescriptive";

/**
 * Exponents of (sigma8 / the base sample's) by which the prescriptive recipe scales observables.
 * That of Y_X, the product of temperature and gas mass, is the sum of theirs.
 */
export interface SigmaExponents {
  /** Exponent of L_X. */
  readonly luminosity: number;
  /** Exponent of T. */
  readonly temperature: number;
  /** Exponent of M_gas, total and of each shell. */
  readonly gasMass: number;
}

/**
 * Replacement for the scalings of Singh et al. (2020), which App. B adopts and whose table was not
 * available; their abstract finds a weak dependence. (L_X, T, M_gas, Y) have (0.2, 0.1, -0.1, 0).
 */
export const STANDARD_EXPONENTS: SigmaExponents = {
  luminosity: 0.2,
  temperature: 0.1,
  gasMass: -0.1,
};

/** The input of recipes: the base sample in order of mass. */
export interface RecipeSource {
  /** The base sample, in ascending order of mass. */
  readonly base: BaseSample;
  /** Offsets of the base clusters from the base relations. */
  readonly offsets: ScalingOffsets;
  /** The mass at which L_X stays when the slope of its relation changes, log10 [Msun/h]. */
  readonly slopePivot: number;
  /** Exponents of sigma8 in the prescriptive recipe. */
  readonly exponents: SigmaExponents;
}

/** Base clusters in order of mass, with their offsets. */
export function createSource(
  base: BaseSample,
  slopePivot: number,
  exponents: SigmaExponents,
): RecipeSource {
  const clusters = selectClusters(base.clusters, argsort(base.clusters.logMass));
  return {
    base: { ...base, clusters },
    offsets: scalingOffsets(clusters, base.relations),
    slopePivot,
    exponents,
  };
}

/**
 * Gives clusters of the drawn masses their observables.
 *
 * @param source The base sample
 * @param logMass Drawn masses, log10 [Msun/h]
 * @param parameters The catalog's parameters
 * @param random One number per cluster, in order
 */
export type Recipe = (
  source: RecipeSource,
  logMass: Float64Array,
  parameters: CatalogParameters,
  random: Random,
) => ClusterTable;

/** Every recipe that a plan may name. */
export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
  neighbor: borrowOffsets,
  prescriptive: scaleClusters,
};

/** The luminosity relation of a catalog: normalization times bias, slope turned about the pivot. */
export function tiltRelation(
  relation: ScalingRelation,
  slopeFactor: number,
  bias: number,
  pivot: number,
): ScalingRelation {
  const slope = relation.slope * slopeFactor;
  const atPivot = evaluateRelation(relation, pivot) + Math.log10(bias);
  return { slope, intercept: atPivot - slope * pivot, scatter: relation.scatter };
}

/**
 * Section 2.2.2: each cluster takes all three offsets and the profile of one random neighbor.
 *
 * The offsets are scaled by the catalog's scatter factors and added to the catalog's relations; the
 * neighbor's shell masses are scaled by the ratio of total gas masses, its slopes kept.
 */
function borrowOffsets(
  source: RecipeSource,
  logMass: Float64Array,
  parameters: CatalogParameters,
  random: Random,
): ClusterTable {
  const { clusters, relations } = source.base;
  const neighbors = Uint32Array.from(logMass, (m) => {
    const { first, end } = findNeighbors(clusters.logMass, m);
    return first + random.integer(end - first);
  });
  const luminosity = tiltRelation(
    relations.luminosity,
    parameters.luminositySlopeFactor,
    parameters.luminosityBias,
    source.slopePivot,
  );
  const temperature = tiltRelation(relations.temperature, 1, parameters.temperatureBias, 0);
  const gasMass = tiltRelation(relations.gasMass, 1, parameters.gasMassBias, 0);
  const place = (relation: ScalingRelation, offsets: Float64Array, factor: number) =>
    logMass.map((m, j) => evaluateRelation(relation, m) + factor * offsets[neighbors[j]!]!);
  const { offsets } = source;
  const logGasMass = place(gasMass, offsets.gasMass, parameters.gasMassScatterFactor);
  return {
    count: logMass.length,
    logMass,
    logLuminosity: place(luminosity, offsets.luminosity, parameters.luminosityScatterFactor),
    logTemperature: place(temperature, offsets.temperature, parameters.temperatureScatterFactor),
    logGasMass,
    ...scaleProfiles(clusters, neighbors, logGasMass),
  };
}

/** The profiles of base clusters, shell masses scaled to new total gas masses. */
function scaleProfiles(
  clusters: ClusterTable,
  rows: Uint32Array,
  logGasMass: Float64Array,
): Pick<ClusterTable, "logGasMassProfile" | "gasSlopeProfile"> {
  const logGasMassProfile = new Float64Array(rows.length * SHELLS);
  const gasSlopeProfile = new Float64Array(rows.length * SHELLS);
  for (let j = 0; j < rows.length; j++) {
    const from = rows[j]! * SHELLS;
    const ratio = logGasMass[j]! - clusters.logGasMass[rows[j]!]!;
    for (let s = 0; s < SHELLS; s++) {
      logGasMassProfile[j * SHELLS + s] = clusters.logGasMassProfile[from + s]! + ratio;
      gasSlopeProfile[j * SHELLS + s] = clusters.gasSlopeProfile[from + s]!;
    }
  }
  return { logGasMassProfile, gasSlopeProfile };
}

/**
 * App. B: the base clusters themselves, each with its own mass, offsets and profile, multiplied by
 * (sigma8 / the base sample's)^exponent. Biases and scatter factors do not enter.
 *
 * The abundance is section 2.2.1's: each drawn mass picks the base cluster nearest to it. A network
 * can read such a fixed cluster's shift backwards, which is the point of the exercise.
 */
function scaleClusters(
  source: RecipeSource,
  logMass: Float64Array,
  parameters: CatalogParameters,
): ClusterTable {
  const { clusters, cosmology } = source.base;
  const rows = Uint32Array.from(logMass, (m) => findClosest(clusters.logMass, m));
  const growth = Math.log10(parameters.sigma8 / cosmology.sigma8);
  const scale = (values: Float64Array, exponent: number) =>
    values.map((value) => value + exponent * growth);
  const picked = selectClusters(clusters, rows);
  const logGasMass = scale(picked.logGasMass, source.exponents.gasMass);
  return {
    ...picked,
    logLuminosity: scale(picked.logLuminosity, source.exponents.luminosity),
    logTemperature: scale(picked.logTemperature, source.exponents.temperature),
    logGasMass,
    ...scaleProfiles(clusters, rows, logGasMass),
  };
}
