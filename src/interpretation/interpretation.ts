/** All schemes of section 5 and App. B that look into a trained network, for one network. */
import type { Catalog } from "../catalogs/catalog.ts";
import type { ColumnName, FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import type { LeaveOneOut, LeaveOneOutOptions } from "./leave_one_out.ts";
import { leaveOneOut, leaveOneOutColumns, leaveOneOutHeadlines } from "./leave_one_out.ts";
import type { Overspecialization } from "./overspecialization.ts";
import {
  FEWEST_CATALOGS,
  judgeOverspecialization,
  overspecializationColumns,
  overspecializationHeadlines,
} from "./overspecialization.ts";
import type { Saliency, SaliencyOptions } from "./saliency.ts";
import { measureSaliency } from "./saliency.ts";
import { saliencyColumns, saliencyHeadlines } from "./saliency_trends.ts";
import type { TerseLayer } from "./terse_layer.ts";
import { describeTerseLayer, terseLayerColumns, terseLayerHeadlines } from "./terse_layer.ts";
import type { TerseTable } from "./terse_table.ts";
import { tabulateTerse } from "./terse_table.ts";

/** What the schemes find in one network. */
export interface Interpretation {
  /** Section 5.1, Fig. 9. */
  readonly leaveOneOut: LeaveOneOut;
  /** Section 5.2, Figs. 10-12. */
  readonly saliency: Saliency;
  /** Every cluster with its terse value, truth and observables. */
  readonly terseTable: TerseTable;
  /** Section 5.3, Figs. 15-16. */
  readonly terseLayer: TerseLayer;
  /** App. B's verdict; `null` if the catalogs are too few for one. */
  readonly overspecialization: Overspecialization | null;
}

/** Options of the schemes. */
export interface InterpretOptions {
  /** Options of {@linkcode leaveOneOut}. */
  readonly leaveOneOut?: LeaveOneOutOptions;
  /** Options of {@linkcode measureSaliency}. */
  readonly saliency?: SaliencyOptions;
}

/**
 * Applies every scheme that needs a network; every cluster is encoded once.
 *
 * @param features Inputs built from `catalogs`, in the same order
 * @param columns The encoder's columns, `FeatureSpec.pixels`
 * @throws {TypeError} If the features are not those of the catalogs or of the columns
 * @throws {RangeError} If no catalog has two clusters, or the network returns what is not finite
 */
export async function interpret(
  model: Model,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
  columns: readonly ColumnName[],
  options: InterpretOptions = {},
): Promise<Interpretation> {
  const terseTable = await tabulateTerse(model, features, catalogs);
  const encoded = withTerse(model, features, terseTable);
  return {
    leaveOneOut: await leaveOneOut(encoded, features, catalogs, options.leaveOneOut),
    saliency: await measureSaliency(model, features, catalogs, columns, options.saliency),
    terseTable,
    terseLayer: describeTerseLayer(terseTable),
    overspecialization: features.length < FEWEST_CATALOGS
      ? null
      : judgeOverspecialization(terseTable),
  };
}

/** A model that looks terse values up; they were Float32, so nothing is lost on the way. */
function withTerse(
  model: Model,
  features: readonly FeatureArray[],
  { terse }: TerseTable,
): Pick<Model, "encode" | "regress"> {
  const values = new Map<FeatureArray, Float32Array>();
  let start = 0;
  for (const catalog of features) {
    values.set(catalog, Float32Array.from(terse.subarray(start, start += catalog.count)));
  }
  return {
    encode: (catalog) => Promise.resolve(values.get(catalog)!),
    regress: (catalogs) => model.regress(catalogs),
  };
}

/** The panels of every scheme, named `<scheme>_<panel>`: a CSV file each. */
export function interpretationColumns(result: Interpretation): FigureColumns {
  const { leaveOneOut, saliency, terseTable, terseLayer, overspecialization } = result;
  return prefixNames("_", {
    leave_one_out: leaveOneOutColumns(leaveOneOut),
    saliency: saliencyColumns(saliency),
    terse_layer: terseLayerColumns(terseLayer, terseTable),
    overspecialization: overspecialization ? overspecializationColumns(overspecialization) : {},
  });
}

/** The headline numbers of every scheme, named `<scheme>: <number>`. */
export function interpretationHeadlines(result: Interpretation): Headlines {
  const { leaveOneOut, saliency, terseLayer, overspecialization } = result;
  return prefixNames(": ", {
    "leave one out": leaveOneOutHeadlines(leaveOneOut),
    "saliency": saliencyHeadlines(saliency),
    "terse layer": terseLayerHeadlines(terseLayer),
    "overspecialization": overspecialization ? overspecializationHeadlines(overspecialization) : {},
  });
}

function prefixNames<T>(
  separator: string,
  schemes: Readonly<Record<string, Readonly<Record<string, T>>>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(schemes).flatMap(([scheme, entries]) =>
      Object.entries(entries).map(([name, value]) => [`${scheme}${separator}${name}`, value])
    ),
  );
}
