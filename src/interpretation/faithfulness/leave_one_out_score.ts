/** A network's leave-one-outs against the exact ones, cluster by cluster. */
import type { FeatureArray } from "../../features/features.ts";
import { gather } from "../../numerics/arrays.ts";
import { PARETO_LIMIT } from "../../numerics/pareto_tail.ts";
import { correlation, fitLine, mean, standardDeviation } from "../../numerics/statistics.ts";
import { correlateIfVaried, varies } from "../catalog_correlation.ts";
import type { Columns } from "../columns.ts";
import type { ExactAnswers } from "../exact/exact_catalog.ts";
import type { Gap } from "../exact/gap.ts";
import { isGap } from "../exact/gap.ts";
import type { LeaveOneOut } from "../leave_one_out.ts";
import { binJudged, FEWEST_JUDGED } from "./judged_clusters.ts";

/** Network and exact leave-one-outs of the clusters of one mass bin. */
export interface LeaveOneOutBin {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
  /** Correlation of network with exact; `null` where one does not vary. */
  readonly r: number | null;
  /** Mean change of the network. */
  readonly networkMean: number;
  /** Mean exact change. */
  readonly exactMean: number;
  /** Scatter of the network's changes about their mean. */
  readonly networkRms: number;
  /** Scatter of the exact changes about their mean. */
  readonly exactRms: number;
}

/** How far a network's leave-one-outs are the exact ones. Changes are in sigma8. */
export interface LeaveOneOutScore {
  /** Correlation of network with exact over all clusters; 0 for a network that never changes. */
  readonly r: number;
  /** Slope of the network's change on the exact one: 1 if it is neither too timid nor too bold. */
  readonly slope: number;
  /** Scatter of the exact changes about their mean. */
  readonly exactRms: number;
  /** Scatter of the network's changes about their mean. */
  readonly networkRms: number;
  /** Root mean square of network minus exact: the network's own noise. */
  readonly noise: number;
  /** Scores by mass, without bins of too few clusters. */
  readonly bins: readonly LeaveOneOutBin[];
}

/** More of the comparison than its score. */
export interface LeaveOneOutComparison {
  /** The score. */
  readonly score: LeaveOneOutScore;
  /** Share of the exact variance that the network gives, 0 at least: a network without skill has 0. */
  readonly skill: number;
  /** Jackknife error of r over catalogs; `null` for one catalog. */
  readonly rError: number | null;
  /** Typical standard error of the exact changes from their sampling. */
  readonly exactNoise: number;
  /** Catalogs that were compared. */
  readonly catalogs: number;
  /** Catalogs without exact answers, and why. */
  readonly gaps: readonly { readonly catalog: number; readonly gap: string }[];
  /** Clusters left out because the Pareto index of their exact change is too large. */
  readonly unreliable: number;
  /** One row per cluster: catalog, row, logMass, exact, error, network. */
  readonly columns: Columns;
}

/**
 * Compares the leave-one-outs of a network with exact ones.
 *
 * @param network Of `features`
 * @param features In the order that the network's leave-one-outs were made in
 * @param exact By catalog, `null` where none were asked for; clusters in the order of the catalog
 * @returns A gap if no cluster can be compared
 */
export function compareLeaveOneOut(
  network: Pick<LeaveOneOut, "catalog" | "row" | "logMass" | "change">,
  features: readonly Pick<FeatureArray, "rows">[],
  exact: readonly (ExactAnswers | Gap | null)[],
): LeaveOneOutComparison | Gap {
  const gaps = exact.flatMap((answers, catalog) => {
    if (!answers) return [];
    if (isGap(answers)) return [{ catalog, gap: answers.gap }];
    return isGap(answers.leaveOneOut) ? [{ catalog, gap: answers.leaveOneOut.gap }] : [];
  });
  const places: number[] = [];
  const truth: number[] = [];
  const errors: number[] = [];
  let unreliable = 0;
  for (let i = 0; i < network.change.length; i++) {
    const answers = exact[network.catalog[i]!];
    if (!answers || isGap(answers) || isGap(answers.leaveOneOut)) continue;
    const cluster = features[network.catalog[i]!]!.rows[network.row[i]!]!;
    const { change, error, paretoK } = answers.leaveOneOut;
    if (!(paretoK[cluster]! <= PARETO_LIMIT)) {
      unreliable++;
      continue;
    }
    places.push(i);
    truth.push(change[cluster]!);
    errors.push(error[cluster]!);
  }
  if (places.length < 2 || !varies(truth)) {
    return { gap: gaps[0]?.gap ?? "there are no exact answers for these catalogs" };
  }
  const x = Float64Array.from(truth);
  const y = gather(network.change, places);
  const catalog = Uint32Array.from(places, (i) => network.catalog[i]!);
  const logMass = gather(network.logMass, places);
  const noise = Math.sqrt(mean(x.map((value, i) => (y[i]! - value) ** 2)));
  const exactRms = standardDeviation(x);
  return {
    score: {
      r: correlateIfVaried(x, y) ?? 0,
      slope: fitLine(x, y).slope,
      exactRms,
      networkRms: standardDeviation(y),
      noise,
      bins: describeBins(logMass, x, y),
    },
    skill: Math.max(0, 1 - (noise / exactRms) ** 2),
    rError: jackknifeError(x, y, catalog),
    exactNoise: Math.sqrt(mean(errors.map((error) => error * error))),
    catalogs: new Set(catalog).size,
    gaps,
    unreliable,
    columns: {
      catalog,
      row: Uint32Array.from(places, (i) => network.row[i]!),
      logMass,
      exact: x,
      error: errors,
      network: y,
    },
  };
}

function describeBins(logMass: Float64Array, x: Float64Array, y: Float64Array): LeaveOneOutBin[] {
  return binJudged(logMass).filter(({ members }) => members.length >= FEWEST_JUDGED)
    .map(({ from, to, members }) => {
      const [exact, network] = [gather(x, members), gather(y, members)];
      return {
        from,
        to,
        count: members.length,
        r: correlateIfVaried(exact, network),
        networkMean: mean(network),
        exactMean: mean(exact),
        networkRms: standardDeviation(network),
        exactRms: standardDeviation(exact),
      };
    });
}

/** Error of r by leaving out one catalog at a time: clusters of a catalog are not independent. */
function jackknifeError(x: Float64Array, y: Float64Array, catalog: Uint32Array): number | null {
  const names = [...new Set(catalog)];
  if (names.length < 2) return null;
  const values = names.flatMap((name) => {
    const kept = Uint32Array.from(catalog.keys()).filter((i) => catalog[i] !== name);
    const [a, b] = [gather(x, kept), gather(y, kept)];
    return kept.length > 1 && varies(a) && varies(b) ? [correlation(a, b)] : [];
  });
  if (values.length < 2) return null;
  return Math.sqrt(values.length - 1) * standardDeviation(values);
}
