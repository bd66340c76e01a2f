/**
 * The encoder in WGSL of our own as contestants of the encoder's forward pass: in f32, and in f16 where
 * the adapter has it; with the way of the batch to the device and of the terse values back, as tfjs
 * does it, and without.
 */
import type { Batch } from "../../src/features/dataset.ts";
import type { Architecture } from "../../src/model.ts";
import type { NamedArrays } from "../../src/numerics/arrays.ts";
import { layerShapes } from "../../src/network/weights.ts";
import { INPUTS } from "../networks.ts";
import type { Measured } from "../results.ts";
import { hasHalf, openDevice } from "./device.ts";
import { createGpuEncoder } from "./encoder.ts";
import type { Precision } from "./encoder_shaders.ts";
import { largestDifference } from "./gate.ts";
import type { Measure } from "./measure.ts";
import { measureChain, roofline } from "./measure.ts";

/** Tolerance of f16, which rounds to 5e-4, relative to that of f32, over eight layers. */
const HALF_TOLERANCE = 1000;

/** Bytes of the batch, all weights and the terse values, each once. */
export function encoderBytes(
  architecture: Architecture,
  rows: number,
  precision: Precision,
): number {
  const numbers = layerShapes(architecture, INPUTS)
    .filter(({ name }) => name === "terse" || name.startsWith("encoder/"))
    .reduce((sum, { kernel: [width, out] }) => sum + (width! + 1) * out!, rows * INPUTS.pixels);
  return numbers * (precision === "f32" ? 4 : 2) + 4 * rows;
}

/** A batch, and its correct terse values. */
export interface EncoderWork {
  readonly architecture: Architecture;
  readonly weights: NamedArrays;
  readonly batch: Batch;
  readonly expected: Float32Array;
  readonly gigaflop: number;
}

/** Two contestants for each precision. */
export async function measureOwnEncoder(work: EncoderWork, measure: Measure): Promise<Measured[]> {
  const { architecture, weights, batch, expected, gigaflop } = work;
  const { adapter, ceilings } = measure;
  const device = await openDevice(adapter);
  const rows = expected.length;
  const measured: Measured[] = [];
  for (const precision of ["f32", ...hasHalf(adapter) ? ["f16"] as const : []] as const) {
    const encoder = await createGpuEncoder(device, architecture, INPUTS, weights, rows, {
      precision,
    });
    const difference = largestDifference(await encoder.encode(batch.pixels), expected);
    const [peak, factor] = precision === "f32"
      ? [ceilings.peak, 1]
      : [ceilings.halfPeak, HALF_TOLERANCE];
    const own: Measure = {
      ...measure,
      ceilings: { ...ceilings, peak },
      tolerance: factor * measure.tolerance,
    };
    const limit = roofline(own.ceilings, gigaflop, encoderBytes(architecture, rows, precision));
    const add = async (name: string, chain: (times: number) => Promise<void>) => {
      const result = await measureChain(own, name, difference, chain);
      measured.push({ ...result, memory: null, ...limit === undefined ? {} : { roofline: limit } });
    };
    await add(`WGSL ${precision}`, async (times) => {
      await Promise.all(Array.from({ length: times }, () => encoder.encode(batch.pixels)));
    });
    await add(`WGSL ${precision}, batch on the device`, (times) => encoder.run(times));
  }
  device.destroy();
  return measured;
}
