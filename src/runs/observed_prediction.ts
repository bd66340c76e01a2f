/**
 * What `predict` does with a table that was read, before and after the network: it plans which
 * columns are used, and joins what was found with what is known of the network.
 */
import { counted } from "../numerics/counted.ts";
import { MAGNETICUM } from "../cosmology/cosmology.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { fieldsRead } from "../features/fields_read.ts";
import type { FaithfulnessVerdict } from "../interpretation/faithfulness/verdict.ts";
import type { ColumnMapping } from "../observed/column_mapping.ts";
import { parseMapping } from "../observed/column_mapping.ts";
import type { Kept } from "../observed/kept_table.ts";
import { columnsUsed } from "../observed/mapped_clusters.ts";
import { describeOddities } from "../observed/oddities.ts";
import type { Proposal } from "../observed/proposal.ts";
import { chooseProposals, proposeMapping, writeMapping } from "../observed/proposal.ts";
import { needsWholeRows } from "../observed/repeated_rows.ts";
import type { ReadTable } from "../observed/source_table.ts";
import type { CatalogPrediction, Reading } from "./prediction.ts";
import { redshiftsOf } from "./prediction.ts";

/** In the place of a mapping: columns are found by their names, units and UCDs. */
export const AUTO = "auto";

/** Five times the clusters of any catalog that is planned; a row takes a few hundred bytes. */
const MOST_ROWS = 5_000_000;

/** How the columns of a table are asked for. */
export interface ReadingRequest {
  /** Expressions by target, or {@linkcode AUTO}. */
  readonly mapping: ColumnMapping | typeof AUTO;
  /** The Hubble parameter in expressions; the simulation's if undefined. */
  readonly h: number | undefined;
  /** The column that distinguishes catalogs; undefined if all rows are one catalog. */
  readonly catalogId: string | undefined;
}

/** How a table will be read. */
export interface PlannedReading extends Reading {
  /** Columns that were found by their names, units and UCDs; empty if a mapping was given. */
  readonly proposed: readonly Proposal[];
  /** What a person should know about the table and about the columns that are used. */
  readonly warnings: readonly string[];
  /** What of the table is used. */
  readonly kept: Kept;
}

/**
 * Plans the reading of a table, so that a fault of the mapping is reported before anything is measured.
 *
 * @param table That was read
 * @param experiment Says what the network reads
 * @throws {TypeError | SyntaxError} If the mapping does not give what the network reads
 */
export function planReading(
  table: ReadTable,
  { features }: Pick<Experiment, "features">,
  { mapping: given, h = MAGNETICUM.h, catalogId }: ReadingRequest,
): PlannedReading {
  if (table.count > MOST_ROWS) {
    throw new RangeError(
      `Cannot predict: the table has ${counted(table.count, "row")}, at most ${MOST_ROWS} are read`,
    );
  }
  const fields = fieldsRead(features);
  const proposed = given === AUTO ? chooseProposals(proposeMapping(table.columns), fields) : [];
  const mapping = given === AUTO ? parseMapping(writeMapping(proposed)) : given;
  const used = columnsUsed(table.columns, { mapping, fields, h, ranges: {} });
  const warnings = [
    ...table.warnings,
    ...describeOddities(used.map((place) => table.columns[place]!)),
  ];
  const kept = { places: needsWholeRows(fields) ? "all" : used, texts: catalogId } as const;
  return { mapping, h, catalogId, proposed, warnings, kept };
}

/** A network, and what is known of it; `null` if that was not measured. */
export interface NetworkFacts {
  /** The run folder; `null` for a network that ships. */
  readonly run: string | null;
  /** The backend that it runs on. */
  readonly backend: string;
  /** Scatter of sigma8 on fresh mock catalogs. */
  readonly scatter: number | null;
  /** Whether the network's interpretation is true. */
  readonly faithfulness: FaithfulnessVerdict | null;
  /** Run folders of the other networks of an ensemble. */
  readonly ensemble?: readonly string[];
}

/** Predictions as the document of `predict --json`. */
export interface Predictions extends NetworkFacts {
  /** The redshifts that the network is for, and whether the table's were checked. */
  readonly redshifts: { readonly min: number; readonly max: number; readonly checked: boolean };
  /** The mapping, if it was found by the columns' names, units and UCDs. */
  readonly mapping?: ColumnMapping;
  /** What a person should know about the table. */
  readonly warnings: readonly string[];
  /** In the order of the table. */
  readonly catalogs: readonly CatalogPrediction[];
}

/** Joins what was predicted with what is known of network and table. */
export function joinPredictions(
  { run, backend, scatter, faithfulness, ensemble }: NetworkFacts,
  { catalog: { survey } }: Pick<Experiment, "catalog">,
  { mapping, proposed, warnings }: PlannedReading,
  catalogs: readonly CatalogPrediction[],
): Predictions {
  const { min, max } = redshiftsOf(survey);
  const redshifts = { min, max, checked: Object.hasOwn(mapping, "redshift") };
  const chosen = proposed.length > 0 ? { mapping } : {};
  const facts = { run, ...ensemble && { ensemble }, backend, scatter, faithfulness };
  return { ...facts, redshifts, ...chosen, warnings, catalogs };
}
