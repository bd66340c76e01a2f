/**
 * The layers of the supervised encoder on tfjs, each with its gradient written out, so that a step
 * runs a fixed, small number of kernels and records no tape.
 *
 * Rows of a dense layer are [1 x rows x width] and images of a convolution [catalogs x height x 1
 * x channels]: the forms in which tfjs's fused kernels take them, without a reshape.
 */
import * as tf from "@tensorflow/tfjs";
import { LEAKY_SLOPE } from "../../model.ts";

/** Activation after a layer. */
export type Activation = "leaky" | "linear";

/** A dense layer [1 x in x out] or a convolution [4 x 1 x in x out], with its bias [out]. */
export interface Layer {
  /** Prefix of the names of the layer's weights, as in `network/weights.ts`. */
  readonly name: string;
  readonly kernel: tf.Tensor;
  readonly bias: tf.Tensor;
  readonly activation: Activation;
}

/** Gradients by weight name, to which backward passes add theirs. */
export type Gradients = Record<string, tf.Tensor>;

const FUSED_ACTIVATION: Readonly<Record<Activation, string>> = {
  leaky: "leakyrelu",
  linear: "linear",
};

/** Table 3's "zero padded": one row before and two after a kernel of four, which is "same". */
const CONVOLUTION = {
  strides: [1, 1],
  pad: "same",
  dataFormat: "NHWC",
  dilations: [1, 1],
};

/**
 * Runs one kernel. tfjs's own functions fuse no leaky ReLU where gradients are taken, and do not
 * give access to the gradient kernels.
 */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>>,
): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;
}

/** A dense layer on rows [1 x rows x in]: [1 x rows x out]. */
export function applyDense({ kernel, bias, activation }: Layer, x: tf.Tensor): tf.Tensor {
  return runKernel("_FusedMatMul", { a: x, b: kernel, bias }, {
    transposeA: false,
    transposeB: false,
    activation: FUSED_ACTIVATION[activation],
    leakyreluAlpha: LEAKY_SLOPE,
  });
}

/** A convolution along the rows of images [catalogs x height x 1 x in]. */
export function applyConvolution({ kernel, bias, activation }: Layer, x: tf.Tensor): tf.Tensor {
  return runKernel("FusedConv2D", { x, filter: kernel, bias }, {
    ...CONVOLUTION,
    activation: FUSED_ACTIVATION[activation],
    leakyreluAlpha: LEAKY_SLOPE,
  });
}

/**
 * The gradient before a layer's activation.
 *
 * @param output The layer's output, after its factors if there are any
 * @param dOutput The gradient of the output
 * @param factors What the activation was multiplied by, a dropout or row mask; `null`: nothing
 */
export function activationGradient(
  { activation }: Layer,
  output: tf.Tensor,
  dOutput: tf.Tensor,
  factors: tf.Tensor | null,
): tf.Tensor {
  return tf.tidy(() => {
    const masked = factors ? tf.mul(dOutput, factors) : dOutput;
    // Factors are not negative, so the output has the sign of the value before the activation.
    return activation === "leaky" ? tf.mul(masked, tf.step(output, LEAKY_SLOPE)) : tf.clone(masked);
  });
}

/** Sums all axes but the last. */
function biasGradient(dz: tf.Tensor): tf.Tensor {
  const channels = dz.shape.at(-1)!;
  return tf.sum(tf.reshape(dz, [dz.size / channels, channels]), 0);
}

/** Adds a dense layer's gradients; `dz` from {@linkcode activationGradient}. */
export function addDenseGradients(
  gradients: Gradients,
  layer: Layer,
  x: tf.Tensor,
  dz: tf.Tensor,
): void {
  gradients[`${layer.name}/kernel`] = runKernel("BatchMatMul", { a: x, b: dz }, {
    transposeA: true,
    transposeB: false,
  });
  gradients[`${layer.name}/bias`] = tf.tidy(() => biasGradient(dz));
}

/** The gradient of a dense layer's input. */
export function denseInputGradient({ kernel }: Layer, dz: tf.Tensor): tf.Tensor {
  return runKernel("BatchMatMul", { a: dz, b: kernel }, { transposeA: false, transposeB: true });
}

/** Adds a convolution's gradients; `dz` from {@linkcode activationGradient}. */
export function addConvolutionGradients(
  gradients: Gradients,
  layer: Layer,
  x: tf.Tensor,
  dz: tf.Tensor,
): void {
  gradients[`${layer.name}/kernel`] = runKernel("Conv2DBackpropFilter", { x, dy: dz }, {
    ...CONVOLUTION,
    filterShape: layer.kernel.shape,
  });
  gradients[`${layer.name}/bias`] = tf.tidy(() => biasGradient(dz));
}

/** The gradient of a convolution's first `channels` input channels. */
export function convolutionInputGradient(
  { kernel }: Layer,
  dz: tf.Tensor,
  channels: number,
): tf.Tensor {
  return tf.tidy(() => {
    const [rows, width, all, out] = kernel.shape as [number, number, number, number];
    const filter = channels === all
      ? kernel
      : tf.slice(kernel, [0, 0, 0, 0], [rows, width, channels, out]);
    return runKernel("Conv2DBackpropInput", { dy: dz, filter }, {
      ...CONVOLUTION,
      inputShape: [...dz.shape.slice(0, 3), channels],
    });
  });
}

/** Attributes of a pooling over `rows` rows; "same" keeps an odd last row by itself. */
function poolingAttributes(rows: number, pad: "same" | "valid"): Record<string, unknown> {
  return { filterSize: [rows, 1], strides: [rows, 1], pad };
}

/** The mean over windows of `rows` rows, at the end over those that exist. */
export function poolMean(x: tf.Tensor, rows: number, pad: "same" | "valid"): tf.Tensor {
  if (x.shape[1] === 1) return tf.clone(x);
  return runKernel("AvgPool", { x }, poolingAttributes(rows, pad));
}

/** The largest value of windows of `rows` rows. */
export function poolMax(x: tf.Tensor, rows: number, pad: "same" | "valid"): tf.Tensor {
  if (x.shape[1] === 1) return tf.clone(x);
  return runKernel("MaxPool", { x }, poolingAttributes(rows, pad));
}

/** The gradient of {@linkcode poolMax}; of equal values, the first gets it. */
export function poolMaxGradient(
  x: tf.Tensor,
  output: tf.Tensor,
  dOutput: tf.Tensor,
  pooling: { readonly rows: number; readonly pad: "same" | "valid" },
): tf.Tensor {
  if (x.shape[1] === 1) return tf.clone(dOutput);
  const attributes = poolingAttributes(pooling.rows, pooling.pad);
  return runKernel("MaxPoolGrad", { dy: dOutput, input: x, output }, attributes);
}

/** Each row twice, [catalogs x rows x 1 x channels], cut to `height` rows. */
export function repeatRows(x: tf.Tensor, height: number): tf.Tensor {
  return tf.tidy(() => {
    const [catalogs, rows, , channels] = x.shape as [number, number, number, number];
    const doubled = tf.reshape(tf.concat([x, x], 2), [catalogs, 2 * rows, 1, channels]);
    return height === 2 * rows
      ? doubled
      : tf.slice(doubled, [0, 0, 0, 0], [catalogs, height, 1, channels]);
  });
}
