/**
 * The encoder on a GPU without tfjs: the shaders of encoder_shaders.ts with their buffers.
 */
import type { Architecture, InputWidths } from "../../src/model.ts";
import type { NamedArrays } from "../../src/numerics/arrays.ts";
import { layerShapes } from "../../src/network/weights.ts";
import type { Shader } from "./device.ts";
import { makeShader, readBuffer, storageBuffer } from "./device.ts";
import type { LayerPlan, Precision } from "./encoder_shaders.ts";
import {
  FUSED_ROWS,
  fusedBytes,
  fusedShader,
  tiledShader,
  tiledWorkgroups,
} from "./encoder_shaders.ts";

/** A layer with its padded weights. */
interface Layer extends LayerPlan {
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
}

const padded = (width: number): number => 4 * Math.ceil(width / 4);

/** Rows of `width` numbers filled up with zeros to a multiple of four, and to so many rows. */
function pad(values: ArrayLike<number>, width: number, rows: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows * padded(width));
  for (let i = 0; i < values.length; i++) {
    result[Math.floor(i / width) * padded(width) + i % width] = values[i]!;
  }
  return result;
}

/** The encoder's layers and the terse value; the last two are linear. */
function listLayers(
  architecture: Architecture,
  inputs: InputWidths,
  weights: NamedArrays,
): Layer[] {
  const shapes = layerShapes(architecture, inputs)
    .filter(({ name }) => name === "terse" || name.startsWith("encoder/"));
  return shapes.map(({ name, kernel: [width, out] }, i) => ({
    inputs: padded(width!) / 4,
    outputs: padded(out!) / 4,
    isLeaky: i < shapes.length - 2,
    kernel: pad(weights[`${name}/kernel`]!.data, out!, padded(width!)),
    bias: pad(weights[`${name}/bias`]!.data, out!, 1),
  }));
}

const convert = (values: Float32Array<ArrayBuffer>, precision: Precision) =>
  precision === "f32" ? values : new Float16Array(values);

/** An encoder for batches of one number of rows. */
export interface GpuEncoder {
  /** Layers that are a dispatch each, and those that are one dispatch together, at the end. */
  readonly tiled: number;
  readonly fused: number;
  /** Encodes the batch on the device `times` times and waits for the last. */
  run(times: number): Promise<void>;
  /**
   * Copies a batch [rows x pixels] to the device, encodes it and returns the terse values [rows].
   */
  encode(pixels: Float32Array): Promise<Float32Array>;
}

/** How the encoder computes. */
export interface GpuEncoderOptions {
  /** f32 if left out; f16 needs a device with `shader-f16`. */
  readonly precision?: Precision;
  /** Bytes of workgroup memory for the fused layers; all that the device has if left out. */
  readonly memory?: number;
}

/** How many of the first layers are too wide for the layers after them to share workgroup memory. */
function countTiled(layers: readonly Layer[], precision: Precision, memory: number): number {
  let first = layers.length;
  while (first > 0 && fusedBytes(layers.slice(first - 1), precision) <= memory) first--;
  return first;
}

/** Buffers and shaders on the device, for batches of so many rows. */
export async function createGpuEncoder(
  device: GPUDevice,
  architecture: Architecture,
  inputs: InputWidths,
  weights: NamedArrays,
  rows: number,
  options: GpuEncoderOptions = {},
): Promise<GpuEncoder> {
  const { precision = "f32", memory = device.limits.maxComputeWorkgroupStorageSize } = options;
  const layers = listLayers(architecture, inputs, weights);
  const tiled = countTiled(layers, precision, memory);
  const load = (values: Float32Array<ArrayBuffer>) =>
    storageBuffer(device, convert(values, precision));
  const batch = load(new Float32Array(rows * padded(inputs.pixels)));
  const shaders: Shader[] = [];
  let result = batch;
  const planFor = (last: LayerPlan) => {
    const output = last === layers.at(-1) ? "f32" : precision;
    const next = storageBuffer(device, rows * last.outputs * (output === "f32" ? 16 : 8));
    return { plan: { rows, precision, output } as const, next };
  };
  for (const layer of layers.slice(0, tiled)) {
    const { plan, next } = planFor(layer);
    const buffers = [next, result, load(layer.kernel), load(layer.bias)];
    const workgroups = tiledWorkgroups(layer, rows);
    shaders.push(await makeShader(device, tiledShader(layer, plan), buffers, workgroups));
    result = next;
  }
  const fused = layers.slice(tiled);
  if (fused.length > 0) {
    const { plan, next } = planFor(fused.at(-1)!);
    const parts = fused.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
    const buffers = [next, result, load(Float32Array.from(parts))];
    const workgroups = Math.ceil(rows / FUSED_ROWS);
    shaders.push(await makeShader(device, fusedShader(fused, plan), buffers, workgroups));
    result = next;
  }
  const submit = (times: number): void => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++) {
      for (const { pipeline, bindings, workgroups } of shaders) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings);
        pass.dispatchWorkgroups(workgroups);
      }
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  return {
    tiled,
    fused: fused.length,
    async run(times) {
      submit(times);
      await device.queue.onSubmittedWorkDone();
    },
    async encode(pixels) {
      device.queue.writeBuffer(batch, 0, convert(pad(pixels, inputs.pixels, rows), precision));
      submit(1);
      const outputs = 4 * layers.at(-1)!.outputs;
      const values = await readBuffer(device, result, 4 * rows * outputs);
      return Float32Array.from({ length: rows }, (_, row) => values[row * outputs]!);
    },
  };
}
