/** Rows of text as lines whose columns line up. */

/** Rows as lines, two spaces between columns; every row has as many cells as the first. */
export function padColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => cell.padEnd(widths[c]!)).join("  ").trimEnd())
    .join("\n");
}
