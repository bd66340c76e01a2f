/**
 * What the forms of regression do differently: how a batch lies in memory, and the programs of a
 * network's verbs.
 *
 * @module
 */
import type { Batch } from "../../features/dataset.ts";
import type { BatchPlan } from "./batch_plan.ts";
import type { Objective } from "./losses.ts";
import type { PlanRequest } from "./plan_request.ts";
import type { Setting } from "./setting.ts";

/** Plans and programs of one form of regression; inputs are written where the plan has them. */
export interface Passes<P extends BatchPlan> {
  /** Lays a batch out from an address on. */
  plan(request: PlanRequest, start: number): P;
  /** All that comes before the update of the weights. */
  addTraining(setting: Setting<P>, objective: Objective): void;
  /** Adds the pass from the pixels to the outputs. */
  addPrediction(setting: Setting<P>): void;
  /** Adds the pass from given terse values to the outputs. */
  addRegression(setting: Setting<P>): void;
  /** Adds the pass from the pixels to the terse values. */
  addEncoding(setting: Setting<P>): void;
  /** Adds the pass from the pixels to the gradient of the terse values. */
  addEncoderGradient(setting: Setting<P>): void;
  /** [catalogs x outputs] */
  readOutputs(setting: Setting<P>): Float32Array;
  /** [rows], after {@linkcode addEncoding}. */
  readTerse(setting: Setting<P>): Float32Array;
  /** [rows x pixels], after {@linkcode addEncoderGradient}. */
  readEncoderGradient(setting: Setting<P>): Float32Array;
}

/** Writes a batch's inputs to where its plan has them; empty arrays write nothing. */
export function writeInputs(
  { plan, memory }: Setting,
  batch: Pick<Batch, "pixels" | "supplementary" | "labels" | "tie">,
): void {
  for (const name of ["pixels", "supplementary", "labels", "tie"] as const) {
    memory.floats.set(batch[name], plan[name] / 4);
  }
}
