/**
 * Images cropped, rotated and transformed, as augmentation does. The stock kernels give other
 * pixels than the cpu backend: `CropAndResize` by the nearest pixel, `Transform`, and
 * `RotateWithOffset` with a fill value that is not a whole number. The cpu backend's `Transform`
 * stops after the first image of a batch; that is not reproduced.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { backend_util } from "@tensorflow/tfjs-core";
import type { TrainingKernel, Values } from "./kernel.ts";
import { asKernel } from "./kernel.ts";

/** Offset and size of one image of a batch. */
interface Frame {
  readonly values: Values;
  readonly start: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The value at whole coordinates; `outside` beyond the image. */
function valueAt(frame: Frame, y: number, x: number, channel: number, outside: number): number {
  const { values, start, height, width, channels } = frame;
  const isInside = y >= 0 && y < height && x >= 0 && x < width;
  return isInside ? values[start + (y * width + x) * channels + channel]! : outside;
}

/** The value at fractional coordinates, interpolated bilinearly. */
function bilinear(frame: Frame, y: number, x: number, channel: number, outside: number): number {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const across = (row: number) =>
    (left + 1 - x) * valueAt(frame, row, left, channel, outside) +
    (x - left) * valueAt(frame, row, left + 1, channel, outside);
  return (top + 1 - y) * across(top) + (y - top) * across(top + 1);
}

/** The value inside an image, interpolated between the pixels around it, which may be one. */
function between(frame: Frame, y: number, x: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const across = (row: number) => {
    const value = valueAt(frame, row, left, channel, 0);
    return value + (valueAt(frame, row, Math.ceil(x), channel, 0) - value) * (x - left);
  };
  const above = across(top);
  return above + (across(Math.ceil(y)) - above) * (y - top);
}

type Cropped = {
  readonly image: TensorInfo;
  readonly boxes: TensorInfo;
  readonly boxInd: TensorInfo;
};

interface CropAttributes {
  readonly cropSize: readonly [number, number];
  readonly method: "bilinear" | "nearest";
  readonly extrapolationValue: number;
}

/** Coordinates of a crop along one axis of an image. */
function cropPlaces(from: number, to: number, pixels: number, size: number): number[] {
  const last = pixels - 1;
  if (size === 1) return [0.5 * (from + to) * last];
  const step = (to - from) * last / (size - 1);
  return Array.from({ length: size }, (_, i) => from * last + i * step);
}

const cropAndResize: KernelFunc = asKernel<Cropped, CropAttributes>(
  ({ inputs: { image, boxes, boxInd }, attrs, backend }) => {
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const [outHeight, outWidth] = attrs.cropSize;
    const count = boxes.shape[0]!;
    const result = backend.makeOutput([count, outHeight, outWidth, channels], "float32");
    const [values, corners, owners, to] = [image, boxes, boxInd, result]
      .map((tensor) => backend.typedArrayFromHeap(tensor)) as [Values, Values, Values, Values];
    const size = outHeight * outWidth * channels;
    for (let box = 0, place = 0; box < count; box++) {
      const owner = owners[box]!;
      if (owner < 0) {
        throw new RangeError(
          `Cannot crop images: box ${box} is of image ${owner}, a number from 0 on is needed`,
        );
      }
      if (owner >= batch) {
        to.fill(0, place, place += size);
        continue;
      }
      const start = owner * height * width * channels;
      const frame: Frame = { values, start, height, width, channels };
      const [y1, x1, y2, x2] = corners.subarray(4 * box, 4 * box + 4) as unknown as number[];
      const columns = cropPlaces(x1!, x2!, width, outWidth);
      for (const y of cropPlaces(y1!, y2!, height, outHeight)) {
        for (const x of columns) {
          const isInside = y >= 0 && y <= height - 1 && x >= 0 && x <= width - 1;
          for (let c = 0; c < channels; c++) {
            to[place++] = !isInside
              ? attrs.extrapolationValue
              : attrs.method === "nearest"
              ? valueAt(frame, Math.round(y), Math.round(x), c, 0)
              : between(frame, y, x, c);
          }
        }
      }
    }
    return result;
  },
);

interface RotationAttributes {
  readonly radians: number;
  readonly fillValue: number | readonly [number, number, number];
  readonly center: number | [number, number];
}

/** Fill value of the fourth channel of a rotated image, if a color is given for three. */
const OPAQUE = 255;

const rotate: KernelFunc = asKernel<{ readonly image: TensorInfo }, RotationAttributes>(
  ({ inputs: { image }, attrs: { radians, fillValue, center }, backend }) => {
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const result = backend.makeOutput(image.shape, image.dtype);
    const [values, to] = [image, result].map((x) => backend.typedArrayFromHeap(x)) as [
      Values,
      Values,
    ];
    const [centerX, centerY] = backend_util.getImageCenter(center, height, width);
    const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
    const bare = (c: number) =>
      typeof fillValue === "number" ? fillValue : c === 3 ? OPAQUE : fillValue[c]!;
    for (let b = 0, place = 0; b < batch; b++) {
      const start = b * height * width * channels;
      const frame: Frame = { values, start, height, width, channels };
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const [across, down] = [column - centerX, row - centerY];
          const x = Math.round(across * cosine - down * sine + centerX);
          const y = Math.round(across * sine + down * cosine + centerY);
          for (let c = 0; c < channels; c++) to[place++] = valueAt(frame, y, x, c, bare(c));
        }
      }
    }
    return result;
  },
);

