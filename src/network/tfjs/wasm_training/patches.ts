/**
 * Patches of images and volumes: the values that one filter position sees, with zeros beyond the
 * edges, one row per position [positions x filter depth, height, width, channels].
 */
import type { Windows } from "./windows.ts";
import { placeOf, tapsAt, volume } from "./windows.ts";

/** Most floats of patches that are unfolded at a time (16 MB), if a line of positions has no more. */
const PATCH_FLOATS = 1 << 22;

export function patchWidth(w: Windows): number {
  return volume(w.filter) * w.channels;
}

/**
 * Pieces that are contiguous both in an image and in some of its patches: offset in the image, offset
 * in the patches, length, and so on. They are the same for all images.
 */
export type Runs = Int32Array;

/** Lists the runs of a chunk's lines of positions. */
export function listRuns(w: Windows, { line, lines }: Pick<Chunk, "line" | "lines">): Runs {
  const [, height, width] = w.output;
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
  for (let l = line, position = 0; l < line + lines; l++) {
    const [z, y] = [Math.floor(l / height), l % height];
    const [deep, high] = [tapsAt(w, 0, z), tapsAt(w, 1, y)];
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
  return Int32Array.from(runs);
}

/** Copies the values of a chunk's images to its patches; values beyond an edge are zero. */
export function unfold(
  x: Float32Array,
  patches: Float32Array,
  runs: Runs,
  w: Windows,
  { count }: Chunk,
): void {
  const imageSize = volume(w.input) * w.channels;
  const patchSize = patches.length / count;
  patches.fill(0);
  for (let b = 0; b < count; b++) {
    for (let r = 0; r < runs.length; r += 3) {
      const from = b * imageSize + runs[r]!;
      const to = b * patchSize + runs[r + 1]!;
      const length = runs[r + 2]!;
      for (let i = 0; i < length; i++) patches[to + i] = x[from + i]!;
    }
  }
}

/** Adds the values of a chunk's patches to the images from which they came. */
export function fold(
  patches: Float32Array,
  x: Float32Array,
  runs: Runs,
  w: Windows,
  { count }: Chunk,
): void {
  const imageSize = volume(w.input) * w.channels;
  const patchSize = patches.length / count;
  for (let b = 0; b < count; b++) {
    for (let r = 0; r < runs.length; r += 3) {
      const to = b * imageSize + runs[r]!;
      const from = b * patchSize + runs[r + 1]!;
      const length = runs[r + 2]!;
      for (let i = 0; i < length; i++) x[to + i]! += patches[from + i]!;
    }
  }
}

/**
 * Images `first` to `first + count - 1` of a batch, and of each some lines of positions from `line`
 * on: all of them, or, if one image has more patches than are unfolded together, a part of one image's.
 */
export interface Chunk {
  readonly first: number;
  readonly count: number;
  readonly line: number;
  readonly lines: number;
}

/** The parts of a batch whose patches are unfolded together, with their runs. */
export function* chunksOf(w: Windows): Generator<Chunk & { readonly runs: Runs }> {
  const [depth, height, width] = w.output;
  const all = depth * height;
  const most = Math.floor(PATCH_FLOATS / Math.max(1, width * patchWidth(w)));
  const lines = Math.min(all, Math.max(1, most));
  const images = lines < all ? 1 : Math.max(1, Math.floor(most / Math.max(1, all)));
  for (let line = 0; line < all; line += lines) {
    const band = { line, lines: Math.min(lines, all - line) };
    const runs = listRuns(w, band);
    for (let first = 0; first < w.batch; first += images) {
      yield { first, count: Math.min(images, w.batch - first), ...band, runs };
    }
  }
}
