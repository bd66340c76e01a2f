/** The memory by which threads take a set's chunks one after the other; see `units.ts`. */
import * as op from "../opcodes.ts";
import type { Arena } from "../panels.ts";
import type { PlanRequest } from "../plan_request.ts";

/** Addresses of what the threads take units by. */
export interface UnitPlan {
  /** Table of each shard's first unit and number of units. */
  readonly ranges: number;
  /** Table of each shard's counters, all zero when a step begins. */
  readonly counters: number;
  /** The units' records. */
  readonly records: number;
  /** Room for one unit's operations, for each thread. */
  readonly scratch: number;
  readonly scratchBytes: number;
}

/** Most operations of a unit: so many, and so many for each layer. */
const OPERATIONS = 24;
const OPERATIONS_A_LAYER = 6;

/** Lays out the tables of some units. */
export function planUnits(
  { layers, threads, shards, chunks }: Pick<PlanRequest, "layers" | "threads" | "shards"> & {
    readonly chunks: number;
  },
  arena: Arena,
): UnitPlan {
  const operations = OPERATIONS + OPERATIONS_A_LAYER * layers.all.length;
  const scratchBytes = operations * op.OPERATION_BYTES;
  return {
    ranges: arena.take(8 * shards),
    counters: arena.take(shards * op.COUNTER_BYTES),
    records: arena.take(chunks * op.UNIT_BYTES),
    scratch: arena.take(threads * scratchBytes),
    scratchBytes,
  };
}
