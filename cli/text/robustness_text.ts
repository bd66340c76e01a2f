/** What `robustness` prints for people. */
import type { RobustnessRow } from "../../src/evaluation/robustness.ts";
import { formatMarkdown } from "../../src/report/tables.ts";

/** One row per variant, as Markdown. */
export function formatRobustness(rows: readonly RobustnessRow[]): string {
  const signed = (value: number) => `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
  return formatMarkdown({
    caption: `One network on other catalogs, ${rows[0]!.count} of each kind`,
    columns: ["catalogs", "scatter of sigma8", "bias"],
    rows: rows.map(({ variant, scatter, scatterError, bias, biasError }) => [
      variant.name,
      `${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}`,
      `${signed(bias)} +- ${biasError.toFixed(4)}`,
    ]),
  }).trimEnd();
}
