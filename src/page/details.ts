/**
 * One catalog of a prediction for figures: its clusters' terse values and observables, the effect
 * of each cluster, and the posterior.
 */
import type { FitsTable } from "../formats/fits.ts";
import { TERSE } from "../interpretation/safety/statistics.ts";
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import { FIELD_WIDTHS } from "../observed/column_mapping.ts";
import { mapColumns } from "../observed/mapped_clusters.ts";
import { printable } from "../observed/printable.ts";
import type { ReadTable } from "../observed/source_table.ts";
import { placesOf } from "../observed/table_columns.ts";
import { drawPosterior } from "../runs/posterior_curve.ts";
import type { Predictor } from "../runs/prediction.ts";
import { listRanges } from "../runs/prediction.ts";
import { seeClusters } from "../runs/seen_clusters.ts";
import type { CatalogDetails, Choices, ClusterPoints } from "./protocol.ts";

/** Most points of a figure. */
const MOST_POINTS = 2000;

/** Most clusters that are listed. */
const LISTED = 12;

/** Most characters of a cluster's name that are shown. */
const LONGEST = 40;

/**
 * The figures' data of one catalog.
 *
 * @param id The catalog's entry in the column of `choices.catalogId`; "" without one
 */
export async function examineCatalog(
  predictor: Predictor,
  { table, clusters: found }: { readonly table: ReadTable; readonly clusters: FitsTable },
  { mapping, h, catalogId }: Choices,
  id: string,
): Promise<CatalogDetails> {
  const { experiment, model, reference } = predictor;
  const ids = catalogId === undefined ? null : table.textsOf(catalogId);
  const all = Array.from({ length: table.count }, (_, row) => row)
    .filter((row) => ids === null || ids[row] === id);
  const ranges = listRanges(experiment, reference);
  const plan = { mapping, fields: reference.fields, h, ranges };
  const { clusters, rows } = mapColumns(table.columns, all, plan);
  const { terse: scale } = reference;
  const column = (name: string) =>
    found.columns.find((column) => column.name === name)!.data as Float32Array;
  const everything: Clusters = {
    rows,
    clusters,
    terse: Float64Array.from(
      rows,
      (row) => scale ? (column("terse")[row]! - scale.offset) / scale.scale : NaN,
    ),
    change: Float64Array.from(rows, (row) => column("change")[row]!),
    labels: readLabels(table, catalogId),
    fields: reference.fields.filter((field) => FIELD_WIDTHS[field] === 1),
  };
  const step = Math.max(1, rows.length / MOST_POINTS);
  const shown = Array.from(
    { length: Math.min(rows.length, MOST_POINTS) },
    (_, i) => Math.floor(i * step),
  );
  return {
    count: rows.length,
    points: take(everything, shown),
    strongest: take(everything, findStrongest(everything.change)),
    mocks: reference.pools.find(({ name }) => name === TERSE)?.sample ?? null,
    posterior: rows.length === 0 ? null : await drawPosterior(
      model,
      experiment.architecture.outputs,
      seeClusters(experiment, clusters).features,
    ),
  };
}

/** All clusters of a catalog. */
interface Clusters {
  readonly rows: Uint32Array;
  readonly clusters: ObservedClusters;
  readonly terse: Float64Array;
  readonly change: Float64Array;
  /** Name of each row of the table. */
  readonly labels: readonly string[];
  readonly fields: readonly (keyof ObservedClusters)[];
}

function take(all: Clusters, places: readonly number[]): ClusterPoints {
  const pick = (values: ArrayLike<number>) => Float64Array.from(places, (i) => values[i]!);
  return {
    rows: Uint32Array.from(places, (i) => all.rows[i]! + 1),
    labels: all.labels.length === 0
      ? []
      : places.map((i) => printable(all.labels[all.rows[i]!]!.trim()).slice(0, LONGEST)),
    terse: pick(all.terse),
    change: pick(all.change),
    observables: Object.fromEntries(
      all.fields.map((field) => [field, pick(all.clusters[field] as Float64Array)]),
    ),
  };
}

function findStrongest(change: Float64Array): number[] {
  return Array.from(change.keys()).filter((i) => Number.isFinite(change[i]))
    .sort((a, b) => Math.abs(change[b]!) - Math.abs(change[a]!))
    .slice(0, LISTED);
}

/** The texts of the first column that has any, except the one that distinguishes catalogs. */
function readLabels(table: ReadTable, catalogId: string | undefined): readonly string[] {
  const column = table.columns.find(({ name, values, fault }) =>
    values === null && fault === "" && name !== catalogId &&
    placesOf(name, table.columns).length === 1
  );
  return column ? table.textsOf(column.name) : [];
}
