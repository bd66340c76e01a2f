/** Several trainings of one experiment: the spread of each scheme's headline numbers over seeds. */
import { mean, standardDeviation } from "../numerics/statistics.ts";
import type { Headlines } from "./columns.ts";

/** A headline number over seeds. */
export interface SeedSpread {
  /** The number's name in the headlines. */
  readonly name: string;
  /** Runs that have the number. */
  readonly count: number;
  /** Runs where it is not defined. */
  readonly missing: number;
  /** Mean over the runs that have it. */
  readonly mean: number;
  /** Standard deviation over runs (n - 1); `null` for one run. */
  readonly standardDeviation: number | null;
  /** Least value over runs. */
  readonly min: number;
  /** Largest value over runs. */
  readonly max: number;
}

/**
 * Spread of each headline number over runs, in the order in which names first occur. A number that
 * no run has is left out.
 *
 * @example
 * ```ts
 * import { summarizeSeeds } from "@clusters/terse/interpretation";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(summarizeSeeds([{ fall: 1 }, { fall: null }, { fall: 3 }]), [
 *   { name: "fall", count: 2, missing: 1, mean: 2, standardDeviation: Math.SQRT2, min: 1, max: 3 },
 * ]);
 * ```
 */
export function summarizeSeeds(runs: readonly Headlines[]): readonly SeedSpread[] {
  const names = new Set(runs.flatMap((run) => Object.keys(run)));
  return [...names].flatMap((name) => {
    const values = runs
      .map((run) => run[name] ?? null)
      .filter((value): value is number => value !== null);
    return values.length > 0 ? [spreadOf(name, values, runs.length - values.length)] : [];
  });
}

function spreadOf(name: string, values: readonly number[], missing: number): SeedSpread {
  const count = values.length;
  return {
    name,
    count,
    missing,
    mean: mean(values),
    standardDeviation: count > 1
      ? standardDeviation(values) * Math.sqrt(count / (count - 1))
      : null,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
