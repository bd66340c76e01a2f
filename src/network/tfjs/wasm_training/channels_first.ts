/** Images with channels first (NCHW), which stock kernels refuse, computed with channels last. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernels, WasmBackend } from "./kernel.ts";
import { consume, runKernel } from "./kernel.ts";

export type DataFormat = "NHWC" | "NCHW";
export type ImageShape = [number, number, number, number];

const TO_LAST = [0, 2, 3, 1];
const TO_FIRST = [0, 3, 1, 2];

/** A shape [batch, channels, height, width] with the channels last. */
export function shapeToLast([batch, channels, height, width]: ImageShape): ImageShape {
  return [batch, height, width, channels];
}

function transpose(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  perm: number[],
): TensorInfo {
  return runKernel(stock("Transpose"), backend, { x }, { perm });
}

/** Uses images with their channels last, transposed if they are not. */
export function withChannelsLast<T>(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  dataFormat: DataFormat,
  use: (x: TensorInfo) => T,
): T {
  if (dataFormat !== "NCHW") return use(x);
  return consume(backend, transpose(stock, backend, x, TO_LAST), use);
}

/** Images with channels last, in the requested format; the given ones are freed if transposed. */
export function inFormat(
  stock: StockKernels,
  backend: WasmBackend,
  x: TensorInfo,
  dataFormat: DataFormat,
): TensorInfo {
  if (dataFormat !== "NCHW") return x;
  return consume(backend, x, (images) => transpose(stock, backend, images, TO_FIRST));
}
