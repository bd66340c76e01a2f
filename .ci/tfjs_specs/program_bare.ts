/**
 * The program with tfjs-core alone and nobody's gradients but those that registerWasmTraining brings: the
 * losses on wasm, as JSON.
 */
import process from "node:process";
import { train } from "./program.ts";

process.stdout.write(JSON.stringify(await train("wasm")));
process.exit(0);
