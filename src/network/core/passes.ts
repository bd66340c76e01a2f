/** What depends on the form of a regression: a batch's plan, and the programs of operations. */
import type { Batch } from "../../features/dataset.ts";
import type { BatchPlan } from "./batch_plan.ts";
import type { Objective } from "./losses.ts";
import type { PlanRequest } from "./plan_request.ts";
import type { Setting } from "./setting.ts";

/** Plans and programs of one form of regression; inputs are written to the places of the plan. */
export interface Passes<P extends BatchPlan> {
  /** Plans a batch from an address on; the plan before, if its tables are still there. */
  plan(request: PlanRequest, start: number, last: P | null): P;
  /** Adds all operations before the sum over shards. */
  addTraining(setting: Setting<P>, objective: Objective): void;
  /** Adds the pass from the pixels to the outputs. */
  addPrediction(setting: Setting<P>): void;
  /** Adds the pass from given terse values to the outputs. */
  addRegression(setting: Setting<P>): void;
  /** Adds the pass from the pixels to the terse values. */
  addEncoding(setting: Setting<P>): void;
  /** Adds the pass from the pixels to the gradient of the terse values. */
  addEncoderGradient(setting: Setting<P>): void;
  /** Reads the outputs, [catalogs x outputs]. */
  readOutputs(setting: Setting<P>): Float32Array;
  /** Reads the terse values after {@linkcode addEncoding}, [rows]. */
  readTerse(setting: Setting<P>): Float32Array;
  /** Reads the gradient after {@linkcode addEncoderGradient}, [rows x pixels]. */
  readEncoderGradient(setting: Setting<P>): Float32Array;
}

/** Writes a batch's inputs to the places of its plan; empty arrays write nothing. */
export function writeInputs(
  { plan, memory }: Setting,
  batch: Pick<Batch, "pixels" | "supplementary" | "labels" | "tie">,
): void {
  for (const name of ["pixels", "supplementary", "labels", "tie"] as const) {
    memory.floats.set(batch[name], plan[name] / 4);
  }
}
