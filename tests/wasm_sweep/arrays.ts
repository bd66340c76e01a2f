/** Operations that move elements. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";
import type { Draw, Input, Programs } from "./program.ts";
import { between, booleans, floats, integers, pick, shapeOf } from "./program.ts";

const anyKind = (random: Random, shape: number[]): Input =>
  pick(random, [floats, floats, integers, booleans])(random, shape);

/** Inputs to differentiate by: those of floats. */
const floatsOf = (inputs: readonly Input[]): number[] =>
  inputs.flatMap(({ dtype }, i) => dtype === "float32" ? [i] : []);

function moving(
  name: string,
  least: number,
  most: number,
  plan: (
    random: Random,
    shape: number[],
  ) => { how: unknown; run: (x: tf.Tensor) => tf.Tensor | tf.Tensor[] },
  hasGradient = true,
): Draw {
  return (random) => {
    const shape = shapeOf(random, between(random, least, most));
    const { how, run } = plan(random, shape);
    const input = anyKind(random, shape);
    return {
      what: `${name} of ${input.dtype} [${shape}] ${JSON.stringify(how)}`,
      inputs: [input],
      by: hasGradient ? floatsOf([input]) : [],
      run: ([x]) => run(x!),
    };
  };
}

const transpose = moving("transpose", 1, 6, (random, shape) => {
  const how = [...random.permutation(shape.length)];
  return { how, run: (x) => tf.transpose(x, how) };
});

const reverse = moving("reverse", 1, 4, (random, shape) => {
  const how = shape.map((_, i) => i).filter(() => random.integer(2) > 0);
  return { how, run: (x) => tf.reverse(x, how) };
});

const tile = moving("tile", 1, 4, (random, shape) => {
  const how = shape.map(() => between(random, 1, 3));
  return { how, run: (x) => tf.tile(x, how) };
});

const pad = moving("pad", 1, 4, (random, shape) => {
  const how = shape.map((): [number, number] => [random.integer(3), random.integer(3)]);
  return { how, run: (x) => tf.pad(x, how, x.dtype === "bool" ? 1 : 2) };
});

const mirrorPad = moving("mirrorPad", 1, 4, (random, shape) => {
  const mode = pick(random, ["reflect", "symmetric"] as const);
  const most = (n: number) => mode === "reflect" ? n : n + 1;
  const how = shape.map((n): [number, number] => [
    random.integer(most(n)),
    random.integer(most(n)),
  ]);
  return { how: { mode, how }, run: (x) => tf.mirrorPad(x, how, mode) };
}, false);

const slice = moving("slice", 1, 5, (random, shape) => {
  const begin = shape.map((n) => random.integer(n));
  const size = shape.map((n, i) => random.integer(4) ? between(random, 1, n - begin[i]!) : -1);
  return { how: { begin, size }, run: (x) => tf.slice(x, begin, size) };
});

const stridedSlice = moving("stridedSlice", 1, 4, (random, shape) => {
  const begin = shape.map((n) => random.integer(n));
  const end = shape.map((n) => between(random, 0, n));
  const strides = shape.map(() => pick(random, [1, 2, -1, 3]));
  return { how: { begin, end, strides }, run: (x) => tf.stridedSlice(x, begin, end, strides) };
}, false);

const split = moving("split", 1, 4, (random, shape) => {
  const axis = random.integer(shape.length);
  const n = shape[axis]!;
  const first = between(random, 0, n);
  const how = [first, n - first];
  return { how: { axis, how }, run: (x) => tf.split(x, how, axis) };
});

const unstack = moving("unstack", 1, 4, (random, shape) => {
  const axis = random.integer(shape.length);
  shape[axis] = between(random, 2, 4); // tfjs itself has no gradient of one
  return { how: axis, run: (x) => tf.unstack(x, axis) };
});

const reshape = moving("reshape, expandDims, clone", 1, 4, () => ({
  how: null,
  run: (x) => [tf.reshape(x, [-1]), tf.expandDims(x, 1), tf.clone(x), tf.squeeze(x)],
}));

const onesAndZeros = moving("onesLike, zerosLike", 0, 4, () => ({
  how: null,
  run: (x) => [tf.onesLike(x), tf.zerosLike(x)],
}), false);

const topk = moving("topk", 1, 3, (random, shape) => {
  const k = between(random, 1, shape.at(-1)!);
  return { how: k, run: (x) => Object.values(tf.topk(tf.cast(x, "float32"), k)) };
}, false);

