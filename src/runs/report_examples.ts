/** The examples of Figs. 2 and 3: three mock observations, and a cluster with its neighbor. */
import { tiltRelation } from "../catalogs/observables.ts";
import { NEIGHBOR_REACH } from "../catalogs/neighbors.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import { SHELLS } from "../clusters/cluster_table.ts";
import { evaluateRelation } from "../clusters/scaling_relation.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { DensityProfileExample } from "../report/figures/density_profiles.ts";
import { COLUMN_LABELS } from "../report/labels.ts";
import type { ReportData } from "../report/report_data.ts";
import { densityProfile, exampleClusters } from "../xray/density_profile.ts";
import { observeOne } from "./observing.ts";

/**
 * Fig. 2: clusters with a flat, a peaked and a cool core, as far as they could be observed. Each is
 * seen as `observe`, and `simulate --profiles observed`, see it.
 *
 * @param base As it is before any observation
 */
export function observeExamples(base: BaseSample, { seed }: Experiment): DensityProfileExample[] {
  const { clusters } = base;
  const coreSlope = clusters.logMass.map((_, i) => clusters.gasSlopeProfile[i * SHELLS]!);
  const examples = Object.entries(exampleClusters(clusters.logMass, coreSlope));
  return examples.flatMap(([name, row]) => {
    const { observation } = observeOne({ ...base, seed }, row);
    return observation.gas ? [{ name, ...densityProfile(observation) }] : [];
  });
}

/** Fig. 3's mass, log10 [Msun/h]. */
const LOG_MASS = 14;

/** A neighbor shows best what is done if its offset is about this many times the scatter ... */
const OFFSET = 1.3;

/** ... and its mass at least this far from the mock cluster's [dex]. */
const LEAST_SHIFT = 0.04;

/** Fig. 3 for L_X, whose slope varies too; undefined without a neighbor, or by another recipe. */
export function chooseOffset(
  { clusters, relations: { luminosity: base } }: BaseSample,
  { catalog: { recipe, priors, survey } }: Experiment,
): ReportData["offsets"] {
  if (recipe !== "neighbor") return undefined;
  const offsetOf = (i: number) =>
    clusters.logLuminosity[i]! - evaluateRelation(base, clusters.logMass[i]!);
  const distance = (i: number) => Math.abs(clusters.logMass[i]! - LOG_MASS);
  const [row] = Array.from(clusters.logMass, (_, i) => i)
    .filter((i) => distance(i) >= LEAST_SHIFT && distance(i) <= NEIGHBOR_REACH)
    .sort((a, b) =>
      Math.abs(offsetOf(a) - OFFSET * base.scatter) - Math.abs(offsetOf(b) - OFFSET * base.scatter)
    );
  if (row === undefined) return undefined;
  const neighbor = {
    logMass: clusters.logMass[row]!,
    logValue: clusters.logLuminosity[row]!,
  };
  const factor = priors.luminosityScatterFactor.max;
  const { luminositySlopeFactor: { min: slope }, luminosityBias: { max: bias } } = priors;
  const tilted = tiltRelation(base, slope, bias, survey.slopePivot);
  const target = { ...tilted, scatter: factor * base.scatter };
  const simple = { base, target: base, scatterFactor: 1, neighbor, logMass: LOG_MASS };
  return {
    observable: COLUMN_LABELS.logLuminosity,
    examples: [simple, { ...simple, target, scatterFactor: factor }],
  };
}
