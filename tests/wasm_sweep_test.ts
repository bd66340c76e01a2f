/**
 * Random programs on tfjs's wasm backend with the training kernels, against the cpu backend:
 * 20 of each operation, or as many as TERSE_SWEEP says (`deno task test:sweep`).
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { assertEquals } from "@std/assert";
import { registerWasmTraining } from "../src/network/tfjs/wasm_training.ts";
import { createRandom } from "../src/numerics/random.ts";
import { OPERATIONS } from "./wasm_sweep/operations.ts";
import type { Draw } from "./wasm_sweep/program.ts";
import { difference, runProgram } from "./wasm_sweep/program.ts";

tf.enableProdMode();

const COUNT = Number(Deno.env.get("TERSE_SWEEP") ?? 20);
const SEED = Number(Deno.env.get("TERSE_SWEEP_SEED") ?? 1);

/** Programs that the cpu backend itself refuses: fewer than this part of them. */
const REFUSED = 0.35;

async function findDifferences(name: string, draw: Draw): Promise<string[]> {
  const found: string[] = [];
  let refused = 0;
  for (let i = 0; i < COUNT; i++) {
    const program = draw(createRandom(SEED).fork(name, i));
    await tf.setBackend("cpu");
    const expected = runProgram(program);
    if ("refusal" in expected) refused++;
    await tf.setBackend("wasm");
    const what = difference(program, expected, runProgram(program));
    if (what) found.push(`${program.what}: ${what}`);
  }
  if (refused > Math.max(1, REFUSED * COUNT)) found.push(`cpu refuses ${refused} of ${COUNT}`);
  return found;
}

for (const [name, draw] of Object.entries(OPERATIONS)) {
  Deno.test(`random programs of ${name} follow the cpu backend`, async () => {
    await tf.setBackend("wasm");
    registerWasmTraining();
    assertEquals(await findDifferences(name, draw), []);
  });
}
