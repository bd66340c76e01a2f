/**
 * Several trainings of one experiment (section 5: the authors report the spread over networks).
 *
 * @module
 */
import type { Headlines } from "./columns.ts";

/** A headline number over seeds. */
export interface SeedSpread {
  readonly name: string;
  /** Runs that have the number. */
  readonly count: number;
  /** Runs where it is not defined. */
  readonly missing: number;
  readonly mean: number;
  /** Standard deviation over runs (n - 1); `null` for one run. */
  readonly standardDeviation: number | null;
  readonly min: number;
  readonly max: number;
}

/** Spread of each headline number over runs; one that no run has is left out. */
export declare function summarizeSeeds(runs: readonly Headlines[]): readonly SeedSpread[];
