/**
 * What one call of the core works on, as assembly/job.ts declares it.
 *
 * @module
 */
import type { CoreMemory } from "./core_memory.ts";

/** The fields, in the core's order: addresses in bytes, and numbers. */
const JOB_FIELDS = [
  "catalogs",
  "terms",
  "bins",
  "allBins",
  "binWidth",
  "span",
  "flux",
  "kernel",
  "reach",
  "counts",
  "sums",
  "cells",
  "guide",
  "ends",
  "ranges",
  "rows",
  "rowBytes",
  "slopes",
  "sources",
  "termEnds",
  "pixelVectors",
  "supplementaryVectors",
  "pixelWidth",
  "supplementaryWidth",
  "byLuminosity",
  "capacity",
  "quantities",
  "origins",
  "keys",
  "orderedQuantities",
  "orderedOrigins",
  "orderedKeys",
  "rounded",
  "order",
  "spareOrder",
  "digits",
  "heights",
  "pixels",
  "supplementary",
] as const;

/** Fields that are float32; all others are int32. */
const FLOAT_FIELDS: ReadonlySet<string> = new Set(["binWidth", "span", "cells"]);

/** Bytes of a job. */
export const JOB_BYTES: number = JOB_FIELDS.length * 4;

/** Every field of a job. */
export type Job = Readonly<Record<typeof JOB_FIELDS[number], number>>;

/** Writes a job to an address. */
export function writeJob(core: CoreMemory, address: number, job: Job): void {
  const integers = core.integers(address, JOB_FIELDS.length);
  const floats = core.floats(address, JOB_FIELDS.length);
  for (const [i, name] of JOB_FIELDS.entries()) {
    (FLOAT_FIELDS.has(name) ? floats : integers)[i] = job[name];
  }
}
