/**
 * The options that choose where the network runs.
 *
 * @module
 */
import type { Engine } from "../src/model.ts";
import type { BackendName } from "../src/network/backends.ts";
import { BACKENDS, chooseBackend, openEngine } from "../src/network/backends.ts";
import type { OptionTable } from "./options.ts";
import { choiceOption } from "./options.ts";
import type { Progress } from "./progress.ts";

const NAMES = ["auto", ...Object.keys(BACKENDS)] as ("auto" | BackendName)[];

/** Where the network runs. */
export interface BackendValues {
  readonly backend: "auto" | BackendName;
}

/** Options of every command that runs a network. */
export const BACKEND_OPTIONS: OptionTable<BackendValues> = {
  backend: choiceOption(NAMES, "auto", {
    description: "where the network runs; auto takes a hardware WebGPU adapter, else the CPU",
  }),
};

/** Opens the backend that the options choose, and says which and why if they leave it open. */
export async function openBackend(
  { backend }: BackendValues,
  progress: Progress,
): Promise<Engine> {
  if (backend !== "auto") return await openEngine(backend);
  const { name, reason } = await chooseBackend();
  progress.say(`Backend ${name}: ${reason}`);
  return await openEngine(name);
}