type FillMode = "constant" | "reflect" | "wrap" | "nearest";

interface TransformAttributes {
  readonly interpolation: "nearest" | "bilinear";
  readonly fillMode: FillMode;
  readonly fillValue: number;
  readonly outputShape?: readonly [number, number] | null;
}

const clamp = (x: number, most: number): number => Math.max(0, Math.min(x, most));

/** A coordinate beyond an axis mapped onto it, as TensorFlow's ImageProjectiveTransformV3 does. */
function fold(at: number, length: number, mode: FillMode): number {
  if (mode === "constant" || (at >= 0 && at <= length - 1)) return at;
  if (mode === "nearest") return clamp(at, length - 1);
  if (length <= 1) return 0;
  let folded = at;
  if (mode === "reflect") {
    const period = 2 * length;
    if (at < 0) {
      folded = period * Math.trunc(-at / period) + at;
      folded = folded < -length ? folded + period : -folded - 1;
    } else {
      folded -= period * Math.trunc(at / period);
      if (folded >= length) folded = period - folded - 1;
    }
  } else {
    const turns = Math.trunc(Math.abs(at) / (length - 1));
    folded += at < 0 ? length * (turns + 1) : -length * turns;
  }
  return clamp(folded, length - 1);
}

type Transformed = { readonly image: TensorInfo; readonly transforms: TensorInfo };

const transform: KernelFunc = asKernel<Transformed, TransformAttributes>(
  ({ inputs: { image, transforms }, attrs, backend }) => {
    const { interpolation, fillMode, fillValue, outputShape } = attrs;
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const [outHeight, outWidth] = outputShape ?? [height, width];
    const result = backend.makeOutput([batch, outHeight, outWidth, channels], image.dtype);
    const [values, all, to] = [image, transforms, result]
      .map((tensor) => backend.typedArrayFromHeap(tensor)) as [Values, Values, Values];
    for (let b = 0, place = 0; b < batch; b++) {
      const start = b * height * width * channels;
      const frame: Frame = { values, start, height, width, channels };
      const own = transforms.shape[0] === 1 ? 0 : 8 * b;
      const m = Array.from({ length: 8 }, (_, i) => all[own + i]!);
      for (let row = 0; row < outHeight; row++) {
        for (let column = 0; column < outWidth; column++) {
          const depth = m[6]! * column + m[7]! * row + 1;
          const x = fold((m[0]! * column + m[1]! * row + m[2]!) / depth, width, fillMode);
          const y = fold((m[3]! * column + m[4]! * row + m[5]!) / depth, height, fillMode);
          for (let c = 0; c < channels; c++) {
            to[place++] = depth === 0
              ? fillValue
              : interpolation === "nearest"
              ? valueAt(frame, Math.round(y), Math.round(x), c, fillValue)
              : bilinear(frame, y, x, c, fillValue);
          }
        }
      }
    }
    return result;
  },
);

/** Kernels of crops, rotations and projections of images; none has a gradient. */
export const IMAGE_MOVING_KERNELS: readonly TrainingKernel[] = [
  { name: "CropAndResize", stock: "wrong", build: () => cropAndResize },
  { name: "RotateWithOffset", stock: "wrong", build: () => rotate },
  { name: "Transform", stock: "wrong", build: () => transform },
];
