/**
 * A training of many steps in a process of its own, for `memory_test.ts`: prints a line of JSON about
 * the memory after every tenth of them.
 *
 * usage: memory_steps.ts BACKEND STEPS, under --v8-flags=--expose-gc
 */
import * as tf from "@tensorflow/tfjs";
import type { NormalizedCatalog } from "../src/features/dataset.ts";
import type { NetworkChoices } from "../src/network/checkpoint.ts";
import type { BackendName } from "../src/network/backends.ts";
import { openEngine } from "../src/network/backends.ts";
import { train } from "../src/network/training.ts";
import { createRandom } from "../src/numerics/random.ts";

/** The memory after some steps. */
export interface Memory {
  readonly steps: number;
  /** Tensors that tfjs holds. */
  readonly tensors: number;
  /** Bytes of every WebAssembly.Memory that JavaScript has made; the core has one. */
  readonly wasm: number;
  /** Bytes in use by JavaScript after a collection, its buffers included. */
  readonly heap: number;
  /** Bytes that the system has given the process. */
  readonly process: number;
}

const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

const STEPS_OF_EPOCH = 20;
const BATCH = 4;
const CHOICES: NetworkChoices = {
  features: {
    pixels: ["logTemperature", "logGasMass", "one"],
    supplementary: ["logLuminosity"],
    order: "luminosity",
  },
  architecture: {
    encoder: [4, 3],
    convolution: [3],
    dense: [2],
    pooling: "mean",
    globalPooling: "mean+max",
    regression: "convolution",
    cluster: [],
    context: [],
    frequencies: [],
    dropout: { encoder: 0.2, dense: 0.2 },
    normalization: "z-score",
    label: "linear",
    outputs: "value",
  },
  schedule: {
    epochs: 1,
    catalogs: "fixed",
    selectFrom: 1,
    batches: BATCH,
    loss: "mse",
    optimizer: { kind: "adamw", weightDecay: 0.01 },
    learningRate: 0.001,
    decay: "cosine",
    warmupSteps: 10,
    gradientClip: 1,
    tie: null,
    jitter: 0,
    encoderStart: 1,
    shards: 1,
  },
};

/** Catalogs of 1 to 12 clusters, whose label is linear in what they have. */
function makeCatalogs(count: number): NormalizedCatalog[] {
  return Array.from({ length: count }, (_, c) => {
    const random = createRandom(1).fork("catalog", c);
    const clusters = 1 + random.integer(12);
    const label = random.normal();
    const values = (length: number) =>
      Float32Array.from({ length }, () => label + 0.3 * random.normal());
    return {
      count: clusters,
      pixels: values(3 * clusters),
      supplementary: values(clusters),
      label,
      tie: new Float32Array(0),
    };
  });
}

function measure(steps: number): Memory {
  (globalThis as unknown as { gc(): void }).gc();
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return {
    steps,
    tensors: tf.memory().numTensors,
    wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    heap: heapUsed + external,
    process: rss,
  };
}

if (import.meta.main) {
  const [backend, count] = Deno.args as [BackendName, string];
  const engine = await openEngine(backend);
  const epochs = Number(count) / STEPS_OF_EPOCH;
  const choices = { ...CHOICES, schedule: { ...CHOICES.schedule, epochs } };
  const data = { train: makeCatalogs(STEPS_OF_EPOCH * BATCH), validation: makeCatalogs(8) };
  for await (const event of train(engine, choices, data, createRandom(2))) {
    if (event.kind !== "epoch") continue;
    await event.checkpoint();
    if (event.epoch.epoch % (epochs / 10) === 0) {
      const line = JSON.stringify(measure(event.epoch.epoch * STEPS_OF_EPOCH));
      Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
    }
  }
  engine.close();
}
