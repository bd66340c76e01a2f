/**
 * The program in Node, Bun or Deno with npm's packages: the losses of the backend that the argument names,
 * as JSON. Gradients are registered by tfjs-layers.
 */
import process from "node:process";
import "@tensorflow/tfjs-layers";
import { train } from "./program.ts";

process.stdout.write(JSON.stringify(await train(process.argv[2]!)));
process.exit(0);
