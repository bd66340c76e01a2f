/**
 * The view of one catalog that a verdict rests on: the fields that the network reads, and its terse
 * values.
 */
import type { Catalog } from "../../catalogs/catalog.ts";
import type { ObservedField } from "../../observed/column_mapping.ts";
import type { FeatureArray, FeatureSpec } from "../../features/features.ts";
import { buildFeatures } from "../../features/features.ts";
import type { Model } from "../../model.ts";
import type { Random } from "../../numerics/random.ts";
import { mean, standardDeviation } from "../../numerics/statistics.ts";
import { encodeCatalog } from "../terse_table.ts";
import type { Quantity } from "./statistics.ts";
import { listQuantities } from "./statistics.ts";

/** Fewest clusters that can be judged; with fewer, the scatter about a line is meaningless. */
export const FEWEST_JUDGED = 8;

/** Mean and spread of the reference clusters' terse values, units in which networks are alike. */
export interface TerseScale {
  /** The mean of the reference clusters. */
  readonly offset: number;
  /** Their root mean square deviation. */
  readonly scale: number;
}

/** The quantities that are checked in every catalog. */
export interface CatalogView {
  /** Columns of the network. */
  readonly spec: FeatureSpec;
  /** Fields from which the columns are read; no other field is used. */
  readonly fields: readonly ObservedField[];
  /** Scale of the terse values; `null` if they do not vary. */
  readonly terse: TerseScale | null;
}

/** A catalog in the view of a verdict. */
export interface SeenCatalog {
  /** Inputs of the network. */
  readonly features: FeatureArray;
  /** Scaled terse values in the order of the catalog; `null` if they never vary. */
  readonly terse: Float64Array | null;
  /** The fields, and the terse values. */
  readonly quantities: readonly Quantity[];
}

/**
 * Views a catalog.
 *
 * @param random Orders the rows
 * @throws {RangeError} If a value that the network reads, or a terse value, is not finite
 */
export async function seeCatalog(
  model: Pick<Model, "encode">,
  view: CatalogView,
  catalog: Catalog,
  random: Random,
): Promise<SeenCatalog> {
  const features = buildFeatures(catalog, view.spec, random);
  const terse = scaleTerse(await encodeInOrder(model, features, 0), view.terse);
  return { features, terse, quantities: listQuantities(catalog.clusters, view.fields, terse) };
}

/** Terse values of a catalog's clusters, in the order of the catalog. */
export async function encodeInOrder(
  model: Pick<Model, "encode">,
  features: FeatureArray,
  place: number,
): Promise<Float64Array> {
  const terse = await encodeCatalog(model, features, place);
  const ordered = new Float64Array(terse.length);
  features.rows.forEach((cluster, row) => ordered[cluster] = terse[row]!);
  return ordered;
}

/** The scale of the terse values of many catalogs; `null` if those of one do not vary. */
export function fitTerseScale(parts: readonly Float64Array[]): TerseScale | null {
  const means = parts.map(mean);
  const offset = mean(means);
  const scale = Math.sqrt(mean(parts.map((part) => mean(part.map((v) => (v - offset) ** 2)))));
  const varies = parts.every((part) => standardDeviation(part) > EQUAL * Math.abs(offset));
  return scale > 0 && varies ? { offset, scale } : null;
}

/** Spread of Float32 values relative to their size, below which they are all equal. */
const EQUAL = 1e-6;

/** Terse values in units of the reference clusters' spread. */
export function scaleTerse(terse: Float64Array, scale: TerseScale | null): Float64Array | null {
  return scale && terse.map((value) => (value - scale.offset) / scale.scale);
}
