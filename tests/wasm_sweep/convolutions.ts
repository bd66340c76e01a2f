/** Convolutions of rows, images and volumes. */
import * as tf from "@tensorflow/tfjs";
import type { Draw, Programs } from "./program.ts";
import type { Padding, Triple } from "./geometry.ts";
import { describe, imagesOf, paddingOf, pair, stepsOf, triple, volumesOf } from "./geometry.ts";
import { between, floats, pick } from "./program.ts";

const conv2d: Draw = (random) => {
  const window = pair(random, 1, 4);
  const { strides, dilations } = stepsOf(random);
  const pad = paddingOf(random, window);
  const shape = imagesOf(random, window, dilations, pad);
  const filters = between(random, 1, 6);
  return {
    what: describe("conv2d", { shape, window, filters, strides, pad, dilations }),
    inputs: [floats(random, shape), floats(random, [...window, shape[3]!, filters])],
    by: String(dilations) === "1,1" ? [0, 1] : [],
    run: ([x, w]) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations),
  };
};

const ACTIVATIONS = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const;

function fused(name: "conv2d" | "depthwiseConv2d"): Draw {
  return (random) => {
    const window = pair(random, 1, 3);
    const strides = pair(random, 1, 3);
    const pad = paddingOf(random, window);
    const shape = imagesOf(random, window, [1, 1], pad);
    const last = between(random, 1, 4);
    const channels = name === "conv2d" ? last : last * shape[3]!;
    const activation = pick(random, ACTIVATIONS);
    const biasShape = pick(random, [[channels], [channels], [], [1], [1, 1, 1, channels]]);
    const kind = pick(random, ["normal", "normal", "holes"] as const);
    const inputs = [floats(random, shape, kind), floats(random, [...window, shape[3]!, last])];
    if (random.integer(3) > 0) inputs.push(floats(random, biasShape));
    const differentiable = ["linear", "relu"].includes(activation) && kind === "normal";
    return {
      what: describe(`fused ${name}`, {
        shape,
        window,
        last,
        strides,
        pad,
        activation,
        bias: inputs[2]?.shape,
      }),
      inputs,
      by: differentiable ? inputs.map((_, i) => i) : [],
      run: ([x, filter, bias]) =>
        tf.fused[name]({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides,
          pad: pad as "same",
          activation,
          leakyreluAlpha: 0.3,
          ...(bias && { bias }),
          ...(activation === "prelu" && {
            preluActivationWeights: tf.fill([1, 1, channels], 0.4),
          }),
        }),
    };
  };
}

const conv2dTranspose: Draw = (random) => {
  const window = pair(random, 1, 5);
  const strides = pair(random, 1, 4);
  const pad = pick<Padding>(random, ["same", "same", "valid"]);
  const small: [number, number, number, number] = [
    between(random, 1, 3),
    ...pair(random, 1, 5),
    between(random, 1, 5),
  ];
  const filters = between(random, 1, 5);
  const out = [0, 1].map((i) =>
    pad === "same" ? small[i + 1]! * strides[i]! : (small[i + 1]! - 1) * strides[i]! + window[i]!
  );
  return {
    what: describe("conv2dTranspose", { small, window, filters, strides, pad, out }),
    inputs: [floats(random, small), floats(random, [...window, filters, small[3]])],
    by: [0, 1],
    run: ([x, w]) =>
      tf.conv2dTranspose(
        x as tf.Tensor4D,
        w as tf.Tensor4D,
        [small[0], out[0]!, out[1]!, filters],
        strides,
        pad as "same",
      ),
  };
};

const depthwise: Draw = (random) => {
  const window = pair(random, 1, 4);
  const { strides, dilations } = stepsOf(random);
  const pad = paddingOf(random, window);
  const shape = imagesOf(random, window, dilations, pad);
  return {
    what: describe("depthwiseConv2d", { shape, window, strides, pad, dilations }),
    inputs: [floats(random, shape), floats(random, [...window, shape[3]!, between(random, 1, 3)])],
    by: String(dilations) === "1,1" ? [0, 1] : [],
    run: ([x, w]) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations),
  };
};

const separable: Draw = (random) => {
  const window = pair(random, 1, 3);
  const { strides, dilations } = stepsOf(random);
  const pad = pick(random, ["same", "valid"] as const);
  const shape = imagesOf(random, window, dilations, pad);
  const multiplier = between(random, 1, 3);
  const inputs = [
    floats(random, shape),
    floats(random, [...window, shape[3]!, multiplier]),
    floats(random, [1, 1, shape[3]! * multiplier, between(random, 1, 4)]),
  ];
  return {
    what: describe("separableConv2d", { shape, window, multiplier, strides, pad, dilations }),
    inputs,
    by: String(dilations) === "1,1" ? [0, 1, 2] : [],
    run: ([x, d, p]) =>
      tf.separableConv2d(
        x as tf.Tensor4D,
        d as tf.Tensor4D,
        p as tf.Tensor4D,
        strides,
        pad,
        dilations,
      ),
  };
};

const conv1d: Draw = (random) => {
  const width = between(random, 1, 4);
  const stride = between(random, 1, 4);
  const pad = pick(random, ["same", "valid"] as const);
  const shape = [between(random, 1, 3), between(random, width, 9), between(random, 1, 4)];
  return {
    what: describe("conv1d", { shape, width, stride, pad }),
    inputs: [floats(random, shape), floats(random, [width, shape[2]!, between(random, 1, 4)])],
    by: [0, 1],
    run: ([x, w]) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, stride, pad),
  };
};

const conv3d: Draw = (random) => {
  const window = triple(random, 1, 3);
  const strides = triple(random, 1, 3);
  const pad = pick(random, ["same", "valid"] as const);
  const shape = volumesOf(random, window, pad);
  return {
    what: describe("conv3d", { shape, window, strides, pad }),
    inputs: [floats(random, shape), floats(random, [...window, shape[4]!, between(random, 1, 3)])],
    by: [0, 1],
    run: ([x, w]) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, strides, pad),
  };
};

const conv3dTranspose: Draw = (random) => {
  const window = triple(random, 1, 3);
  const strides = triple(random, 1, 3);
  const pad = pick(random, ["same", "valid"] as const);
  const small = volumesOf(random, [1, 1, 1], pad) as [number, number, number, number, number];
  const filters = between(random, 1, 3);
  const out = [0, 1, 2].map((i) =>
    pad === "same" ? small[i + 1]! * strides[i]! : (small[i + 1]! - 1) * strides[i]! + window[i]!
  ) as Triple;
  return {
    what: describe("conv3dTranspose", { small, window, filters, strides, pad }),
    inputs: [floats(random, small), floats(random, [...window, filters, small[4]])],
    by: [0, 1],
    run: ([x, w]) =>
      tf.conv3dTranspose(
        x as tf.Tensor5D,
        w as tf.Tensor5D,
        [small[0], ...out, filters],
        strides,
        pad,
      ),
  };
};

export const CONVOLUTIONS: Programs = {
  conv1d,
  conv2d,
  conv2dTranspose,
  conv3d,
  conv3dTranspose,
  depthwise,
  separable,
  fusedConv2d: fused("conv2d"),
  fusedDepthwise: fused("depthwiseConv2d"),
};
