/** The program in Node, Bun or Deno: the losses of the backend that the argument names, as JSON. */
import process from "node:process";
import { train } from "./program.ts";

process.stdout.write(JSON.stringify(await train(process.argv[2]!)));
process.exit(0);
