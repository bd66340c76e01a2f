/** The options that choose where the network runs. */
import type { Engine } from "../../src/model.ts";
import type { BackendName, BackendOptions } from "../../src/network/backends.ts";
import { BACKENDS, chooseBackend, openEngine } from "../../src/network/backends.ts";
import { UsageError } from "./errors.ts";
import type { Option, OptionTable } from "./options.ts";
import { choiceOption, wholeNumberOption } from "./options.ts";
import { withQuietConsole } from "./quiet_console.ts";
import type { Progress } from "./progress.ts";

const NAMES = ["auto", ...Object.keys(BACKENDS)] as ("auto" | BackendName)[];

const TILES = ["narrow", "wide"] as const;

/** Where the network runs. */
export interface BackendValues {
  readonly backend: "auto" | BackendName;
  /** CPU threads to use; undefined for one per CPU. */
  readonly threads: number | undefined;
  /** Tiles of the core's products; undefined for narrow. */
  readonly tile: "narrow" | "wide" | undefined;
}

/** The option `--threads`, the same for networks, posteriors and observations. */
export const THREADS_OPTION: Option<number | undefined> = wholeNumberOption(1, undefined, {
  description: "CPU threads to use; the results do not depend on it",
  fallbackText: "one per CPU",
  most: 256, // the core's
});

/** Options of every command that runs a network. */
export const BACKEND_OPTIONS: OptionTable<BackendValues> = {
  backend: choiceOption(NAMES, "auto", {
    description:
      "where the network runs; auto takes a GPU through WebGPU if there is one, else the CPU",
  }),
  threads: THREADS_OPTION,
  tile: choiceOption(TILES, undefined, {
    description:
      "tiles of the core backend; the results do not depend on it. Wide is faster with " +
      "the V8 flags that doctor names, and slower without them",
    fallbackText: "narrow",
  }),
};

/** By which Linux gives programs a GPU: DRM, NVIDIA's driver, WSL's, Qualcomm's and ARM's. */
const GPU_DEVICES = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg", "/dev/kgsl-3d0", "/dev/mali0"];

/** Whether there can be no GPU here, which is known at once; WebGPU takes a third of a second to say so. */
function lacksGpu(): boolean {
  return Deno.build.os === "linux" && GPU_DEVICES.every((path) => {
    if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
    try {
      Deno.statSync(path);
      return false;
    } catch (error) {
      return error instanceof Deno.errors.NotFound;
    }
  });
}

/**
 * Opens the backend that the options choose, and reports which and why if they leave it open.
 *
 * @throws {UsageError} If threads or tiles are given for a backend that chooses its own
 */
export async function openBackend(
  { backend, threads, tile }: BackendValues,
  progress: Progress,
): Promise<Engine> {
  const { name, reason } = backend === "auto"
    ? await chooseBackend(lacksGpu() ? null : undefined)
    : { name: backend, reason: null };
  if (reason !== null) progress.say(`Backend ${name}: ${reason}`);
  const options: BackendOptions = {
    ...threads === undefined ? {} : { threads },
    ...tile === undefined ? {} : { tile },
  };
  const given = Object.keys(options)[0];
  if (given !== undefined && name !== "core") {
    throw new UsageError(
      `Cannot use --${given}: backend ${name} chooses its own, backend core takes it`,
    );
  }
  return await withQuietConsole(() => openEngine(name, options));
}
