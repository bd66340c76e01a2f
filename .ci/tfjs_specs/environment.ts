/**
 * The backend that tfjs's specs run on, from the first argument: "cpu", "stock" (wasm as shipped)
 * or "ours" (wasm with the training kernels). The second is the folder of the backend's .wasm.
 */
import process from "node:process";
import "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util.js";
import { registerWasmTraining } from "../../src/network/tfjs/wasm_training.ts";

const contestant = process.argv[2]!;
setWasmPaths(process.argv[4]!);
const backendName = contestant === "cpu" ? "cpu" : "wasm";
setTestEnvs([{ name: "test", backendName, isDataSync: true }]);
if (contestant === "ours") registerWasmTraining();
