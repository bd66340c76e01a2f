/** Gradients of elementwise functions of one or two tensors. */
import * as tf from "@tensorflow/tfjs-core";
import { factors, gradient, sumTo } from "./rule.ts";

type Slope = (x: tf.Tensor, attrs: Readonly<Record<string, unknown>>) => tf.Tensor;

const overRoot = (radicand: tf.Tensor): tf.Tensor => tf.rsqrt(radicand);
const oneAnd = (x: tf.Tensor): tf.Tensor => tf.add(tf.square(x), 1);
const oneLess = (x: tf.Tensor): tf.Tensor => tf.sub(1, tf.square(x));

/** Constants of SELU (Klambauer et al. 2017) as in tfjs's kernels. */
const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/** Derivatives by the input; at a kink they equal tfjs-core's. */
const BY_INPUT: Readonly<Record<string, Slope>> = {
  Abs: (x) => tf.step(x, -1),
  Acos: (x) => tf.neg(overRoot(oneLess(x))),
  Acosh: (x) => overRoot(tf.sub(tf.square(x), 1)),
  Asin: (x) => overRoot(oneLess(x)),
  Asinh: (x) => overRoot(oneAnd(x)),
  Atan: (x) => tf.reciprocal(oneAnd(x)),
  Atanh: (x) => tf.reciprocal(oneLess(x)),
  ClipByValue: (x, { clipValueMin, clipValueMax }) =>
    factors(tf.logicalAnd(
      tf.greaterEqual(x, clipValueMin as number),
      tf.lessEqual(x, clipValueMax as number),
    )),
  Cos: (x) => tf.neg(tf.sin(x)),
  Cosh: (x) => tf.sinh(x),
  Erf: (x) => tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)),
  Expm1: (x) => tf.exp(x),
  Log: (x) => tf.reciprocal(x),
  Log1p: (x) => tf.reciprocal(tf.add(x, 1)),
  Reciprocal: (x) => tf.neg(tf.reciprocal(tf.square(x))),
  Relu: (x) => tf.step(x),
  Relu6: (x) => tf.mul(factors(tf.lessEqual(x, 6)), tf.step(x)),
  Rsqrt: (x) => tf.mul(tf.pow(x, 1.5), -2),
  Selu: (x) =>
    tf.where(
      tf.greater(x, 0),
      tf.fill(x.shape, SELU.scale),
      tf.mul(tf.exp(x), SELU.scale * SELU.alpha),
    ),
  Sin: (x) => tf.cos(x),
  Sinh: (x) => tf.cosh(x),
  Softplus: (x) => tf.sigmoid(x),
  Sqrt: (x) => tf.mul(overRoot(x), 0.5),
  Square: (x) => tf.mul(x, 2),
  Tan: (x) => tf.reciprocal(tf.square(tf.cos(x))),
};

/** Derivatives in terms of the function's value. */
const BY_OUTPUT: Readonly<Record<string, Slope>> = {
  Elu: (y) => tf.where(tf.greaterEqual(y, 0), tf.onesLike(y), tf.add(y, 1)),
  Exp: (y) => y,
  Sigmoid: (y) => tf.mul(y, tf.sub(1, y)),
  Tanh: (y) => oneLess(y),
};

/** Functions that are flat wherever they have a slope. */
const FLAT = ["Ceil", "Floor", "IsFinite", "IsInf", "IsNan", "OnesLike", "Round", "Sign", "Step"];

type Pair = (a: tf.Tensor, b: tf.Tensor, y: tf.Tensor) => tf.Tensor;

const ratioByA: Pair = (_, b) => tf.reciprocal(b);
const ratioByB: Pair = (a, b) => tf.neg(tf.div(a, tf.square(b)));
const squares: Pair = (a, b) => tf.add(tf.square(a), tf.square(b));

