/**
 * The state of tfjs for the `doctor` command: its versions, and the kernels that its wasm backend
 * lacks with and without the toolkit's.
 */
import * as tf from "@tensorflow/tfjs";
import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { registerWasmTraining, WASM_TRAINING_KERNELS } from "./wasm_training.ts";

/** tfjs's versions and the state of its wasm backend. */
export interface TfjsInspection {
  /** Versions by package, as "tfjs-core": "4.22.0". */
  readonly versions: Readonly<Record<string, string>>;
  /** Kernels that the cpu backend has and that the wasm backend lacks as shipped. */
  readonly wasmLacksAsShipped: readonly string[];
  /** Kernels that the wasm backend lacks even so; no layer of a network needs one of them. */
  readonly wasmLacks: readonly string[];
  /** Training kernels, with the state of the shipped backend's kernel of the same name. */
  readonly wasmTraining: Readonly<Record<string, "missing" | "wrong" | "slow">>;
}

/** Inspects tfjs. Registers the wasm backend's training kernels. */
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
