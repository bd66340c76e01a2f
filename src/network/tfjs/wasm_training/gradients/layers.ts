/** Gradients of products, convolutions, pools, normalizations and resized images. */
import * as tf from "@tensorflow/tfjs-core";
import type { Attributes } from "./rule.ts";
import { gradient, runKernel, sumTo } from "./rule.ts";

/** The attributes of a forward kernel that its gradient shares. */
function some(attrs: Attributes, ...names: readonly string[]): Attributes {
  return Object.fromEntries(names.map((name) => [name, attrs[name]]));
}

/** Gradients of a convolution by the input and by the filter, which are kernels. */
function convolution(
  name: string,
  [byInput, byFilter]: readonly [string, string],
  names: readonly string[],
) {
  return gradient(name, { inputs: ["x", "filter"] }, ({ dy, saved: [x, filter], attrs }) => {
    const { dilations } = attrs;
    if (name !== "DepthwiseConv2dNative" && [dilations].flat().some((n) => (n as number) > 1)) {
      throw new RangeError(`Cannot differentiate ${name}: dilations are ${dilations}, should be 1`);
    }
    const shared = some(attrs, ...names);
    return {
      x: () => runKernel(byInput, { dy, filter: filter! }, { ...shared, inputShape: x!.shape }),
      filter: () => runKernel(byFilter, { x: x!, dy }, { ...shared, filterShape: filter!.shape }),
    };
  });
}

const WINDOW = ["filterSize", "strides", "pad"];

function pool(name: string, kernel: string, isMax: boolean, ...names: readonly string[]) {
  return gradient(name, { inputs: ["x"], output: isMax }, ({ dy, saved: [x, y], attrs }) => ({
    x: () =>
      runKernel(
        kernel,
        { dy, input: x!, ...(isMax && { output: y! }) },
        some(attrs, ...WINDOW, ...names),
      ),
  }));
}

function product(a: tf.Tensor, b: tf.Tensor, isFirst: boolean, isSecond: boolean): tf.Tensor {
  return tf.matMul(a, b, isFirst, isSecond);
}

/** Gradients of layers. */
export const LAYER_GRADIENTS: readonly tf.GradConfig[] = [
  gradient("BatchMatMul", { inputs: ["a", "b"] }, ({ dy, saved: [a, b], attrs }) => {
    const [ta, tb] = [attrs["transposeA"] as boolean, attrs["transposeB"] as boolean];
    return {
      a: () => sumTo(ta ? product(b!, dy, tb, true) : product(dy, b!, false, !tb), a!.shape),
      b: () => sumTo(tb ? product(dy, a!, true, ta) : product(a!, dy, !ta, false), b!.shape),
    };
  }),
  convolution("Conv2D", ["Conv2DBackpropInput", "Conv2DBackpropFilter"], [
    ...["strides", "pad", "dataFormat"],
  ]),
  convolution("Conv3D", ["Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"], ["strides", "pad"]),
  convolution(
    "DepthwiseConv2dNative",
    ["DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter"],
    ["strides", "pad", "dilations", "dimRoundingMode"],
  ),
  gradient("Conv2DBackpropInput", { inputs: ["dy", "filter"] }, ({ dy: ddx, saved, attrs }) => {
    const [dy, filter] = saved;
    const { strides, pad, dataFormat } = attrs as {
      strides: number;
      pad: "same";
      dataFormat: "NHWC";
    };
    return {
      dy: () => tf.conv2d(ddx as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, dataFormat, 1),
      filter: () =>
        runKernel("Conv2DBackpropFilter", { x: ddx, dy: dy! }, {
          ...{ strides, pad, dataFormat },
          filterShape: filter!.shape,
        }),
    };
  }),
  // A transposed convolution of volumes, for which tfjs-core has no gradient.
  gradient("Conv3DBackpropInputV2", { inputs: ["dy", "filter"] }, ({ dy: ddx, saved, attrs }) => {
    const [dy, filter] = saved;
    const { strides, pad } = attrs as { strides: [number, number, number]; pad: "same" };
    return {
      dy: () => tf.conv3d(ddx as tf.Tensor5D, filter as tf.Tensor5D, strides, pad),
      filter: () =>
        runKernel("Conv3DBackpropFilterV2", { x: ddx, dy: dy! }, {
          ...{ strides, pad },
          filterShape: filter!.shape,
        }),
    };
  }),
  gradient("Dilation2D", { inputs: ["x", "filter"] }, ({ dy, saved: [x, filter], attrs }) => {
    const inputs = { x: x!, filter: filter!, dy };
    return {
      x: () => runKernel("Dilation2DBackpropInput", inputs, attrs),
      filter: () => runKernel("Dilation2DBackpropFilter", inputs, attrs),
    };
  }),
  pool("MaxPool", "MaxPoolGrad", true),
  pool("MaxPool3D", "MaxPool3DGrad", true, "dimRoundingMode"),
  pool("AvgPool", "AvgPoolGrad", false),
  pool("AvgPool3D", "AvgPool3DGrad", false, "dimRoundingMode"),
  gradient(
    "FusedBatchNorm",
    { inputs: ["x", "mean", "variance", "scale"] },
    ({ dy, saved: [x, mean, variance, scale], attrs }) => {
      const spread = () => tf.rsqrt(tf.add(variance!, attrs["varianceEpsilon"] as number));
      const scaled = () => tf.mul(dy, scale ?? tf.scalar(1));
      const centered = () => tf.sub(x!, mean!);
      return {
        x: () => tf.mul(scaled(), spread()),
        mean: () => sumTo(tf.neg(tf.mul(scaled(), spread())), mean!.shape),
        variance: () => {
          const cube = tf.pow(spread(), tf.scalar(3));
          return sumTo(tf.mul(tf.mul(scaled(), centered()), tf.mul(cube, -0.5)), variance!.shape);
        },
        scale: () => sumTo(tf.mul(dy, tf.mul(centered(), spread())), mean!.shape),
        offset: () => sumTo(dy, mean!.shape),
      };
    },
  ),
  gradient("LRN", { inputs: ["x"], output: true }, ({ dy, saved: [x, y], attrs }) => ({
    x: () => runKernel("LRNGrad", { x: x!, y: y!, dy }, attrs),
  })),
  ...["ResizeBilinear", "ResizeNearestNeighbor"].map((name) =>
    gradient(name, { inputs: ["images"] }, ({ dy, saved: [images], attrs }) => ({
      images: () => runKernel(`${name}Grad`, { images: images!, dy }, attrs),
    }))
  ),
];
