/**
 * A digest of what the core's networks say of some batches and of their weights after some steps:
 * `deno run tests/turbo_digest.ts wide` prints it, for a V8 that was started with other flags.
 */
import type { Architecture } from "../src/model.ts";
import type { CoreOptions } from "../src/network/core/core.ts";
import { openCoreEngine } from "../src/network/core/engine.ts";
import { INPUTS, makeBatch, makeWeights, WIDER } from "./set_networks.ts";

const CONVOLUTIONS: Architecture = {
  ...WIDER,
  regression: "convolution",
  convolution: [12, 24],
  globalPooling: "mean+max",
  cluster: [],
  context: [],
  frequencies: [],
};

/** SHA-256 of all outputs and weights. */
export async function digestSteps(tile: Required<CoreOptions>["tile"]): Promise<string> {
  const parts: Float32Array[] = [];
  const engine = await openCoreEngine({ threads: 1, tile });
  for (const architecture of [CONVOLUTIONS, WIDER]) {
    const network = await engine.create(architecture, INPUTS, makeWeights(architecture, INPUTS));
    for (const [i, heights] of [[64, 80, 93, 120], [1], [5, 700]].entries()) {
      const { outputs } = await network.step(makeBatch(heights, INPUTS), {
        loss: "gaussian",
        optimizer: { kind: "adam" },
        learningRate: 0.01,
        gradientClip: 1,
        dropoutKey: [i, 3],
        shards: 1 + i,
        tieWeight: 10,
      });
      parts.push(outputs);
    }
    for (const { data } of Object.values(await network.weights())) {
      parts.push(Float32Array.from(data));
    }
  }
  engine.close();
  const bytes = await new Blob(parts.map((part) => part as Float32Array<ArrayBuffer>))
    .arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

if (import.meta.main) {
  const tile = Deno.args[0] === "wide" ? "wide" : "narrow";
  await Deno.stdout.write(new TextEncoder().encode(await digestSteps(tile)));
}
