/** Tables of text as Markdown and as HTML. */
import { escapeText, labelHtml, labelText } from "./svg.ts";

/** Columns and rows of text; `_{}` and `^{}` mark sub- and superscripts. */
export interface Table {
  /** Caption of the table. */
  readonly caption: string;
  /** Heads of the columns. */
  readonly columns: readonly string[];
  /** Rows, each with as many cells as there are columns. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * A table in Markdown.
 *
 * @example
 * ```ts
 * import { formatMarkdown } from "@clusters/terse/report";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { caption: "Scatter", columns: ["case", "Δσ_8"], rows: [["a|b", "0.02"]] };
 * assertEquals(formatMarkdown(table), "Scatter\n\n| case | Δσ8 |\n| --- | --- |\n| a\\|b | 0.02 |\n");
 * ```
 */
export function formatMarkdown({ caption, columns, rows }: Table): string {
  const cell = (text: string) =>
    labelText(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const rule = `| ${columns.map(() => "---").join(" | ")} |`;
  return `${cell(caption)}\n\n${[line(columns), rule, ...rows.map(line)].join("\n")}\n`;
}

/** A table in HTML; the first cell of a row is its head. */
export function formatHtml({ caption, columns, rows }: Table): string {
  const heads = columns.map((head) => `<th scope="col">${labelHtml(head)}</th>`).join("");
  const lines = rows.map(([first, ...rest]) =>
    `<tr><th scope="row">${labelHtml(first ?? "")}</th>` +
    rest.map((cell) => `<td>${labelHtml(cell)}</td>`).join("") + "</tr>"
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${
    escapeText(labelText(caption))
  }"><table><caption>${labelHtml(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${
    lines.join("")
  }</tbody></table></div>`;
}
