/**
 * 2D convolutions. The stock kernel lets XNNPACK choose the padding of "same", which differs from
 * tfjs's if strides exceed the filter's size; here the padding is always given in full.
 * Convolutions that XNNPACK cannot do use patches: channels first, and outputs rounded up.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util, util } from "@tensorflow/tfjs-core";
import { finish, isFused } from "./activation.ts";
import type { DataFormat, ImageShape } from "./channels_first.ts";
import { inFormat, shapeToLast, withChannelsLast } from "./channels_first.ts";
import { buildSlice } from "./indexing.ts";
import type { BuildOptions, StockKernels, TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, consume, runKernel, share, sizeOf, withShape } from "./kernel.ts";
import { convolvePatches, differentiateFilter, differentiateInput } from "./patch_products.ts";
import { isSmall } from "./small_product.ts";
import { windowsOf2D } from "./windows.ts";

type Geometry = backend_util.Conv2DInfo;

/** The attributes that place windows. */
export interface PlacementAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

interface ConvolutionAttributes extends PlacementAttributes {
  readonly dataFormat: DataFormat;
}

/** The geometry of a convolution of images with channels last. */
export function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: PlacementAttributes,
  isDepthwise = false,
): Geometry {
  return backend_util.computeConv2DInfo(
    inputShape as ImageShape,
    filterShape as ImageShape,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
}

/** Padding with channels last; explicit padding comes in the order of the data format. */
function padToLast<T extends ConvolutionAttributes>(attrs: T): T {
  if (attrs.dataFormat !== "NCHW" || typeof attrs.pad !== "object") return attrs;
  const [batch, channels, height, width] = attrs.pad;
  return { ...attrs, pad: [batch, height, width, channels] };
}

/** @throws {RangeError} If a window larger than its padded image leaves no output, in tfjs's own words */
export function checkOutput(shape: readonly number[]): void {
  if (shape.every((n) => n >= 0)) return;
  throw new RangeError(
    `Tensor must have a shape comprised of positive integers but got shape [${shape}].`,
  );
}

/** Whether a convolution has so few multiplications that XNNPACK gains nothing. */
function hasFewProducts(g: Geometry): boolean {
  return isSmall(sizeOf(g.outShape) * g.filterHeight * g.filterWidth * g.inChannels);
}

/**
 * A convolution's geometry with explicit padding, or null if XNNPACK would pad differently.
 *
 * @throws {RangeError} If an output would have a negative size
 */
export function explicitPlacement(g: Geometry): PlacementAttributes | null {
  checkOutput(g.outShape);
  const { top, bottom, left, right } = g.padInfo;
  const height = g.inHeight + top + bottom - g.effectiveFilterHeight;
  const width = g.inWidth + left + right - g.effectiveFilterWidth;
  const isSame = height >= 0 && width >= 0 &&
    Math.floor(height / g.strideHeight) + 1 === g.outHeight &&
    Math.floor(width / g.strideWidth) + 1 === g.outWidth;
  if (!isSame || sizeOf(g.inShape) === 0 || sizeOf(g.outShape) === 0) return null;
  return {
    strides: [g.strideHeight, g.strideWidth],
    dilations: [g.dilationHeight, g.dilationWidth],
    pad: [[0, 0], [top, bottom], [left, right], [0, 0]],
  };
}

type Inputs = {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
};

function convolve(
  stock: StockKernels,
  backend: WasmBackend,
  { x, filter }: Inputs,
  attrs: ConvolutionAttributes,
): TensorInfo {
  const images = withChannelsLast(stock, backend, x, attrs.dataFormat, (last) => {
    const g = geometryOf(last.shape, filter.shape, padToLast(attrs));
    const placement = explicitPlacement(g);
    if (placement && !hasFewProducts(g)) {
      const exact = { ...placement, dataFormat: "NHWC" };
      return runKernel(stock("Conv2D"), backend, { x: last, filter }, exact);
    }
    const windows = windowsOf2D(g);
    return convolvePatches({ stock, backend, windows }, last, filter, g.outShape);
  });
  return inFormat(stock, backend, images, attrs.dataFormat);
}

function buildConvolution(stock: StockKernels): KernelFunc {
  return asKernel<Inputs, ConvolutionAttributes>(({ inputs, attrs, backend }) =>
    convolve(stock, backend, inputs, attrs)
  );
}

interface FusedAttributes extends ConvolutionAttributes {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

/** Whether the fused kernel takes a bias: one number per channel. */
export function isPlainBias(bias: TensorInfo | undefined, channels: number): boolean {
  return !bias || (bias.shape.length === 1 && bias.shape[0] === channels);
}

/** A vector of one number per channel, in the format to which it is added. */
function alongChannels(x: TensorInfo | undefined, dataFormat: DataFormat): TensorInfo | undefined {
  return x && dataFormat === "NCHW" && x.shape.length === 1 && x.shape[0] !== 1
    ? withShape(x, [x.shape[0]!, 1, 1])
    : x;
}

function buildFusedConvolution(stock: StockKernels): KernelFunc {
  return asKernel<Inputs, FusedAttributes>(({ inputs, attrs, backend }) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    if (attrs.dataFormat === "NHWC" && isFused(attrs.activation)) {
      const g = geometryOf(x.shape, filter.shape, attrs);
      const placement = explicitPlacement(g);
      if (placement && isPlainBias(bias, g.outChannels) && !hasFewProducts(g)) {
        const exact = { ...attrs, ...placement, dimRoundingMode: undefined };
        return runKernel(stock("FusedConv2D"), backend, { ...inputs }, exact);
      }
    }
    const alpha = alongChannels(preluActivationWeights, attrs.dataFormat);
    return finish(
      stock,
      backend,
      convolve(stock, backend, inputs, attrs),
      alongChannels(bias, attrs.dataFormat),
      { ...attrs, ...(alpha && { alpha }) },
    );
  });
}

/**
 * The geometry of a gradient. tfjs's gradients leave out how the forward pass rounded the number of
 * outputs, so that there may be more than they assume; exact ones use them all.
 */
export function fitOutputs(g: Geometry, dy: TensorInfo, exact: boolean): Geometry {
  const [, outHeight, outWidth] = dy.shape as ImageShape;
  if (!exact || outHeight < g.outHeight || outWidth < g.outWidth) return g;
  const outShape: ImageShape = [g.batchSize, outHeight, outWidth, g.outChannels];
  return { ...g, outHeight, outWidth, outShape };
}

/** The outputs that a geometry has, where a gradient is given more. */
export function takeOutputs(
  stock: StockKernels,
  backend: WasmBackend,
  dy: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  if (util.arraysEqual(dy.shape, [...shape])) return share(backend, dy);
  if (dy.shape.some((n, i) => n < shape[i]!)) {
    throw new RangeError(`Cannot take a gradient: dy is [${dy.shape}], [${shape}] is needed`);
  }
  const attrs = { begin: shape.map(() => 0), size: [...shape] };
  return runKernel(buildSlice(stock), backend, { x: dy }, attrs);
}

type FilterInputs = { readonly x: TensorInfo; readonly dy: TensorInfo };
type FilterAttributes = ConvolutionAttributes & { readonly filterShape: ImageShape };

function buildBackpropFilter(stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  return asKernel<FilterInputs, FilterAttributes>(({ inputs: { x, dy }, attrs, backend }) =>
    withChannelsLast(
      stock,
      backend,
      x,
      attrs.dataFormat,
      (lastX) =>
        withChannelsLast(stock, backend, dy, attrs.dataFormat, (lastDy) => {
          const g = fitOutputs(
            geometryOf(lastX.shape, attrs.filterShape, padToLast(attrs)),
            lastDy,
            exact,
          );
          const convolution = { stock, backend, windows: windowsOf2D(g) };
          return consume(
            backend,
            takeOutputs(stock, backend, lastDy, g.outShape),
            (outputs) => differentiateFilter(convolution, lastX, outputs, attrs.filterShape),
          );
        }),
    )
  );
}

type InputInputs = { readonly dy: TensorInfo; readonly filter: TensorInfo };
type InputAttributes = ConvolutionAttributes & { readonly inputShape: ImageShape };

function buildBackpropInput(stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  return asKernel<InputInputs, InputAttributes>(({ inputs: { dy, filter }, attrs, backend }) => {
    const { dataFormat, inputShape } = attrs;
    const shape = dataFormat === "NCHW" ? shapeToLast(inputShape) : inputShape;
    const dx = withChannelsLast(stock, backend, dy, dataFormat, (last) => {
      const g = fitOutputs(geometryOf(shape, filter.shape, padToLast(attrs)), last, exact);
      const convolution = { stock, backend, windows: windowsOf2D(g) };
      return consume(
        backend,
        takeOutputs(stock, backend, last, g.outShape),
        (outputs) => differentiateInput(convolution, outputs, filter, shape),
      );
    });
    return inFormat(stock, backend, dx, dataFormat);
  });
}

/** Kernels of 2D convolutions, alone and with bias and activation, and both gradients. */
export const CONVOLUTION_KERNELS: readonly TrainingKernel[] = [
  { name: "Conv2D", stock: "wrong", build: buildConvolution },
  { name: "FusedConv2D", stock: "wrong", build: buildFusedConvolution },
  { name: "Conv2DBackpropFilter", stock: "missing", build: buildBackpropFilter },
  { name: "Conv2DBackpropInput", stock: "wrong", build: buildBackpropInput },
];
