/** The program in a page, with tfjs-core alone: the losses become its title. */
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { train } from "./program.ts";

setWasmPaths("/");
train("wasm").then(
  (losses) => document.title = JSON.stringify(losses),
  (error) => document.title = `failed: ${error}`,
);
