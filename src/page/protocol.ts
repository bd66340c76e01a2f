/**
 * The messages between the page and its worker. The worker holds the table and the networks; the
 * page receives summaries that are small for any length of table.
 */
import type { ColumnRecord } from "../observed/column_record.ts";
import type { RefusalCount } from "../observed/refusals.ts";
import type { Proposal } from "../observed/proposal.ts";
import type { SourceOptions, TableEntry } from "../observed/source_table.ts";
import type { NetworkFacts, Predictions } from "../runs/observed_prediction.ts";

/** A network in the form in which the page holds it. */
export interface PackedNetwork extends Omit<NetworkFacts, "backend"> {
  /** Name of the network for `predict --network`, or the folder of a network of the user's own. */
  readonly name: string;
  /** What the network reads, in words. */
  readonly title: string;
  /** Packed bytes of `weights.safetensors`. */
  readonly weights: string;
  /** Packed bytes of `safety.safetensors`. */
  readonly reference: string;
}

/** A user's choices for a table. */
export interface Choices {
  /** Index of the network among those of the page. */
  readonly network: number;
  /** Expressions by target; a target without one is read from the column of its name. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Value of the Hubble parameter h in expressions. */
  readonly h: number;
  /** The column that distinguishes catalogs; undefined if all rows are one catalog. */
  readonly catalogId: string | undefined;
}

/** Summary of a network. */
export interface NetworkSummary {
  /** Name of the network for `predict --network`. */
  readonly name: string;
  /** What the network reads, in words. */
  readonly title: string;
  /** Scatter of sigma8 on fresh mock catalogs; `null` if it was not measured. */
  readonly scatter: number | null;
  /** Targets that the network needs, and the redshift. */
  readonly targets: readonly TargetSummary[];
  /** Range of sigma8 in training, outside of which the network knows nothing. */
  readonly prior: { readonly min: number; readonly max: number };
}

/** A quantity that a network needs. */
export interface TargetSummary {
  /** The quantity's name in a mapping. */
  readonly name: string;
  /** Values per cluster: 1, or the number of shells of a profile. */
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
  /** Notes on what was skipped. */
  readonly notes: readonly string[];
  /** The table that is opened first; `null` if none can be read. */
  readonly chosen: string | null;
}

/** The expression that a column gets for a target. */
export type Written = Pick<Proposal, "expression" | "assumed">;

/** A table that was read. */
export interface TableSummary {
  /** The form that the table was read as. */
  readonly form: string;
  /** Number of rows. */
  readonly count: number;
  /** The table's columns, in order. */
  readonly columns: readonly ColumnRecord[];
  /** Name of each column in expressions, in the same order; "" for a column that cannot be used. */
  readonly names: readonly string[];
  /** The mapping that `terse columns` proposes. */
  readonly proposals: readonly Proposal[];
  /** Expression of each column for each target; `null` if its unit is of another kind. */
  readonly written: Readonly<Record<string, readonly (Written | null)[]>>;
  /** Notes on what was skipped, and on what to know before trusting the numbers. */
  readonly notes: readonly string[];
  /** Index of the network whose columns the table seems to have. */
  readonly network: number;
}

/** The result of one expression. */
export interface CheckedTarget {
  /** Name of the target. */
  readonly name: string;
  /** Why the target cannot be used; "" if it can. */
  readonly fault: string;
  /** Number of rows with a number. */
  readonly numbers: number;
  /** Number of rows without a number; `reason` gives the first reason. */
  readonly missing: number;
  /** The first reason for a missing number; "" if no row lacks one. */
  readonly reason: string;
  /** Number of rows below the range of the mocks. */
  readonly below: number;
  /** Number of rows above the range of the mocks. */
  readonly above: number;
  /** Least, median and greatest value; `null` if there is none. */
  readonly range: { readonly min: number; readonly middle: number; readonly max: number } | null;
}

/** The result of the choices. */
export interface Checked {
  /** The targets, in order. */
  readonly targets: readonly CheckedTarget[];
  /** Why nothing can be predicted; "" if something can. */
  readonly fault: string;
  /** Number of rows that can be used. */
  readonly used: number;
  /** Numbers of refused rows, by reason. */
  readonly refused: readonly RefusalCount[];
  /** The mapping in the form of `predict --columns`. */
  readonly mapping: string;
}

/** The result of a prediction. */
export interface Answer {
  /** The document of `predict --json`. */
  readonly found: Predictions;
  /** What `predict` prints. */
  readonly text: string;
}

/** Points of a figure: all clusters, or a selection. */
export interface ClusterPoints {
  /** Rows of the table, from 1. */
  readonly rows: Uint32Array;
  /** Name of each cluster, from the table's first column of text; empty if there is none. */
  readonly labels: readonly string[];
  /** Terse values, in standard deviations of the mocks' clusters from their mean. */
  readonly terse: Float64Array;
  /** sigma8 without each cluster minus that with all; NaN if it was not measured. */
  readonly change: Float64Array;
  /** Values of the targets with one number per cluster. */
  readonly observables: Readonly<Record<string, Float64Array>>;
}

/** The data of one catalog's figures. */
export interface CatalogDetails {
  /** Number of clusters in use. */
  readonly count: number;
  /** All clusters, or an even selection of as many as a figure can show. */
  readonly points: ClusterPoints;
  /** The clusters that change sigma8 most, the strongest first. */
  readonly strongest: ClusterPoints;
  /** Equally probable terse values of the mocks' clusters; `null` if they do not vary. */
  readonly mocks: Float64Array | null;
  /** Density of the posterior; `null` if there is none. */
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

/** A request that the page posts. */
export interface Ask {
  /** Number of the request, which its answer repeats. */
  readonly id: number;
  /** Name of the request. */
  readonly name: RequestName;
  /** Content of the request. */
  readonly ask: unknown;
}

/** Progress of a request. */
export interface Step {
  /** Name of the present step. */
  readonly what: string;
  /** Work done; `null` if that is not known. */
  readonly done: number | null;
  /** Total work; `null` if that is not known. */
  readonly all: number | null;
}

/** A message that the worker posts. */
export type Reply =
  | { readonly id: number; readonly kind: "answer"; readonly answer: unknown }
  | { readonly id: number; readonly kind: "step"; readonly step: Step }
  | { readonly id: number; readonly kind: "fault"; readonly message: string };
