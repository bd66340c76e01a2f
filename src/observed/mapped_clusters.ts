/**
 * A user's table of clusters as {@linkcode ObservedClusters}: each field is an expression of the
 * table's columns, and rows that cannot be used are counted by reason.
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { Expression, SourceColumn } from "./column_expression.ts";
import type { ColumnMapping, ObservedField } from "./column_mapping.ts";
import { FIELD_WIDTHS, OBSERVED_FIELDS, shellsOf } from "./column_mapping.ts";
import { placesUsed, readExpression } from "./expression_reader.ts";
import type { Interval } from "../catalogs/grid.ts";
import type { Reasons, Refusal } from "./refusals.ts";
import { nameReasons, sayReason } from "./refusals.ts";

/** What to read from a table. */
export interface MappingPlan {
  /** Expressions by field; a field without one is read from the column of its own name. */
  readonly mapping: ColumnMapping;
  /** The fields that must be there; optional fields are read only if the mapping names them. */
  readonly fields: readonly ObservedField[];
  /** The Hubble parameter that `h` stands for. */
  readonly h: number;
  /** Allowed values by target, both ends included; rows outside are refused. */
  readonly ranges: Readonly<Record<string, Interval>>;
}

/** The usable clusters of a table. */
export interface MappedClusters {
  /** The clusters; fields that were not asked for are NaN, and the true mass is not known. */
  readonly clusters: ObservedClusters;
  /** The row of the table that each cluster comes from, ascending. */
  readonly rows: Uint32Array;
  /** Refusals, one for each row that is not among `rows`, ascending. */
  readonly refusals: readonly Refusal[];
}

/**
 * Maps a table's columns to clusters.
 *
 * @example
 * ```ts
 * import { mapColumns, parseMapping } from "@clusters/terse/observed";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = [{ name: "T", unit: "keV", width: 1, values: [10, NaN, 1] }];
 * const { clusters, rows, refusals } = mapColumns(columns, [0, 1, 2], {
 *   mapping: parseMapping("logTemperature=log10(T[keV])"),
 *   fields: ["logTemperature"],
 *   h: 0.7,
 *   ranges: { logTemperature: { min: 0.5, max: 2 } },
 * });
 * assertEquals([...clusters.logTemperature], [1]);
 * assertEquals([...rows], [0]);
 * assertEquals(refusals.map(({ reason }) => reason), [
 *   "logTemperature: T is not a number",
 *   "logTemperature is below 0.5",
 * ]);
 * ```
 *
 * @param columns Columns of the table
 * @param rows The rows of the table to take, ascending
 * @throws {TypeError} If a column is missing, holds text, or has another unit or width than is asked
 * @throws {SyntaxError} If an expression cannot be read
 */
export function mapColumns(
  columns: readonly SourceColumn[],
  rows: ArrayLike<number>,
  plan: MappingPlan,
): MappedClusters {
  const targets = listTargets(columns, plan);
  const used = new Uint32Array(rows.length);
  const refusals: Refusal[] = [];
  const fields = createFields(targets, rows.length);
  const stores = targets.map((target) => storeOf(target, fields));
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const fault = fillRow(targets, stores, row, count);
    if (fault === null) used[count++] = row;
    else refusals.push({ row, ...fault });
  }
  return { clusters: cutFields(fields, count), rows: used.slice(0, count), refusals };
}

/** The array that receives a target's values: `stride` values per cluster, the first at `start`. */
interface Store {
  readonly data: Float64Array;
  readonly stride: number;
  readonly start: number;
}

type Fields = Readonly<Record<ObservedField, Float64Array>>;

/** An array for each field; those that no target gives are left empty until the end. */
function createFields(targets: readonly Target[], count: number): Fields {
  const entries = OBSERVED_FIELDS.map((field) => {
    const names = [field, ...shellsOf(field)];
    const isGiven = targets.some(({ name }) => names.includes(name));
    return [field, new Float64Array(isGiven ? count * FIELD_WIDTHS[field] : 0).fill(NaN)] as const;
  });
  return Object.fromEntries(entries) as Record<ObservedField, Float64Array>;
}

function storeOf({ name, width }: Target, fields: Fields): Store {
  for (const field of OBSERVED_FIELDS) {
    if (name === field) return { data: fields[field], stride: width, start: 0 };
    const shell = shellsOf(field).indexOf(name);
    if (shell >= 0) return { data: fields[field], stride: FIELD_WIDTHS[field], start: shell };
  }
  // The redshift is checked but not kept.
  return { data: new Float64Array(1), stride: 0, start: 0 };
}

/** The fields of the used clusters; others are NaN, and created when they are first read. */
function cutFields(fields: Fields, count: number): ObservedClusters {
  const clusters = { count };
  const define = (field: keyof ObservedClusters, length: number, data: Float64Array) => {
    let made: Float64Array | null = null;
    const property = data.length >= length
      ? { value: data.subarray(0, length) }
      : { get: () => made ??= new Float64Array(length).fill(NaN) };
    Object.defineProperty(clusters, field, { enumerable: true, ...property });
  };
  define("logMass", count, new Float64Array(0));
  for (const field of OBSERVED_FIELDS) define(field, count * FIELD_WIDTHS[field], fields[field]);
  return clusters as ObservedClusters;
}

