/** Products of matrices, normalizations and losses. */
import * as tf from "@tensorflow/tfjs";
import type { Draw, Input, Programs } from "./program.ts";
import { between, floats, integers, pick, shapeOf } from "./program.ts";

/** Inputs to differentiate by: those of floats. */
const floatsOf = (inputs: readonly Input[]): number[] =>
  inputs.flatMap(({ dtype }, i) => dtype === "float32" ? [i] : []);

const matMul: Draw = (random) => {
  const [m, k, n] = [0, 0, 0].map(() => between(random, 1, 9)) as [number, number, number];
  const batch = shapeOf(random, random.integer(3), 3);
  const [ta, tb] = [random.integer(2) > 0, random.integer(2) > 0];
  // The cpu backend takes wrong matrices where each operand has batches that the other lacks.
  const [isLoneA, isLoneB] = [random.integer(4) === 0, random.integer(4) === 0];
  const of = (isLone: boolean) => isLone ? batch.map(() => 1) : batch;
  const a = [...of(isLoneA), ...ta ? [k, m] : [m, k]];
  const b = [...of(isLoneB), ...tb ? [n, k] : [k, n]];
  const kind = random.integer(6) > 0 ? floats : integers;
  const inputs = [kind(random, a), kind(random, b)];
  return {
    what: `matMul ${inputs[0]!.dtype} [${a}] [${b}] ${ta} ${tb}`,
    inputs,
    by: String(a.slice(0, -2)) === String(b.slice(0, -2)) ? floatsOf(inputs) : [],
    run: ([x, y]) => tf.matMul(x!, y!, ta, tb),
  };
};

const fusedMatMul: Draw = (random) => {
  const [m, k, n] = [0, 0, 0].map(() => between(random, 1, 9)) as [number, number, number];
  const batch = shapeOf(random, random.integer(3), 3);
  const [transposeA, transposeB] = [random.integer(2) > 0, random.integer(2) > 0];
  const a = [...batch, ...transposeA ? [k, m] : [m, k]];
  const b = [...batch, ...transposeB ? [n, k] : [k, n]];
  const bias = pick(random, [[n], [1, n], [m, n], [1]]);
  const activation = pick(random, ["linear", "relu", "relu6", "elu", "sigmoid"] as const);
  const kind = pick(random, ["normal", "normal", "holes"] as const);
  const inputs = [floats(random, a, kind), floats(random, b)];
  if (random.integer(3) > 0) inputs.push(floats(random, bias));
  const differentiable = ["linear", "relu"].includes(activation) &&
    (inputs.length === 2 || bias.length === 1);
  return {
    what: `fused matMul [${a}] [${b}] bias [${inputs[2]?.shape}] ${activation}`,
    inputs,
    by: differentiable ? floatsOf(inputs) : [],
    run: ([x, y, z]) =>
      tf.fused.matMul({ a: x!, b: y!, transposeA, transposeB, activation, ...(z && { bias: z }) }),
  };
};

/** Equations, with the length of each label drawn. */
const EQUATIONS = [
  "ij,jk->ik",
  "ij,jk->ki",
  "bij,bjk->bik",
  "bij,bkj->bik",
  "i,i->",
  "i,j->ij",
  "ij->ji",
  "ij->i",
  "ij->",
  "bhqd,bhkd->bhqk",
  "bhqk,bkhd->bqhd",
  "abc,cd->abd",
  "abcd,cde->abe",
  "abcd,aecf->abdef",
  "bi,bi->b",
  "i,->i",
  "ab,b->a",
  "abc->ca",
  "acxd,adbx->cb",
  "ij,ij->ij",
  "ab,cd->abcd",
];

const einsum: Draw = (random) => {
  const equation = pick(random, EQUATIONS);
  const sizes = new Map([...equation].map((label) => [label, between(random, 1, 4)]));
  const inputs = equation.split("->")[0]!.split(",").map((labels) =>
    floats(random, [...labels].map((label) => sizes.get(label)!))
  );
  return {
    what: `einsum ${equation} ${JSON.stringify(inputs.map((x) => x.shape))}`,
    inputs,
    by: inputs.map((_, i) => i),
    run: (xs) => tf.einsum(equation, ...xs),
  };
};

const batchNorm: Draw = (random) => {
  const shape = shapeOf(random, between(random, 2, 4));
  const channels = [shape.at(-1)!];
  const inputs = [
    floats(random, shape),
    floats(random, channels),
    floats(random, channels, "positive"),
    floats(random, channels),
    floats(random, channels),
  ];
  return {
    what: `batchNorm [${shape}]`,
    inputs,
    by: [0, 1, 2, 3, 4],
    run: ([x, mean, variance, offset, scale]) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        0.01,
      ),
  };
};

const localResponse: Draw = (random) => {
  const shape = shapeOf(random, 4);
  const radius = between(random, 1, 3);
  return {
    what: `localResponseNormalization [${shape}] ${radius}`,
    inputs: [floats(random, shape)],
    by: [0],
    run: ([x]) => tf.localResponseNormalization(x as tf.Tensor4D, radius, 1.5, 0.7, 0.6),
  };
};

const losses: Draw = (random) => {
  const shape = [between(random, 1, 6), between(random, 2, 6)];
  const name = pick(
    random,
    [
      "huberLoss",
      "logLoss",
      "meanSquaredError",
      "sigmoidCrossEntropy",
      "softmaxCrossEntropy",
      "cosineDistance",
      "hingeLoss",
      "absoluteDifference",
    ] as const,
  );
  return {
    what: `${name} [${shape}]`,
    inputs: [floats(random, shape, "positive")],
    by: [0],
    run: ([x]) => {
      const labels = tf.oneHot(
        tf.range(0, shape[0]!, 1, "int32").mod(tf.scalar(shape[1]!, "int32")),
        shape[1]!,
      ).cast("float32");
      return name === "cosineDistance"
        ? tf.losses.cosineDistance(labels, x!, 1)
        : (tf.losses[name] as (l: tf.Tensor, p: tf.Tensor) => tf.Tensor)(labels, x!);
    },
  };
};

export const PRODUCTS: Programs = {
  batchNorm,
  einsum,
  fusedMatMul,
  localResponse,
  losses,
  matMul,
};
