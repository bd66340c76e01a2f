/**
 * Table 4 as a record: the scatter of sigma8 of every experiment, of a regression without a network
 * and of the information limit, next to the paper's values; whether the rows come in the paper's
 * order; and notes on the table.
 */
import type { InformationLimit } from "./posterior.ts";
import type { Random } from "../numerics/random.ts";
import type { MeasuredScatter, ScatterComparison } from "./scatter_comparison.ts";
import { checkScatter, compareScatters } from "./scatter_comparison.ts";
import type { Table4RowKind, Table4RowName } from "./table4_rows.ts";
import { TABLE4_ROWS } from "./table4_rows.ts";

/** Catalogs on which a row is measured: those held back ("test"), or new ones ("fresh"). */
export type Table4Set = "test" | "fresh";

/** The measurement of a row, or the reason in words why there is none. */
export type Table4Entry = Readonly<Record<Table4Set, MeasuredScatter | string>>;

/** One cell of the table. */
export interface Table4Cell {
  /** The measured scatter; `null` if it was not measured. */
  readonly measured: Omit<MeasuredScatter, "errors"> | null;
  /** Why the scatter was not measured; `null` if it was. */
  readonly reason: string | null;
}

/** One row of the table. */
export interface Table4Row extends Pick<Table4RowKind, "label" | "kind" | "paper"> {
  /** Name of the row in {@linkcode TABLE4_ROWS}. */
  readonly name: Table4RowName;
  /** Scatter on the catalogs that were held back. */
  readonly test: Table4Cell;
  /** Scatter on new catalogs of the same priors. */
  readonly fresh: Table4Cell;
}

/** One relation of the paper's order: whether the first row scatters less than the second. */
export interface OrderedPair {
  /** The row that scatters less in the paper. */
  readonly lower: Table4RowName;
  /** The row that scatters more. */
  readonly higher: Table4RowName;
  /** Scatter of `higher` less that of `lower`; `null` if one was not measured. */
  readonly comparison: ScatterComparison | null;
  /** Whether the order holds: "undecided" within two errors, "not measured" if a row is missing. */
  readonly verdict: OrderVerdict;
}

/** Whether an order is seen. */
export type OrderVerdict = "holds" | "undecided" | "fails" | "not measured";

/** The order Standard < {Shuffled, No WL} < ones on one set of catalogs. */
export interface Table4Order {
  /** The four relations. */
  readonly pairs: readonly OrderedPair[];
  /**
   * Verdict on the whole order: "fails" if one part fails, else "not measured" if one is missing,
   * else "undecided" if one is.
   */
  readonly verdict: OrderVerdict;
}

/** Table 4 for one form of the network. */
export interface Table4 {
  /** All rows of {@linkcode TABLE4_ROWS}, in its order. */
  readonly rows: readonly Table4Row[];
  /** The paper's order, on each set. */
  readonly order: Readonly<Record<Table4Set, Table4Order>>;
  /** Notes to print under the table. */
  readonly notes: readonly string[];
}

const SETS: readonly Table4Set[] = ["fresh", "test"];

/** The paper's order, relation by relation. */
const ORDER: readonly (readonly [Table4RowName, Table4RowName])[] = [
  ["standard", "shuffled"],
  ["standard", "noWeakLensing"],
  ["shuffled", "ones"],
  ["noWeakLensing", "ones"],
];

/** Errors from which on a difference counts as real. */
const SIGNIFICANT = 2;

/** Errors below the limit from which on a scatter is suspicious: the limit is all there is. */
const SUSPICIOUS = 3;

const NOT_MEASURED = "not measured";

/** Measurements by row; rows that are left out were not measured. */
export type Table4Entries = Readonly<Partial<Record<Table4RowName, Table4Entry>>>;

/**
 * Makes the table from the measurements.
 *
 * Rows that carry their errors catalog by catalog are compared on the same resamples of the
 * catalogs, which tells a small difference from none far better than their two error bars.
 *
 * @example A network that does not beat the regression says so
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { makeTable4 } from "@clusters/terse/evaluation";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const entry = (scatter: number) => {
 *   const measured = { count: 3000, scatter, scatterError: 0.0003, bias: 0 };
 *   return { test: "no test set", fresh: measured };
 * };
 * const table = makeTable4(
 *   { standard: entry(0.0215), summariesBaseline: entry(0.0209) },
 *   createRandom(1),
 * );
 * assertEquals(table.rows[0]!.fresh.measured!.scatter, 0.0215);
 * assertEquals(table.rows[1]!.fresh.reason, "not measured");
 * assertEquals(table.order.fresh.verdict, "not measured");
 * assertStringIncludes(table.notes[0]!, "Standard does not beat");
 * ```
 *
 * @param entries Measurements by row; a row that is left out was not measured
 * @param random Draws the resamples
 * @throws {RangeError} If a number is not finite, a count below 2, or an error not above 0
 */
