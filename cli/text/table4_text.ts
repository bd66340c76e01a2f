/** Table 4, whole as Markdown, or the row of one experiment. */
import type { Table4, Table4Cell } from "../../src/evaluation/table4.ts";
import type { Sigma8Errors } from "../../src/evaluation/errors.ts";
import type { PaperScatter, Table4RowKind } from "../../src/evaluation/table4_rows.ts";
import { TABLE4_ROWS } from "../../src/evaluation/table4_rows.ts";
import type { Results } from "../../src/runs/evaluation.ts";
import { formatMarkdown } from "../../src/report/tables.ts";
import { padColumns } from "./padded_table.ts";

/** The table, the verdict on its order, and notes on its rows. */
export function formatWholeTable4({ rows, order, notes }: Table4): string {
  const table = {
    caption: "Table 4: scatter of sigma8; the paper's on its simulation, ours on a stand-in for it",
    columns: ["", "test", "fresh", "bias, fresh", "paper"],
    rows: rows.map(({ label, test, fresh, paper }) => [
      label,
      formatCell(test),
      formatCell(fresh),
      fresh.measured ? formatSigned(fresh.measured.bias) : "",
      paper ? formatScatter(paper) : "not in the paper",
    ]),
  };
  const verdict = (["test", "fresh"] as const).map((set) => `${order[set].verdict} (${set})`);
  return [
    formatMarkdown(table),
    `The paper's order Standard < {Shuffled, No WL} < Array of Ones: ${verdict.join(", ")}.`,
    ...notes.map((note) => `- ${note}`),
  ].join("\n");
}

const formatCell = ({ measured, reason }: Table4Cell): string =>
  measured ? `${formatScatter(measured)} (${measured.count})` : reason ?? "";

const formatSigned = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(4)}`;

/** The row of an experiment in Table 4; undefined for one that is not in it. */
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
  return padColumns(rows);
}

const formatPaper = (row: Table4RowKind | undefined): string =>
  row?.paper ? formatScatter(row.paper) : "not in the paper";

const formatScatter = ({ scatter, scatterError }: PaperScatter): string =>
  `${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}`;

const formatBias = ({ bias }: Sigma8Errors): string => formatSigned(bias);
