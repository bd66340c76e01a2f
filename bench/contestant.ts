/**
 * One contestant of `bench/run.ts` in a process of its own: reads one line a round from stdin,
 * `{"steps": 5}`, and answers with a line of JSON: milliseconds of each, CPU time, and the peak memory.
 *
 * usage: contestant.ts '{"backend": "core", "network": "full", "catalogs": 20, "threads": 1,
 *   "tile": "narrow", "work": "step"}'
 */
import { cpuUsage } from "node:process";
import type { Engine, Network } from "../src/model.ts";
import type { Core } from "../src/network/core/core.ts";
import { openCore } from "../src/network/core/core.ts";
import { createCoreNetwork } from "../src/network/core/network.ts";
import { openEngine } from "../src/network/backends.ts";
import { initialWeights } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";
import type { NetworkName } from "./networks.ts";
import { INPUTS, makeBatch, NETWORKS, STEPS } from "./networks.ts";

/** What a contestant is to do. */
export interface Task {
  readonly backend: "core" | "wasm" | "stock" | "onnxruntime-web" | "jax-js";
  readonly network: NetworkName;
  readonly catalogs: number;
  readonly threads: number;
  /** The core's tiles. */
  readonly tile: "narrow" | "wide";
  /** One Adam step; or the encoder's forward pass. */
  readonly work: "step" | "encode";
}

/** The result of a round. */
export interface Answer {
  /** Wall time of each step [ms]. */
  readonly times: readonly number[];
  /** CPU time of a step, the mean of the round's [ms]. */
  readonly cpu: number;
  /** Largest memory of the process so far [MB]. */
  readonly memory: number;
  /** Multiply-add ceiling of one thread [GFLOP/s]; the core's only. */
  readonly peak?: number;
}

const PEAK_ROUNDS = 1e7;
const PEAK_FLOPS = PEAK_ROUNDS * 12 * 4 * 2;

async function main(): Promise<void> {
  const task: Task = JSON.parse(Deno.args[0]!);
  const core = task.backend === "core" ? await openCore(task) : null;
  const run = await prepare(task, core);
  const room = core?.memory.allocate(64) ?? 0;
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const line of lines) {
    const { steps } = JSON.parse(line);
    const peak = core ? PEAK_FLOPS / time(() => core.exports.peak(PEAK_ROUNDS, room)) / 1e6 : 0;
    const times: number[] = [];
    const before = worked();
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    }
    const cpu = (worked() - before) / steps;
    const answer: Answer = { times, cpu, memory: await peakMemory(), ...core ? { peak } : {} };
    await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
  }
  core?.close();
}

/** Milliseconds that this process has worked. */
function worked(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

function time(run: () => void): number {
  const start = worked();
  run();
  return worked() - start;
}

/** Makers of encoders in other libraries. */
const ENCODERS = {
  "onnxruntime-web": async () => (await import("./peers/onnx_forward.ts")).createOnnxEncoder,
  "jax-js": async () => (await import("./peers/jax_forward.ts")).createJaxEncoder,
};

/** How far another library's terse values may be from the core's, as a fraction of the largest. */
const ENCODER_TOLERANCE = 1e-4;

async function prepare(task: Task, core: Core | null): Promise<() => Promise<unknown>> {
  const architecture = NETWORKS[task.network];
  const batch = makeBatch(task.catalogs);
  if (task.backend === "stock") {
    const { createStockStep } = await import("./peers/tfjs_stock.ts");
    return await createStockStep(architecture, batch);
  }
  const weights = initialWeights(architecture, INPUTS, createRandom(1));
  if (task.backend === "onnxruntime-web" || task.backend === "jax-js") {
    const encode = await (await ENCODERS[task.backend]())(architecture, batch);
    const engine = await openEngine("core", { threads: 1 });
    const reference = await engine.create(architecture, INPUTS, weights);
    checkEncoding(await encode(), await reference.encode(batch));
    engine.close();
    return encode;
  }
  const engine: Engine | null = core ? null : await openEngine("wasm");
  const network: Network = core
    ? createCoreNetwork(core, { architecture, inputs: INPUTS }, weights)
    : await engine!.create(architecture, INPUTS, weights);
  const step = STEPS[task.network];
  return task.work === "step" ? () => network.step(batch, step) : () => network.encode(batch);
}

function checkEncoding(found: Float32Array, wanted: Float32Array): void {
  const largest = Math.max(...wanted.map(Math.abs));
  const difference = wanted.reduce((most, x, i) => Math.max(most, Math.abs(x - found[i]!)), 0);
  if (!(difference <= ENCODER_TOLERANCE * largest) || found.length !== wanted.length) {
    throw new Error(`its terse values differ from the core's by ${difference / largest}`);
  }
}

/** Peak memory: VmHWM on Linux, elsewhere the present memory of the process. */
async function peakMemory(): Promise<number> {
  try {
    const status = await Deno.readTextFile("/proc/self/status");
    return Number(status.match(/VmHWM:\s+(\d+)/)![1]) / 1000;
  } catch {
    return Deno.memoryUsage().rss / 1e6;
  }
}

if (import.meta.main) {
  await main();
  Deno.exit(); // jax-js leaves workers behind that would keep the process
}
