/**
 * `doctor`: what this machine has for running networks, and what to do about what it has not.
 *
 * @module
 */
import type { BackendInspection } from "../../src/network/backends.ts";
import { inspectBackends } from "../../src/network/backends.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { VERSION } from "../program/version.ts";

/** The command `doctor`. */
export const DOCTOR: Command = defineCommand({
  summary: "show the adapter, backends, missing kernels and versions, and what to do about each",
  details: [],
  options: {},
  async run() {
    const inspection = await inspectBackends();
    const versions = { terse: VERSION, ...Deno.version, ...inspection.tfjs.versions };
    const advice = adviseOn(inspection);
    const cores = navigator.hardwareConcurrency;
    const json = { versions, cores, ...inspection, advice };
    return { json, text: describe(inspection, versions, cores, advice) };
  },
});

/** What turbo is and costs; the flags cannot be set by a program that is running already. */
const TURBO = "Turbo, for longer training on the CPU: deno task train:turbo, or deno run " +
  "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks and --backend core --tile wide. " +
  "The same numbers, sooner on a CPU with AVX2; the flags are experimental, and the second gives up " +
  "the memory safety of all WASM in the process, so that a fault in one module can overwrite the " +
  "memory of any other part: use it with code and input that you trust";

function adviseOn({ adapter, choice, backends }: BackendInspection): string[] {
  const advice = backends.filter(({ obstacle }) => obstacle !== null).map(({ name, obstacle }) =>
    `Backend ${name} does not open (${obstacle}): use another with --backend`
  );
  if (adapter === null) {
    advice.push(
      "No WebGPU adapter: on Linux install the GPU's Vulkan driver " +
        "(mesa-vulkan-drivers, or NVIDIA's own); in a container pass the GPU through",
    );
  } else if (adapter.kind === "software") {
    advice.push(
      "The WebGPU adapter is software: good for tests, slower than wasm; " +
        "install the GPU's own Vulkan driver to use a GPU",
    );
  }
  if (choice.name === "core" && Deno.build.arch === "x86_64") advice.push(TURBO);
  return advice;
}

function describe(
  { adapter, choice, backends, tfjs }: BackendInspection,
  versions: Readonly<Record<string, string>>,
  cores: number,
  advice: readonly string[],
): string {
  const list = (names: readonly string[]) => names.length === 0 ? "none" : names.join(", ");
  const name = adapter && (adapter.description || `${adapter.vendor} ${adapter.device}`);
  return [
    `versions   ${Object.entries(versions).map(([name, v]) => `${name} ${v}`).join(", ")}`,
    `CPU cores  ${cores}`,
    `adapter    ${adapter ? `${name} (${adapter.kind})` : "none"}`,
    `auto       ${choice.name}: ${choice.reason}`,
    ...backends.map((backend) =>
      `${backend.name.padEnd(10)} ${backend.obstacle ?? "opens"} (${backend.description})`
    ),
    `registered by Terse for tfjs on wasm: ${
      list(Object.entries(tfjs.wasmTraining).map(([name, stock]) => `${name} (${stock})`))
    }`,
    `still missing there, needed by no layer of Terse: ${list(tfjs.wasmLacks)}`,
    ...(advice.length > 0 ? advice : ["Nothing to do"]).map((line) => `=> ${line}`),
  ].join("\n");
}
