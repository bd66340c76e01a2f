/** Programs of whole layers with NaN and infinities, images turned and cropped, counts and searches. */
import * as tf from "@tensorflow/tfjs";
import type { Draw, Programs } from "./program.ts";
import { between, booleans, floats, integers, pick, shapeOf } from "./program.ts";

type Images = tf.Tensor4D;

/** What one NaN or infinity spreads to. */
const SPREADING: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  avgPool: (x) => tf.avgPool(x as Images, 2, 1, "same"),
  batchNorm: (x) =>
    tf.batchNorm(
      x,
      tf.mean(x, [0, 1, 2]) as tf.Tensor1D,
      tf.ones([x.shape[3]!]) as tf.Tensor1D,
      0,
      1,
    ),
  conv2d: (x) => tf.conv2d(x as Images, tf.ones([2, 2, x.shape[3]!, 2]), 1, "same"),
  conv2dOfOne: (x) => tf.conv2d(x as Images, tf.ones([1, 1, x.shape[3]!, 3]), 1, "valid"),
  depthwise: (x) => tf.depthwiseConv2d(x as Images, tf.ones([2, 2, x.shape[3]!, 1]), 1, "same"),
  matMul: (x) => tf.matMul(tf.reshape(x, [-1, x.shape[3]!]), tf.ones([x.shape[3]!, 3])),
  mean: (x) => tf.mean(x, [1, 2]),
  prelu: (x) => tf.prelu(x, tf.fill([x.shape[3]!], 0.3)),
  relu: tf.relu,
  resize: (x) => tf.image.resizeBilinear(x as Images, [3, 3]),
  selu: tf.selu,
  softmax: tf.softmax,
  sum: (x) => tf.sum(x, -1),
  transposed: (x) =>
    tf.conv2dTranspose(
      x as Images,
      tf.ones([2, 2, 2, x.shape[3]!]),
      [x.shape[0]!, 2 * x.shape[1]!, 2 * x.shape[2]!, 2],
      2,
      "same",
    ),
};

const spreading: Draw = (random) => {
  const name = pick(random, Object.keys(SPREADING));
  const shape = [
    between(random, 1, 2),
    between(random, 2, 5),
    between(random, 2, 5),
    between(random, 1, 5),
  ];
  return {
    what: `${name} of holes [${shape}]`,
    inputs: [floats(random, shape, "holes")],
    by: [0],
    run: ([x]) => SPREADING[name]!(x!),
  };
};

/** Images that are flipped, turned, moved and cropped; none has a gradient. */
const images: Draw = (random) => {
  const shape = [
    between(random, 1, 2),
    between(random, 2, 6),
    between(random, 2, 6),
    between(random, 1, 3),
  ];
  const size: [number, number] = [between(random, 1, 6), between(random, 1, 6)];
  const method = pick(random, ["bilinear", "nearest"] as const);
  const mode = pick(random, ["constant", "reflect", "wrap", "nearest"] as const);
  const ways: Record<string, (x: Images) => tf.Tensor> = {
    crop: (x) =>
      tf.image.cropAndResize(
        x,
        [[0.1, 0.2, 0.9, 0.8], [0, 0, 1, 1]],
        [0, shape[0]! - 1],
        size,
        method,
        0.5,
      ),
    flip: (x) => tf.image.flipLeftRight(x),
    otsu: (x) => {
      const image = tf.mul(tf.sigmoid(tf.slice(x, [0, 0, 0, 0], [1, -1, -1, 1])), 255);
      return tf.image.threshold(tf.squeeze(image, [0]) as tf.Tensor3D, "otsu");
    },
    gray: (x) => tf.image.grayscaleToRGB(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1])),
    rotate: (x) => tf.image.rotateWithOffset(x, 0.3, 0.25, [0.5, 0.4]),
    transform: (x) =>
      tf.image.transform(
        x,
        [[1.2, 0.1, -1.3, -0.2, 0.9, 2.4, 0.05, -0.1]],
        method,
        mode,
        0.5,
        size,
      ),
  };
  const name = pick(random, Object.keys(ways));
  if (name === "transform") shape[0] = 1; // the cpu backend transforms the first image only
  return {
    what: `${name} of [${shape}] to [${size}] ${method}`,
    inputs: [floats(random, shape)],
    by: [],
    run: ([x]) => ways[name]!(x as Images),
  };
};

