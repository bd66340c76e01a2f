/** The backends of networks, loaded by name, and the choice among them. */
import type { Engine } from "../model.ts";
import type { TfjsInspection } from "./tfjs/inspection.ts";

/** A backend's name in {@linkcode BACKENDS}. */
export type BackendName = "webgpu" | "core" | "wasm" | "cpu";

/** Options of opening a backend. */
export interface BackendOptions {
  /** Threads of the core, 1 or more; every CPU core if left out. tfjs's backends choose their own. */
  readonly threads?: number;
  /**
   * Outputs of a tile of the core's products, which change no bit of a result; "narrow" if left
   * out. "wide" is for turbo, a V8 started with `--experimental-wasm-revectorize` and
   * `--no-wasm-bounds-checks`; without the flags it is slower. tfjs's backends have no tiles.
   */
  readonly tile?: "narrow" | "wide";
}

/** A backend on which networks run. */
export interface Backend {
  /** The backend in a few words. */
  readonly description: string;
  /** Loads the backend and opens an engine; rejects with the reason if it cannot run here. */
  open(options?: BackendOptions): Promise<Engine>;
}

async function openTfjs(backend: "webgpu" | "wasm" | "cpu"): Promise<Engine> {
  const { openTfjsEngine } = await import("./tfjs/engine.ts");
  return await openTfjsEngine(backend);
}

async function openCore(options: BackendOptions = {}): Promise<Engine> {
  const { openCoreEngine } = await import("./core/engine.ts");
  return await openCoreEngine(options);
}

/** Every backend, by name. */
export const BACKENDS: Readonly<Record<BackendName, Backend>> = {
  webgpu: { description: "tfjs on the GPU, through WebGPU", open: () => openTfjs("webgpu") },
  core: { description: "the toolkit's own WASM, on all CPU cores", open: openCore },
  wasm: { description: "tfjs on one CPU core, in WASM", open: () => openTfjs("wasm") },
  cpu: {
    description: "tfjs on one CPU core, in plain JavaScript; slow",
    open: () => openTfjs("cpu"),
  },
};

/**
 * Opens an engine on a backend; each call opens one more.
 *
 * @example
 * ```ts
 * import { createRandom, openEngine } from "@clusters/terse";
 * import { initialWeights } from "@clusters/terse/network";
 * import { assertEquals } from "@std/assert";
 *
 * const architecture = {
 *   encoder: [8, 4],
 *   convolution: [4],
 *   dense: [4],
 *   pooling: "mean",
 *   globalPooling: "max",
 *   regression: "convolution",
 *   cluster: [],
 *   context: [],
 *   frequencies: [],
 *   dropout: { encoder: 0, dense: 0 },
 *   normalization: "z-score",
 *   label: "linear",
 *   outputs: "value",
 * } as const;
 * const inputs = { pixels: 3, supplementary: 0 };
 * const engine = await openEngine("wasm");
 * const weights = initialWeights(architecture, inputs, createRandom(1));
 * const network = await engine.create(architecture, inputs, weights);
 * const outputs = await network.predict({
 *   count: 2,
 *   rowOffsets: Uint32Array.of(0, 1, 3),
 *   pixels: new Float32Array(9),
 *   supplementary: new Float32Array(0),
 *   labels: new Float32Array(2),
 *   tie: new Float32Array(0),
 * });
 * assertEquals([...outputs], [0, 0]);
 * engine.close();
 * ```
 *
 * @throws {Error} If the backend cannot run here, with the reason
 */
export async function openEngine(
  name: BackendName,
  options: BackendOptions = {},
): Promise<Engine> {
  return await BACKENDS[name].open(options);
}

/** The description that WebGPU gives of its adapter. */
export interface AdapterDescription {
  /** The vendor, by name or number; often empty. */
  readonly vendor: string;
  /** The family of GPUs; often empty. */
  readonly architecture: string;
  /** The vendor's number of the device; often empty. */
  readonly device: string;
  /** The driver's name of the device. */
  readonly description: string;
  /** Kind of the adapter; "software" runs on the CPU and is for correctness tests only. */
  readonly kind: "hardware" | "software";
}

/** Software implementations of WebGPU's drivers, by words of their descriptions. */
const SOFTWARE_ADAPTERS = /llvmpipe|lavapipe|swiftshader|softpipe|basic render|warp/i;

/** The WebGPU adapter, or `null` if there is none. */
export async function describeAdapter(): Promise<AdapterDescription | null> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const isSoftware = isFallbackAdapter ||
    SOFTWARE_ADAPTERS.test(`${vendor} ${architecture} ${device} ${description}`);
  const kind = isSoftware ? "software" : "hardware";
  return { vendor, architecture, device, description, kind };
}

/** A backend, and the reason for choosing it, as a sentence without a full stop. */
export interface BackendChoice {
  /** Name of the backend to open. */
  readonly name: BackendName;
  /** Reason for the choice. */
  readonly reason: string;
}

/**
 * The backend to use if none is requested: a GPU if there is one, else the toolkit's own WASM if it
 * opens, else tfjs's.
 *
 * @param adapter The result of {@linkcode describeAdapter}, which is called if this is left out
 */
export async function chooseBackend(
  adapter?: AdapterDescription | null,
): Promise<BackendChoice> {
  const found = adapter === undefined ? await describeAdapter() : adapter;
  if (found?.kind === "hardware") {
    return { name: "webgpu", reason: `WebGPU has a hardware adapter, ${adapterName(found)}` };
  }
  const noGpu = found
    ? `WebGPU has a software adapter only, ${adapterName(found)}`
    : "there is no GPU that WebGPU knows";
  const obstacle = await findObstacle("core", { threads: 1 }); // others open as the first does
  if (obstacle === null) return { name: "core", reason: noGpu };
  return { name: "wasm", reason: `${noGpu}, and core does not open: ${obstacle}` };
}

function adapterName({ description, vendor, device }: AdapterDescription): string {
  return description || `${vendor} ${device}`;
}

/** Whether a backend opens on this machine. */
export interface BackendState {
  /** Name of the backend in {@linkcode BACKENDS}. */
  readonly name: BackendName;
  /** The backend in a few words. */
  readonly description: string;
  /** Why the backend does not open; `null` if it does. */
  readonly obstacle: string | null;
}

/** The state of the backends that the `doctor` command shows. */
export interface BackendInspection {
  /** The WebGPU adapter; `null` if there is none. */
  readonly adapter: AdapterDescription | null;
  /** The backend that `auto` chooses. */
  readonly choice: BackendChoice;
  /** State of every backend of {@linkcode BACKENDS}. */
  readonly backends: readonly BackendState[];
  /** State of the array library behind three of them. */
  readonly tfjs: TfjsInspection;
}

/** Opens every backend in turn and reports its state. Loads tfjs. */
export async function inspectBackends(): Promise<BackendInspection> {
  const adapter = await describeAdapter();
  const backends: BackendState[] = [];
  for (const name of Object.keys(BACKENDS) as BackendName[]) {
    const obstacle = await findObstacle(name);
    backends.push({ name, description: BACKENDS[name].description, obstacle });
  }
  const { inspectTfjs } = await import("./tfjs/inspection.ts");
  return { adapter, choice: await chooseBackend(adapter), backends, tfjs: inspectTfjs() };
}

async function findObstacle(
  name: BackendName,
  options?: BackendOptions,
): Promise<string | null> {
  try {
    (await openEngine(name, options)).close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
