/**
 * The options that choose where the network runs.
 *
 * @module
 */
import type { Engine } from "../../src/model.ts";
import type { BackendName, BackendOptions } from "../../src/network/backends.ts";
import { BACKENDS, chooseBackend, openEngine } from "../../src/network/backends.ts";
import { UsageError } from "./errors.ts";
import type { OptionTable } from "./options.ts";
import { choiceOption, wholeNumberOption } from "./options.ts";
import type { Progress } from "./progress.ts";

const NAMES = ["auto", ...Object.keys(BACKENDS)] as ("auto" | BackendName)[];

const TILES = ["narrow", "wide"] as const;

/** Where the network runs. */
export interface BackendValues {
  readonly backend: "auto" | BackendName;
  /** Threads of the core; undefined for one a CPU core. */
  readonly threads: number | undefined;
  /** Tiles of the core's products; undefined for narrow. */
  readonly tile: "narrow" | "wide" | undefined;
}

/** Options of every command that runs a network. */
export const BACKEND_OPTIONS: OptionTable<BackendValues> = {
  backend: choiceOption(NAMES, "auto", {
    description: "where the network runs; auto takes a hardware WebGPU adapter, else the CPU",
  }),
  threads: wholeNumberOption(1, undefined, {
    description: "threads of the core backend; they change no number",
    fallbackText: "one for each CPU core",
  }),
  tile: choiceOption(TILES, undefined, {
    description: "tiles of the core backend, which change no number; wide is for turbo, the V8 " +
      "flags that doctor names, and slower without them",
    fallbackText: "narrow",
  }),
};

/**
 * Opens the backend that the options choose, and says which and why if they leave it open.
 *
 * @throws {UsageError} If threads or tiles are given for a backend that chooses its own
 */
export async function openBackend(
  { backend, threads, tile }: BackendValues,
  progress: Progress,
): Promise<Engine> {
  const { name, reason } = backend === "auto"
    ? await chooseBackend()
    : { name: backend, reason: null };
  if (reason !== null) progress.say(`Backend ${name}: ${reason}`);
  const options: BackendOptions = {
    ...threads === undefined ? {} : { threads },
    ...tile === undefined ? {} : { tile },
  };
  const given = Object.keys(options)[0];
  if (given !== undefined && name !== "core") {
    throw new UsageError(`Cannot use --${given}: backend ${name} chooses its own, "core" does not`);
  }
  return await openEngine(name, options);
}
