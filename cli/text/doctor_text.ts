/** What `doctor` prints for people, and its advice. */
import type { BackendInspection } from "../../src/network/backends.ts";

/** What turbo is and costs; a program that is running can no longer set the flags. */
const TURBO = "Turbo, for longer training on the CPU: deno task train:turbo, or deno run " +
  "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks and --backend core --tile wide. " +
  "The results are the same, sooner on a CPU with AVX2. The flags are experimental, and the second " +
  "gives up the memory safety of all WASM in the process: use it only with code and input that you " +
  "trust";

/** What a person can do about each obstacle. */
export function adviseOn({ adapter, choice, backends }: BackendInspection): string[] {
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

/** The machine as `doctor` shows it. */
export function formatInspection(
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
    `still missing there, and not needed by any layer of Terse: ${list(tfjs.wasmLacks)}`,
    ...(advice.length > 0 ? advice : ["Nothing to do"]).map((line) => `=> ${line}`),
  ].join("\n");
}
