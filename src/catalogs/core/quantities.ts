/**
 * The recipes of `observables.ts` in the form that the WASM core computes: four quantities of each
 * cluster, linear in its mass, in the offsets of a base cluster, and in a normal number.
 */
import type { ScalingRelation } from "../../clusters/scaling_relation.ts";
import { evaluateRelation } from "../../clusters/scaling_relation.ts";
import type { CatalogMaker } from "../catalog.ts";
import { findClosest, findNeighbors, NEAREST_NEIGHBORS, NEIGHBOR_REACH } from "../neighbors.ts";
import type { NeighborRange } from "../neighbors.ts";
import type { RecipeName, RecipeSource } from "../observables.ts";
import { tiltRelation } from "../observables.ts";
import type { CatalogParameters } from "../priors.ts";
import { scatterInDex } from "../priors.ts";
import { LOG_MASS_PIVOT } from "../../clusters/scaling_relation.ts";

/** Four numbers: of log L_X, log T, log M_gas and log M_WL, always in this order. */
export type Quantities = readonly [number, number, number, number];

/**
 * quantity = reference + slope (log M - logMassMin) + constant + factor offset + noise normal, for
 * each of the four.
 */
export interface QuantityTerms {
  /** Slopes by drawn mass. */
  readonly slope: Quantities;
  /** Quantities at the survey's least mass, above the reference [dex]. */
  readonly constant: Quantities;
  /** Factors on the base cluster's offset. */
  readonly factor: Quantities;
  /** Factors on a standard normal number [dex]. */
  readonly noise: Quantities;
}

/** A recipe in the core's form. */
export interface QuantityRecipe {
  /** Offsets of each base cluster from the scaling relations, [base clusters x 4]. */
  readonly offsets: Float64Array;
  /** Masses at which the eligible base clusters may change, log10 [Msun/h]. */
  readonly changes: readonly number[];
  /** The eligible base clusters at a mass. */
  findRange(logMass: number): NeighborRange;
  /** The terms of a catalog with these parameters. */
  terms(parameters: CatalogParameters): QuantityTerms;
}

/**
 * Quantities near those of all clusters, which are subtracted before numbers are rounded to
 * float32: the relations at Table 1's pivot.
 */
export function referenceOf({ base }: RecipeSource): Quantities {
  const { luminosity, temperature, gasMass } = base.relations;
  return [
    evaluateRelation(luminosity, LOG_MASS_PIVOT),
    evaluateRelation(temperature, LOG_MASS_PIVOT),
    evaluateRelation(gasMass, LOG_MASS_PIVOT),
    LOG_MASS_PIVOT,
  ];
}

/** The four quantities of base cluster `k` itself; its mass stands for its weak lensing mass. */
export function baseQuantities({ base }: RecipeSource, k: number): Quantities {
  const { logLuminosity, logTemperature, logGasMass, logMass } = base.clusters;
  return [logLuminosity[k]!, logTemperature[k]!, logGasMass[k]!, logMass[k]!];
}

/** Every recipe that a plan may name. */
export const QUANTITY_RECIPES: Readonly<
  Record<RecipeName, (maker: CatalogMaker) => QuantityRecipe>
> = { neighbor: borrowOffsets, prescriptive: scaleClusters };

/** Section 2.2.2: the catalog's relations, and offsets of a random neighbor. */
function borrowOffsets({ source, plan }: CatalogMaker): QuantityRecipe {
  const { relations, clusters } = source.base;
  const { logMassMin } = plan.survey;
  const reference = referenceOf(source);
  const { luminosity, temperature, gasMass } = source.offsets;
  const heightOf = (relation: ScalingRelation, i: number) =>
    evaluateRelation(relation, logMassMin) - reference[i]!;
  return {
    offsets: tabulate(clusters.count, (k) => [luminosity[k]!, temperature[k]!, gasMass[k]!, 0]),
    changes: neighborChanges(clusters.logMass),
    findRange: (logMass) => findNeighbors(clusters.logMass, logMass),
    terms(p) {
      const tilted = [
        tiltRelation(
          relations.luminosity,
          p.luminositySlopeFactor,
          p.luminosityBias,
          source.slopePivot,
        ),
        tiltRelation(relations.temperature, 1, p.temperatureBias, 0),
        tiltRelation(relations.gasMass, 1, p.gasMassBias, 0),
      ] as const;
      return {
        slope: [tilted[0].slope, tilted[1].slope, tilted[2].slope, 1],
        constant: [
          heightOf(tilted[0], 0),
          heightOf(tilted[1], 1),
          heightOf(tilted[2], 2),
          logMassMin - reference[3],
        ],
        factor: [
          p.luminosityScatterFactor,
          p.temperatureScatterFactor,
          p.gasMassScatterFactor,
          0,
        ],
        noise: [0, 0, 0, scatterInDex(p.weakLensingScatter)],
      };
    },
  };
}

/** Masses at which base clusters come into reach or leave it, or the nearest change. */
function neighborChanges(ascending: Float64Array): number[] {
  const changes: number[] = [];
  for (const [i, mass] of ascending.entries()) {
    changes.push(mass - NEIGHBOR_REACH, mass + NEIGHBOR_REACH);
    const later = ascending[i + NEAREST_NEIGHBORS];
    if (later !== undefined) changes.push((mass + later) / 2);
  }
  return changes;
}

/** App. B: the closest base cluster as it is, scaled with sigma8. */
function scaleClusters({ source }: CatalogMaker): QuantityRecipe {
  const { base, exponents } = source;
  const { logMass, count } = base.clusters;
  const reference = referenceOf(source);
  return {
    offsets: tabulate(count, (k) => baseQuantities(source, k).map((x, i) => x - reference[i]!)),
    changes: Array.from(logMass.subarray(1), (mass, i) => (mass + logMass[i]!) / 2),
    findRange(mass) {
      const closest = findClosest(logMass, mass);
      return { first: closest, end: closest + 1 };
    },
    terms(p) {
      const growth = Math.log10(p.sigma8 / base.cosmology.sigma8);
      const { luminosity, temperature, gasMass } = exponents;
      return {
        slope: [0, 0, 0, 0],
        constant: [luminosity * growth, temperature * growth, gasMass * growth, 0],
        factor: [1, 1, 1, 1],
        noise: [0, 0, 0, scatterInDex(p.weakLensingScatter)],
      };
    },
  };
}

/** Four numbers per base cluster, row-major. */
function tabulate(count: number, entry: (k: number) => readonly number[]): Float64Array {
  return Float64Array.from(Array.from({ length: count }, (_, k) => entry(k)).flat());
}
