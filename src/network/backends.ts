/**
 * The backends that a network runs on, loaded by name, and the choice among them. Importing this
 * file loads no array library.
 *
 * @module
 */
import type { Engine } from "../model.ts";
import type { TfjsInspection } from "./tfjs/inspection.ts";

/** A backend's name: three of tfjs, and `core`, the toolkit's own WASM. */
export type BackendName = "webgpu" | "wasm" | "cpu";

/** One place to run networks. */
export interface Backend {
  /** What it is, in a few words. */
  readonly description: string;
  /** Loads it and opens an engine; rejects with the reason if it cannot run here. */
  open(): Promise<Engine>;
}

async function openTfjs(backend: "webgpu" | "wasm" | "cpu"): Promise<Engine> {
  const { openTfjsEngine } = await import("./tfjs/engine.ts");
  return await openTfjsEngine(backend);
}

/** Every backend. */
export const BACKENDS: Readonly<Record<BackendName, Backend>> = {
  webgpu: { description: "tfjs on the GPU, through WebGPU", open: () => openTfjs("webgpu") },
  wasm: { description: "tfjs on one CPU core, in WASM", open: () => openTfjs("wasm") },
  cpu: {
    description: "tfjs on one CPU core, in plain JavaScript; slow",
    open: () => openTfjs("cpu"),
  },
};

/** Opens an engine on a backend; each call opens one more.
 *
 * @throws {Error} If the backend cannot run here, with the reason
 */
export async function openEngine(name: BackendName): Promise<Engine> {
  return await BACKENDS[name].open();
}

/** What WebGPU says of the adapter it would use. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** "software" runs on the CPU: for correctness tests only. */
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

/** A backend and why it was chosen, in a sentence without its full stop. */
export interface BackendChoice {
  readonly name: BackendName;
  readonly reason: string;
}

/**
 * The backend to use where none is asked for: a GPU if there is one, else the CPU.
 *
 * @param adapter What {@linkcode describeAdapter} says, which is asked if this is left out
 */
export async function chooseBackend(
  adapter?: AdapterDescription | null,
): Promise<BackendChoice> {
  const found = adapter === undefined ? await describeAdapter() : adapter;
  if (found?.kind === "hardware") {
    return { name: "webgpu", reason: `WebGPU has a hardware adapter, ${adapterName(found)}` };
  }
  const reason = found
    ? `WebGPU has a software adapter only, ${adapterName(found)}`
    : "there is no WebGPU adapter";
  return { name: CPU_CHOICE, reason };
}

/** The fastest backend that needs no GPU. */
const CPU_CHOICE: BackendName = "wasm";

function adapterName({ description, vendor, device }: AdapterDescription): string {
  return description || `${vendor} ${device}`;
}

/** Whether a backend runs here. */
export interface BackendState {
  readonly name: BackendName;
  readonly description: string;
  /** Why it does not open; `null` if it does. */
  readonly obstacle: string | null;
}

/** What the `doctor` command shows of the backends. */
export interface BackendInspection {
  readonly adapter: AdapterDescription | null;
  readonly choice: BackendChoice;
  readonly backends: readonly BackendState[];
  readonly tfjs: TfjsInspection;
}

/** Opens every backend in turn and says what it found. Loads tfjs. */
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

async function findObstacle(name: BackendName): Promise<string | null> {
  try {
    (await openEngine(name)).close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
