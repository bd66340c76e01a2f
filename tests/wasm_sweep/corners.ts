/** Programs at the edge of what tensors may be: no elements, many axes, mixed types, shared data. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";
import type { Draw, Input, Programs } from "./program.ts";
import { between, booleans, floats, integers, pick, shapeOf } from "./program.ts";

const anyKind = (random: Random, shape: readonly number[]): Input =>
  pick(random, [floats, integers, booleans])(random, shape);

/** A shape with one axis of no elements at least. */
function emptyShape(random: Random, rank: number): number[] {
  const shape = shapeOf(random, rank, 3);
  shape[random.integer(rank)] = 0;
  return shape;
}

/** Operations on one tensor that has no elements. */
const ON_NOTHING: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]>> = {
  abs: tf.abs,
  add: (x) => tf.add(x, 1),
  argMax: (x) => tf.argMax(tf.concat([x, tf.onesLike(x)], -1), 0),
  cast: (x) => [tf.cast(x, "int32"), tf.cast(x, "bool"), tf.cast(x, "float32")],
  clip: (x) => tf.clipByValue(x, -1, 1),
  compare: (x) => [tf.equal(x, 1), tf.less(x, tf.zerosLike(x)), tf.logicalNot(tf.cast(x, "bool"))],
  concat: (x) => tf.concat([x, tf.onesLike(x), x], 0),
  cumsum: (x) => tf.cumsum(x, 0),
  expandDims: (x) => tf.expandDims(x, 0),
  maximum: (x) => [tf.maximum(x, 0), tf.minimum(x, tf.onesLike(x))],
  mul: (x) => tf.mul(x, tf.ones([...x.shape.slice(0, -1), 1])),
  pad: (x) => tf.pad(x, x.shape.map(() => [1, 1] as [number, number]), 2),
  prelu: (x) => tf.prelu(x, tf.onesLike(x)),
  relu: (x) => [tf.relu(x), tf.relu6(x), tf.leakyRelu(x), tf.elu(x)],
  reshape: (x) => tf.reshape(x, [0, 4]),
  reverse: (x) => tf.reverse(x, 0),
  slice: (x) => tf.slice(x, x.shape.map(() => 0), x.shape),
  split: (x) => tf.split(x, [x.shape[0]!, 0], 0),
  stack: (x) => tf.stack([x, x]),
  stridedSlice: (x) => tf.stridedSlice(x, x.shape.map(() => 0), x.shape, x.shape.map(() => 1)),
  tile: (x) => tf.tile(x, x.shape.map(() => 2)),
  transpose: (x) => tf.transpose(x),
  where: (x) => tf.where(tf.cast(tf.onesLike(x), "bool"), x, tf.zerosLike(x)),
};

const nothing: Draw = (random) => {
  const name = pick(random, Object.keys(ON_NOTHING));
  const shape = emptyShape(random, between(random, 1, 4));
  return {
    what: `${name} of [${shape}]`,
    inputs: [floats(random, shape)],
    by: ["argMax", "cast", "compare", "cumsum", "stridedSlice"].includes(name) ? [] : [0],
    run: ([x]) => ON_NOTHING[name]!(x!),
  };
};

