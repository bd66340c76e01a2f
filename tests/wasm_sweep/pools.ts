/** Pools, dilation, and resized images. */
import * as tf from "@tensorflow/tfjs";
import { describe, imagesOf, paddingOf, pair, stepsOf, triple, volumesOf } from "./geometry.ts";
import type { Draw, Program, Programs } from "./program.ts";
import { between, floats, integers, pick } from "./program.ts";

function pool2d(name: "maxPool" | "avgPool"): Draw {
  return (random) => {
    const window = pair(random, 1, 4);
    const strides = pair(random, 1, 4);
    const pad = paddingOf(random, window);
    const shape = imagesOf(random, window, [1, 1], pad);
    return {
      what: describe(name, { shape, window, strides, pad }),
      inputs: [floats(random, shape, pick(random, ["normal", "negative", "holes"] as const))],
      by: [0],
      run: ([x]) => tf[name](x as tf.Tensor4D, window, strides, pad),
    };
  };
}

function pool3d(name: "maxPool3d" | "avgPool3d"): Draw {
  return (random) => {
    const window = triple(random, 1, 3);
    const strides = triple(random, 1, 3);
    const pad = pick(random, ["same", "valid"] as const);
    const shape = volumesOf(random, window, pad);
    return {
      what: describe(name, { shape, window, strides, pad }),
      inputs: [floats(random, shape, pick(random, ["normal", "negative", "holes"] as const))],
      by: [0],
      run: ([x]) => tf[name](x as tf.Tensor5D, window, strides, pad),
    };
  };
}

/** Pools with dilations go through spaceToBatchND and back. */
const pool: Draw = (random) => {
  const window = pair(random, 1, 3);
  const { strides, dilations } = stepsOf(random);
  const type = pick(random, ["avg", "max"] as const);
  const pad = pick(random, ["same", "valid"] as const);
  const shape = imagesOf(random, window, dilations, "valid");
  return {
    what: describe(`pool ${type}`, { shape, window, strides, pad, dilations }),
    inputs: [floats(random, shape, pick(random, ["normal", "negative", "holes"] as const))],
    by: [0],
    run: ([x]) => tf.pool(x as tf.Tensor4D, window, type, pad, dilations, strides),
  };
};

const maxPoolWithArgmax: Draw = (random) => {
  const window = pair(random, 1, 3);
  const strides = pair(random, 1, 3);
  const pad = pick(random, ["same", "valid"] as const);
  const shape = imagesOf(random, window, [1, 1], pad);
  const inBatch = random.integer(2) > 0;
  return {
    what: describe("maxPoolWithArgmax", { shape, window, strides, pad, inBatch }),
    inputs: [floats(random, shape, pick(random, ["normal", "negative", "holes"] as const))],
    by: [],
    run: ([x]) => {
      const { result, indexes } = tf.maxPoolWithArgmax(
        x as tf.Tensor4D,
        window,
        strides,
        pad,
        inBatch,
      );
      return [result!, indexes!];
    },
  };
};

const dilation2d: Draw = (random) => {
  const window = pair(random, 1, 3);
  const { strides, dilations } = stepsOf(random);
  const pad = pick(random, ["same", "valid"] as const);
  const shape = imagesOf(random, window, dilations, pad);
  return {
    what: describe("dilation2d", { shape, window, strides, pad, dilations }),
    inputs: [floats(random, shape), floats(random, [...window, shape[3]!])],
    by: [0, 1],
    run: ([x, w]) =>
      tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, strides, pad, dilations, "NHWC"),
  };
};

function resize(name: "resizeBilinear" | "resizeNearestNeighbor"): Draw {
  return (random): Program => {
    const align = random.integer(2) > 0;
    // The cpu backend's gradients: of bilinear, squares only; of aligned nearest, not from one pixel.
    const [height, width] = pair(random, align ? 2 : 1, 6);
    const isBilinear = name === "resizeBilinear";
    const shape = [
      between(random, 1, 3),
      height,
      isBilinear ? height : width,
      between(random, 1, 3),
    ];
    const size = pair(random, 1, 9);
    const half = !align && random.integer(2) > 0;
    const isInteger = random.integer(5) === 0;
    return {
      what: describe(name, { shape, size, align, half, isInteger }),
      inputs: [isInteger ? integers(random, shape) : floats(random, shape)],
      by: isInteger || half ? [] : [0],
      run: ([x]) => tf.image[name](x as tf.Tensor4D, size, align, half),
    };
  };
}

export const POOLS: Programs = {
  dilation2d,
  avgPool: pool2d("avgPool"),
  avgPool3d: pool3d("avgPool3d"),
  maxPool: pool2d("maxPool"),
  maxPool3d: pool3d("maxPool3d"),
  maxPoolWithArgmax,
  pool,
  resizeBilinear: resize("resizeBilinear"),
  resizeNearestNeighbor: resize("resizeNearestNeighbor"),
};
