/** The work of one call of the core, as assembly/job.ts declares it. */
import type { CoreMemory } from "./core_memory.ts";

/** Names of the fields in the core's order: addresses in bytes, and numbers. */
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
  "masses",
  "massCells",
  "numbers",
  "quantities",
  "tags",
  "orderedQuantities",
  "orderedTags",
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

/** Address at which the core reads its job. */
const JOB_AT = 2048;

/** Every field of a job. */
export type Job = Readonly<Record<typeof JOB_FIELDS[number], number>>;

/** Writes the job of the core's next call. */
export function writeJob(core: CoreMemory, job: Job): void {
  const integers = core.integers(JOB_AT, JOB_FIELDS.length);
  const floats = core.floats(JOB_AT, JOB_FIELDS.length);
  for (const [i, name] of JOB_FIELDS.entries()) {
    (FLOAT_FIELDS.has(name) ? floats : integers)[i] = job[name];
  }
}

/** Changes the catalogs of the job that was last written: how many there are, and the address of their terms. */
export function moveJob(
  core: CoreMemory,
  { catalogs, terms }: Pick<Job, "catalogs" | "terms">,
): void {
  const integers = core.integers(JOB_AT, 2);
  integers[0] = catalogs;
  integers[1] = terms;
}
