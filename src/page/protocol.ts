/**
 * What the page and its worker say to each other. The worker holds the table and the networks; the page
 * gets summaries that are small however long the table is.
 *
 * @module
 */
import type { ColumnRecord } from "../observed/column_record.ts";
import type { RefusalCount } from "../observed/refusals.ts";
import type { Proposal } from "../observed/proposal.ts";
import type { SourceOptions, TableEntry } from "../observed/source_table.ts";
import type { NetworkFacts, Predictions } from "../runs/observed_prediction.ts";

/** A network as the page holds it. */
export interface PackedNetwork extends Omit<NetworkFacts, "backend"> {
  /** Name of the network for `predict --network`; the folder of a network of one's own. */
  readonly name: string;
  /** What the network reads, in words. */
  readonly title: string;
  /** `weights.safetensors`, packed. */
  readonly weights: string;
  /** `safety.safetensors`, packed. */
  readonly reference: string;
}

/** What a person chooses about a table. */
export interface Choices {
  /** Place of the network among those of the page. */
  readonly network: number;
  /** Expressions by target; a target that is left out is the column of its name. */
  readonly mapping: Readonly<Record<string, string>>;
  /** The Hubble parameter in expressions. */
  readonly h: number;
  /** The column that distinguishes catalogs; undefined if all rows are one. */
  readonly catalogId: string | undefined;
}

/** What a network reads. */
export interface NetworkSummary {
  /** Name of the network for `predict --network`. */
  readonly name: string;
  /** What the network reads, in words. */
  readonly title: string;
  /** Scatter of sigma8 on fresh mock catalogs; `null` if not measured. */
  readonly scatter: number | null;
  /** The targets that the network needs, and the redshift. */
  readonly targets: readonly TargetSummary[];
  /** The prior of sigma8, outside of which it knows nothing. */
  readonly prior: { readonly min: number; readonly max: number };
}

/** A quantity that a network needs. */
export interface TargetSummary {
  /** The quantity's name in a mapping. */
  readonly name: string;
  /** Values per cluster: 1, or the shells of a profile. */
  readonly width: number;
  /** Least value among the mocks, over all shells. */
  readonly min: number;
  /** Largest value among the mocks, over all shells. */
  readonly max: number;
}

/** A file that was opened. */
export interface OpenedFile {
  /** Format of the file. */
  readonly form: string;
  /** The file's tables. */
  readonly tables: readonly Omit<TableEntry, "read">[];
  /** What was passed over. */
  readonly notes: readonly string[];
  /** The table to begin with; `null` if none can be read. */
  readonly chosen: string | null;
}

/** How a column may be written for a target. */
export type Written = Pick<Proposal, "expression" | "assumed">;

/** A table that was read. */
export interface TableSummary {
  /** The form that the table was read as. */
  readonly form: string;
  /** Number of rows. */
  readonly count: number;
  /** The table's columns, in order. */
  readonly columns: readonly ColumnRecord[];
  /** How each column is called in an expression, in the same order; "" for one that cannot be used. */
  readonly names: readonly string[];
  /** The proposal of `terse columns`. */
  readonly proposals: readonly Proposal[];
  /** How each column would be written for each target; `null` where its unit is another one. */
  readonly written: Readonly<Record<string, readonly (Written | null)[]>>;
  /** What was passed over, and what to know before the numbers are trusted. */
  readonly notes: readonly string[];
  /** Place of the network whose columns the table seems to have. */
  readonly network: number;
}

/** What an expression gives. */
export interface CheckedTarget {
  /** Name of the target. */
  readonly name: string;
  /** Why the target cannot be used; "" if it can. */
  readonly fault: string;
  /** Rows with a number. */
  readonly numbers: number;
  /** Rows without one, and the first reason. */
  readonly missing: number;
  /** "" if no row is without one. */
  readonly reason: string;
  /** Rows below the range of the mocks. */
  readonly below: number;
  /** Rows above the range. */
  readonly above: number;
  /** Least, middle and greatest value; `null` if there is none. */
  readonly range: { readonly min: number; readonly middle: number; readonly max: number } | null;
}

/** What the choices give. */
export interface Checked {
  /** The targets, in order. */
  readonly targets: readonly CheckedTarget[];
  /** Why nothing can be predicted; "" if something can. */
  readonly fault: string;
  /** Rows that can be used. */
  readonly used: number;
  /** Rows that cannot, counted by reason. */
  readonly refused: readonly RefusalCount[];
  /** The mapping as `predict --columns` takes it. */
  readonly mapping: string;
}

/** What was predicted. */
export interface Answer {
  /** The document of `predict --json`. */
  readonly found: Predictions;
  /** What `predict` prints. */
  readonly text: string;
}

/** Points of a figure; `count` may be more than are given. */
export interface ClusterPoints {
  /** Rows of the table, from 1. */
  readonly rows: Uint32Array;
  /** A name of each cluster from the table's first column of texts; empty if there is none. */
  readonly labels: readonly string[];
  /** Terse values in spreads of the mocks' clusters from their mean. */
  readonly terse: Float64Array;
  /** sigma8 without each cluster less that with all; NaN if that was not measured. */
  readonly change: Float64Array;
  /** Values of the targets of one number. */
  readonly observables: Readonly<Record<string, Float64Array>>;
}

/** One catalog's figures. */
export interface CatalogDetails {
  /** Clusters in use. */
  readonly count: number;
  /** All clusters, or as many as a figure can show, evenly chosen. */
  readonly points: ClusterPoints;
  /** The clusters that move sigma8 most, the strongest first. */
  readonly strongest: ClusterPoints;
  /** Equally probable terse values of the mocks' clusters; `null` if they do not vary. */
  readonly mocks: Float64Array | null;
  /** The posterior's density; `null` if there is none. */
  readonly posterior: { readonly sigma8: Float64Array; readonly density: Float64Array } | null;
}

/** Every request with its answer. */
export interface Requests {
  /** Unpacks the networks. */
  start: { ask: { networks: readonly PackedNetwork[] }; answer: readonly NetworkSummary[] };
  /** Reads a file. */
  open: { ask: { file: Blob; options: SourceOptions }; answer: OpenedFile };
  /** Reads a table of the file. */
  table: { ask: { key: string }; answer: TableSummary };
  /** Checks a mapping. */
  check: { ask: Choices; answer: Checked };
  /** Predicts. */
  predict: { ask: Choices; answer: Answer };
  /** Looks at one catalog of the last prediction. */
  catalog: { ask: { place: number }; answer: CatalogDetails };
  /** The table of clusters as CSV. */
  save: { ask: Record<string, never>; answer: Blob };
}

/** Names of {@linkcode Requests}. */
export type RequestName = keyof Requests;

/** What the page posts. */
export interface Ask {
  /** Number of the request, which its answer repeats. */
  readonly id: number;
  /** Name of the request. */
  readonly name: RequestName;
  /** Content of the request. */
  readonly ask: unknown;
}

/** How far a request is. */
export interface Step {
  /** What is being done. */
  readonly what: string;
  /** How much is done; `null` if that is not known. */
  readonly done: number | null;
  /** How much there is. */
  readonly all: number | null;
}

/** What the worker posts. */
export type Reply =
  | { readonly id: number; readonly kind: "answer"; readonly answer: unknown }
  | { readonly id: number; readonly kind: "step"; readonly step: Step }
  | { readonly id: number; readonly kind: "fault"; readonly message: string };
