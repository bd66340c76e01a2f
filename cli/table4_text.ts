/**
 * Table 4 as Markdown.
 *
 * @module
 */
import type { Table4, Table4Cell } from "../src/evaluation/table4.ts";
import { formatMarkdown } from "../src/report/tables.ts";

/** The table, the verdict on its order, and what must be said of its rows. */
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

const formatScatter = (
  { scatter, scatterError }: { readonly scatter: number; readonly scatterError: number },
): string => `${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}`;

const formatSigned = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
