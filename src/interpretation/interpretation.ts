/**
 * All schemes of section 5 for one trained network.
 *
 * @module
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { ColumnName, FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import type { Headlines } from "./columns.ts";
import type { LeaveOneOut, LeaveOneOutOptions } from "./leave_one_out.ts";
import type { Overspecialization } from "./overspecialization.ts";
import type { Saliency, SaliencyOptions } from "./saliency.ts";
import type { TerseLayer } from "./terse_layer.ts";
import type { TerseTable } from "./terse_table.ts";

/** What the schemes find in one network. */
export interface Interpretation {
  readonly leaveOneOut: LeaveOneOut;
  readonly saliency: Saliency;
  readonly terseTable: TerseTable;
  readonly terseLayer: TerseLayer;
  readonly overspecialization: Overspecialization;
}

/** Options of the schemes. */
export interface InterpretOptions {
  readonly leaveOneOut?: LeaveOneOutOptions;
  readonly saliency?: SaliencyOptions;
}

/** Applies every scheme that needs a network. `columns` are the encoder's (`FeatureSpec.pixels`). */
export declare function interpret(
  model: Model,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
  columns: readonly ColumnName[],
  options?: InterpretOptions,
): Promise<Interpretation>;

/** The headline numbers of every scheme, named `<scheme> <number>`. */
export declare function interpretationHeadlines(result: Interpretation): Headlines;
