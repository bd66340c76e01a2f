/**
 * The check before every timing: differences of a GPU's numbers from those of a CPU engine.
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../src/features/dataset.ts";
import type { Network } from "../../src/model.ts";
import { STEP } from "../networks.ts";
import type { Pass } from "./layers.ts";
import { preparePass } from "./layers.ts";

/** Largest difference as a fraction of the reference's largest value; infinite where one is NaN. */
export function largestDifference(found: ArrayLike<number>, reference: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  if (found.length !== reference.length) return Infinity;
  for (let i = 0; i < reference.length; i++) {
    largest = Math.max(largest, Math.abs(reference[i]!));
    const distance = Math.abs(found[i]! - reference[i]!);
    if (!(distance <= difference)) difference = Number.isNaN(distance) ? Infinity : distance;
  }
  return difference === 0 ? 0 : difference / largest;
}

/** Largest difference of the loss and every gradient from those of the reference. */
export async function gradientDifference(
  network: Network,
  reference: Network,
  batch: Batch,
): Promise<number> {
  const found = await network.gradients(batch, STEP);
  const wanted = await reference.gradients(batch, STEP);
  const differences = Object.entries(wanted.gradients).map(([name, { data }]) =>
    largestDifference(found.gradients[name]!.data, data)
  );
  return Math.max(largestDifference([found.loss], [wanted.loss]), ...differences);
}

async function resultsOn(backend: string, pass: Pass): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const ready = preparePass(pass);
  const results = ready.run();
  const values: Float32Array[] = [];
  for (const result of results) values.push(await result.data() as Float32Array);
  tf.dispose(results);
  ready.dispose();
  return values;
}

/** Largest difference of one layer's pass on webgpu from tfjs's wasm; leaves webgpu current. */
export async function passDifference(pass: Pass): Promise<number> {
  const wanted = await resultsOn("wasm", pass);
  const found = await resultsOn("webgpu", pass);
  return Math.max(...wanted.map((values, i) => largestDifference(found[i]!, values)));
}
