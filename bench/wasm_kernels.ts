/**
 * `deno task bench:kernels`: the training kernels on tfjs's wasm backend, each next to the stock one of
 * its name, in turns, as a Markdown table of medians.
 *
 * usage: wasm_kernels.ts [--rounds 7] [--only Conv2D,MaxPool]
 */
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerWasmTraining, WASM_TRAINING_KERNELS } from "../src/network/tfjs/wasm_training.ts";
import { median } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";
import type { Run } from "./wasm_works.ts";
import { listWorks } from "./wasm_works.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, only: { type: "string" } },
});
const ROUNDS = Number(values.rounds);
/** Each time is that of repetitions that last about so long [ms]. */
const LENGTH = 40;

/** Milliseconds of one run. */
function time(run: Run): number {
  let count = 0;
  const start = performance.now();
  do {
    tf.tidy(() => void run());
    count++;
  } while (performance.now() - start < LENGTH);
  return (performance.now() - start) / count;
}

async function main(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend("wasm");
  const configs = (names: Iterable<string>) =>
    new Map([...names].map((name) => [name, tf.getKernel(name, "wasm")] as const));
  const names = WASM_TRAINING_KERNELS.map(({ name }) => name);
  const stock = configs(names);
  registerWasmTraining();
  const ours = configs(names);
  const use = (set: ReadonlyMap<string, tf.KernelConfig | undefined>) => {
    for (const [name, config] of set) {
      if (tf.getKernel(name, "wasm")) tf.unregisterKernel(name, "wasm");
      if (config) tf.registerKernel(config);
    }
  };
  const works = listWorks();
  const only = values.only?.split(",");
  await print(
    "| kernel | stock | work | stock [ms] | ours [ms] |\n| --- | --- | --- | --- | --- |",
  );
  for (const { name, stock: state } of WASM_TRAINING_KERNELS) {
    if (only && !only.includes(name)) continue;
    // Of floats, the others are the stock kernels.
    if (!works[name]) continue;
    const { what, run } = works[name];
    const times: [number[], number[]] = [[], []];
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, set] of [stock, ours].entries()) {
        if (!set.get(name)) continue;
        use(set);
        const taken = time(run);
        if (round >= 0) times[i]!.push(taken);
      }
    }
    const [theirs, own] = times.map((list) => list.length ? median(list).toFixed(3) : "-");
    await print(`| ${name} | ${state} | ${what} | ${theirs} | ${own} |`);
  }
}

await main();
