/**
 * The weights of an {@linkcode Architecture}, the same for every engine: their names and shapes
 * (Table 3), their number, and their start values.
 */
import type { Architecture, InputWidths } from "../model.ts";
import { CONVOLUTION_ROWS } from "../model.ts";
import { outputCount } from "./checks.ts";
import type { NamedArray, NamedArrays } from "../numerics/arrays.ts";
import { sizeOf } from "../numerics/arrays.ts";
import type { Random } from "../numerics/random.ts";

/** One layer's kernel and bias. */
export interface LayerShape {
  /**
   * Prefix of the names of the layer's weights: "encoder/0", "terse", "convolution/3" or
   * "context/1" and "cluster/0", "dense/4", "output".
   */
  readonly name: string;
  /** Shape of the kernel: [in, out], or [4, in, out] for a convolution. */
  readonly kernel: readonly number[];
  /** Shape of the bias, [out]. */
  readonly bias: readonly number[];
}

/** Number of inputs of a set regression from the number of clusters N: N/80 - 1 and ln(N/80). */
export const SIZE_INPUTS = 2;

/** Every layer with weights, in the order of the data. */
export function layerShapes(architecture: Architecture, inputs: InputWidths): LayerShape[] {
  const layers: LayerShape[] = [];
  let width = inputs.pixels;
  const add = (name: string, out: number, rows: readonly number[] = []) => {
    layers.push({ name, kernel: [...rows, width, out], bias: [out] });
    width = out;
  };
  architecture.encoder.forEach((out, i) => add(`encoder/${i}`, out));
  add("terse", 1);
  const seen = 1 + inputs.supplementary; // of each cluster by the regression
  width = seen;
  if (architecture.regression === "convolution") {
    architecture.convolution.forEach((out, i) => add(`convolution/${i}`, out, [CONVOLUTION_ROWS]));
    if (architecture.globalPooling === "mean+max") width *= 2;
  } else {
    const { context, cluster, frequencies } = architecture;
    context.forEach((out, i) => {
      if (i === context.length - 1) width += SIZE_INPUTS;
      add(`context/${i}`, out);
    });
    width = 2 * seen + 2 * frequencies.length + (context.at(-1) ?? 0);
    cluster.forEach((out, i) => add(`cluster/${i}`, out));
    width += SIZE_INPUTS + seen;
  }
  architecture.dense.forEach((out, i) => add(`dense/${i}`, out));
  add("output", outputCount(architecture));
  return layers;
}

/** Shapes of all weights by name: "encoder/0/kernel", "encoder/0/bias" and so on, in data order. */
export function weightShapes(
  architecture: Architecture,
  inputs: InputWidths,
): Record<string, readonly number[]> {
  const shapes: Record<string, readonly number[]> = {};
  for (const { name, kernel, bias } of layerShapes(architecture, inputs)) {
    shapes[`${name}/kernel`] = kernel;
    shapes[`${name}/bias`] = bias;
  }
  return shapes;
}

/** Number of trainable parameters; 10 472 834 for Table 3 with 15 pixels and 2 supplementary values. */
export function countParameters(architecture: Architecture, inputs: InputWidths): number {
  return Object.values(weightShapes(architecture, inputs))
    .reduce((count, shape) => count + sizeOf(shape), 0);
}

/**
 * Start values: Xavier-uniform kernels (Glorot and Bengio 2010; Keras's default) and zero biases.
 * Each array has its own stream, so that changing one layer changes no other.
 *
 * @param encoderStart Factor on the encoder's first kernel
 */
export function initialWeights(
  architecture: Architecture,
  inputs: InputWidths,
  random: Random,
  encoderStart = 1,
): NamedArrays {
  const weights: Record<string, NamedArray> = {};
  for (const { name, kernel, bias } of layerShapes(architecture, inputs)) {
    weights[`${name}/kernel`] = xavierUniform(
      kernel,
      random.fork("weights", name),
      name === "encoder/0" ? encoderStart : 1,
    );
    weights[`${name}/bias`] = { shape: bias, data: new Float32Array(sizeOf(bias)) };
  }
  return weights;
}

/** Numbers uniform within `factor` times sqrt(6 / (fan in + fan out)); fans count rows. */
function xavierUniform(shape: readonly number[], random: Random, factor: number): NamedArray {
  const [out, input, rows = 1] = shape.toReversed();
  const limit = factor * Math.sqrt(6 / (rows * (input! + out!)));
  const data = Float32Array.from(
    { length: sizeOf(shape) },
    () => (2 * random.uniform() - 1) * limit,
  );
  return { shape, data };
}

/**
 * Throws unless arrays are the weights of this architecture.
 *
 * @throws {TypeError} If an array is missing, left over, or of another shape, naming it
 */
export function checkWeights(
  weights: NamedArrays,
  architecture: Architecture,
  inputs: InputWidths,
): void {
  const shapes = weightShapes(architecture, inputs);
  for (const [name, shape] of Object.entries(shapes)) {
    const array = weights[name];
    const found = array ? `[${array.shape.join(" x ")}]` : "missing";
    const expected = `[${shape.join(" x ")}]`;
    if (found !== expected) {
      throw new TypeError(`Cannot use weights: ${name} is ${found}, expected ${expected}`);
    }
  }
  for (const name of Object.keys(weights)) {
    if (!(name in shapes)) {
      throw new TypeError(`Cannot use weights: ${name} is in no layer of this architecture`);
    }
  }
}
