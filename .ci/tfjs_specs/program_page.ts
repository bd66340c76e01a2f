/** The program in a page: the losses become its title. */
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { train } from "./program.ts";

setWasmPaths("/");
train("wasm").then(
  (losses) => document.title = JSON.stringify(losses),
  (error) => document.title = `failed: ${error}`,
);
