/** The result of a mapping for a table, target by target: live checks next to its fields. */
import type { Interval } from "../catalogs/grid.ts";
import type { Evaluated, Expression } from "../observed/column_expression.ts";
import type { ColumnMapping, ObservedField } from "../observed/column_mapping.ts";
import { checkMapping, shellsOf } from "../observed/column_mapping.ts";
import { readExpression } from "../observed/expression_reader.ts";
import { mapColumns } from "../observed/mapped_clusters.ts";
import { countReasons } from "../observed/refusals.ts";
import type { ReadTable } from "../observed/source_table.ts";
import { median } from "../numerics/statistics.ts";
import { planReading } from "../runs/observed_prediction.ts";
import type { Predictor } from "../runs/prediction.ts";
import { listRanges } from "../runs/prediction.ts";
import type { Checked, CheckedTarget, Choices, TargetSummary } from "./protocol.ts";

/** The mapping and table that are checked, and the network that is to read them. */
interface Plan {
  readonly table: ReadTable;
  readonly mapping: ColumnMapping;
  readonly h: number;
  readonly ranges: Readonly<Record<string, Interval>>;
}

/**
 * Checks a user's choices.
 *
 * @param targets Targets of the network
 */
export function checkChoices(
  table: ReadTable,
  { experiment, reference }: Predictor,
  targets: readonly TargetSummary[],
  { mapping, h, catalogId }: Choices,
): Checked {
  const ranges = listRanges(experiment, reference);
  const plan = { table, mapping, h, ranges };
  const found = targets.map((target) => checkTarget(target, plan));
  const text = Object.entries(mapping).map(([name, what]) => `${name}=${what}`).join(", ");
  const nothing = { targets: found, used: 0, refused: [], mapping: text };
  try {
    checkMapping(mapping);
    planReading(table, experiment, { mapping, h, catalogId });
    if (catalogId !== undefined) table.textsOf(catalogId);
    const rows = Uint32Array.from({ length: table.count }, (_, row) => row);
    const all = mapColumns(table.columns, rows, { mapping, fields: reference.fields, h, ranges });
    const fault = all.rows.length > 0 ? "" : "No row can be used";
    const refused = countReasons(all.refusals);
    return { targets: found, fault, used: all.rows.length, refused, mapping: text };
  } catch (error) {
    return { ...nothing, fault: (error as Error).message };
  }
}

const NOTHING = { numbers: 0, missing: 0, reason: "", below: 0, above: 0, range: null };

function checkTarget({ name, width }: TargetSummary, plan: Plan): CheckedTarget {
  try {
    const parts = listParts(name, width, plan);
    if (parts.length === 0) return { name, fault: "no column is chosen", ...NOTHING };
    return { name, fault: "", ...examine(parts, plan.table.count) };
  } catch (error) {
    return { name, fault: (error as Error).message, ...NOTHING };
  }
}

/** One value per cluster, and the range of the mocks. */
interface Part {
  evaluate(row: number): Evaluated;
  readonly range: Interval | undefined;
}

function listParts(name: string, width: number, plan: Plan): Part[] {
  const { table: { columns }, mapping, h, ranges } = plan;
  const isGiven = (target: string) =>
    Object.hasOwn(mapping, target) || columns.some((column) => column.name === target);
  const read = (target: string) => readExpression(mapping[target] ?? `"${target}"`, columns, h);
  const shells = width === 1 ? [] : shellsOf(name as ObservedField);
  if (shells.length === 0 || isGiven(name)) {
    // The redshift is used only if it is mapped.
    if (name === "redshift" ? !Object.hasOwn(mapping, name) : !isGiven(name)) return [];
    return spread(read(name), name, width, ranges);
  }
  if (!shells.some(isGiven)) return [];
  return shells.flatMap((shell) => spread(read(shell), shell, 1, ranges));
}

function spread(
  expression: Expression,
  name: string,
  width: number,
  ranges: Plan["ranges"],
): Part[] {
  if (expression.width !== 1 && expression.width !== width) {
    throw new TypeError(
      `Cannot map columns: ${name} is given ${expression.width} values per row, ${width} expected`,
    );
  }
  return Array.from({ length: width }, (_, index) => ({
    evaluate: (row) => expression.evaluate(row, expression.width === 1 ? 0 : index),
    range: ranges[width === 1 ? name : `${name}_${index}`],
  }));
}

function examine(parts: readonly Part[], count: number): Omit<CheckedTarget, "name" | "fault"> {
  let [missing, below, above, reason] = [0, 0, 0, ""];
  const values: number[] = [];
  for (let row = 0; row < count; row++) {
    const found = parts.map((part) => part.evaluate(row));
    const bad = found.find((value) => typeof value === "string" || !Number.isFinite(value));
    if (bad !== undefined) {
      if (missing++ === 0) reason = typeof bad === "string" ? bad : "not a finite number";
      continue;
    }
    const numbers = found as readonly number[];
    for (const value of numbers) values.push(value);
    if (numbers.some((value, i) => parts[i]!.range && value < parts[i]!.range!.min)) below++;
    else if (numbers.some((value, i) => parts[i]!.range && value > parts[i]!.range!.max)) above++;
  }
  const sorted = Float64Array.from(values).sort();
  const range = sorted.length === 0
    ? null
    : { min: sorted[0]!, middle: median(sorted), max: sorted.at(-1)! };
  return { numbers: count - missing, missing, reason, below, above, range };
}
