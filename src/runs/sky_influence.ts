/** How each cluster influences the answer of a survey's network, by mass. */
import { type SkyClusters, takeSkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { JointNormal } from "../evaluation/sky/joint_posterior.ts";
import type { SkyNetwork } from "./sky_network.ts";

/** Changes of the network's answer without one cluster, in its own widths. */
export interface NetworkInfluence {
  /** Change of S8 without the cluster. */
  readonly S8: number;
  /** Change of omegaM without the cluster. */
  readonly omegaM: number;
}

/**
 * Leaves each cluster out and asks the network again. Changes are those of the means of the probits
 * of S8 and omegaM, in the widths of the whole catalog's.
 *
 * @param clusters Two or more
 * @param most Clusters that are left out, the first ones; all unless given
 */
export async function leaveEachOutOfNetwork(
  network: SkyNetwork,
  clusters: SkyClusters,
  most: number = Infinity,
): Promise<NetworkInfluence[]> {
  const rows = Array.from(clusters.redshift.keys());
  const [whole, ...others] = await network.posteriors([
    clusters,
    ...rows.slice(0, most).map((row) =>
      takeSkyClusters(clusters, rows.filter((other) => other !== row))
    ),
  ]);
  const change = (without: JointNormal, k: 0 | 1) =>
    (without.mean[k] - whole!.mean[k]) / whole!.deviation[k];
  return others.map((without) => ({ S8: change(without, 0), omegaM: change(without, 1) }));
}

/** Edges of the bins of log10 M500 [Msun/h]. */
export const INFLUENCE_EDGES: readonly number[] = [12.8, 13.4, 13.8, 14.1, 14.4, 14.7, 15.4];

/** How clusters of a bin of mass change S8 and omegaM when left out, in posterior widths. */
export interface InfluenceBin {
  /** log10 of the least mass [Msun/h]. */
  readonly from: number;
  /** log10 of the largest mass [Msun/h]. */
  readonly to: number;
  /** Mean number of clusters per catalog. */
  readonly perCatalog: number;
  /** Mean change of S8 when one of them is left out. */
  readonly meanS8: number;
  /** Root mean square change of S8. */
  readonly rmsS8: number;
  /** Share of the sum of squared changes of S8 over all masses. */
  readonly shareS8: number;
  /** As `meanS8`, `rmsS8` and `shareS8`, for omegaM. */
  readonly meanOmegaM: number;
  readonly rmsOmegaM: number;
  readonly shareOmegaM: number;
}

/** Masses of a catalog's clusters and the change without each. */
export interface InfluenceByMass {
  /** ln M500 [Msun/h] of each cluster. */
  readonly lnMass: ArrayLike<number>;
  /** Change without each cluster. */
  readonly influences: readonly NetworkInfluence[];
  /** Number of clusters in the whole catalog, of which these may be a part. */
  readonly count: number;
}

/** Summarizes changes by mass of the cluster; bins without clusters are left out. */
export function binInfluences(catalogs: readonly InfluenceByMass[]): InfluenceBin[] {
  const rows = catalogs.flatMap(({ lnMass, influences }) =>
    influences.map((influence, i) => ({ logMass: lnMass[i]! / Math.LN10, ...influence }))
  );
  const clusters = catalogs.reduce((sum, { count }) => sum + count, 0);
  const square = (of: typeof rows, name: "S8" | "omegaM") =>
    of.reduce((sum, row) => sum + row[name] ** 2, 0);
  return INFLUENCE_EDGES.slice(1).flatMap((to, b) => {
    const from = INFLUENCE_EDGES[b]!;
    const inside = rows.filter(({ logMass }) => logMass >= from && logMass < to);
    if (inside.length === 0) return [];
    const mean = (name: "S8" | "omegaM") =>
      inside.reduce((sum, row) => sum + row[name], 0) / inside.length;
    return [{
      from,
      to,
      perCatalog: inside.length / rows.length * clusters / catalogs.length,
      meanS8: mean("S8"),
      rmsS8: Math.sqrt(square(inside, "S8") / inside.length),
      shareS8: square(inside, "S8") / square(rows, "S8"),
      meanOmegaM: mean("omegaM"),
      rmsOmegaM: Math.sqrt(square(inside, "omegaM") / inside.length),
      shareOmegaM: square(inside, "omegaM") / square(rows, "omegaM"),
    }];
  });
}
