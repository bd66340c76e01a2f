/**
 * What tfjs has here, for the `doctor` command: its versions, and the kernels that its wasm
 * backend lacks with and without ours.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import type { TfjsInspection } from "../backends.ts";
import { registerWasmTraining, WASM_TRAINING_KERNELS } from "./wasm_training.ts";

/** Looks at tfjs. Registers the wasm backend's training kernels. */
export function inspectTfjs(): TfjsInspection {
  registerWasmTraining();
  const namesOf = (backend: string) =>
    tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName).sort();
  const present = new Set(namesOf("wasm"));
  const added = new Set(
    WASM_TRAINING_KERNELS.filter(({ stock }) => stock === "missing").map(({ name }) => name),
  );
  return {
    versions: { ...tf.version, "tfjs-backend-wasm": version_wasm },
    wasmLacksAsShipped: namesOf("cpu").filter((name) => !present.has(name) || added.has(name)),
    wasmLacks: namesOf("cpu").filter((name) => !present.has(name)),
    wasmTraining: Object.fromEntries(WASM_TRAINING_KERNELS.map(({ name, stock }) => [name, stock])),
  };
}
