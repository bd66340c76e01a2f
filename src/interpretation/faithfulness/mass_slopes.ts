/**
 * How the predicted sigma8 changes with the mass of one cluster, all others as they are (Fig. 12's
 * question): per cluster, and summed over the clusters of a catalog per dex of mass. The exact
 * answer is the sensitivity to T and Mgas along the relations with mass.
 */
import type { ScalingRelations } from "../../clusters/scaling_relation.ts";
import type { FeatureArray } from "../../features/features.ts";
import type { Model, TerseArray } from "../../model.ts";
import { gather } from "../../numerics/arrays.ts";
import { median, standardDeviation } from "../../numerics/statistics.ts";
import type { Columns } from "../columns.ts";
import type { ExactAnswers } from "../exact/exact_catalog.ts";
import type { Gap } from "../exact/gap.ts";
import { isGap } from "../exact/gap.ts";
import { binByMass } from "../mass_bins.ts";
import type { JudgedClusters, PixelDirections } from "./judged_clusters.ts";
import { dot } from "./judged_clusters.ts";

/** d sigma8 / d log10 M of the clusters of some catalogs. */
export interface MassSlopes {
  /** Catalogs that the clusters are of. */
  readonly catalogs: number;
  /** log10 M500c [Msun/h], [count] */
  readonly logMass: Float64Array;
  /** Slopes of the network, [count]. */
  readonly network: Float64Array;
  /** The exact ones of one number per cluster, [count]. */
  readonly exact: Float64Array;
}

/** Step of the terse value in its standard deviations: small compared with kinks, large compared with rounding. */
const STEP = 0.1;

/**
 * Moves the terse value of every cluster up and down, one at a time.
 *
 * @param model Only `regress` is used
 * @param features What `judged` was made from
 * @param exact Answers for one number per cluster by catalog, `null` where none were asked for; only
 * catalogs with answers are looked at
 */
export async function measureMassSlopes(
  model: Pick<Model, "regress">,
  features: readonly FeatureArray[],
  judged: JudgedClusters,
  directions: PixelDirections,
  relations: ScalingRelations,
  exact: readonly (ExactAnswers | Gap | null)[],
): Promise<MassSlopes> {
  const { table, width, gradients } = judged;
  const step = STEP * standardDeviation(table.terse) || STEP;
  const slopes: { logMass: number; network: number; exact: number }[] = [];
  let [start, catalogs] = [0, 0];
  for (const [c, catalog] of features.entries()) {
    const answers = exact[c];
    if (answers && !isGap(answers)) {
      const terse = Float32Array.from(table.terse.subarray(start, start + catalog.count));
      const sigma8 = await model.regress(moveEach(catalog, terse, step));
      for (let r = 0; r < catalog.count; r++) {
        const own = gradients.subarray((start + r) * width, (start + r + 1) * width);
        const perTerse = (sigma8[2 * r]! - sigma8[2 * r + 1]!) / (2 * step);
        slopes.push({
          logMass: table.logMass[start + r]!,
          network: perTerse * dot(own, directions.mass),
          exact: exactSlope(answers, catalog.rows[r]!, relations),
        });
      }
      catalogs++;
    }
    start += catalog.count;
  }
  const column = (name: "logMass" | "network" | "exact") =>
    Float64Array.from(slopes, (slope) => slope[name]);
  return {
    catalogs,
    logMass: column("logMass"),
    network: column("network"),
    exact: column("exact"),
  };
}

/** The catalog with the terse value of each row moved up, then down. */
function moveEach(
  { count, supplementary }: FeatureArray,
  terse: Float32Array,
  step: number,
): TerseArray[] {
  return Array.from({ length: 2 * count }, (_, k) => {
    const moved = terse.slice();
    moved[k >> 1]! += k % 2 === 0 ? step : -step;
    return { count, terse: moved, supplementary };
  });
}

function exactSlope(
  { sensitivities: { logTemperature, logGasMass } }: ExactAnswers,
  cluster: number,
  { temperature, gasMass }: ScalingRelations,
): number {
  return temperature.slope * logTemperature!.slope[cluster]! +
    gasMass.slope * logGasMass!.slope[cluster]!;
}

/** Slopes by mass: medians per cluster, and the sum over a catalog's clusters per dex. */
export interface MassSlopeBin {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
  /** Median of the network's slopes [sigma8 per dex]. */
  readonly networkMedian: number;
  /** Median of the exact slopes [sigma8 per dex]. */
  readonly exactMedian: number;
  /** Network's slopes summed over the bin's clusters of a catalog, per dex of the bin. */
  readonly networkPerDex: number;
  /** Exact slopes summed over the bin's clusters of a catalog, per dex of the bin. */
  readonly exactPerDex: number;
}

/** Bins the clusters; medians, as those of clusters at the mass limit are far off. */
export function binMassSlopes({ catalogs, logMass, network, exact }: MassSlopes): MassSlopeBin[] {
  return binByMass(logMass).bins.map(({ from, to, members }) => {
    const [own, truth] = [gather(network, members), gather(exact, members)];
    const perDex = (values: Float64Array) =>
      values.reduce((sum, value) => sum + value, 0) / (catalogs * (to - from));
    return {
      from,
      to,
      count: members.length,
      networkMedian: median(own),
      exactMedian: median(truth),
      networkPerDex: perDex(own),
      exactPerDex: perDex(truth),
    };
  });
}

/** A row per mass bin. */
export function massSlopeColumns(bins: readonly MassSlopeBin[]): Columns {
  const column = (name: keyof MassSlopeBin) => bins.map((bin) => bin[name]);
  return {
    from: column("from"),
    to: column("to"),
    count: column("count"),
    networkMedian: column("networkMedian"),
    exactMedian: column("exactMedian"),
    networkPerDex: column("networkPerDex"),
    exactPerDex: column("exactPerDex"),
  };
}
