/**
 * The program with tfjs-core alone, which has its gradients in files that bundlers and Bun can load: the
 * losses of the backend that the first argument names, as JSON; the second is where .wasm files are.
 */
import process from "node:process";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { train } from "./program.ts";

setWasmPaths(process.argv[3]!);
train(process.argv[2]!).then((losses) => {
  process.stdout.write(JSON.stringify(losses));
  process.exit(0);
});
