/** The works by which tfjs's wasm kernels are timed, by the kernel's name. */
import * as tf from "@tensorflow/tfjs";
import { createRandom } from "../src/numerics/random.ts";

/** Work whose time is taken. */
export type Run = () => unknown;

function normals(...shape: number[]): tf.Tensor {
  const random = createRandom(1);
  const length = shape.reduce((size, n) => size * n, 1);
  return tf.keep(tf.tensor(Float32Array.from({ length }, () => random.normal()), shape));
}

function kernel(name: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): Run {
  return () => tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);
}

const SAME = { strides: 1, pad: "same", dataFormat: "NHWC", dilations: 1 };

/** The works of all kernels that are timed; needs a backend. */
export function listWorks(): Record<string, { what: string; run: Run }> {
  const images = normals(8, 32, 32, 16);
  const outputs = normals(8, 32, 32, 32);
  const filter = normals(3, 3, 16, 32);
  const channels = normals(3, 3, 16, 1);
  const volumes = normals(2, 16, 16, 16, 8);
  const cube = normals(3, 3, 3, 8, 8);
  const half = normals(8, 16, 16, 16);
  const halves = normals(2, 8, 8, 8, 8);
  const [a, b] = [normals(512, 256), normals(512, 256)];
  const table = normals(1000, 64);
  const ids = tf.keep(tf.tensor1d(Int32Array.from({ length: 4096 }, (_, i) => (i * 37) % 1000)));
  const rows = normals(4096, 64);
  const whole = tf.keep(tf.cast(ids, "int32")) as tf.Tensor1D;
  const places = tf.keep(tf.reshape(whole, [4096, 1]));
  const line = tf.keep(tf.range(0, 1000, 1, "int32"));
  const steps = tf.keep(tf.cast(images, "int32"));
  const truths = tf.keep(tf.greater(images, 0));
  const pool = { filterSize: 2, strides: 2, pad: "valid" };
  const morph = { strides: 1, pad: "same", dilations: 1 };
  const image = "8 x 32 x 32 x 16";
  const volume = "2 x 16 x 16 x 16 x 8";
  const work = (what: string, run: Run) => ({ what, run });
  const resized = { alignCorners: false, halfPixelCenters: false };
  return {
    BatchMatMul: work("[512 x 256]' [512 x 256]", () => tf.matMul(a, b, true)),
    _FusedMatMul: work(
      "4 of [64 x 64] with bias",
      () =>
        tf.fused.matMul({
          a: tf.reshape(images, [4, 64, 512]),
          b: tf.reshape(images, [4, 512, 64]),
          bias: tf.ones([64]),
        }),
    ),
    LeakyRelu: work(image, () => tf.leakyRelu(images, 0.3)),
    Conv2D: work(`${image}, 3 x 3 to 32`, kernel("Conv2D", { x: images, filter }, SAME)),
    FusedConv2D: work(
      "the same, leaky ReLU",
      kernel("FusedConv2D", { x: images, filter }, {
        ...SAME,
        activation: "leakyrelu",
        leakyreluAlpha: 0.3,
      }),
    ),
    Conv2DBackpropFilter: work(
      "the same",
      kernel("Conv2DBackpropFilter", { x: images, dy: outputs }, {
        ...SAME,
        filterShape: filter.shape,
      }),
    ),
    Conv2DBackpropInput: work(
      "the same",
      kernel("Conv2DBackpropInput", { dy: outputs, filter }, { ...SAME, inputShape: images.shape }),
    ),
    DepthwiseConv2dNative: work(
      `${image}, 3 x 3`,
      kernel("DepthwiseConv2dNative", { x: images, filter: channels }, SAME),
    ),
    FusedDepthwiseConv2D: work(
      "the same, ReLU",
      kernel("FusedDepthwiseConv2D", { x: images, filter: channels }, {
        ...SAME,
        activation: "relu",
      }),
    ),
    DepthwiseConv2dNativeBackpropFilter: work(
      "the same",
      kernel("DepthwiseConv2dNativeBackpropFilter", { x: images, dy: images }, {
        ...SAME,
        filterShape: channels.shape,
      }),
    ),
    DepthwiseConv2dNativeBackpropInput: work(
      "the same",
      kernel("DepthwiseConv2dNativeBackpropInput", { dy: images, filter: channels }, {
        ...SAME,
        inputShape: images.shape,
      }),
    ),
    Conv3D: work(`${volume}, 3 x 3 x 3 to 8`, kernel("Conv3D", { x: volumes, filter: cube }, SAME)),
    Conv3DBackpropFilterV2: work(
      "the same",
      kernel("Conv3DBackpropFilterV2", { x: volumes, dy: volumes }, {
        ...SAME,
        filterShape: cube.shape,
      }),
    ),
    Conv3DBackpropInputV2: work(
      "the same",
      kernel("Conv3DBackpropInputV2", { dy: volumes, filter: cube }, {
        ...SAME,
        inputShape: volumes.shape,
      }),
    ),
    MaxPool: work(`${image}, 2 x 2`, kernel("MaxPool", { x: images }, pool)),
    AvgPool: work("the same", kernel("AvgPool", { x: images }, pool)),
    MaxPoolGrad: work(
      "the same",
      kernel("MaxPoolGrad", { dy: half, input: images, output: half }, pool),
    ),
    AvgPoolGrad: work("the same", kernel("AvgPoolGrad", { dy: half, input: images }, pool)),
    MaxPoolWithArgmax: work(
      "the same",
      kernel("MaxPoolWithArgmax", { x: images }, { ...pool, includeBatchInIndex: false }),
    ),
    MaxPool3D: work(`${volume}, 2 x 2 x 2`, kernel("MaxPool3D", { x: volumes }, pool)),
    AvgPool3D: work("the same", kernel("AvgPool3D", { x: volumes }, pool)),
    MaxPool3DGrad: work("the same", kernel("MaxPool3DGrad", { dy: halves, input: volumes }, pool)),
    AvgPool3DGrad: work("the same", kernel("AvgPool3DGrad", { dy: halves, input: volumes }, pool)),
    Dilation2D: work(
      `${image}, 3 x 3`,
      kernel("Dilation2D", { x: images, filter: tf.keep(tf.reshape(channels, [3, 3, 16])) }, morph),
    ),
    Dilation2DBackpropInput: work(
      "the same",
      kernel("Dilation2DBackpropInput", {
        x: images,
        filter: tf.keep(tf.reshape(channels, [3, 3, 16])),
        dy: images,
      }, morph),
    ),
    Dilation2DBackpropFilter: work(
      "the same",
      kernel("Dilation2DBackpropFilter", {
        x: images,
        filter: tf.keep(tf.reshape(channels, [3, 3, 16])),
        dy: images,
      }, morph),
    ),
    ResizeNearestNeighbor: work(
      "8 x 16 x 16 x 16 to 32 x 32",
      () => tf.image.resizeNearestNeighbor(half as tf.Tensor4D, [32, 32]),
    ),
    ResizeNearestNeighborGrad: work(
      "the same",
      kernel("ResizeNearestNeighborGrad", { images: half, dy: images }, resized),
    ),
    ResizeBilinearGrad: work(
      "the same",
      kernel("ResizeBilinearGrad", { images: half, dy: images }, resized),
    ),
    UnsortedSegmentSum: work(
      "4096 rows of 64",
      kernel("UnsortedSegmentSum", { x: rows, segmentIds: ids }, { numSegments: 1000 }),
    ),
    GatherV2: work(
      "4096 rows of 64",
      kernel("GatherV2", { x: table, indices: ids }, { axis: 0, batchDims: 0 }),
    ),
    Slice: work(`half of ${image}`, () => tf.slice(images, [0, 0, 0, 0], [8, 32, 16, 16])),
    SplitV: work(`${image} in 4`, () => tf.split(images, 4, 3)),
    // Of floats: the stock kernel writes beyond the end of a bool tensor.
    Transpose: work(
      "8 x 8 x 4 x 1024, rows moved",
      () => tf.transpose(tf.reshape(rows, [8, 8, 4, 1024]), [0, 2, 1, 3]),
    ),
    Reverse: work(image, () => tf.reverse(images, 1)),
    StridedSlice: work(
      `${image}, every second`,
      () => tf.stridedSlice(images, [0, 0, 0, 0], images.shape, [1, 2, 2, 1]),
    ),
    ClipByValue: work(image, () => tf.clipByValue(images, -1, 1)),
    Relu6: work(image, () => tf.relu6(images)),
    Maximum: work(image, () => tf.maximum(images, 0)),
    Minimum: work(image, () => tf.minimum(images, 0)),
    Prelu: work(image, () => tf.prelu(images, images)),
    FloorDiv: work(image, () => tf.floorDiv(steps, tf.scalar(2, "int32"))),
    Identity: work(image, () => tf.clone(images)),
    Sum: work(`${image} over rows`, () => tf.sum(images, 2)),
    Mean: work(`${image} over rows`, () => tf.mean(images, 2)),
    Prod: work(`${image} over rows`, () => tf.prod(images, 2)),
    Max: work(`${image} over rows`, () => tf.max(images, 2)),
    Min: work(`${image} over rows`, () => tf.min(images, 2)),
    All: work(`${image} over rows`, () => tf.all(truths, 2)),
    Any: work(`${image} over rows`, () => tf.any(truths, 2)),
    Cast: work(`${image} to bool`, () => tf.cast(images, "bool")),
    Mod: work(image, () => tf.mod(steps, tf.scalar(3, "int32"))),
    ResizeBilinear: work(
      "8 x 16 x 16 x 16 to 32 x 32",
      () => tf.image.resizeBilinear(half as tf.Tensor4D, [32, 32]),
    ),
    CropAndResize: work(
      "4 boxes of 8 x 32 x 32 x 16 to 16 x 16",
      () =>
        tf.image.cropAndResize(
          images as tf.Tensor4D,
          tf.fill([4, 4], 0.3),
          tf.range(0, 4, 1, "int32"),
          [16, 16],
        ),
    ),
    RotateWithOffset: work(image, () => tf.image.rotateWithOffset(images as tf.Tensor4D, 0.3)),
    Transform: work(
      image,
      () =>
        tf.image.transform(
          images as tf.Tensor4D,
          tf.tensor2d([[1, 0.1, 0, 0.1, 1, 0, 0, 0]]),
          "bilinear",
        ),
    ),
    Select: work(image, () => tf.where(truths, images, images)),
    OneHot: work("4096 of 64", () => tf.oneHot(tf.cast(ids, "int32"), 64)),
    Add: work(image, () => tf.add(images, images)),
    Sub: work(image, () => tf.sub(images, images)),
    Multiply: work(image, () => tf.mul(images, images)),
    SquaredDifference: work(image, () => tf.squaredDifference(images, images)),
    PadV2: work(`${image}, 1 around`, () => tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])),
    GatherNd: work("4096 rows of 64", () => tf.gatherND(table, places)),
    ScatterNd: work("the same", () => tf.scatterND(places, rows, [1000, 64])),
    TensorScatterUpdate: work("the same", () => tf.tensorScatterUpdate(table, places, rows)),
    SparseToDense: work(
      "1000 of 1000",
      () => tf.sparseToDense(line, tf.ones([1000]), [1000], tf.zeros([])),
    ),
    Bincount: work("4096", () => tf.bincount(whole, [], 1000)),
    DenseBincount: work("the same", () => tf.denseBincount(whole, [], 1000)),
    Cumsum: work(`${image} over channels`, () => tf.cumsum(images, 3)),
    Cumprod: work("the same", () => tf.cumprod(images, 3)),
    Einsum: work(
      "bqhd,bkhd->bhqk, 8 x 128 x 4 x 64",
      () =>
        tf.einsum(
          "bqhd,bkhd->bhqk",
          tf.reshape(rows, [8, 128, 4, 64]),
          tf.reshape(rows, [8, 128, 4, 64]),
        ),
    ),
  };
}
