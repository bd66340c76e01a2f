/**
 * Table 4's row of an experiment, beside the paper's.
 *
 * @module
 */
import type { Sigma8Errors } from "../src/evaluation/errors.ts";
import type { Results } from "./evaluation.ts";

/** Table 4: name and scatter; the paper's network ran on the simulation, ours on a stand-in. */
const PAPER: Readonly<Record<string, { readonly name: string; readonly scatter: string }>> = {
  standard: { name: "Standard", scatter: "0.0212 +- 0.0009" },
  shuffled: { name: "Shuffled", scatter: "0.0262 +- 0.0011" },
  noWeakLensing: { name: "No WL", scatter: "0.0297 +- 0.0013" },
  ones: { name: "Array of Ones", scatter: "0.0620 +- 0.0027" },
};
const COUNT_BASELINE = { name: "N_cluster mapping", scatter: "0.0650 +- 0.0030" };

/** The row of the results' experiment and that of the count baseline, for people to read. */
export function formatTable4(results: Results): string {
  const { test, fresh, countBaseline } = results;
  const { name, scatter } = PAPER[results.experiment] ??
    { name: results.experiment, scatter: "not in the paper" };
  const rows = [
    ["Scatter of sigma8", `test (${test.count})`, `fresh (${fresh.count})`, "paper"],
    [name, formatScatter(test), formatScatter(fresh), scatter],
    [COUNT_BASELINE.name, formatScatter(countBaseline), "", COUNT_BASELINE.scatter],
    ["Bias", formatBias(test), formatBias(fresh), ""],
  ];
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => cell.padEnd(widths[c]!)).join("  ").trimEnd())
    .join("\n");
}

const formatScatter = ({ scatter, scatterError }: Sigma8Errors): string =>
  `${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}`;

const formatBias = ({ bias }: Sigma8Errors): string => `${bias < 0 ? "" : "+"}${bias.toFixed(4)}`;
