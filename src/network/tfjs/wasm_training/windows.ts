/**
 * The geometry of windows that move over images or volumes. An image is a volume of depth 1, so
 * that convolutions and pools of two and three dimensions use the same loops.
 */
import type { backend_util } from "@tensorflow/tfjs-core";

/** Three numbers, for depth, height and width. */
export type Triple = readonly [number, number, number];

/** Windows over a batch [batch, ...input, channels]. */
export interface Windows {
  readonly batch: number;
  readonly channels: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly filter: Triple;
  readonly strides: Triple;
  readonly dilations: Triple;
  /** Rows of padding before the input's first. */
  readonly before: Triple;
}

/** Windows over images. */
export function windowsOf2D(g: backend_util.Conv2DInfo): Windows {
  return {
    batch: g.batchSize,
    channels: g.inChannels,
    input: [1, g.inHeight, g.inWidth],
    output: [1, g.outHeight, g.outWidth],
    filter: [1, g.filterHeight, g.filterWidth],
    strides: [1, g.strideHeight, g.strideWidth],
    dilations: [1, g.dilationHeight, g.dilationWidth],
    before: [0, g.padInfo.top, g.padInfo.left],
  };
}

/** Windows over volumes. */
export function windowsOf3D(g: backend_util.Conv3DInfo): Windows {
  return {
    batch: g.batchSize,
    channels: g.inChannels,
    input: [g.inDepth, g.inHeight, g.inWidth],
    output: [g.outDepth, g.outHeight, g.outWidth],
    filter: [g.filterDepth, g.filterHeight, g.filterWidth],
    strides: [g.strideDepth, g.strideHeight, g.strideWidth],
    dilations: [g.dilationDepth, g.dilationHeight, g.dilationWidth],
    before: [g.padInfo.front, g.padInfo.top, g.padInfo.left],
  };
}

export function volume([depth, height, width]: Triple): number {
  return depth * height * width;
}

/** The taps of a window along one axis that lie in the input: from `first` to before `end`. */
export interface Taps {
  readonly first: number;
  readonly end: number;
}

/** The taps inside the input of the window at one position of one axis. */
export function tapsAt(w: Windows, axis: 0 | 1 | 2, position: number): Taps {
  const start = position * w.strides[axis] - w.before[axis];
  const step = w.dilations[axis];
  const first = start < 0 ? Math.ceil(-start / step) : 0;
  const end = Math.min(w.filter[axis], Math.ceil((w.input[axis] - start) / step));
  return { first, end: Math.max(first, end) };
}

/** Where the taps of one position along one axis lie in the input. */
export function placeOf(w: Windows, axis: 0 | 1 | 2, position: number, tap: number): number {
  return position * w.strides[axis] - w.before[axis] + tap * w.dilations[axis];
}

/** Whether a window lies wholly in the padding. */
export function hasEmptyWindow(w: Windows): boolean {
  return ([0, 1, 2] as const).some((axis) =>
    [0, w.output[axis] - 1].some((position) => {
      const { first, end } = tapsAt(w, axis, position);
      return first >= end;
    })
  );
}
