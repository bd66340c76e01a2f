/** Operations on each element and on pairs of elements. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";
import type { Draw, Input, Programs } from "./program.ts";
import { between, booleans, floats, integers, pick, shapeOf } from "./program.ts";

type Unary = (x: tf.Tensor) => tf.Tensor;

/** One result per element; `difference` compares values after rounding in float32. */
const UNARY: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  acos: tf.acos,
  acosh: tf.acosh,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  ceil: tf.ceil,
  clip: (x) => tf.clipByValue(x, -0.7, 1.2),
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  log: tf.log,
  log1p: tf.log1p,
  logSigmoid: tf.logSigmoid,
  neg: tf.neg,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  relu6: tf.relu6,
  round: tf.round,
  rsqrt: tf.rsqrt,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  step: (x) => tf.step(x, 0.2),
  tan: (x) => tf.tan(tf.clipByValue(x, -1.2, 1.2)),
  tanh: tf.tanh,
};

/** Far out, and near a pole of tan, these lose all digits in float32. */
const MODERATE = new Set(["sin", "cos"]);

const unary: Draw = (random) => {
  const name = pick(random, Object.keys(UNARY));
  const kind = MODERATE.has(name)
    ? "normal"
    : pick(random, ["normal", "positive", "negative", "special"] as const);
  const shape = shapeOf(random, between(random, 0, 5));
  return {
    what: `${name} of ${kind} [${shape}]`,
    inputs: [floats(random, shape, kind)],
    by: [0],
    run: ([x]) => UNARY[name]!(x!),
  };
};

/** Operations that the cpu backend also has on whole numbers, with integers as a result. */
const ON_INTEGERS = ["abs", "clip", "neg", "relu", "relu6", "sign", "square", "step"];

const unaryOnIntegers: Draw = (random) => {
  const name = pick(random, ON_INTEGERS);
  const shape = shapeOf(random, between(random, 0, 4));
  return {
    what: `${name} of integers [${shape}]`,
    inputs: [integers(random, shape)],
    by: [],
    run: ([x]) => UNARY[name]!(x!),
  };
};

const prelu: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 4));
  const alpha = shape.map((n) => random.integer(2) > 0 ? n : 1);
  return {
    what: `prelu [${shape}] [${alpha}]`,
    inputs: [floats(random, shape), floats(random, alpha)],
    by: [0, 1],
    run: ([x, a]) => tf.prelu(x!, a!),
  };
};

const predicates: Draw = (random) => {
  const shape = shapeOf(random, between(random, 0, 4));
  return {
    what: `isNaN, isInf, isFinite [${shape}]`,
    inputs: [floats(random, shape, "special")],
    by: [],
    run: ([x]) => [tf.isNaN(x!), tf.isInf(x!), tf.isFinite(x!)],
  };
};

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const ARITHMETIC: Readonly<Record<string, Binary>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  atan2: tf.atan2,
  floorDiv: tf.floorDiv,
  maximum: tf.maximum,
  minimum: tf.minimum,
  mod: tf.mod,
  pow: tf.pow,
  squaredDifference: tf.squaredDifference,
};

const COMPARISONS: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
};

const LOGIC: Readonly<Record<string, Binary>> = {
  logicalAnd: tf.logicalAnd,
  logicalOr: tf.logicalOr,
  logicalXor: tf.logicalXor,
};

/** Two shapes that broadcast to one another: axes of 1, and fewer axes. */
function broadcastShapes(random: Random): [number[], number[]] {
  const shape = shapeOf(random, between(random, 0, 5), 3);
  const reduce = () => {
    const some = shape.map((n) => random.integer(3) > 0 ? n : 1);
    return random.integer(3) > 0 ? some : some.slice(random.integer(shape.length + 1));
  };
  return [reduce(), reduce()];
}

type Drawn = (random: Random, shape: number[]) => Input;

function binary(operations: Readonly<Record<string, Binary>>, draws: readonly Drawn[]): Draw {
  return (random) => {
    const name = pick(random, Object.keys(operations));
    const [a, b] = broadcastShapes(random);
    const draw = pick(random, draws);
    const inputs = [draw(random, a), draw(random, b)];
    const differentiable = inputs[0]!.dtype === "float32" && operations === ARITHMETIC &&
      name !== "floorDiv";
    return {
      what: `${name} of ${inputs[0]!.dtype} [${a}] [${b}]`,
      inputs,
      by: differentiable ? [0, 1] : [],
      run: ([x, y]) => operations[name]!(x!, y!),
    };
  };
}

const arithmetic = binary(ARITHMETIC, [
  (random, shape) => floats(random, shape),
  (random, shape) => floats(random, shape, "positive"),
]);
const integerArithmetic = binary(
  Object.fromEntries(Object.entries(ARITHMETIC).filter(([name]) => name !== "atan2")),
  [(random, shape) => integers(random, shape, 1, 6)],
);
const special = binary(
  Object.fromEntries(
    Object.entries(ARITHMETIC).filter(([name]) => !["pow", "mod"].includes(name)),
  ),
  [(random, shape) => floats(random, shape, "special")],
);
const comparisons = binary(COMPARISONS, [
  (random, shape) => integers(random, shape, -2, 2),
  (random, shape) => floats(random, shape, "special"),
  (random, shape) => booleans(random, shape),
]);
const logic = binary(LOGIC, [(random, shape) => booleans(random, shape)]);

const DTYPES = ["float32", "int32", "bool"] as const;

const cast: Draw = (random) => {
  const shape = shapeOf(random, between(random, 0, 3));
  const [from, to] = [pick(random, DTYPES), pick(random, DTYPES)];
  const draw = { float32: floats, int32: integers, bool: booleans }[from] as Drawn;
  const input = from === "float32" && to === "bool"
    ? floats(random, shape, "special")
    : draw(random, shape);
  return {
    what: `cast ${from} [${shape}] to ${to}`,
    inputs: [input],
    by: from === "float32" && to === "float32" ? [0] : [],
    run: ([x]) => tf.cast(x!, to),
  };
};

export const ELEMENTWISE: Programs = {
  arithmetic,
  cast,
  comparisons,
  integerArithmetic,
  logic,
  predicates,
  prelu,
  special,
  unary,
  unaryOnIntegers,
};
