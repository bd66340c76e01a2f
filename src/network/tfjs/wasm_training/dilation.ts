/**
 * Morphological dilation, the largest sum of pixel and filter in each window, and both gradients,
 * which go entirely to the pixel and tap of the largest sum (of equal sums, the first).
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util } from "@tensorflow/tfjs-core";
import type { TrainingKernel, WasmBackend } from "./kernel.ts";
import { asKernel, floats, zeros } from "./kernel.ts";
import type { Taps, Windows } from "./windows.ts";
import { placeOf, tapsAt, windowsOf2D } from "./windows.ts";

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same";
  readonly dilations: number | [number, number];
}

type Inputs = { readonly x: TensorInfo; readonly filter: TensorInfo };
type GradientInputs = Inputs & { readonly dy: TensorInfo };

function geometryOf(
  { x, filter }: Inputs,
  { strides, pad, dilations }: Attributes,
): backend_util.Conv2DInfo {
  return backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    "NHWC",
    dilations,
  );
}

/** The smallest value that a sum is compared with, as on the cpu backend. */
const LEAST = Number.MIN_SAFE_INTEGER;

/** Called with a window's largest sum, its pixel and tap; those of the corner if none. */
type Visit = (output: number, largest: number, pixel: number, tap: number) => void;

function forEachMaximum(
  x: Float32Array,
  filter: Float32Array,
  w: Windows,
  visit: Visit,
): void {
  const [, height, width] = w.output;
  let output = 0;
  for (let b = 0; b < w.batch; b++) {
    for (let y = 0; y < height; y++) {
      const rows = tapsAt(w, 1, y);
      for (let column = 0; column < width; column++) {
        const columns = tapsAt(w, 2, column);
        for (let c = 0; c < w.channels; c++) {
          visitLargest(x, filter, w, { b, y, column, c, rows, columns, output: output++ }, visit);
        }
      }
    }
  }
}

interface Window {
  readonly b: number;
  readonly y: number;
  readonly column: number;
  readonly c: number;
  readonly rows: Taps;
  readonly columns: Taps;
  readonly output: number;
}

function visitLargest(
  x: Float32Array,
  filter: Float32Array,
  w: Windows,
  { b, y, column, c, rows, columns, output }: Window,
  visit: Visit,
): void {
  const [, inHeight, inWidth] = w.input;
  const at = (iy: number, ix: number) => ((b * inHeight + iy) * inWidth + ix) * w.channels + c;
  let largest = LEAST;
  let pixel = at(Math.max(0, placeOf(w, 1, y, 0)), Math.max(0, placeOf(w, 2, column, 0)));
  let tap = c;
  for (let fy = rows.first; fy < rows.end; fy++) {
    for (let fx = columns.first; fx < columns.end; fx++) {
      const place = at(placeOf(w, 1, y, fy), placeOf(w, 2, column, fx));
      const own = (fy * w.filter[2] + fx) * w.channels + c;
      const sum = x[place]! + filter[own]!;
      if (sum > largest) {
        largest = sum;
        pixel = place;
        tap = own;
      }
    }
  }
  visit(output, largest, pixel, tap);
}

/**
 * Throws unless all tensors are of floats.
 *
 * @throws {TypeError} If a tensor is not of floats
 */
function checkFloats(...tensors: TensorInfo[]): void {
  for (const { dtype } of tensors) {
    if (dtype !== "float32") {
      throw new TypeError(`Cannot dilate on wasm: a tensor is of ${dtype}, float32 is needed`);
    }
  }
}

function run(
  backend: WasmBackend,
  { x, filter }: Inputs,
  w: Windows,
  shape: readonly number[],
  visitFor: (result: Float32Array) => Visit,
): TensorInfo {
  checkFloats(x, filter);
  const result = zeros(backend, shape);
  forEachMaximum(floats(backend, x), floats(backend, filter), w, visitFor(floats(backend, result)));
  return result;
}

const dilate: KernelFunc = asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
  const g = geometryOf(inputs, attrs);
  return run(backend, inputs, windowsOf2D(g), g.outShape, (result) => (output, largest) => {
    result[output] = largest;
  });
});

const differentiateInput: KernelFunc = asKernel<GradientInputs, Attributes>(
  ({ inputs, attrs, backend }) => {
    const w = windowsOf2D(geometryOf(inputs, attrs));
    return run(backend, inputs, w, inputs.x.shape, (result) => {
      const dy = floats(backend, inputs.dy);
      return (output, _largest, pixel) => void (result[pixel]! += dy[output]!);
    });
  },
);

const differentiateFilter: KernelFunc = asKernel<GradientInputs, Attributes>(
  ({ inputs, attrs, backend }) => {
    const w = windowsOf2D(geometryOf(inputs, attrs));
    return run(backend, inputs, w, inputs.filter.shape, (result) => {
      const dy = floats(backend, inputs.dy);
      return (output, _largest, _pixel, tap) => void (result[tap]! += dy[output]!);
    });
  },
);

/** Kernels of dilation and both gradients. */
export const DILATION_KERNELS: readonly TrainingKernel[] = [
  { name: "Dilation2D", stock: "wrong", build: () => dilate },
  { name: "Dilation2DBackpropInput", stock: "wrong", build: () => differentiateInput },
  { name: "Dilation2DBackpropFilter", stock: "wrong", build: () => differentiateFilter },
];
