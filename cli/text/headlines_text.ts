/**
 * What `interpret` prints for people.
 *
 * @module
 */
import type { Headlines } from "../../src/interpretation/columns.ts";
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import type { Overspecialization } from "../../src/interpretation/overspecialization.ts";
import { PAPER_HEADLINES } from "../../src/runs/headlines.ts";

/** A table for people: name, ours, the paper's. */
export function formatHeadlines(headlines: Headlines): string {
  const rows = Object.entries(headlines).map((
    [name, value],
  ) => [name, value === null ? "not defined" : formatNumber(value), PAPER_HEADLINES[name] ?? ""]);
  return formatTable([["", "ours", "paper"], ...rows]);
}

/** A table for people: the spread of each number over seeds. */
export function formatSpreads(spreads: readonly SeedSpread[]): string {
  const rows = spreads.map(({ name, mean, standardDeviation, min, max, missing }) => [
    missing > 0 ? `${name} (${missing} without)` : name,
    ...[mean, standardDeviation, min, max].map((x) => x === null ? "" : formatNumber(x)),
    PAPER_HEADLINES[name] ?? "",
  ]);
  return formatTable([["", "mean", "sd", "min", "max", "paper"], ...rows]);
}

/** Four digits, and no power of ten from 0.0001 on. */
const formatNumber = (value: number): string => String(Number(value.toPrecision(4)));

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => cell.padEnd(widths[c]!)).join("  ").trimEnd())
    .join("\n");
}

/** App. B's question and its answer. */
export function formatVerdict(verdict: Overspecialization | null): string {
  if (verdict === null) return "No verdict on overspecialization: there are too few test catalogs";
  if (!verdict.overspecialized) return "Not overspecialized: single clusters do not tell sigma8";
  return ["Overspecialized:", ...verdict.reasons].join("\n");
}
