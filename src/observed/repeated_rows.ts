/**
 * Clusters that occur in a catalog more than once, as in a survey joined with itself or a table
 * written twice.
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { ObservedField } from "./column_mapping.ts";
import { FIELD_WIDTHS } from "./column_mapping.ts";
import type { SourceColumn } from "./column_expression.ts";
import type { MappedClusters } from "./mapped_clusters.ts";

/** Rows that repeat another one. */
export interface Repeats {
  /** Number of rows that repeat an earlier row. */
  readonly count: number;
  /** Two equal rows of the table, counted from 0; `null` if there are none. */
  readonly example: readonly [number, number] | null;
}

/** Number of values whose equality is no coincidence; rounded values may agree by chance. */
const ENOUGH = 3;

/** Whether clusters must agree in all numbers of their table, as these fields are too few. */
export function needsWholeRows(fields: readonly ObservedField[]): boolean {
  return fields.reduce((sum, field) => sum + FIELD_WIDTHS[field], 0) < ENOUGH;
}

/**
 * Counts clusters whose values all equal those of another cluster. Where fewer than three values
 * are mapped, all numbers of the table must agree.
 *
 * @param mapped The clusters of one catalog
 * @param fields Fields that were mapped
 * @param columns Columns of their table
 */
export function countRepeats(
  { clusters, rows }: Pick<MappedClusters, "clusters" | "rows">,
  fields: readonly ObservedField[],
  columns: readonly SourceColumn[],
): Repeats {
  const order = Uint32Array.from(rows, (_, i) => i);
  const compare = (a: number, b: number) => compareClusters(clusters, fields, a, b);
  order.sort((a, b) => compare(a, b) || a - b);
  const isPart = needsWholeRows(fields);
  let all: readonly Values[] | null = null;
  let count = 0;
  let example: readonly [number, number] | null = null;
  for (let i = 1; i < order.length; i++) {
    const [a, b] = [order[i - 1]!, order[i]!];
    if (compare(a, b) !== 0) continue;
    if (isPart && !agree(all ??= columns.flatMap(valuesOf), rows[a]!, rows[b]!)) continue;
    count++;
    if (example === null || rows[b]! < example[1]) example = [rows[a]!, rows[b]!];
  }
  return { count, example };
}

function compareClusters(
  clusters: ObservedClusters,
  fields: readonly ObservedField[],
  a: number,
  b: number,
): number {
  for (const field of fields) {
    const width = FIELD_WIDTHS[field];
    const values = clusters[field];
    for (let i = 0; i < width; i++) {
      const difference = values[a * width + i]! - values[b * width + i]!;
      if (difference !== 0) return difference;
    }
  }
  return 0;
}

/** The numbers of a column. */
interface Values {
  readonly values: ArrayLike<number>;
  readonly width: number;
}

const valuesOf = ({ values, width }: SourceColumn): Values[] =>
  values === null ? [] : [{ values, width }];

/** Whether two rows have the same numbers in every column. */
function agree(columns: readonly Values[], a: number, b: number): boolean {
  return columns.every(({ values, width }) => {
    for (let i = 0; i < width; i++) {
      if (!Object.is(values[a * width + i], values[b * width + i])) return false;
    }
    return true;
  });
}
