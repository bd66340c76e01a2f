/**
 * Findings about a network on catalogs whose sigma8 is known: how much its predictions depend on
 * single clusters, and whether it reads sigma8 from them (App. B).
 */
import type { Catalog } from "../../catalogs/catalog.ts";
import type { ObservedClusters } from "../../clusters/cluster_table.ts";
import type { FeatureArray } from "../../features/features.ts";
import type { Model } from "../../model.ts";
import { quantile } from "../../numerics/statistics.ts";
import { predictWithout } from "../omission.ts";
import { FEWEST_CATALOGS, judgeOverspecialization } from "../overspecialization.ts";
import type { UsualRange } from "./scaling.ts";
import { fitUsualRange } from "./scaling.ts";

/** Usual changes of the predicted sigma8 when one cluster is left out. */
export interface UsualStability {
  /** Half width of the changes: 68% are smaller, either sign. */
  readonly halfWidth: UsualRange | null;
  /** The largest change, either sign. */
  readonly largest: UsualRange | null;
}

/** Findings about the network on the reference catalogs, whose sigma8 is known. */
export interface NetworkFindings {
  /** r(terse, sigma8) at fixed true mass (App. B); `null` if it is not defined. */
  readonly partial: number | null;
  /** Reasons why single clusters reveal sigma8 to it; empty for a sound network. */
  readonly reasons: readonly string[];
}

/** Share of the changes within the half width (section 5.1). */
const MIDDLE = 0.68;

/** How much the predicted sigma8 depends on single clusters. */
export async function measureChanges(
  model: Pick<Model, "encode" | "regress">,
  features: readonly FeatureArray[],
): Promise<{ readonly halfWidth: number; readonly largest: number }[]> {
  return (await predictWithout(model, features)).map(({ whole, without }) => {
    const sizes = without.map((value) => Math.abs(value - whole));
    return { halfWidth: quantile(sizes, MIDDLE), largest: quantile(sizes, 1) };
  });
}

/** The usual changes of catalogs, by their number of clusters. */
export async function measureStability(
  model: Pick<Model, "encode" | "regress">,
  features: readonly FeatureArray[],
): Promise<UsualStability> {
  const changes = await measureChanges(model, features);
  const counts = Float64Array.from(features, ({ count }) => count);
  const fit = (name: "halfWidth" | "largest") =>
    fitUsualRange(Float64Array.from(changes, (of) => of[name]), counts);
  return { halfWidth: fit("halfWidth"), largest: fit("largest") };
}

/** Whether the network reads sigma8 from single clusters, the question of App. B. */
export function examineNetwork(
  catalogs: readonly Catalog[],
  encoded: readonly Float64Array[],
): NetworkFindings {
  const total = catalogs.reduce((sum, { clusters }) => sum + clusters.count, 0);
  const join = (value: (clusters: ObservedClusters, i: number, c: number) => number) => {
    const joined = new Float64Array(total);
    let at = 0;
    for (const [c, { clusters }] of catalogs.entries()) {
      for (let i = 0; i < clusters.count; i++) joined[at++] = value(clusters, i, c);
    }
    return joined;
  };
  const sigma8 = join((_, _i, c) => catalogs[c]!.parameters.sigma8);
  const known = sigma8.every((value) => Number.isFinite(value)) && new Set(sigma8).size > 1;
  if (!known || catalogs.length < FEWEST_CATALOGS) return { partial: null, reasons: [] };
  const { numbers, reasons } = judgeOverspecialization({
    terse: join((_, i, c) => encoded[c]![i]!),
    logMass: join((clusters, i) => clusters.logMass[i]!),
    catalog: Uint32Array.from(join((_, _i, c) => c)),
    count: sigma8.length,
    sigma8,
  });
  return { partial: numbers.partial?.correlation ?? null, reasons };
}
