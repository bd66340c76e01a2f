/**
 * Resized images and their gradients: each output's gradient is added to the pixels of which it was
 * made.
 *
 * Two things of the cpu backend are not derivatives, and are followed unless exact ones are asked
 * for: nearest neighbors of a second image take the gradient of a wrong place, where the stock wasm
 * kernel does not; and half-pixel centers are ignored, which the stock kernels do as well.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { BuildOptions, StockKernels, TrainingKernel } from "./kernel.ts";
import { asKernel, consume, floats, runKernel, sizeOf, zeros } from "./kernel.ts";
import { castTo } from "./sharing.ts";

type Inputs = { readonly images: TensorInfo; readonly dy: TensorInfo };

interface Attributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** Input pixels per output pixel along one axis. */
function scaleOf(input: number, output: number, alignCorners: boolean): number {
  return alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
}

/** The nearest pixel to each output along one axis. */
function nearest(input: number, output: number, attrs: Attributes, exact: boolean): number[] {
  const scale = scaleOf(input, output, attrs.alignCorners);
  const shift = exact && attrs.halfPixelCenters ? 0.5 : 0;
  return Array.from({ length: output }, (_, i) => {
    const place = scale * (i + shift);
    return Math.min(input - 1, attrs.alignCorners ? Math.round(place) : Math.floor(place));
  });
}

function buildNearest(_stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  return asKernel<Inputs, Attributes>(({ inputs: { images, dy }, attrs, backend }) => {
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
    const result = zeros(backend, images.shape);
    const [from, dx] = [floats(backend, dy), floats(backend, result)];
    const rows = nearest(height, outHeight, attrs, exact);
    const columns = nearest(width, outWidth, attrs, exact);
    const image = height * width * channels;
    // The cpu backend steps through the gradient by the size of the input.
    const step = exact ? outHeight * outWidth * channels : image;
    for (let b = 0; b < batch; b++) {
      for (let y = 0, place = b * step; y < outHeight; y++) {
        for (let x = 0; x < outWidth; x++, place += channels) {
          const to = b * image + (rows[y]! * width + columns[x]!) * channels;
          for (let c = 0; c < channels; c++) {
            dx[to + c]! += place + c < from.length ? from[place + c]! : NaN;
          }
        }
      }
    }
    return result;
  });
}

/** The two pixels between which each output lies along one axis, and the share of the second. */
interface Between {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

function between(input: number, output: number, attrs: Attributes, exact: boolean): Between[] {
  const scale = scaleOf(input, output, attrs.alignCorners);
  const isHalf = exact && attrs.halfPixelCenters === true;
  return Array.from({ length: output }, (_, i) => {
    const place = isHalf ? scale * (i + 0.5) - 0.5 : scale * i;
    const low = Math.max(0, Math.floor(place));
    return { low, high: Math.min(Math.ceil(place), input - 1), share: place - low };
  });
}

function buildBilinear(stock: StockKernels, { exact }: BuildOptions): KernelFunc {
  // The stock kernel is right except for half-pixel centers, which it ignores as the cpu backend
  // does.
  const shipped = stock("ResizeBilinearGrad");
  return asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
    const { images, dy } = inputs;
    if (sizeOf(images.shape) === 0) return backend.makeOutput(images.shape, "float32");
    if (!exact) return runKernel(shipped, backend, inputs, { ...attrs });
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
    const result = zeros(backend, images.shape);
    if (sizeOf(dy.shape) === 0) return result;
    const [from, dx] = [floats(backend, dy), floats(backend, result)];
    const rows = between(height, outHeight, attrs, exact);
    const columns = between(width, outWidth, attrs, exact);
    let place = 0;
    for (let b = 0; b < batch; b++) {
      const at = (y: number, x: number) => ((b * height + y) * width + x) * channels;
      for (const row of rows) {
        for (const column of columns) {
          const [top, bottom] = [at(row.low, column.low), at(row.high, column.low)];
          const across = (column.high - column.low) * channels;
          const [up, left] = [1 - row.share, 1 - column.share];
          for (let c = 0; c < channels; c++) {
            const value = from[place + c]!;
            dx[top + c]! += value * up * left;
            dx[top + across + c]! += value * up * column.share;
            dx[bottom + c]! += value * row.share * left;
            dx[bottom + across + c]! += value * row.share * column.share;
          }
          place += channels;
        }
      }
    }
    return result;
  });
}

/** Whether an array has NaN or infinity, of which even a share of zero is NaN. */
function hasExtremes(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return true;
  return false;
}

type Images = { readonly images: TensorInfo };

interface SizeAttributes extends Attributes {
  readonly size: readonly [number, number];
}

/** Bilinear resizing that keeps NaN; the stock kernel skips neighbors of zero share. */
function buildBilinearForward(stock: StockKernels): KernelFunc {
  const shipped = stock("ResizeBilinear");
  return asKernel<Images, SizeAttributes>(({ inputs, attrs, backend }) => {
    const { images } = inputs;
    const isEmpty = sizeOf(images.shape) === 0;
    if (!isEmpty && (images.dtype !== "float32" || !hasExtremes(floats(backend, images)))) {
      return runKernel(shipped, backend, inputs, { ...attrs });
    }
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const result = backend.makeOutput([batch, ...attrs.size, channels], "float32");
    const [from, to] = [floats(backend, images), floats(backend, result)];
    const rows = between(height, attrs.size[0], attrs, true);
    const columns = between(width, attrs.size[1], attrs, true);
    let place = 0;
    for (let b = 0; b < batch; b++) {
      const at = (y: number, x: number) => ((b * height + y) * width + x) * channels;
      for (const row of rows) {
        for (const { low, high, share } of columns) {
          for (let c = 0; c < channels; c++) {
            const across = (y: number) => {
              const left = from[at(y, low) + c]!;
              return left + (from[at(y, high) + c]! - left) * share;
            };
            const top = across(row.low);
            to[place++] = top + (across(row.high) - top) * row.share;
          }
        }
      }
    }
    return result;
  });
}

/** Resizing to the type of result that other backends give; the stock kernel gives floats. */
function buildForward(stock: StockKernels): KernelFunc {
  const resize = stock("ResizeNearestNeighbor");
  return asKernel<Images, Record<string, unknown>>(
    ({ inputs, attrs, backend }) => {
      if (sizeOf(inputs.images.shape) === 0) {
        const [batch, , , channels] = inputs.images.shape as [number, number, number, number];
        const size = attrs["size"] as readonly [number, number];
        const none = backend.makeOutput([batch, ...size, channels], inputs.images.dtype);
        backend.typedArrayFromHeap(none).fill(NaN); // which is 0 as a whole number
        return none;
      }
      const result = runKernel(resize, backend, inputs, attrs);
      return consume(backend, result, (x) => castTo(backend, x, inputs.images.dtype));
    },
  );
}

/** Kernels of resizing to the nearest neighbor, and gradients of resizing. */
export const RESIZING_KERNELS: readonly TrainingKernel[] = [
  { name: "ResizeNearestNeighbor", stock: "wrong", build: buildForward },
  { name: "ResizeBilinear", stock: "wrong", build: buildBilinearForward },
  { name: "ResizeNearestNeighborGrad", stock: "wrong", build: buildNearest },
  { name: "ResizeBilinearGrad", stock: "wrong", build: buildBilinear },
];
