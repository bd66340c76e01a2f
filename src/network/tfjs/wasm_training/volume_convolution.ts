/** 3D convolutions and their gradients, over patches: the stock kernels are scalar loops. */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util } from "@tensorflow/tfjs-core";
import type { StockKernels, TrainingKernel } from "./kernel.ts";
import { asKernel } from "./kernel.ts";
import { convolvePatches, differentiateFilter, differentiateInput } from "./patch_products.ts";
import type { Windows } from "./windows.ts";
import { windowsOf3D } from "./windows.ts";

type Shape = [number, number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
  readonly dilations?: number | [number, number, number];
}

function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations }: Attributes,
): { windows: Windows; outShape: readonly number[] } {
  const g = backend_util.computeConv3DInfo(
    inputShape as Shape,
    filterShape as Shape,
    strides,
    dilations ?? 1,
    pad,
  );
  return { windows: windowsOf3D(g), outShape: g.outShape };
}

function buildConvolution(stock: StockKernels): KernelFunc {
  type Inputs = { readonly x: TensorInfo; readonly filter: TensorInfo };
  return asKernel<Inputs, Attributes>(({ inputs: { x, filter }, attrs, backend }) => {
    const { windows, outShape } = geometryOf(x.shape, filter.shape, attrs);
    return convolvePatches({ stock, backend, windows }, x, filter, outShape);
  });
}

function buildBackpropFilter(stock: StockKernels): KernelFunc {
  type Inputs = { readonly x: TensorInfo; readonly dy: TensorInfo };
  return asKernel<Inputs, Attributes & { readonly filterShape: Shape }>(
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { windows } = geometryOf(x.shape, attrs.filterShape, attrs);
      return differentiateFilter({ stock, backend, windows }, x, dy, attrs.filterShape);
    },
  );
}

function buildBackpropInput(stock: StockKernels): KernelFunc {
  type Inputs = { readonly dy: TensorInfo; readonly filter: TensorInfo };
  return asKernel<Inputs, Attributes & { readonly inputShape: Shape }>(
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const { windows } = geometryOf(attrs.inputShape, filter.shape, attrs);
      return differentiateInput({ stock, backend, windows }, dy, filter, attrs.inputShape);
    },
  );
}

/** Kernels of 3D convolutions and both gradients. */
export const VOLUME_CONVOLUTION_KERNELS: readonly TrainingKernel[] = [
  { name: "Conv3D", stock: "slow", build: buildConvolution },
  { name: "Conv3DBackpropFilterV2", stock: "wrong", build: buildBackpropFilter },
  { name: "Conv3DBackpropInputV2", stock: "wrong", build: buildBackpropInput },
];
