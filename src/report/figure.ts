/**
 * A figure: its drawing and the numbers that are drawn.
 *
 * @module
 */
import type { Columns, FigureColumns } from "../interpretation/columns.ts";

/** A drawing with its numbers. */
export interface Figure {
  /** The drawing: a complete SVG file, without scripts, styles or references to other files. */
  readonly svg: string;
  /** What is drawn, panel by panel; {@linkcode formatCsv} makes a file of each. */
  readonly columns: FigureColumns;
}

/** Digits of a number in a CSV file: more than Float32 holds. */
const CSV_DIGITS = 9;

/**
 * Columns of numbers as CSV text; a number that is not finite or not there is an empty field.
 *
 * @example
 * ```ts
 * import { formatCsv } from "@clusters/terse/report";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatCsv({ logMass: [14, 14.1], change: [-0.001, NaN] }), "logMass,change\n14,-0.001\n14.1,\n");
 * ```
 */
export function formatCsv(columns: Columns): string {
  const names = Object.keys(columns);
  const rows = Math.max(0, ...names.map((name) => columns[name]!.length));
  const lines = [names.map(quote).join(",")];
  for (let row = 0; row < rows; row++) {
    lines.push(names.map((name) => formatField(columns[name]![row])).join(","));
  }
  return lines.join("\n") + "\n";
}

function formatField(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  return String(Number(value.toPrecision(CSV_DIGITS)));
}

function quote(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
