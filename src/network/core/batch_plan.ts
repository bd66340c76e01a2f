/**
 * What the plan of any batch has, whatever its network's regression.
 *
 * @module
 */
import type { Arena } from "./panels.ts";
import type { Shard } from "./shards.ts";

/** Addresses and numbers that all passes need. */
export interface BatchPlan {
  readonly count: number;
  readonly rows: number;
  readonly threads: number;
  readonly bytes: number;
  readonly tables: Arena["tables"];
  readonly pixels: number;
  readonly supplementary: number;
  readonly labels: number;
  /** The column that terse values are tied to, [rows]. */
  readonly tie: number;
  readonly losses: number;
  readonly sums: number;
  /** Transposed kernels, placed as in the flat array. */
  readonly transposed: number;
  /** Whether those are all kernels; else they are the encoder's. */
  readonly transposesAll: boolean;
  /** Gradients of the second and later shards, one flat array after the other. */
  readonly shardGradients: number;
  /** Terse values that are given, [rows]. */
  readonly terse: number;
  readonly shards: readonly Shard[];
  /** Each row's catalog and its place in it, for dropout; each catalog's number; zeros. */
  readonly catalogs: number;
  readonly places: number;
  readonly numbers: number;
  readonly zeros: number;
  /** Each catalog's first row, and the number of rows. */
  readonly offsets: number;
}
