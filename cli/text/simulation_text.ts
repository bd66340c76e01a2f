/** What `simulate` prints for people. */
import { counted } from "../../src/numerics/counted.ts";
import { mean } from "../../src/numerics/statistics.ts";
import type { QualityCounts } from "../../src/xray/quality.ts";
import { countQualities } from "../../src/xray/quality.ts";
import { describeQualities } from "../stages/observed_base.ts";
import type { Simulation } from "../stages/simulation.ts";
import { readQualities } from "../storage/observed_file.ts";

/** The numbers of a simulation, which are the document of `--json`. */
export interface SimulationSummary {
  readonly out: string;
  readonly seed: number;
  readonly profiles: string;
  readonly observed: QualityCounts | null;
  readonly baseClusters: number;
  readonly catalogs: number;
  readonly clusters: number;
  readonly meanClusters: number;
}

/** Counts what was simulated. */
export function describeSimulation(
  { experiment, base, catalogs, folder }: Simulation,
): SimulationSummary {
  const { profiles } = experiment.base;
  const qualities = profiles === "observed" ? readQualities(folder) : null;
  const counts = catalogs.map(({ clusters }) => clusters.count);
  return {
    out: folder,
    seed: experiment.seed,
    profiles,
    observed: qualities && countQualities(qualities),
    baseClusters: base.clusters.count,
    catalogs: catalogs.length,
    clusters: counts.reduce((sum, count) => sum + count, 0),
    meanClusters: mean(counts),
  };
}

/** One line, or two with observed profiles. */
export function formatSimulation(found: SimulationSummary): string {
  const { catalogs, meanClusters, baseClusters, out, observed } = found;
  return `${counted(catalogs, "catalog")} of ${meanClusters.toFixed(1)} clusters on average, ` +
    `from ${counted(baseClusters, "base cluster")}, in ${out}` +
    (observed ? `\nObservations: ${describeQualities(observed)}` : "");
}