const joined: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 5));
  const axis = random.integer(shape.length);
  const kind = pick(random, [floats, floats, integers, booleans]);
  const isStack = random.integer(2) > 0;
  const inputs = Array.from({ length: between(random, 1, 4) }, () => {
    const own = [...shape];
    if (!isStack) own[axis] = between(random, 1, 4);
    return kind(random, own);
  });
  return {
    what: `${isStack ? "stack" : "concat"} ${JSON.stringify(inputs.map((i) => i.shape))} ${axis}`,
    inputs,
    by: floatsOf(inputs),
    run: (xs) => isStack ? tf.stack(xs, axis) : tf.concat(xs, axis),
  };
};

const gather: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 4));
  const batches = shape.length > 1 && random.integer(3) === 0 ? 1 : 0;
  const axis = between(random, batches, shape.length - 1);
  const ids = [...shape.slice(0, batches), ...shapeOf(random, between(random, batches ? 1 : 0, 2))];
  const input = anyKind(random, shape);
  return {
    what: `gather ${input.dtype} [${shape}] by [${ids}], axis ${axis}, batches ${batches}`,
    inputs: [input, integers(random, ids, 0, shape[axis]! - 1)],
    by: batches ? [] : floatsOf([input]),
    run: ([x, i]) => tf.gather(x!, i as tf.Tensor1D, axis, batches),
  };
};

const segments: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 3));
  const input = pick(random, [floats, integers])(random, shape);
  return {
    what: `unsortedSegmentSum ${input.dtype} [${shape}]`,
    inputs: [input, integers(random, [shape[0]!], -1, 3)],
    by: floatsOf([input]),
    run: ([x, ids]) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 4),
  };
};

const scatter: Draw = (random) => {
  const shape = shapeOf(random, between(random, 1, 3));
  const depth = between(random, 1, shape.length);
  const count = between(random, 1, 4);
  const places = Array.from(
    { length: count },
    () => shape.slice(0, depth).map((n) => random.integer(n)),
  ).flat();
  const ids: Input = { shape: [count, depth], dtype: "int32", values: Int32Array.from(places) };
  const kind = pick(random, [floats, integers]);
  return {
    what: `gatherND, scatterND [${shape}] at [${ids.shape}]`,
    inputs: [ids, kind(random, shape), kind(random, [count, ...shape.slice(depth)])],
    by: [],
    run: ([i, x, u]) => [tf.gatherND(x!, i!), tf.scatterND(i!, u!, shape)],
  };
};

const where: Draw = (random) => {
  const shape = shapeOf(random, between(random, 0, 4));
  const condition = shape.length > 0 && random.integer(3) === 0 ? [shape[0]!] : shape;
  const kind = pick(random, [floats, floats, integers]);
  const inputs = [booleans(random, condition), kind(random, shape), kind(random, shape)];
  return {
    what: `where [${condition}] [${shape}]`,
    inputs,
    by: floatsOf(inputs),
    run: ([c, a, b]) => tf.where(c!, a!, b!),
  };
};

const oneHot: Draw = (random) => {
  const shape = shapeOf(random, between(random, 0, 3));
  return {
    what: `oneHot [${shape}]`,
    inputs: [integers(random, shape, -1, 6)],
    by: [],
    run: ([i]) => [tf.oneHot(i!, 5), tf.oneHot(i!, 7, 2, -1)],
  };
};

const spaces: Draw = (random) => {
  const block = between(random, 1, 3);
  const shape = [block * between(random, 1, 2), between(random, 1, 3), between(random, 1, 3)];
  const blocks = [block, between(random, 1, 2)];
  const images = [shape[0]! * blocks[1]!, shape[1]!, shape[2]!, block * block * 2];
  return {
    what: `batchToSpace, spaceToBatch ${blocks} [${images}]`,
    inputs: [floats(random, images)],
    by: [0],
    run: ([x]) => {
      const apart = tf.batchToSpaceND(x!, blocks, [[0, 0], [0, 0]]);
      return [
        apart,
        tf.spaceToBatchND(apart, blocks, [[0, 0], [0, 0]]),
      ];
    },
  };
};

const depthToSpace: Draw = (random) => {
  const block = between(random, 2, 3);
  const shape = [...shapeOf(random, 3), block * block * between(random, 1, 2)];
  return {
    what: `depthToSpace ${block} [${shape}]`,
    inputs: [floats(random, shape)],
    by: [],
    run: ([x]) => tf.depthToSpace(x as tf.Tensor4D, block),
  };
};

export const ARRAYS: Programs = {
  depthToSpace,
  gather,
  joined,
  mirrorPad,
  oneHot,
  onesAndZeros,
  pad,
  reshape,
  reverse,
  scatter,
  segments,
  slice,
  spaces,
  split,
  stridedSlice,
  tile,
  topk,
  transpose,
  unstack,
  where,
};
