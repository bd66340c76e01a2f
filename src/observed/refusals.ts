/**
 * Rows of a user's table that cannot be used, and why. Each reason is one text, however many rows
 * have it.
 */
import type { Interval } from "../catalogs/grid.ts";

/** A row that cannot be used, and why. */
export interface Refusal {
  /** The row's index in the table. */
  readonly row: number;
  /** The first reason: "logTemperature: Txcin is not a number", "redshift is above 0.17". */
  readonly reason: string;
  /** Whether the value is known, and outside its range. */
  readonly isOutside: boolean;
  /** The value, if it is outside its range. */
  readonly value?: number;
}

/** The number of rows that are refused for one reason. */
export interface RefusalCount {
  /** Reason, as in {@linkcode Refusal}. */
  readonly reason: string;
  /** Number of rows. */
  readonly rows: number;
  /** The least and greatest of the rows' values, if these are outside a range. */
  readonly values?: Interval;
}

/** Rows by reason, the most frequent first. */
export function countReasons(refusals: readonly Refusal[]): RefusalCount[] {
  const groups = new Map<string, { rows: number; min: number; max: number }>();
  for (const { reason, value } of refusals) {
    let group = groups.get(reason);
    if (group === undefined) groups.set(reason, group = { rows: 0, min: Infinity, max: -Infinity });
    group.rows++;
    if (value === undefined) continue;
    group.min = Math.min(group.min, value);
    group.max = Math.max(group.max, value);
  }
  return Array.from(
    groups,
    ([reason, { rows, min, max }]): RefusalCount =>
      min > max ? { reason, rows } : { reason, rows, values: { min, max } },
  ).sort((a, b) => b.rows - a.rows);
}

/** The reasons for which one target of a mapping refuses rows. */
export interface Reasons {
  readonly name: string;
  readonly notFinite: string;
  /** Texts for values below a range, by value of a row. */
  readonly below: readonly string[];
  readonly above: readonly string[];
  /** Texts made so far, by what an expression says. */
  readonly said: Map<string, string>;
}

/** The reasons of a target whose values have the given ranges. */
export function nameReasons(name: string, ranges: readonly (Interval | undefined)[]): Reasons {
  return {
    name,
    notFinite: `${name} is not a finite number`,
    below: ranges.map((range) => `${name} is below ${round(range?.min ?? NaN)}`),
    above: ranges.map((range) => `${name} is above ${round(range?.max ?? NaN)}`),
    said: new Map(),
  };
}

/** The reason that an expression gives, with the target's name before it. */
export function sayReason({ name, said }: Reasons, text: string): string {
  const known = said.get(text);
  if (known !== undefined) return known;
  const reason = `${name}: ${text}`;
  said.set(text, reason);
  return reason;
}

const round = (value: number): number => Number(value.toPrecision(4));