export function makeTable4(entries: Table4Entries, random: Random): Table4 {
  const names = Object.keys(TABLE4_ROWS) as Table4RowName[];
  for (const name of names) {
    for (const set of SETS) {
      const measured = measuredOf(entries, name, set);
      if (measured) checkScatter(measured, `${name} on ${set} catalogs`);
    }
  }
  const compare: Compare = (set, lower, higher) => {
    const [a, b] = [measuredOf(entries, lower, set), measuredOf(entries, higher, set)];
    return a && b ? compareScatters(a, b, random.fork(set, lower, higher)) : null;
  };
  return {
    rows: names.map((name) => makeRow(name, entries[name])),
    order: { test: judgeOrder("test", compare), fresh: judgeOrder("fresh", compare) },
    notes: names.filter((name) => TABLE4_ROWS[name].kind === "network").flatMap((name) =>
      [noteOnBaseline(name, entries, compare), noteOnLimit(name, compare)]
        .filter((note) => note !== null)
    ),
  };
}

type Compare = (
  set: Table4Set,
  lower: Table4RowName,
  higher: Table4RowName,
) => ScatterComparison | null;

function measuredOf(
  entries: Table4Entries,
  name: Table4RowName,
  set: Table4Set,
): MeasuredScatter | null {
  const cell = entries[name]?.[set] ?? NOT_MEASURED;
  return typeof cell === "string" ? null : cell;
}

function makeRow(name: Table4RowName, entry: Table4Entry | undefined): Table4Row {
  const { label, kind, paper } = TABLE4_ROWS[name];
  const cell = (found: MeasuredScatter | string = NOT_MEASURED): Table4Cell => {
    if (typeof found === "string") return { measured: null, reason: found };
    const { count, scatter, scatterError, bias } = found;
    return { measured: { count, scatter, scatterError, bias }, reason: null };
  };
  return { name, label, kind, paper, test: cell(entry?.test), fresh: cell(entry?.fresh) };
}

function judgeOrder(set: Table4Set, compare: Compare): Table4Order {
  const pairs = ORDER.map(([lower, higher]): OrderedPair => {
    const comparison = compare(set, lower, higher);
    return { lower, higher, comparison, verdict: judgePair(comparison) };
  });
  const worst = (["fails", "not measured", "undecided"] as const)
    .find((verdict) => pairs.some((pair) => pair.verdict === verdict));
  return { pairs, verdict: worst ?? "holds" };
}

function judgePair(comparison: ScatterComparison | null): OrderVerdict {
  if (comparison === null) return "not measured";
  const { significance } = comparison;
  if (significance >= SIGNIFICANT) return "holds";
  return significance <= -SIGNIFICANT ? "fails" : "undecided";
}

/** The set of catalogs on which a note rests: fresh ones if there are any. */
function firstComparison(compare: Compare, lower: Table4RowName, higher: Table4RowName) {
  for (const set of SETS) {
    const comparison = compare(set, lower, higher);
    if (comparison) return { set, ...comparison };
  }
  return null;
}

/** The note for a network that does not beat the regression on eleven summaries. */
function noteOnBaseline(
  name: Table4RowName,
  entries: Table4Entries,
  compare: Compare,
): string | null {
  const found = firstComparison(compare, name, "summariesBaseline");
  if (found === null || found.significance >= SIGNIFICANT) return null;
  const [network, baseline] = [name, "summariesBaseline" as const].map((row) => {
    const { scatter, scatterError } = measuredOf(entries, row, found.set)!;
    return `${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}`;
  });
  const surely = found.difference > 0 ? " significantly" : "";
  const seesLess = TABLE4_ROWS[name].limit === "limit" ? "" : ", which sees more";
  return `${TABLE4_ROWS[name].label} does not${surely} beat the regression on eleven summaries` +
    `${seesLess}: ${network} against ${baseline} on ${found.set} catalogs`;
}

/** The note for a network that scatters less than the information limit. */
function noteOnLimit(name: Table4RowName, compare: Compare): string | null {
  const { label, limit } = TABLE4_ROWS[name];
  if (limit === null) return null;
  const found = firstComparison(compare, limit, name);
  if (found === null || found.significance > -SUSPICIOUS) return null;
  return `${label} scatters less than the information limit by ` +
    `${(-found.significance).toFixed(1)} errors on ${found.set} catalogs: it sees what the ` +
    "likelihood leaves out, or what it should not";
}

/** The information limit as a row, by the posteriors' width, which is better known. */
export function limitEntry({ count, width, widthError, bias }: InformationLimit): Table4Entry {
  const fresh = { count, scatter: width, scatterError: widthError, bias };
  return { test: "measured on fresh catalogs", fresh };
}
