/**
 * The tfjs engine: networks on tfjs's webgpu, wasm or cpu backend. Loading this file loads tfjs;
 * `network/backends.ts` does so by name.
 */
import * as tf from "@tensorflow/tfjs";
import type { Engine, Network } from "../../model.ts";
import { createTfjsNetwork } from "./network.ts";
import { registerWasmTraining } from "./wasm_training.ts";

/** The tfjs backends that an engine can run on. */
export type TfjsBackend = "webgpu" | "wasm" | "cpu";

/** Loads a backend's package, and returns the reason why it cannot run here, or `null`. */
const PREPARE: Readonly<Record<TfjsBackend, () => Promise<string | null>>> = {
  cpu: () => Promise.resolve(null),
  wasm: async () => {
    await import("@tensorflow/tfjs-backend-wasm");
    registerWasmTraining();
    return null;
  },
  webgpu: async () => {
    // tfjs would print a warning and a stack if there were none.
    if (!await navigator.gpu?.requestAdapter()) return "there is no WebGPU adapter";
    await import("@tensorflow/tfjs-backend-webgpu");
    return null;
  },
};

/** Advice for a backend that tfjs cannot start; tfjs does not report the reason. */
const START_HINT: Readonly<Record<TfjsBackend, string>> = {
  cpu: "",
  wasm: "; it needs permission to read tfjs's .wasm files",
  webgpu: "; the adapter may lack a limit or feature that tfjs needs",
};

/**
 * Opens an engine on a tfjs backend.
 *
 * tfjs's backends are shared by the whole program: {@linkcode Engine.close} frees this engine's
 * networks and leaves the backend to others.
 *
 * @throws {Error} If the backend cannot run here, with the reason
 */
export async function openTfjsEngine(backend: TfjsBackend): Promise<Engine> {
  tf.enableProdMode();
  const obstacle = await PREPARE[backend]();
  if (obstacle !== null || !await tf.setBackend(backend)) {
    throw new Error(
      `Cannot open the ${backend} engine: ${
        obstacle ?? `tfjs could not start its backend${START_HINT[backend]}`
      }`,
    );
  }
  await tf.ready();
  const networks = new Set<Network>();
  return {
    name: backend,
    create: async (architecture, inputs, weights) => {
      const network = await createTfjsNetwork(
        backend,
        { architecture, inputs },
        weights,
        (disposed) => networks.delete(disposed),
      );
      networks.add(network);
      return network;
    },
    close: () => {
      for (const network of [...networks]) network.dispose();
    },
  };
}
