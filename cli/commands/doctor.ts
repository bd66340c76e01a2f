/**
 * `doctor`: what this machine has for running networks, and what to do about what is missing.
 */
import { inspectBackends } from "../../src/network/backends.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { withQuietConsole } from "../program/quiet_console.ts";
import { VERSION } from "../program/version.ts";
import { adviseOn, formatInspection } from "../text/doctor_text.ts";

/** The command `doctor`. */
export const DOCTOR: Command = defineCommand({
  summary: "show the adapter, backends, missing kernels and versions, and what to do about each",
  details: [],
  options: {},
  async run() {
    const inspection = await withQuietConsole(inspectBackends);
    const versions = { terse: VERSION, ...Deno.version, ...inspection.tfjs.versions };
    const advice = adviseOn(inspection);
    const cores = navigator.hardwareConcurrency;
    const json = { versions, cores, ...inspection, advice };
    return { json, text: formatInspection(inspection, versions, cores, advice) };
  },
});