/** Sums over no terms, no rows and no batches; rows picked by no index. */
const nothingOfMany: Draw = (random) => {
  const which = pick(random, ["matMul", "dot", "conv2d", "depthwise", "gather", "slice"] as const);
  const n = between(random, 1, 4);
  const empty = random.integer(2) > 0;
  if (which === "matMul" || which === "dot") {
    const [rows, inner, columns] = [0, 0, 0].map(() => random.integer(3)) as [
      number,
      number,
      number,
    ];
    const batch = which === "dot" ? [] : [between(random, 1, 3)];
    return {
      what: `matMul [${batch}] ${rows} ${inner} ${columns}`,
      inputs: [floats(random, [...batch, rows, inner]), floats(random, [...batch, inner, columns])],
      by: [0, 1],
      run: ([a, b]) => tf.matMul(a!, b!),
    };
  }
  if (which === "conv2d" || which === "depthwise") {
    const shape = [0, 4, 5, n];
    return {
      what: `${which} of no images`,
      inputs: [floats(random, shape), floats(random, [2, 3, n, 2])],
      by: [],
      run: ([x, w]) =>
        (which === "conv2d" ? tf.conv2d : tf.depthwiseConv2d)(
          x as tf.Tensor4D,
          w as tf.Tensor4D,
          1,
          "same",
        ),
    };
  }
  const shape = shapeOf(random, between(random, 1, 3));
  const input = anyKind(random, shape);
  return {
    what: `${which} of ${input.dtype} [${shape}], ${empty ? "nothing" : "something"}`,
    inputs: [input],
    by: input.dtype === "float32" ? [0] : [],
    run: ([x]) =>
      which === "gather"
        ? tf.gather(x!, tf.tensor1d(empty ? [] : [0], "int32"))
        : tf.slice(x!, shape.map(() => 0), [empty ? 0 : 1, ...shape.slice(1)]),
  };
};

/** Axes beyond the four of most networks. */
const manyAxes: Draw = (random) => {
  const shape = shapeOf(random, between(random, 5, 6), 3);
  const rank = shape.length;
  const axis = random.integer(rank);
  const input = anyKind(random, shape);
  const isFloat = input.dtype === "float32";
  const ways: Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]> = {
    concat: (x) => tf.concat([x, x], axis),
    expandDims: (x) => rank < 6 ? tf.expandDims(x, axis) : tf.squeeze(x),
    gather: (x) => tf.gather(x, tf.tensor1d([0, shape[axis]! - 1, 0], "int32"), axis),
    pad: (x) => rank < 5 ? x : tf.pad(x, shape.map((_, i) => [i % 2, i % 3] as [number, number])),
    slice: (x) => tf.slice(x, shape.map((n) => n > 1 ? 1 : 0), shape.map(() => -1)),
    split: (x) => tf.split(x, [1, shape[axis]! - 1], axis),
    stack: (x) => rank < 6 ? tf.stack([x, x], axis) : x.clone(),
    stridedSlice: (x) => tf.stridedSlice(x, shape.map(() => 0), shape, shape.map(() => 2)),
    tile: (x) => tf.tile(x, shape.map((_, i) => i === axis ? 2 : 1)),
    transpose: (x) => tf.transpose(x, [...shape.keys()].reverse()),
    unstack: (x) => tf.unstack(x, axis),
    where: (x) => tf.where(tf.cast(tf.onesLike(x), "bool"), x, x),
    ...(isFloat && {
      broadcast: (x: tf.Tensor) => tf.mul(x, tf.sum(x, axis, true)),
      cumsum: (x: tf.Tensor) => tf.cumsum(x, axis),
      extremes: (x: tf.Tensor) => [tf.max(x, axis), tf.min(x, [0, rank - 1])],
      mean: (x: tf.Tensor) => tf.mean(x, [axis]),
      softmax: (x: tf.Tensor) => tf.softmax(x),
      squaredDifference: (x: tf.Tensor) => tf.squaredDifference(x, tf.mul(x, 2)),
    }),
  };
  const name = pick(random, Object.keys(ways));
  const hasGradient = isFloat && !["stridedSlice", "unstack", "extremes"].includes(name);
  return {
    what: `${name} of ${input.dtype} [${shape}], axis ${axis}`,
    inputs: [input],
    by: hasGradient ? [0] : [],
    run: ([x]) => ways[name]!(x!),
  };
};

const MIXED: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  pow: (a, b) => tf.pow(tf.add(tf.abs(a), 1), b),
  squaredDifference: tf.squaredDifference,
  less: tf.less,
  equal: tf.equal,
  greaterEqual: tf.greaterEqual,
  where: (a, b) => tf.where(tf.greater(a, 0), a, b),
  concat: (a, b) => tf.concat([a.flatten(), b.flatten()]),
};