/** Numbers counted, sought, put and taken. */
const counts: Draw = (random) => {
  const n = between(random, 1, 8);
  const k = between(random, 1, 5);
  const ways: Record<
    string,
    (i: tf.Tensor, x: tf.Tensor, truth: tf.Tensor) => tf.Tensor | tf.Tensor[]
  > = {
    bincount: (i) => [
      tf.bincount(i as tf.Tensor1D, [], 6),
      tf.bincount(tf.tile(tf.reshape(i, [1, n]), [k, 1]) as unknown as tf.Tensor1D, [], 6),
    ],
    bitwiseAnd: (i) => tf.bitwiseAnd(i, tf.add(i, 3)),
    broadcastTo: (_, x) => tf.broadcastTo(x, [3, n]),
    denseBincount: (i, x) => tf.denseBincount(i as tf.Tensor1D, x as tf.Tensor1D, 6),
    diag: (_, x) => tf.diag(x),
    eye: () => [tf.eye(n), tf.eye(n, k), tf.eye(2, 3, [2])],
    fills: () => [
      tf.fill([n, k], 2.5),
      tf.linspace(0, 1, n),
      tf.range(0, n, 0.5),
      tf.range(n, 0, -1, "int32"),
    ],
    sparseToDense: (i, x) =>
      tf.sparseToDense(tf.range(0, n, 1, "int32"), x, [n + 2], 0.5).mul(i.size),
    tensorScatterUpdate: (_, x) =>
      tf.tensorScatterUpdate(x, tf.tensor2d([[0]], [1, 1], "int32"), tf.tensor1d([7])),
    topk: (_, x) => Object.values(tf.topk(x, Math.min(k, n))),
    unique: (i) => Object.values(tf.unique(i)),
    whereTrue: (_, x, truth) => tf.where(truth, x, tf.neg(x)),
  };
  const name = pick(random, Object.keys(ways));
  return {
    what: `${name} ${n} ${k}`,
    inputs: [integers(random, [n], 0, 5), floats(random, [n]), booleans(random, [n])],
    by: [],
    run: ([i, x, truth]) => ways[name]!(i!, x!, truth!),
  };
};

/** What is made of many operations, with its gradient. */
const composed: Draw = (random) => {
  const [n, m] = [between(random, 2, 4), between(random, 2, 4)];
  const ways: Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]> = {
    bandPart: (x) => tf.linalg.bandPart(x, 1, 0),
    dot: (x) => tf.dot(x as tf.Tensor2D, tf.transpose(x) as tf.Tensor2D),
    gramSchmidt: (x) => tf.linalg.gramSchmidt(tf.slice(x, [0, 0], [2, 2]) as tf.Tensor2D),
    layerNorm: (x) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
    },
    meshgrid: (x) =>
      tf.meshgrid(tf.slice(x, [0, 0], [1, -1]).flatten(), tf.range(0, 3)) as tf.Tensor[],
    norms: (x) => [tf.norm(x, "euclidean", 0), tf.norm(x, 1), tf.norm(x, Infinity, 1)],
    outer: (x) => tf.outerProduct(x.flatten() as tf.Tensor1D, tf.range(0, 3)),
    qr: (x) => tf.linalg.qr(x),
    swish: (x) => tf.mul(x, tf.sigmoid(x)),
    gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
  };
  const name = pick(random, Object.keys(ways));
  return {
    what: `${name} of [${n}, ${m}]`,
    inputs: [floats(random, [n, m])],
    by: ["qr", "gramSchmidt", "bandPart"].includes(name) ? [] : [0],
    run: ([x]) => ways[name]!(x!),
  };
};

const specialExtremes: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 4));
  const axis = random.integer(shape.length);
  const name = pick(random, ["argMax", "argMin", "max", "min", "prod", "logSumExp"] as const);
  return {
    what: `${name} of special [${shape}] over ${axis}`,
    inputs: [floats(random, shape, "special")],
    by: [],
    run: ([x]) => tf[name](x!, axis),
  };
};

export const LAYERS: Programs = { composed, counts, images, specialExtremes, spreading };
