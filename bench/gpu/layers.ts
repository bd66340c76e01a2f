/**
 * Every layer of the network alone, in its three directions, by the kernels that training runs on
 * tfjs's webgpu backend: time, operations, bytes, and what the ceilings would allow.
 */
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../../src/model.ts";
import { CONVOLUTION_ROWS } from "../../src/model.ts";
import type { Gradients, Layer } from "../../src/network/tfjs/layers.ts";
import {
  addConvolutionGradients,
  addDenseGradients,
  applyConvolution,
  applyDense,
  convolutionInputGradient,
  denseInputGradient,
} from "../../src/network/tfjs/layers.ts";
import { layerShapes } from "../../src/network/weights.ts";
import { createRandom } from "../../src/numerics/random.ts";
import { INPUTS, ROWS } from "../networks.ts";

/** The three passes of a layer. */
export type Direction = "forward" | "input gradient" | "weight gradient";

/** A layer's numbers, from which each backend makes tensors of its own. */
interface LayerData {
  readonly name: string;
  /** "leaky" or "linear", as in the network. */
  readonly activation: Layer["activation"];
  /** Shape of the kernel in the form that kernels take. */
  readonly kernelShape: readonly number[];
  readonly x: { readonly shape: readonly number[]; readonly data: Float32Array };
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly dz: { readonly shape: readonly number[]; readonly data: Float32Array };
}

/** One layer's pass. */
export interface Pass {
  readonly name: string;
  readonly layer: LayerData;
  readonly direction: Direction;
  readonly gigaflop: number;
  /** Inputs, weights and outputs, each once. */
  readonly bytes: number;
}

/** All passes of all layers, for catalogs of {@linkcode ROWS} clusters. */
export function listPasses(architecture: Architecture, catalogs: number): Pass[] {
  const passes: Pass[] = [];
  let height = ROWS;
  const linear = [`encoder/${architecture.encoder.length - 1}`, "terse", "output"]
    .concat(`dense/${architecture.dense.length - 1}`);
  for (const { name, kernel } of layerShapes(architecture, INPUTS)) {
    const part = name.split("/")[0]!;
    const [out, input] = kernel.toReversed() as [number, number];
    const isConvolution = part === "convolution";
    const rows = catalogs * (part === "dense" || part === "output" ? 1 : height);
    const shape = (channels: number) =>
      isConvolution ? [catalogs, height, 1, channels] : [1, rows, channels];
    const random = createRandom(7).fork(name);
    const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
    const size = kernel.reduce((product, width) => product * width, 1);
    const layer: LayerData = {
      name,
      activation: linear.includes(name) ? "linear" : "leaky",
      kernelShape: isConvolution ? [CONVOLUTION_ROWS, 1, input, out] : [1, input, out],
      x: { shape: shape(input), data: normals(rows * input) },
      kernel: normals(size),
      bias: normals(out),
      dz: { shape: shape(out), data: normals(rows * out) },
    };
    for (const direction of ["forward", "input gradient", "weight gradient"] as const) {
      if (name === "encoder/0" && direction === "input gradient") continue; // no step takes it
      passes.push({
        ...{ name: `${name}, ${direction}`, layer, direction },
        gigaflop: 2 * rows * size / 1e9,
        bytes: 4 * (rows * input + size + rows * out + (direction === "input gradient" ? 0 : out)),
      });
    }
    if (isConvolution) height = Math.ceil(height / 2);
  }
  return passes;
}

/** A pass with its tensors on tfjs's current backend; each run gives tensors to dispose. */
export interface ReadyPass {
  readonly run: () => tf.Tensor[];
  readonly dispose: () => void;
}

/** Puts a pass on tfjs's current backend. */
export function preparePass({ layer, direction }: Pass): ReadyPass {
  const { name, activation } = layer;
  const x = tf.tensor(layer.x.data, [...layer.x.shape]);
  const dz = tf.tensor(layer.dz.data, [...layer.dz.shape]);
  const kernel = tf.tensor(layer.kernel, [...layer.kernelShape]);
  const bias = tf.tensor1d(layer.bias);
  const own: Layer = { name, kernel, bias, activation };
  const isConvolution = kernel.rank === 4;
  const directions: Readonly<Record<Direction, () => tf.Tensor[]>> = {
    "forward": () => [isConvolution ? applyConvolution(own, x) : applyDense(own, x)],
    "input gradient": () => [
      isConvolution
        ? convolutionInputGradient(own, dz, x.shape.at(-1)!)
        : denseInputGradient(own, dz),
    ],
    "weight gradient": () => {
      const gradients: Gradients = {};
      (isConvolution ? addConvolutionGradients : addDenseGradients)(gradients, own, x, dz);
      return Object.values(gradients);
    },
  };
  return { run: directions[direction], dispose: () => tf.dispose([x, dz, kernel, bias]) };
}
