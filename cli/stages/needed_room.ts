/** The room that a command's work needs, checked before anything is made. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { BackendName } from "../../src/network/backends.ts";
import type { Work } from "../../src/runs/needs.ts";
import { needsOf } from "../../src/runs/needs.ts";
import { RunError } from "../program/errors.ts";
import { requireRoom, roomHere } from "../program/machine.ts";

/** Work, and where its network runs. */
export interface PlannedWork extends Work {
  /** What cannot be done without the room: "interpret". */
  readonly action: string;
  readonly backend?: "auto" | BackendName;
}

/** Whether this machine has room for some work. */
export function hasRoom(experiment: Experiment, base: BaseSample, work: Work): boolean {
  try {
    requireWork(experiment, base, { action: "work", ...work });
    return true;
  } catch (error) {
    if (error instanceof RunError) return false;
    throw error;
  }
}

/** The most memory of each backend [bytes]; `cpu` has what the process has. */
const ENGINE_BYTES: Readonly<Record<"auto" | BackendName, number>> = {
  auto: 2 ** 32,
  core: 2 ** 32,
  wasm: 2 ** 31,
  webgpu: 2 ** 32,
  cpu: Infinity,
};

/**
 * Throws unless this machine has room for some work.
 *
 * @throws {RunError} Naming the largest need, or a seed that no network can have
 */
export function requireWork(
  experiment: Experiment,
  base: BaseSample,
  { action, backend = "auto", ...work }: PlannedWork,
): void {
  const { networks = 1 } = work;
  if (networks - 1 > Number.MAX_SAFE_INTEGER - experiment.seed) {
    throw new RunError(
      `Cannot ${action}: ${networks} networks have seeds from ${experiment.seed} on, expected at ` +
        `most ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  const needs = needsOf(experiment, base, work);
  requireRoom(action, needs);
  const own = needs.filter(({ what }) => what.startsWith("a network"));
  const room = roomHere();
  requireRoom(`${action} with backend ${backend}`, own, {
    ...room,
    bytes: Math.min(room.bytes, ENGINE_BYTES[backend]),
  });
}
