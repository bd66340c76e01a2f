/** Programs at the border of what windows, paddings, indices and axes may be. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";
import type { Draw, Input, Programs } from "./program.ts";
import type { Padding } from "./geometry.ts";
import { describe, pair, triple } from "./geometry.ts";
import { between, booleans, floats, integers, pick, shapeOf, sizeOf } from "./program.ts";

const ROUNDINGS = [undefined, "floor", "round", "ceil"] as const;

/** Padding that may be wider than the window, so that a window may see nothing else. */
const widePadding = (random: Random): Padding =>
  pick<Padding>(random, [
    between(random, 0, 4),
    [[0, 0], pair(random, 0, 4), pair(random, 0, 4), [0, 0]],
  ]);

/** Outputs rounded up or to the nearest, which tfjs's gradients do not know of. */
function rounded(name: "conv2d" | "depthwiseConv2d"): Draw {
  return (random) => {
    const [window, strides, pad] = [pair(random, 1, 5), pair(random, 1, 6), widePadding(random)];
    const shape = [between(random, 1, 3), ...pair(random, 4, 14), between(random, 1, 5)];
    const rounding = pick(random, ROUNDINGS);
    const filters = between(random, 1, 3);
    return {
      what: describe(`${name} rounded`, { shape, window, filters, strides, pad, rounding }),
      inputs: [floats(random, shape), floats(random, [...window, shape[3]!, filters])],
      by: [0, 1],
      run: ([x, w]) =>
        tf[name](x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", 1, rounding),
    };
  };
}

function widePool(name: "maxPool" | "avgPool"): Draw {
  return (random) => {
    const [window, strides, pad] = [pair(random, 1, 6), pair(random, 1, 7), widePadding(random)];
    const shape = [between(random, 1, 3), ...pair(random, 1, 12), between(random, 1, 17)];
    const rounding = pick(random, ROUNDINGS);
    return {
      what: describe(`${name} wide`, { shape, window, strides, pad, rounding }),
      inputs: [floats(random, shape, pick(random, ["normal", "negative"] as const))],
      by: [0],
      run: ([x]) => tf[name](x as tf.Tensor4D, window, strides, pad, rounding),
    };
  };
}

const volumePool: Draw = (random) => {
  const name = pick(random, ["maxPool3d", "avgPool3d"] as const);
  const [window, strides] = [triple(random, 1, 4), triple(random, 1, 5)];
  const pad = pick(random, ["same", "valid", 0, 1] as const);
  const rounding = typeof pad === "number" ? pick(random, ROUNDINGS) : undefined;
  const shape = [between(random, 1, 2), ...triple(random, 1, 7), between(random, 1, 4)];
  return {
    what: describe(name, { shape, window, strides, pad, rounding }),
    inputs: [floats(random, shape)],
    by: [0],
    run: ([x]) => tf[name](x as tf.Tensor5D, window, strides, pad, rounding),
  };
};

/** Padding by any number, NaN among them. */
const paddedByAny: Draw = (random) => {
  const shape = shapeOf(random, between(random, 0, 8), 2);
  const paddings = shape.map(() => pair(random, 0, 1));
  const value = pick(random, [0, 1, -2, 0.5, NaN, Infinity, -Infinity]);
  return {
    what: `pad [${shape}] ${JSON.stringify(paddings)} by ${value}`,
    inputs: [floats(random, shape)],
    by: [0],
    run: ([x]) => tf.pad(x!, paddings, value),
  };
};

const PAIRS = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  squaredDifference: tf.squaredDifference,
} as const;

/** More than six axes, the most that XNNPACK has. */
const sevenAxes: Draw = (random) => {
  const name = pick(random, Object.keys(PAIRS)) as keyof typeof PAIRS;
  const shape = shapeOf(random, between(random, 7, 8), 2);
  const some = () => {
    const axes = shape.map((n) => random.integer(3) > 0 ? n : 1);
    return random.integer(3) > 0 ? axes : axes.slice(random.integer(shape.length + 1));
  };
  const kind = pick(random, [floats, integers]);
  const inputs = [kind(random, some()), kind(random, some())];
  return {
    what: `${name} of [${inputs[0]!.shape}] and [${inputs[1]!.shape}]`,
    inputs,
    by: [],
    run: ([a, b]) => PAIRS[name](a!, b!),
  };
};

/** Running sums of truths, and the largest of none. */
const few: Draw = (random) => {
  const name = pick(random, ["cumsum", "cumprod", "topk"] as const);
  const shape = shapeOf(random, between(random, 1, 4));
  if (random.integer(3) === 0) shape[random.integer(shape.length)] = 0;
  const axis = random.integer(shape.length);
  const exclusive = random.integer(2) > 0;
  const input = pick(random, [floats, integers, booleans])(random, shape);
  const k = Math.min(shape.at(-1)!, between(random, 0, 2));
  return {
    what: `${name} of ${input.dtype} [${shape}] ${axis} ${exclusive} ${k}`,
    inputs: [input],
    by: [],
    run: ([x]) => name === "topk" ? Object.values(tf.topk(x!, k)) : tf[name](x!, axis, exclusive),
  };
};

const nothingTransposed: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 6));
  shape[random.integer(shape.length)] = 0;
  const perm = [...random.permutation(shape.length)];
  return {
    what: `transpose of [${shape}] ${perm}`,
    inputs: [pick(random, [floats, integers, booleans])(random, shape)],
    by: [],
    run: ([x]) => tf.transpose(x!, perm),
  };
};

/** Whole numbers beyond those that float32 keeps. */
const bigIntegers = (random: Random, shape: readonly number[]): Input => ({
  shape,
  dtype: "int32",
  values: Int32Array.from({ length: sizeOf(shape) }, () => between(random, -5e6, 5e6)),
});

const wholeProducts: Draw = (random) => {
  const [m, k, n] = [0, 0, 0].map(() => between(random, 1, 6)) as [number, number, number];
  const isEinsum = random.integer(2) > 0;
  return {
    what: `${isEinsum ? "einsum" : "matMul"} of whole numbers ${m} ${k} ${n}`,
    inputs: [bigIntegers(random, [m, k]), integers(random, [k, n], -9, 9)],
    by: [],
    run: ([a, b]) => isEinsum ? tf.einsum("ij,jk->ik", a!, b!) : tf.matMul(a!, b!),
  };
};

export const BORDERS: Programs = {
  few,
  nothingTransposed,
  paddedByAny,
  roundedConv2d: rounded("conv2d"),
  roundedDepthwise: rounded("depthwiseConv2d"),
  sevenAxes,
  volumePool,
  wholeProducts,
  wideAvgPool: widePool("avgPool"),
  wideMaxPool: widePool("maxPool"),
};
