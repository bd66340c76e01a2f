/**
 * ECSV, astropy's text tables: units and types in YAML comments above a line of names.
 *
 * The format is described in astropy's Proposal for Enhancement 6.
 */
import type { Separator } from "./fields.ts";
import { isOpen, splitFields } from "./fields.ts";
import type { Layout, NamedColumn } from "./layout.ts";
import { hasContent, named } from "./layout.ts";
import type { Lines } from "./lines.ts";

/** Whether a text declares itself to be ECSV. */
export function isEcsv(head: readonly string[]): boolean {
  return /^# %ECSV \d/.test(head[0] ?? "");
}

/**
 * The columns of an ECSV table.
 *
 * @throws {SyntaxError} If its line of names is missing or does not have the names of its header
 */
export function layOutEcsv({ head }: Lines): Layout {
  const isComment = (line: string) => line.startsWith("#");
  const start = head.findIndex((line) => hasContent(line) && !isComment(line));
  if (start < 0) {
    throw new SyntaxError(
      "Cannot read catalog: the ECSV header ends without a line of names, names and rows are needed",
    );
  }
  const yaml = head.slice(0, start).map((line) => line.replace(/^# ?/, "")).join("\n");
  const given = /^delimiter:\s*['"]?(\\t|[^'"\s])['"]?\s*$/m.exec(yaml)?.[1];
  const separator = (given === "," ? "," : " ") as Separator;
  const names = splitFields(head[start]!, separator);
  const known = new Map(readColumns(yaml).map((column) => [column.name, column]));
  return {
    form: "ECSV",
    columns: names.map((name) => known.get(name) ?? named(name)),
    start: start + 1,
    skipped: [],
    warnings: known.size > 0 && names.some((name) => !known.has(name))
      ? [`the ECSV header does not describe ${names.find((name) => !known.has(name))}`]
      : [],
    rowOf: (line) => {
      if (!hasContent(line) || isComment(line)) return null;
      return isOpen(line, separator) ? "open" : splitFields(line, separator);
    },
  };
}

/** The entries of `datatype:`, in flow or block style. */
function readColumns(yaml: string): NamedColumn[] {
  const list = /^datatype:\s*\n((?:[- ].*\n?)*)/m.exec(yaml)?.[1] ?? "";
  return list.split(/^- /m).filter(hasContent).map((entry) => {
    const unit = /\bunit:\s*!\S+\s*\{\s*unit:\s*([^}]*)\}/.exec(entry)?.[1];
    const values = readPairs(entry.replace(/!\S+\s*/g, ""));
    return named(
      values.get("name") ?? "",
      unit?.trim() ?? values.get("unit") ?? "",
      values.get("ucd") ?? "",
      values.get("description") ?? "",
    );
  });
}

const PAIR = /(?<![\w-])([\w-]+):\s*(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)"|([^,{}\n]*))/g;

/** The first value of every key; keys within quotes do not count. */
function readPairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const [, key, single, double, plain] of text.matchAll(PAIR)) {
    const value = single?.replaceAll("''", "'").replace(/\n\s*/g, " ") ??
      double?.replace(
        /\\u([0-9A-Fa-f]{4})|\\(.)/g,
        (_, code, char) => code ? String.fromCharCode(parseInt(code, 16)) : char,
      ).replace(/\n\s*/g, " ") ??
      plain!.trim();
    if (!pairs.has(key!)) pairs.set(key!, value);
  }
  return pairs;
}
