/** IPAC tables: up to four lines between bars (names, types, units, missing values), then rows. */
import type { Span } from "./fields.ts";
import { cutFields } from "./fields.ts";
import type { Layout } from "./layout.ts";
import { cleanUnit, hasContent } from "./layout.ts";
import type { Lines } from "./lines.ts";

const isNote = (line: string): boolean => line.startsWith("\\");
const isHeading = (line: string): boolean => line.startsWith("|");

/** Whether a text begins like an IPAC table: bars above rows that have none. */
export function isIpac(head: readonly string[]): boolean {
  const lines = head.filter((line) => !isNote(line) && hasContent(line));
  const first = lines.findIndex((line) => !isHeading(line));
  if (first < 1 || first > 4) return first < 0 && lines.length > 1 && head.some(isNote);
  return head.some(isNote) || lines.slice(first).every((line) => line.startsWith(" "));
}

/**
 * The columns of an IPAC table.
 *
 * @throws {SyntaxError} While rows are read, if a row has text below a bar
 */
export function layOutIpac({ head }: Lines): Layout {
  const start = head.findIndex((line) => hasContent(line) && !isNote(line) && !isHeading(line));
  const headings = head.slice(0, start < 0 ? undefined : start).filter(isHeading);
  const bars = Array.from(headings[0]!.matchAll(/\|/g), ({ index }) => index);
  // The last bar may be missing.
  if (headings[0]!.slice(bars.at(-1)! + 1).trim() !== "") bars.push(headings[0]!.length);
  const spans: Span[] = bars.slice(0, -1).map((bar, i) => ({ start: bar + 1, end: bars[i + 1]! }));
  const [names, types, units, missing] = headings.map((line) => cutFields(line, spans));
  return {
    form: "a table of IPAC",
    columns: names!.map((name, i) => ({
      // Dashes may pad a name.
      name: name.replace(/^-+|-+$/g, ""),
      unit: cleanUnit(units?.[i] ?? ""),
      ucd: "",
      description: types?.[i] ?? "",
      missing: missing?.[i] ? [missing[i]] : [],
    })),
    start: start < 0 ? head.length : start,
    skipped: [],
    warnings: [],
    rowOf: (line) => {
      if (!hasContent(line) || isNote(line) || isHeading(line)) return null;
      const bar = bars.find((at) => (line[at] ?? " ") !== " ");
      if (bar === undefined) return cutFields(line, spans);
      throw new SyntaxError(
        `Cannot read catalog: the line ${JSON.stringify(line.trim().slice(0, 60))} has text at ` +
          `character ${bar + 1}, below a bar that separates two columns`,
      );
    },
  };
}