/** Derivatives by the first and by the second of two inputs. */
const OF_PAIRS: Readonly<Record<string, readonly [Pair, Pair]>> = {
  Add: [(a) => tf.onesLike(a), (_, b) => tf.onesLike(b)],
  Atan2: [
    (a, b, y) => tf.div(b, squares(a, b, y)),
    (a, b, y) => tf.neg(tf.div(a, squares(a, b, y))),
  ],
  FloorDiv: [ratioByA, ratioByB],
  Maximum: [(a, b) => factors(tf.greaterEqual(a, b)), (a, b) => factors(tf.less(a, b))],
  Minimum: [(a, b) => factors(tf.lessEqual(a, b)), (a, b) => factors(tf.greater(a, b))],
  Mod: [(a) => tf.onesLike(a), (a, b) => tf.neg(tf.floor(tf.div(a, b)))],
  Multiply: [(_, b) => b, (a) => a],
  Pow: [
    (a, b) => tf.mul(b, tf.pow(a, tf.sub(b, 1))),
    (a, _, y) => tf.mul(y, tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a))),
  ],
  RealDiv: [ratioByA, ratioByB],
  SquaredDifference: [(a, b) => tf.mul(tf.sub(a, b), 2), (a, b) => tf.mul(tf.sub(b, a), 2)],
  Sub: [(a) => tf.onesLike(a), (_, b) => tf.fill(b.shape, -1)],
};

const float = (x: tf.Tensor): tf.Tensor => tf.cast(x, "float32");

/** Gradients of elementwise functions. */
export const ELEMENTWISE_GRADIENTS: readonly tf.GradConfig[] = [
  ...Object.entries(BY_INPUT).map(([name, slope]) =>
    gradient(name, { inputs: ["x"] }, ({ dy, saved: [x], attrs }) => ({
      // A quotient, where a power would lose digits.
      x: () =>
        name === "Rsqrt"
          ? tf.div(dy, slope(float(x!), attrs))
          : tf.mul(dy, slope(float(x!), attrs)),
    }))
  ),
  ...Object.entries(BY_OUTPUT).map(([name, slope]) =>
    gradient(name, { output: true }, ({ dy, saved: [y], attrs }) => ({
      x: () => tf.mul(dy, slope(y!, attrs)),
    }))
  ),
  ...FLAT.map((name) => gradient(name, {}, ({ dy }) => ({ x: () => tf.zeros(dy.shape) }))),
  gradient("ZerosLike", {}, ({ dy }) => ({ x: () => tf.zeros(dy.shape) })),
  gradient("Neg", {}, ({ dy }) => ({ x: () => tf.neg(dy) })),
  gradient("Prelu", { inputs: ["x", "alpha"] }, ({ dy, saved: [x, alpha] }) => {
    const isAbove = () => tf.greater(x!, 0);
    return {
      x: () => tf.where(isAbove(), dy, tf.mul(dy, alpha!)),
      alpha: () => sumTo(tf.where(isAbove(), tf.zerosLike(dy), tf.mul(dy, x!)), alpha!.shape),
    };
  }),
  ...Object.entries(OF_PAIRS).map(([name, [byA, byB]]) =>
    gradient(
      name,
      { inputs: ["a", "b"], output: name === "Pow" },
      ({ dy, saved: [a, b, y] }) => {
        const of = (slope: Pair) => tf.mul(dy, slope(float(a!), float(b!), y!));
        return { a: () => sumTo(of(byA), a!.shape), b: () => sumTo(of(byB), b!.shape) };
      },
    )
  ),
  gradient("GreaterEqual", { inputs: ["a", "b"] }, ({ saved: [a, b] }) => ({
    a: () => tf.zeros(a!.shape),
    b: () => tf.zeros(b!.shape),
  })),
  gradient(
    "AddN",
    { inputs: "all" },
    ({ dy, saved }) => Object.fromEntries(saved.map((_, i) => [i, () => tf.clone(dy)])),
  ),
  gradient("Select", { inputs: ["condition"] }, ({ dy, saved: [condition] }) => ({
    condition: () => tf.zeros(condition!.shape),
    t: () => tf.mul(dy, factors(condition!)),
    e: () => tf.mul(dy, factors(tf.logicalNot(condition!))),
  })),
];