/** Whole numbers and truths among floats. */
const mixedTypes: Draw = (random) => {
  const name = pick(random, Object.keys(MIXED));
  const shape = shapeOf(random, between(random, 1, 3));
  const other = name === "where" || random.integer(2) > 0 ? shape : shape.slice(1);
  const inputs = [anyKind(random, shape), anyKind(random, other)];
  // Sums of two truths have a type that they do not fit, whatever the backend.
  if (["add", "sub"].includes(name) && inputs.every(({ dtype }) => dtype === "bool")) {
    inputs[1] = integers(random, other);
  }
  return {
    what: `${name} of ${inputs[0]!.dtype} [${shape}] and ${inputs[1]!.dtype} [${other}]`,
    inputs,
    by: [],
    run: ([a, b]) => MIXED[name]!(a!, b!),
  };
};

/** Functions that tfjs lets whole numbers and truths into; of most its own types say floats. */
const ON_ANY = [
  ...["abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "elu"],
  ...["erf", "exp", "expm1", "floor", "isFinite", "isInf", "isNaN", "leakyRelu", "log", "log1p"],
  ...["logicalNot", "max", "mean", "min", "neg", "onesLike", "prod", "reciprocal", "relu", "relu6"],
  ...["round", "rsqrt", "selu", "sigmoid", "sign", "sin", "sinh", "softplus", "sqrt", "square"],
  ...["step", "sum", "tan", "tanh", "topk", "zerosLike"],
] as const;

const unaryOnAny: Draw = (random) => {
  const name = pick(random, ON_ANY);
  const shape = shapeOf(random, between(random, 1, 3));
  const input = pick(random, [integers, booleans])(random, shape);
  const isTruth = input.dtype === "bool" && name === "logicalNot";
  return {
    what: `${name} of ${input.dtype} [${shape}]`,
    inputs: [input],
    by: [],
    run: ([x]) => {
      const y = name === "logicalNot" && !isTruth ? tf.cast(x!, "bool") : x!;
      const found = (tf[name] as (x: tf.Tensor) => tf.Tensor | Record<string, tf.Tensor>)(y);
      return found instanceof tf.Tensor ? found : Object.values(found);
    },
  };
};

/** Quotients and remainders of whole numbers, by 0 as well. */
const wholeQuotients: Draw = (random) => {
  const name = pick(random, ["floorDiv", "mod", "div", "pow", "squaredDifference"] as const);
  const shape = shapeOf(random, between(random, 1, 3));
  const other = random.integer(2) > 0 ? shape : shape.slice(1);
  const kind = pick(random, [integers, integers, booleans]);
  const inputs = [kind(random, shape), kind(random, other, name === "pow" ? 0 : -3, 3)];
  return {
    what: `${name} of ${inputs[0]!.dtype} [${shape}] by [${other}]`,
    inputs,
    by: [],
    run: ([a, b]) => tf[name](a!, b!),
  };
};

/** Truths as whole numbers: sums of truths are refused, or one of many. */
const numbers = (x: tf.Tensor): tf.Tensor => x.dtype === "bool" ? tf.cast(x, "int32") : x;

/** Ways to move elements of any type; a bool takes one byte, where a kernel may count on four. */
const MOVES: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]>> = {
  addN: (x) => tf.addN([numbers(x), numbers(x)]),
  batchToSpace: (x) => tf.batchToSpaceND(tf.tile(x, [4, 1, 1, 1]), [2, 2], [[0, 1], [0, 0]]),
  broadcastTo: (x) => tf.broadcastTo(tf.slice(x, [0, 0, 0, 0], [1, -1, -1, 1]), x.shape),
  cumprod: (x) => tf.cumprod(numbers(x), 1),
  cumsum: (x) => tf.cumsum(numbers(x), 1),
  depthToSpace: (x) => tf.depthToSpace(tf.tile(x, [1, 1, 1, 4]) as tf.Tensor4D, 2),
  fill: (x) => tf.fill(x.shape, 1, x.dtype as "bool"),
  flip: (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
  gatherNd: (x) => tf.gatherND(x, tf.tensor2d([[0, 0], [0, 1]], [2, 2], "int32")),
  mirrorPad: (x) => tf.mirrorPad(x, [[0, 0], [1, 1], [1, 0], [0, 0]], "symmetric"),
  oneHot: (x) => tf.oneHot(tf.cast(x, "int32"), 3, 1, 0, x.dtype as "bool"),
  pad: (x) => tf.pad(x, [[0, 1], [1, 0], [0, 0], [2, 1]]),
  reverse: (x) => tf.reverse(x, [1, 2]),
  scatterNd: (x) =>
    tf.scatterND(tf.tensor2d([[0], [2]], [2, 1], "int32"), tf.slice(x.flatten(), 0, 2), [4]),
  spaceToBatch: (x) =>
    tf.spaceToBatchND(x, [2, 2], [[0, x.shape[1]! % 2], [1, 1 + x.shape[2]! % 2]]),
  sparseToDense: (x) =>
    tf.sparseToDense(
      tf.tensor1d([0, 2], "int32"),
      tf.slice(x.flatten(), 0, 2),
      [4],
      tf.zeros([], x.dtype),
    ),
  split: (x) => tf.split(x, 2, 2),
  tensorScatterUpdate: (x) =>
    tf.tensorScatterUpdate(
      x.flatten(),
      tf.tensor2d([[1]], [1, 1], "int32"),
      tf.slice(x.flatten(), 0, 1),
    ),
  tile: (x) => tf.tile(x, [2, 1, 3, 1]),
  transpose: (
    x,
  ) => [
    tf.transpose(x, [0, 3, 1, 2]),
    tf.transpose(x, [3, 2, 1, 0]),
    tf.transpose(x, [1, 0, 2, 3]),
  ],
  unique: (x) => Object.values(tf.unique(x.flatten())),
  where: (x) => tf.where(tf.cast(x, "bool"), x, tf.zerosLike(x)),
  whereRows: (x) => tf.where(tf.tensor1d(Array(x.shape[0]!).fill(true), "bool"), x, tf.onesLike(x)),
};

const moves: Draw = (random) => {
  const name = pick(random, Object.keys(MOVES));
  const shape = [
    between(random, 1, 3),
    between(random, 2, 4),
    2 * between(random, 1, 2),
    between(random, 1, 3),
  ];
  const input = anyKind(random, shape);
  return {
    what: `${name} of ${input.dtype} [${shape}]`,
    inputs: [input],
    by: [],
    run: ([x]) => MOVES[name]!(x!),
  };
};

/** Tensors that share their data with another one, of which one is freed, or written anew, first. */
const shared: Draw = (random) => {
  const shape = shapeOf(random, between(random, 2, 4));
  const begin = shape.map((n) => random.integer(n));
  return {
    what: `shared data [${shape}] from ${begin}`,
    inputs: [floats(random, shape)],
    by: [0],
    run: ([x]) => {
      const y = tf.mul(x!, 2);
      const flat = tf.reshape(y, [-1]);
      const part = tf.slice(y, begin, shape.map(() => -1));
      const same = tf.clone(flat);
      const variable = tf.variable(tf.tensor(x!.dataSync(), shape));
      const view = tf.reshape(variable, [-1]);
      variable.assign(tf.zerosLike(variable));
      const result = [
        tf.relu(same),
        tf.add(part, 1),
        tf.sub(flat, view.flatten()),
        tf.matMul(tf.reshape(flat, [1, -1]), tf.reshape(same, [-1, 1])),
      ];
      variable.dispose();
      return result;
    },
  };
};

export const CORNERS: Programs = {
  manyAxes,
  mixedTypes,
  moves,
  nothing,
  nothingOfMany,
  shared,
  unaryOnAny,
  wholeQuotients,
};
