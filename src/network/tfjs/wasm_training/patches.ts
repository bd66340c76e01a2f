/**
 * Patches of images and volumes: the values that one filter position sees, with zeros beyond the
 * edges, one row per position [positions x filter depth, height, width, channels].
 */
import type { Windows } from "./windows.ts";
import { placeOf, tapsAt, volume } from "./windows.ts";

/** Most floats of patches that are unfolded at a time (16 MB). */
const PATCH_FLOATS = 1 << 22;

export function patchWidth(w: Windows): number {
  return volume(w.filter) * w.channels;
}

/**
 * Pieces that are contiguous both in an image and in its patches: offset in the image, offset in
 * the patches, length, and so on. They are the same for all images.
 */
export type Runs = Int32Array;

export function listRuns(w: Windows): Runs {
  const [depth, height, width] = w.output;
  const [, filterHeight, filterWidth] = w.filter;
  const [, inHeight, inWidth] = w.input;
  const runs: number[] = [];
  const patch = patchWidth(w);
  const add = (image: number, place: number, length: number) => {
    const end = runs.length - 3;
    // Filters as wide as the image make rows that are contiguous in both.
    if (
      end >= 0 && runs[end]! + runs[end + 2]! === image &&
      runs[end + 1]! + runs[end + 2]! === place
    ) {
      runs[end + 2]! += length;
    } else {
      runs.push(image, place, length);
    }
  };
  for (let z = 0, position = 0; z < depth; z++) {
    const deep = tapsAt(w, 0, z);
    for (let y = 0; y < height; y++) {
      const high = tapsAt(w, 1, y);
      for (let x = 0; x < width; x++, position++) {
        const wide = tapsAt(w, 2, x);
        for (let fz = deep.first; fz < deep.end; fz++) {
          const iz = placeOf(w, 0, z, fz);
          for (let fy = high.first; fy < high.end; fy++) {
            const row = (iz * inHeight + placeOf(w, 1, y, fy)) * inWidth;
            const taps = position * patch + (fz * filterHeight + fy) * filterWidth * w.channels;
            const step = w.dilations[2] === 1 ? wide.end - wide.first : 1;
            for (let fx = wide.first; fx < wide.end; fx += step) {
              const image = (row + placeOf(w, 2, x, fx)) * w.channels;
              add(image, taps + fx * w.channels, step * w.channels);
            }
          }
        }
      }
    }
  }
  return Int32Array.from(runs);
}

/** Copies images' values to their patches; values beyond an edge are zero. */
export function unfold(x: Float32Array, patches: Float32Array, runs: Runs, w: Windows): void {
  const imageSize = volume(w.input) * w.channels;
  const patchSize = volume(w.output) * patchWidth(w);
  patches.fill(0);
  for (let b = 0; b * patchSize < patches.length; b++) {
    for (let r = 0; r < runs.length; r += 3) {
      const from = b * imageSize + runs[r]!;
      const to = b * patchSize + runs[r + 1]!;
      const length = runs[r + 2]!;
      for (let i = 0; i < length; i++) patches[to + i] = x[from + i]!;
    }
  }
}

/** Adds patches' values to the images from which they came. */
export function fold(patches: Float32Array, x: Float32Array, runs: Runs, w: Windows): void {
  const imageSize = volume(w.input) * w.channels;
  const patchSize = volume(w.output) * patchWidth(w);
  for (let b = 0; b * patchSize < patches.length; b++) {
    for (let r = 0; r < runs.length; r += 3) {
      const to = b * imageSize + runs[r]!;
      const from = b * patchSize + runs[r + 1]!;
      const length = runs[r + 2]!;
      for (let i = 0; i < length; i++) x[to + i]! += patches[from + i]!;
    }
  }
}

/** Images `first` to `first + count - 1` of a batch. */
export interface Chunk {
  readonly first: number;
  readonly count: number;
}

/** The parts of a batch whose patches are unfolded together. */
export function* imageChunks(w: Windows): Generator<Chunk> {
  const most = Math.max(
    1,
    Math.floor(PATCH_FLOATS / Math.max(1, volume(w.output) * patchWidth(w))),
  );
  for (let first = 0; first < w.batch; first += most) {
    yield { first, count: Math.min(most, w.batch - first) };
  }
}
