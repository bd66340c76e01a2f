/**
 * Machine-readable tables of CDS and AAS: rows of fixed width below a byte-by-byte description.
 *
 * The standard is https://vizier.cds.unistra.fr/doc/catstd.htx; the AAS journals follow it.
 */
import { counted } from "../numerics/counted.ts";
import { cutFields } from "./fields.ts";
import type { Span } from "./fields.ts";
import type { Layout, NamedColumn } from "./layout.ts";
import { cleanUnit, hasContent } from "./layout.ts";
import type { Lines } from "./lines.ts";

const TITLE = /^\s*Byte-(by|per)-byte Description of file:/i;
const RULE = /^(------|======)/;
const COLUMN = /^\s*(?:(\d+)\s*-)?\s*(\d+)\s+([\w.]+)\s+(\S+)\s+(\S+)(?:\s+(\S.*))?$/;

/** An explanation's parts, as in "[0/1]? Redshift": limits, missing value, order, description. */
const NOTE = /^(?:[[\]][^[\]]*[[\]])?\s*\?(?:=(\S*))?[-+]?=?\s*(.*)$/;

/** Whether a text has a byte-by-byte description. */
export function isMachineReadable(head: readonly string[]): boolean {
  return head.some((line) => TITLE.test(line));
}

/**
 * The columns that a byte-by-byte description gives.
 *
 * @throws {SyntaxError} If a line of the description cannot be read, or nothing stands below it
 */
export function layOutMachineReadable(lines: Lines): Layout {
  const { head } = lines;
  const title = head.findIndex((line) => TITLE.test(line));
  const rules = head.flatMap((line, at) => at > title && RULE.test(line) ? [at] : []);
  const [, begin, end] = rules;
  if (begin === undefined || end === undefined) {
    throw new SyntaxError(
      `Cannot read catalog: the byte-by-byte description in line ${title + 1} has no lines of ` +
        `dashes around its columns`,
    );
  }
  if (head.some((line) => line.startsWith("(End)"))) {
    throw new SyntaxError(
      "Cannot read catalog: the file is a ReadMe of CDS, which describes tables of other files; " +
        "take the table from VizieR as FITS or with tabs",
    );
  }
  const described = readDescription(head.slice(begin + 1, end), begin + 2);
  const spans = described.map(({ span }) => span);
  const start = findRows(lines) + 1;
  const others = head.filter((line) => TITLE.test(line)).length - 1;
  return {
    form: "a machine-readable table of CDS or AAS",
    columns: described.map(({ column }) => column),
    start,
    skipped: start > end + 1 ? [`${counted(start - end - 1, "line")} of notes above the rows`] : [],
    warnings: others > 0
      ? [`${counted(others + 1, "table")} are described, the first is taken`]
      : [],
    rowOf: (line) => hasContent(line) ? cutFields(line, spans) : null,
  };
}

interface Described {
  readonly column: NamedColumn;
  readonly span: Span;
}

function readDescription(lines: readonly string[], from: number): Described[] {
  const described: Described[] = [];
  for (const [i, line] of lines.entries()) {
    const match = COLUMN.exec(line);
    if (!match) {
      // Explanations may continue on the next line.
      if (described.length > 0 || !hasContent(line)) continue;
      throw new SyntaxError(
        `Cannot read catalog: line ${from + i} is ${JSON.stringify(line.trim().slice(0, 60))}, ` +
          `bytes, format, units and label of a column are needed`,
      );
    }
    const [, first, last, , unit, name, text = ""] = match;
    const note = NOTE.exec(text.trim());
    const missing = note ? missingTexts(note[1]) : [];
    described.push({
      column: {
        name: name!,
        unit: cleanUnit(unit!),
        ucd: "",
        description: note ? note[2]! : text.trim(),
        missing,
      },
      span: { start: Number(first ?? last) - 1, end: Number(last) },
    });
  }
  return described;
}

/** Texts for a missing value: a blank, any number of dashes, or what the description gives. */
function missingTexts(text: string | undefined): string[] {
  if (text === undefined) return [];
  const bare = text.replace(/^"(.*)"$/, "$1");
  return bare === "" || /^-+$/.test(bare) ? [] : [bare];
}

/** The last line of dashes, below which the rows are. */
function findRows(lines: Lines): number {
  let found = -1;
  let at = 0;
  for (const line of lines) {
    if (RULE.test(line)) found = at;
    at++;
  }
  return found;
}
