/**
 * The encoder's forward pass on jax-js, compiled by its `jit` for its WASM backend.
 */
// deno-lint-ignore no-import-prefix -- the benchmark's alone; the package does not have it
import { defaultDevice, init, jit, nn, numpy as np } from "npm:@jax-js/jax@0.1.25";
import type { Batch } from "../../src/features/dataset.ts";
import type { Architecture } from "../../src/model.ts";
import { LEAKY_SLOPE } from "../../src/model.ts";
import { initialWeights } from "../../src/network/weights.ts";
import { createRandom } from "../../src/numerics/random.ts";
import { INPUTS } from "../networks.ts";

/** Makes a function that encodes a batch. */
export async function createJaxEncoder(
  architecture: Architecture,
  batch: Batch,
): Promise<() => Promise<Float32Array>> {
  await init("wasm");
  defaultDevice("wasm");
  const names = [...architecture.encoder.map((_, i) => `encoder/${i}`), "terse"];
  const arrays = initialWeights(architecture, INPUTS, createRandom(1));
  const weights = names.map((name) => {
    const { shape, data } = arrays[`${name}/kernel`]!;
    return {
      kernel: np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] }),
      bias: np.array(arrays[`${name}/bias`]!.data as Float32Array<ArrayBuffer>),
    };
  });
  const rows = batch.rowOffsets[batch.count]!;
  const pixels = np.array(batch.pixels as Float32Array<ArrayBuffer>, {
    shape: [rows, INPUTS.pixels],
  });
  const encode = jit((layers: typeof weights, x: np.Array) => {
    for (const [i, { kernel, bias }] of layers.entries()) {
      x = np.matmul(x, kernel).add(bias);
      if (i < layers.length - 2) x = nn.leakyRelu(x, LEAKY_SLOPE);
    }
    return x;
  });
  const keep = () => weights.map(({ kernel, bias }) => ({ kernel: kernel.ref, bias: bias.ref }));
  return async () => await encode(keep(), pixels.ref).data() as Float32Array;
}