/** Puts the values of a row at place `at`; a row with a fault is written over by the next. */
function fillRow(
  targets: readonly Target[],
  stores: readonly Store[],
  row: number,
  at: number,
): Fault | null {
  for (let t = 0; t < targets.length; t++) {
    const { data, stride, start } = stores[t]!;
    const fault = evaluateTarget(targets[t]!, row, data, at * stride + start);
    if (fault !== null) return fault;
  }
  return null;
}

/**
 * The places of the columns that a mapping uses, in the order of the table.
 *
 * @throws {TypeError | SyntaxError} As {@linkcode mapColumns} does
 */
export function columnsUsed(columns: readonly SourceColumn[], plan: MappingPlan): number[] {
  const places = listTargets(columns, plan).flatMap(({ name }) => [
    ...placesUsed(plan.mapping[name] ?? `"${name}"`, columns, plan.h),
  ]);
  return [...new Set(places)].sort((a, b) => a - b);
}

/** A field, or one shell of it, with its expression. */
interface Target {
  readonly name: string;
  readonly width: number;
  readonly expression: Expression;
  readonly ranges: readonly (Interval | undefined)[];
  readonly reasons: Reasons;
}

type Fault = Omit<Refusal, "row">;

function listTargets(
  columns: readonly SourceColumn[],
  { mapping, fields, h, ranges }: MappingPlan,
): Target[] {
  checkGiven(columns, mapping, fields);
  const make = (name: string, width: number): Target => {
    const expression = findExpression(name, columns, mapping, h);
    if (expression.width !== 1 && expression.width !== width) {
      throw new TypeError(
        `Cannot map columns: ${name} is given ${expression.width} values per row, ${width} expected` +
          (width === 1 ? "; a column T of several values has T[0], T[1] and so on" : ""),
      );
    }
    const shells = Array.from({ length: width }, (_, i) => width === 1 ? name : `${name}_${i}`);
    const own = shells.map((shell) => ranges[shell]);
    return { name, width, expression, ranges: own, reasons: nameReasons(name, own) };
  };
  const isGiven = (name: string) =>
    Object.hasOwn(mapping, name) || columns.some((column) => column.name === name);
  const targets = OBSERVED_FIELDS.flatMap((field) => {
    const shells = shellsOf(field);
    const isNamed = [field, ...shells].some((name) => Object.hasOwn(mapping, name));
    if (!fields.includes(field) && !isNamed) return [];
    if (shells.length > 0 && !isGiven(field) && shells.some(isGiven)) {
      return shells.map((shell) => make(shell, 1));
    }
    return [make(field, FIELD_WIDTHS[field])];
  });
  return Object.hasOwn(mapping, "redshift") ? [make("redshift", 1), ...targets] : targets;
}

function findExpression(
  name: string,
  columns: readonly SourceColumn[],
  mapping: ColumnMapping,
  h: number,
): Expression {
  return readExpression(mapping[name] ?? `"${name}"`, columns, h);
}

/** Throws if a table cannot give a field, naming all such fields at once. */
function checkGiven(
  columns: readonly SourceColumn[],
  mapping: ColumnMapping,
  fields: readonly ObservedField[],
): void {
  const given = new Set([...Object.keys(mapping), ...columns.map(({ name }) => name)]);
  const missing = fields.filter((field) => ![field, ...shellsOf(field)].some((n) => given.has(n)));
  if (missing.length === 0) return;
  throw new TypeError(
    `Cannot map columns: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} read, and ` +
      `neither columns nor mapped; the table has ${listColumns(columns)}`,
  );
}

/** Most columns that a message names. */
const MOST_NAMED = 40;

/** The columns of numbers with their units. */
function listColumns(columns: readonly SourceColumn[]): string {
  const numeric = columns.filter(({ values }) => values !== null)
    .map(({ name, unit }) => unit === "" ? name : `${name} [${unit}]`);
  if (numeric.length === 0) return "no columns of numbers";
  const rest = numeric.length - MOST_NAMED;
  const named = numeric.slice(0, MOST_NAMED).join(", ");
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** Writes the values of one target from `at` on; the first fault ends it. */
function evaluateTarget(
  { width, expression, ranges, reasons }: Target,
  row: number,
  values: Float64Array,
  at: number,
): Fault | null {
  for (let index = 0; index < width; index++) {
    const value = expression.evaluate(row, expression.width === 1 ? 0 : index);
    if (typeof value === "string") return { reason: sayReason(reasons, value), isOutside: false };
    if (!Number.isFinite(Math.fround(value))) {
      return { reason: reasons.notFinite, isOutside: false };
    }
    const range = ranges[index];
    if (range && value < range.min) {
      return { reason: reasons.below[index]!, isOutside: true, value };
    }
    if (range && value > range.max) {
      return { reason: reasons.above[index]!, isOutside: true, value };
    }
    values[at + index] = value;
  }
  return null;
}
