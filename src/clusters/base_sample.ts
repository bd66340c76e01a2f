/**
 * The base sample (section 2.1): the clusters every mock catalog takes its scatter from.
 *
 * The paper uses the 1165 clusters of the Magneticum Box2/hr simulation. Their table cannot be had
 * here, so {@linkcode drawBaseSample} draws a synthetic stand-in with the same count, mass limit and
 * volume, the relations and scatter of one of `stand_ins.ts`. The simulation's own
 * table, where one has it, is read by `simulation_table.ts`.
 */
import type { Cosmology } from "../cosmology/cosmology.ts";
import { MAGNETICUM } from "../cosmology/cosmology.ts";
import { computeMassFunction } from "../cosmology/mass_function.ts";
import type { Random } from "../numerics/random.ts";
import { createRandom } from "../numerics/random.ts";
import type { ClusterTable } from "./cluster_table.ts";
import { drawGasProfiles } from "./gas_profile.ts";
import type { ScalingRelations } from "./scaling_relation.ts";
import { evaluateRelation, fitScalingRelations } from "./scaling_relation.ts";
import type { OffsetComponent, StandInName } from "./stand_ins.ts";
import { STAND_INS } from "./stand_ins.ts";

/** A cluster sample with the cosmology and redshift it was simulated at. */
export interface BaseSample {
  /** Cosmology of the simulation. */
  readonly cosmology: Cosmology;
  /** Redshift of the simulation's output. */
  readonly redshift: number;
  /** The clusters, in arbitrary order. */
  readonly clusters: ClusterTable;
  /** Relations fitted to all of `clusters` (Table 1, note a). */
  readonly relations: ScalingRelations;
}

/** Name by which the base sample's stream is forked from a run's seed. */
export const BASE_SAMPLE_STREAM = "base sample";

/** Side of the simulation's box, comoving [Mpc/h] (section 2.1). */
export const BOX_SIDE = 352;

/** Clusters in the simulation's box at z = 0.07 above {@linkcode BASE_LOG_MASS_MIN}. */
export const BASE_COUNT = 1165;

/** Mass limit of the base sample, log10 M500c [Msun/h] (section 2.1). */
export const BASE_LOG_MASS_MIN = 13.58;

/** Redshift of the simulation's output (section 2.1). */
export const BASE_REDSHIFT = 0.07;

/** Largest mass that is drawn, log10 [Msun/h]; the box would hold 2e-8 clusters above it. */
const LOG_MASS_MAX = 15.8;

/** Spacing of the cumulative mass function [dex]; linear in between. */
const LOG_MASS_STEP = 0.005;

/**
 * Draws a stand-in for the simulation: {@linkcode BASE_COUNT} masses from the Tinker (2008)
 * function at 500c and the Magneticum cosmology, observables from the stand-in's relations with
 * correlated scatter, and gas profiles. The count is fixed, not Poisson, as the simulation's is known.
 *
 * @example The relations fitted to the sample are Table 2's, within the sampling error
 * ```ts
 * import { drawBaseSample } from "@clusters/terse";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const base = drawBaseSample(1);
 * assertAlmostEquals(base.relations.luminosity.slope, 1.74, 0.06);
 * ```
 *
 * @param source The seed of a run, for that run's base sample; or a stream, from which "masses",
 * "components", "offsets" and "profiles" are forked
 * @param standIn Which of `STAND_INS` is drawn; "table2" if left out
 */
export function drawBaseSample(
  source: number | Random,
  standIn: StandInName = "table2",
): BaseSample {
  const random = typeof source === "number"
    ? createRandom(source).fork(BASE_SAMPLE_STREAM)
    : source;
  const { redshift, relations, offsets } = STAND_INS[standIn];
  const logMass = drawBaseMasses(redshift, random.fork("masses"));
  const components = drawComponents(offsets, logMass.length, random.fork("components"));
  const observables = drawObservables(logMass, relations, components, random.fork("offsets"));
  const clusters: ClusterTable = {
    count: logMass.length,
    logMass,
    ...observables,
    ...drawGasProfiles(observables.logGasMass, random.fork("profiles")),
  };
  return {
    cosmology: MAGNETICUM,
    redshift,
    clusters,
    relations: fitScalingRelations(clusters),
  };
}

