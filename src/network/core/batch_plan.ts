/** The part of a batch's plan that does not depend on the network's regression. */
import type { Table } from "./panels.ts";
import type { Shard } from "./shards.ts";

/** Addresses and numbers that all passes need. */
export interface BatchPlan {
  readonly count: number;
  readonly rows: number;
  readonly threads: number;
  readonly bytes: number;
  readonly tables: readonly Table[];
  readonly pixels: number;
  readonly supplementary: number;
  readonly labels: number;
  /** Address of the column to which terse values are tied, [rows]. */
  readonly tie: number;
  readonly losses: number;
  readonly sums: number;
  /** Address of the transposed kernels, placed as in the flat array. */
  readonly transposed: number;
  /** Whether all kernels are transposed; otherwise only the encoder's are. */
  readonly transposesAll: boolean;
  /** Address of the gradients of the second and later shards, one flat array after the other. */
  readonly shardGradients: number;
  /** Address of given terse values, [rows]. */
  readonly terse: number;
  readonly shards: readonly Shard[];
  /** Tables of each row's catalog and place in it, for dropout; each catalog's number; zeros. */
  readonly catalogs: number;
  readonly places: number;
  readonly numbers: number;
  readonly zeros: number;
  /** Tables of each catalog's first row and number of rows. */
  readonly offsets: number;
}
