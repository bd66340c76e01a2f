/**
 * Table 4's row of an experiment, beside the paper's.
 *
 * @module
 */
import type { Sigma8Errors } from "../src/evaluation/errors.ts";
import type { PaperScatter, Table4RowKind } from "../src/evaluation/table4_rows.ts";
import { TABLE4_ROWS } from "../src/evaluation/table4_rows.ts";
import type { Results } from "./evaluation.ts";

/** What Table 4 knows of an experiment; undefined for one that is not in it. */
const rowOf = (name: string): Table4RowKind | undefined =>
  (TABLE4_ROWS as Readonly<Record<string, Table4RowKind>>)[name];

/** The row of the results' experiment and that of the count baseline, for people to read. */
export function formatTable4(results: Results): string {
  const { experiment, test, fresh, countBaseline } = results;
  const row = rowOf(experiment);
  const counts = TABLE4_ROWS.countBaseline;
  const rows = [
    ["Scatter of sigma8", `test (${test.count})`, `fresh (${fresh.count})`, "paper"],
    [row?.label ?? experiment, formatScatter(test), formatScatter(fresh), formatPaper(row)],
    [counts.label, formatScatter(countBaseline), "", formatPaper(counts)],
    ["Bias", formatBias(test), formatBias(fresh), ""],
  ];
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => cell.padEnd(widths[c]!)).join("  ").trimEnd())
    .join("\n");
}

const formatPaper = (row: Table4RowKind | undefined): string =>
  row?.paper ? formatScatter(row.paper) : "not in the paper";

const formatScatter = ({ scatter, scatterError }: PaperScatter): string =>
  `${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}`;

const formatBias = ({ bias }: Sigma8Errors): string => `${bias < 0 ? "" : "+"}${bias.toFixed(4)}`;
