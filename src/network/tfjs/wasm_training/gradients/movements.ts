/** Gradients of functions that move elements: each goes back to its element's place. */
import * as tf from "@tensorflow/tfjs-core";
import type { Attributes } from "./rule.ts";
import { gradient, sumTo } from "./rule.ts";

const axisOf = (attrs: Attributes, shape: readonly number[]): number =>
  tf.util.parseAxisParam(attrs["axis"] as number, [...shape])[0]!;

/** The sum of all copies of a tiled tensor. */
function sumOfTiles(dy: tf.Tensor, reps: readonly number[]): tf.Tensor {
  return reps.reduce<tf.Tensor>(
    (sum, count, axis) => count > 1 ? tf.addN(tf.split(sum, count, axis)) : sum,
    tf.clone(dy),
  );
}

/** A gradient's rows added to the rows that were gathered. */
function sumOfGathered(
  dy: tf.Tensor,
  x: tf.Tensor,
  indices: tf.Tensor,
  attrs: Attributes,
): tf.Tensor {
  const axis = axisOf(attrs, x.shape);
  const batchDims = (attrs["batchDims"] as number | undefined) ?? 0;
  const size = (shape: readonly number[]) => tf.util.sizeFromShape([...shape]);
  const batch = size(x.shape.slice(0, batchDims));
  const outer = size(x.shape.slice(batchDims, axis));
  const inner = size(x.shape.slice(axis + 1));
  const rows = x.shape[axis]!;
  const count = indices.size / batch;
  const byRow = tf.transpose(tf.reshape(dy, [batch, outer, count, inner]), [0, 2, 1, 3]);
  const own = tf.mul(tf.range(0, batch, 1, "int32"), tf.scalar(rows, "int32"));
  const ids = tf.add(tf.reshape(indices, [batch, count]), tf.reshape(own, [batch, 1]));
  const sums = tf.unsortedSegmentSum(
    tf.reshape(byRow, [batch * count, outer * inner]),
    tf.reshape(tf.cast(ids, "int32"), [batch * count]) as tf.Tensor1D,
    batch * rows,
  );
  return tf.reshape(
    tf.transpose(tf.reshape(sums, [batch, rows, outer, inner]), [0, 2, 1, 3]),
    x.shape,
  );
}

/** The gradient's rows of summed segments; zeros for negative segment numbers. */
function gatherSegments(dy: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  const rows = tf.gather(dy, tf.maximum(ids, tf.zerosLike(ids)) as tf.Tensor1D);
  const isTaken = tf.cast(tf.greaterEqual(ids, tf.scalar(0, "int32")), "float32");
  const shape = [...ids.shape, ...new Array<number>(rows.rank - ids.rank).fill(1)];
  return tf.mul(rows, tf.reshape(isTaken, shape));
}

/** Gradients of reshapes, slices, joins, gathers and the like. */
export const MOVEMENT_GRADIENTS: readonly tf.GradConfig[] = [
  gradient("Reshape", { inputs: ["x"] }, ({ dy, saved: [x] }) => ({
    x: () => tf.reshape(dy, x!.shape),
  })),
  gradient("ExpandDims", { inputs: ["input"] }, ({ dy, saved: [x] }) => ({
    input: () => tf.reshape(dy, x!.shape),
  })),
  gradient("Identity", {}, ({ dy }) => ({ x: () => tf.cast(dy, "float32") })),
  gradient("Cast", {}, ({ dy }) => ({ x: () => tf.clone(dy) })),
  gradient("Transpose", {}, ({ dy, attrs }) => ({
    x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(attrs["perm"] as number[])),
  })),
  gradient("Reverse", {}, ({ dy, attrs }) => ({
    x: () => tf.reverse(dy, tf.util.parseAxisParam(attrs["dims"] as number[], dy.shape)),
  })),
  gradient("Slice", { inputs: ["x"] }, ({ dy, saved: [x], attrs }) => ({
    x: () => {
      const [begin, size] = tf.slice_util.parseSliceParams(
        x!,
        attrs["begin"] as number[],
        attrs["size"] as number[],
      ) as [number[], number[]];
      const pads = begin.map((first, i): [number, number] => [
        first,
        x!.shape[i]! - first - size[i]!,
      ]);
      return tf.pad(dy, pads);
    },
  })),
  ...["PadV2", "MirrorPad"].map((name) =>
    gradient(name, { inputs: ["x"] }, ({ dy, saved: [x], attrs }) => ({
      x: () => tf.slice(dy, (attrs["paddings"] as [number, number][]).map(([n]) => n), x!.shape),
    }))
  ),
  gradient("Concat", { inputs: "all" }, ({ dy, saved, attrs }) => {
    const axis = axisOf(attrs, saved[0]!.shape);
    const sizes = saved.map(({ shape }) => shape[axis]!);
    const parts = tf.split(dy, sizes, axis);
    return Object.fromEntries(parts.map((part, i) => [i, () => part]));
  }),
  gradient("SplitV", {}, ({ dys, attrs }) => ({
    x: () => tf.concat([...dys], attrs["axis"] as number),
  })),
  gradient("Pack", { inputs: "all" }, ({ dy, attrs }) =>
    Object.fromEntries(
      tf.unstack(dy, attrs["axis"] as number).map((part, i) => [i, () => part]),
    )),
  gradient("Unpack", {}, ({ dys, attrs }) => ({
    value: () => tf.stack([...dys], attrs["axis"] as number),
  })),
  gradient("Tile", {}, ({ dy, attrs }) => ({
    x: () => sumOfTiles(dy, attrs["reps"] as number[]),
  })),
  gradient("BroadcastTo", {}, ({ dy, attrs }) => ({
    x: () => sumTo(dy, attrs["inputShape"] as number[]),
  })),
  gradient("GatherV2", { inputs: ["x", "indices"] }, ({ dy, saved: [x, indices], attrs }) => ({
    x: () => sumOfGathered(dy, x!, indices!, attrs),
    indices: () => tf.zeros(indices!.shape),
  })),
  gradient("UnsortedSegmentSum", { inputs: ["segmentIds"] }, ({ dy, saved: [ids] }) => ({
    x: () => gatherSegments(dy, ids!),
    segmentIds: () => tf.zeros(ids!.shape),
  })),
  gradient("SpaceToBatchND", {}, ({ dy, attrs }) => ({
    x: () =>
      tf.batchToSpaceND(dy, attrs["blockShape"] as number[], attrs["paddings"] as number[][]),
  })),
  gradient("BatchToSpaceND", {}, ({ dy, attrs }) => ({
    x: () => tf.spaceToBatchND(dy, attrs["blockShape"] as number[], attrs["crops"] as number[][]),
  })),
  gradient("OneHot", { inputs: ["indices"] }, ({ saved: [indices] }) => ({
    indices: () => tf.zeros(indices!.shape),
  })),
];
