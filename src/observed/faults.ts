/**
 * Known faults of observed catalogs, as functions that plant one in a sound catalog. The effect of
 * each on mock catalogs gives the direction in which to look for it.
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { ObservedField } from "./column_mapping.ts";
import { FIELD_WIDTHS } from "./column_mapping.ts";
import { argsort, gather } from "../numerics/arrays.ts";
import type { Random } from "../numerics/random.ts";

/** The names of {@linkcode CATALOG_FAULTS}. */
export type CatalogFaultName =
  | "weak lensing masses in Msun"
  | "gas masses in Msun"
  | "all masses in Msun"
  | "faint clusters only"
  | "bright clusters only"
  | "rows mixed up";

/** One way in which a catalog can be wrong. */
export interface CatalogFault {
  /** Groups of fields; a catalog that lacks every field of a group cannot have this fault. */
  readonly needs: readonly (readonly ObservedField[])[];
  /** The fault in words that follow "looks as if". */
  readonly looks: string;
  /** Returns the catalog with the fault; `h` is the Hubble parameter, `random` chooses rows. */
  plant(clusters: ObservedClusters, h: number, random: Random): ObservedClusters;
}

/**
 * Share of the clusters that a luminosity cut keeps: a half, since a survey's own cut is not known
 * and any cut bends the same statistics.
 */
const KEPT_FAINT = 0.5;
/** Share of clusters that Malmquist bias or targeted follow-up leaves. */
const KEPT_BRIGHT = 0.3;
/** Share of the clusters whose columns are out of step with each other. */
const MIXED = 0.2;

const GAS_MASSES = ["logGasMass", "logGasMassProfile"] as const;

/** Every fault that the verdict looks for by name. */
export const CATALOG_FAULTS: Readonly<Record<CatalogFaultName, CatalogFault>> = {
  "weak lensing masses in Msun": {
    needs: [["logWeakLensingMass"]],
    looks: "weak lensing masses were given in Msun instead of Msun/h",
    plant: (clusters, h) => shift(clusters, ["logWeakLensingMass"], h),
  },
  "gas masses in Msun": {
    needs: [GAS_MASSES],
    looks: "gas masses were given in Msun instead of Msun/h",
    plant: (clusters, h) => shift(clusters, GAS_MASSES, h),
  },
  "all masses in Msun": {
    needs: [["logWeakLensingMass"], GAS_MASSES],
    looks: "all masses were given in Msun instead of Msun/h",
    plant: (clusters, h) => shift(clusters, ["logWeakLensingMass", ...GAS_MASSES], h),
  },
  "faint clusters only": {
    needs: [["logLuminosity"]],
    looks: "the luminous clusters were missing",
    plant: (clusters) => cutByLuminosity(clusters, 0, KEPT_FAINT),
  },
  "bright clusters only": {
    needs: [["logLuminosity"]],
    looks: "the faint clusters were missing",
    plant: (clusters) => cutByLuminosity(clusters, 1 - KEPT_BRIGHT, 1),
  },
  "rows mixed up": {
    needs: [],
    looks: "the columns of some clusters were those of others",
    plant: (clusters, _, random) => mixRows(clusters, MIXED, random),
  },
};

/** Masses in Msun, which are larger numbers than in Msun/h by the factor 1 / h. */
function shift(
  clusters: ObservedClusters,
  fields: readonly ObservedField[],
  h: number,
): ObservedClusters {
  const shifted = fields.map((field) => [
    field,
    clusters[field].map((value) => value - Math.log10(h)),
  ]);
  return { ...clusters, ...Object.fromEntries(shifted) };
}

/** The clusters between two fractions of the order by luminosity. */
function cutByLuminosity(clusters: ObservedClusters, from: number, to: number): ObservedClusters {
  const order = argsort(clusters.logLuminosity);
  const { count } = clusters;
  return takeRows(clusters, order.slice(Math.floor(from * count), Math.ceil(to * count)));
}

/** The clusters of these rows, in that order. */
export function takeRows(clusters: ObservedClusters, rows: ArrayLike<number>): ObservedClusters {
  const fields = Object.entries(FIELD_WIDTHS).map(([name, width]) => [
    name,
    gather(clusters[name as ObservedField], rows, width),
  ]);
  return {
    count: rows.length,
    logMass: gather(clusters.logMass, rows),
    ...Object.fromEntries(fields),
  };
}

/** Permutes each field by itself among a share of the clusters; profiles stay whole. */
function mixRows(clusters: ObservedClusters, share: number, random: Random): ObservedClusters {
  const { count } = clusters;
  const chosen = random.permutation(count).slice(0, Math.round(share * count));
  const fields = Object.entries(FIELD_WIDTHS).map(([name, width], f) => {
    const order = random.fork("mix", f).permutation(chosen.length);
    const rows = Uint32Array.from({ length: count }, (_, i) => i);
    chosen.forEach((row, i) => rows[row] = chosen[order[i]!]!);
    return [name, gather(clusters[name as ObservedField], rows, width)];
  });
  return { ...clusters, ...Object.fromEntries(fields) };
}
