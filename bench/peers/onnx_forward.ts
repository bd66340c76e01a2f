/**
 * The encoder's forward pass on onnxruntime-web, on one thread of its WASM.
 */
// deno-lint-ignore no-import-prefix -- the benchmark's alone; the package does not have it
import * as ort from "npm:onnxruntime-web@1.22.0";
import type { Batch } from "../../src/features/dataset.ts";
import type { Architecture } from "../../src/model.ts";
import { initialWeights } from "../../src/network/weights.ts";
import { createRandom } from "../../src/numerics/random.ts";
import { INPUTS } from "../networks.ts";
import { encodeOnnx } from "./onnx_model.ts";

/** Makes a function that encodes a batch. */
export async function createOnnxEncoder(
  architecture: Architecture,
  batch: Batch,
): Promise<() => Promise<Float32Array>> {
  ort.env.wasm.numThreads = 1;
  const rows = batch.rowOffsets[batch.count]!;
  const weights = initialWeights(architecture, INPUTS, createRandom(1));
  const session = await ort.InferenceSession.create(encodeOnnx(architecture, weights, rows));
  return async () => {
    const pixels = new ort.Tensor("float32", batch.pixels, [rows, INPUTS.pixels]);
    const { terse } = await session.run({ pixels });
    return terse!.data as Float32Array;
  };
}
