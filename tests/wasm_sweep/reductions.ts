/** Sums, extremes and other reductions over axes. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";
import type { Draw, Programs } from "./program.ts";
import { between, booleans, floats, integers, pick, shapeOf } from "./program.ts";

type Reduction = (x: tf.Tensor, axes?: number[], keep?: boolean) => tf.Tensor;

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  sum: tf.sum,
  mean: tf.mean,
  max: tf.max,
  min: tf.min,
  prod: tf.prod,
  logSumExp: tf.logSumExp,
  euclideanNorm: (x, axes, keep) => tf.euclideanNorm(x, axes, keep),
  variance: (x, axes, keep) => tf.moments(x, axes, keep).variance,
};

function someAxes(random: Random, rank: number): number[] | undefined {
  if (rank === 0 || random.integer(5) === 0) return undefined;
  const axes = Array.from({ length: rank }, (_, i) => i).filter(() => random.integer(2) > 0);
  const some = axes.length > 0 ? axes : [random.integer(rank)];
  return random.integer(3) > 0 ? some : some.map((axis) => axis - rank);
}

const reduction: Draw = (random) => {
  const name = pick(random, Object.keys(REDUCTIONS));
  const shape = shapeOf(random, between(random, 0, 5));
  const axes = someAxes(random, shape.length);
  const keep = random.integer(2) > 0;
  return {
    what: `${name} [${shape}] over ${axes} ${keep}`,
    inputs: [floats(random, shape)],
    by: [0],
    run: ([x]) => REDUCTIONS[name]!(x!, axes, keep),
  };
};

const integerReduction: Draw = (random) => {
  const name = pick(random, ["sum", "mean", "max", "min", "prod"]);
  const shape = shapeOf(random, between(random, 0, 4), 3);
  const axes = someAxes(random, shape.length);
  const isBoolean = random.integer(3) === 0 && !["max", "min"].includes(name);
  return {
    what: `${name} of ${isBoolean ? "bool" : "int32"} [${shape}] over ${axes}`,
    inputs: [isBoolean ? booleans(random, shape) : integers(random, shape, -2, 2)],
    by: [],
    run: ([x]) => REDUCTIONS[name]!(x!, axes),
  };
};

const specialReduction: Draw = (random) => {
  const name = pick(random, ["sum", "max", "min", "mean"]);
  const shape = shapeOf(random, between(random, 1, 3));
  const axes = someAxes(random, shape.length);
  return {
    what: `${name} of special [${shape}] over ${axes}`,
    inputs: [floats(random, shape, "special")],
    by: [],
    run: ([x]) => REDUCTIONS[name]!(x!, axes),
  };
};

const places: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 4));
  const axis = random.integer(shape.length) - (random.integer(2) > 0 ? shape.length : 0);
  const draw = pick(random, [floats, (r: Random, s: number[]) => integers(r, s, -2, 2)]);
  return {
    what: `argMax, argMin [${shape}] over ${axis}`,
    inputs: [draw(random, shape)],
    by: [],
    run: ([x]) => [tf.argMax(x!, axis), tf.argMin(x!, axis)],
  };
};

const truths: Draw = (random) => {
  const shape = shapeOf(random, between(random, 0, 4));
  const axes = someAxes(random, shape.length);
  return {
    what: `any, all, not [${shape}] over ${axes}`,
    inputs: [booleans(random, shape)],
    by: [],
    run: ([x]) => [tf.any(x!, axes), tf.all(x!, axes), tf.logicalNot(x!)],
  };
};

const cumulative: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 4));
  const axis = random.integer(shape.length);
  const [exclusive, reverse] = [random.integer(2) > 0, random.integer(2) > 0];
  const isSum = random.integer(2) > 0;
  return {
    what: `${isSum ? "cumsum" : "cumprod"} [${shape}] over ${axis} ${exclusive} ${reverse}`,
    inputs: [floats(random, shape)],
    by: isSum ? [0] : [],
    run: ([x]) => (isSum ? tf.cumsum : tf.cumprod)(x!, axis, exclusive, reverse),
  };
};

const softmax: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 4), 7);
  const scale = pick(random, [1, 40]);
  const isLogarithm = random.integer(2) > 0;
  return {
    what: `${isLogarithm ? "logSoftmax" : "softmax"} [${shape}] times ${scale}`,
    inputs: [floats(random, shape)],
    by: [0],
    scale: 10 * scale,
    run: ([x]) => (isLogarithm ? tf.logSoftmax : tf.softmax)(tf.mul(x!, scale)),
  };
};

/** Tensors without elements, and results with some. */
const reductionOfNothing: Draw = (random) => {
  const truth = random.integer(4) === 0;
  const name = pick(random, truth ? ["all", "any"] : ["sum", "mean", "max", "min", "prod"]);
  const shape = shapeOf(random, between(random, 1, 4));
  const axis = random.integer(shape.length);
  shape[axis] = 0;
  const axes = random.integer(2) > 0 ? [axis] : undefined;
  const numbers = pick(random, [floats, integers])(random, shape);
  return {
    what: `${name} of ${truth ? "bool" : numbers.dtype} [${shape}] over ${axes}`,
    inputs: [truth ? booleans(random, shape) : numbers],
    by: [],
    run: ([x]) =>
      ({ ...REDUCTIONS, all: tf.all, any: tf.any } as typeof REDUCTIONS)[name]!(x!, axes),
  };
};

export const REDUCTIONS_OVER_AXES: Programs = {
  cumulative,
  integerReduction,
  places,
  reduction,
  reductionOfNothing,
  softmax,
  specialReduction,
  truths,
};
