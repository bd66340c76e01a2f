/**
 * The encoder in WGSL of our own, on whatever adapter is here: the core's terse values, to 1e-5.
 */
import { assertEquals, assertLess } from "@std/assert";
import { hasHalf, openDevice, requestAdapter } from "../bench/gpu/device.ts";
import type { GpuEncoderOptions } from "../bench/gpu/encoder.ts";
import { createGpuEncoder } from "../bench/gpu/encoder.ts";
import { largestDifference } from "../bench/gpu/gate.ts";
import { INPUTS, makeBatch, NETWORKS } from "../bench/networks.ts";
import type { Architecture } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import { initialWeights } from "../src/network/weights.ts";
import type { NamedArrays } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import { testWith } from "./tools.ts";

/** Tolerance as a share of the largest terse value: sums in f32, and activations and weights rounded to f16. */
const TOLERANCES = { f32: 1e-5, f16: 1e-2 };

/** Widths that fill neither vec4 nor tiles, and tiles more than once. */
const ODD: Architecture = { ...NETWORKS.compact, encoder: [70, 99, 33, 9] };

const CASES: readonly [name: string, Architecture, GpuEncoderOptions, tiled: number][] = [
  ["compact in one dispatch", NETWORKS.compact, {}, 0],
  ["compact with a dispatch for each layer", NETWORKS.compact, { memory: 0 }, 8],
  ["odd widths in one dispatch", ODD, {}, 0],
  ["odd widths, two layers alone and three together", ODD, { memory: 16 * 34 * 16 }, 2],
  ["odd widths with a dispatch for each layer", ODD, { memory: 0 }, 5],
  ["odd widths in f16", ODD, { memory: 16 * 34 * 8, precision: "f16" }, 2],
];

/** Weights with biases, which begin as zeros. */
function makeWeights(architecture: Architecture): NamedArrays {
  const weights = initialWeights(architecture, INPUTS, createRandom(1));
  for (const [name, { data }] of Object.entries(weights)) {
    if (name.endsWith("/bias")) data.set(Array.from(data, (_, i) => Math.sin(i + 1)));
  }
  return weights;
}

await testWith(["webgpu"], "the encoder in WGSL gives the core's terse values", async (context) => {
  const adapter = await requestAdapter();
  const device = await openDevice(adapter);
  const engine = await openEngine("core", { threads: 1 });
  const batch = makeBatch(3); // 300 rows: not a whole number of tiles
  for (const [name, architecture, options, tiled] of CASES) {
    const { precision = "f32" } = options;
    await context.step({
      name,
      ignore: precision === "f16" && !hasHalf(adapter),
      async fn() {
        const weights = makeWeights(architecture);
        const network = await engine.create(architecture, INPUTS, weights);
        const expected = await network.encode(batch);
        network.dispose();
        const encoder = await createGpuEncoder(
          ...[device, architecture, INPUTS, weights, expected.length, options] as const,
        );
        assertEquals([encoder.tiled, encoder.fused], [
          tiled,
          architecture.encoder.length + 1 - tiled,
        ]);
        const found = await encoder.encode(batch.pixels);
        assertLess(largestDifference(found, expected), TOLERANCES[precision]);
      },
    });
  }
  engine.close();
  device.destroy();
});