/** Masses above the base limit by the inverse of the cumulative mass function. */
function drawBaseMasses(redshift: number, random: Random): Float64Array {
  const nodes = Math.round((LOG_MASS_MAX - BASE_LOG_MASS_MIN) / LOG_MASS_STEP) + 1;
  const logMass = Float64Array.from(
    { length: nodes },
    (_, i) => BASE_LOG_MASS_MIN + i * LOG_MASS_STEP,
  );
  const { dndlnM } = computeMassFunction({
    cosmology: MAGNETICUM,
    fit: "tinker08",
    definition: "500c",
    redshift,
  }, logMass);
  const cumulative = new Float64Array(nodes);
  for (let i = 1; i < nodes; i++) {
    cumulative[i] = cumulative[i - 1]! + (dndlnM[i - 1]! + dndlnM[i]!) / 2;
  }
  return Float64Array.from({ length: BASE_COUNT }, () => {
    const target = random.uniform() * cumulative[nodes - 1]!;
    const i = cumulative.findIndex((value) => value > target) - 1;
    const part = (target - cumulative[i]!) / (cumulative[i + 1]! - cumulative[i]!);
    return logMass[i]! + part * LOG_MASS_STEP;
  });
}

type Observables = Pick<ClusterTable, "logLuminosity" | "logTemperature" | "logGasMass">;

/** The component of each cluster's offsets; a single one takes no random number. */
function drawComponents(
  components: readonly OffsetComponent[],
  count: number,
  random: Random,
): OffsetComponent[] {
  return Array.from({ length: count }, () => {
    if (components.length === 1) return components[0]!;
    let left = random.uniform();
    return components.find(({ weight }) => (left -= weight) < 0) ?? components.at(-1)!;
  });
}

/** Observables about a stand-in's relations; three normal numbers per cluster, in order. */
function drawObservables(
  logMass: Float64Array,
  { luminosity, temperature, gasMass }: ScalingRelations,
  components: readonly OffsetComponent[],
  random: Random,
): Observables {
  const rows = new Map(components.map((component) => [component, correlatedRows(component)]));
  const logLuminosity = new Float64Array(logMass.length);
  const logTemperature = new Float64Array(logMass.length);
  const logGasMass = new Float64Array(logMass.length);
  for (const [i, m] of logMass.entries()) {
    const { mean, scatter } = components[i]!;
    const [t, g] = rows.get(components[i]!)!;
    const [z0, z1, z2] = [random.normal(), random.normal(), random.normal()];
    const temperatureOffset = t[0] * z0 + t[1] * z1;
    const gasMassOffset = g[0] * z0 + g[1] * z1 + g[2] * z2;
    logLuminosity[i] = evaluateRelation(luminosity, m) + scatter[0] * z0 + mean[0];
    logTemperature[i] = evaluateRelation(temperature, m) + scatter[1] * temperatureOffset +
      mean[1];
    logGasMass[i] = evaluateRelation(gasMass, m) + scatter[2] * gasMassOffset + mean[2];
  }
  return { logLuminosity, logTemperature, logGasMass };
}

/**
 * Rows T and G of the Cholesky factor of the correlation matrix of (L, T, G), whose first row is
 * (1, 0, 0): each row times three independent normal numbers has unit variance.
 */
function correlatedRows(
  { luminosityTemperature, luminosityGasMass, temperatureGasMass }: OffsetComponent,
): [readonly [number, number], readonly [number, number, number]] {
  const t1 = Math.sqrt(1 - luminosityTemperature ** 2);
  const g1 = (temperatureGasMass - luminosityTemperature * luminosityGasMass) / t1;
  const g2 = Math.sqrt(1 - luminosityGasMass ** 2 - g1 ** 2);
  return [[luminosityTemperature, t1], [luminosityGasMass, g1, g2]];
}

/**
 * Whether a base sample is the one that a seed draws, rather than one from a file or with observed
 * profiles.
 *
 * @param seed Seed of a run
 * @param standIn The sample that would be drawn; "table2" if left out
 */
export function isDrawnFrom(
  seed: number,
  { clusters }: BaseSample,
  standIn: StandInName = "table2",
): boolean {
  const drawn = drawBaseSample(seed, standIn).clusters;
  const fields = Object.keys(drawn) as (keyof ClusterTable)[];
  return fields.every((field) => {
    const [found, wanted] = [clusters[field], drawn[field]];
    if (typeof found === "number" || typeof wanted === "number") return found === wanted;
    return found.every((value, i) => value === wanted[i]);
  });
}
