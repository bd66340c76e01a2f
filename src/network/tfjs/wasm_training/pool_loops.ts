/** The loops of pools over windows of images and volumes. */
import type { Windows } from "./windows.ts";
import { placeOf, tapsAt, volume } from "./windows.ts";

/** Called with one window's pixels, as offsets of their first channel, and its output's offset. */
type Visit = (pixels: Int32Array, count: number, output: number) => void;

/** Visits every window; the array of pixels is reused for the next one. */
function forEachWindow(w: Windows, visit: Visit): void {
  const [depth, height, width] = w.output;
  const [inDepth, inHeight, inWidth] = w.input;
  const pixels = new Int32Array(volume(w.filter));
  let output = 0;
  for (let b = 0; b < w.batch; b++) {
    for (let z = 0; z < depth; z++) {
      const deep = tapsAt(w, 0, z);
      for (let y = 0; y < height; y++) {
        const high = tapsAt(w, 1, y);
        for (let x = 0; x < width; x++, output += w.channels) {
          const wide = tapsAt(w, 2, x);
          let count = 0;
          for (let fz = deep.first; fz < deep.end; fz++) {
            const iz = b * inDepth + placeOf(w, 0, z, fz);
            for (let fy = high.first; fy < high.end; fy++) {
              const row = (iz * inHeight + placeOf(w, 1, y, fy)) * inWidth;
              for (let fx = wide.first; fx < wide.end; fx++) {
                pixels[count++] = (row + placeOf(w, 2, x, fx)) * w.channels;
              }
            }
          }
          visit(pixels, count, output);
        }
      }
    }
  }
}

/** The largest value of each window; NaN is ignored, as on the cpu backend. */
export function maxima(x: Float32Array, y: Float32Array, w: Windows): void {
  forEachWindow(w, (pixels, count, output) => {
    for (let c = 0; c < w.channels; c++) {
      let largest = -Infinity;
      for (let i = 0; i < count; i++) {
        const value = x[pixels[i]! + c]!;
        if (value > largest) largest = value;
      }
      y[output + c] = largest;
    }
  });
}

/** The mean of each window's pixels; `ofNone` for a window beyond the edge. */
function fillMeans(x: Float32Array, y: Float32Array, w: Windows, ofNone: number): void {
  forEachWindow(w, (pixels, count, output) => {
    for (let c = 0; c < w.channels; c++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += x[pixels[i]! + c]!;
      y[output + c] = count === 0 ? ofNone : sum / count;
    }
  });
}

/** The mean of each window's pixels of images; a window beyond the edge gives NaN. */
export function means(x: Float32Array, y: Float32Array, w: Windows): void {
  fillMeans(x, y, w, NaN);
}

/** The mean of each window's pixels of volumes; a window beyond the edge gives 0. */
export function volumeMeans(x: Float32Array, y: Float32Array, w: Windows): void {
  fillMeans(x, y, w, 0);
}

/** The place of each window's largest value, the first of equal ones; -1 if there is none. */
export function largestPlaces(x: Float32Array, w: Windows): Int32Array {
  const places = new Int32Array(w.batch * volume(w.output) * w.channels);
  forEachWindow(w, (pixels, count, output) => {
    for (let c = 0; c < w.channels; c++) {
      let largest = -Infinity;
      let place = -1;
      for (let i = 0; i < count; i++) {
        const value = x[pixels[i]! + c]!;
        if (value > largest) {
          largest = value;
          place = pixels[i]! + c;
        }
      }
      places[output + c] = place;
    }
  });
  return places;
}

/**
 * The place of each window's largest value in volumes, the last of equal ones. The cpu backend uses
 * a window's height where it should use its width; its places are reproduced unless `exact`.
 */
export function volumePlaces(x: Float32Array, w: Windows, exact: boolean): Int32Array {
  const places = new Int32Array(w.batch * volume(w.output) * w.channels);
  const tap = createTapFinder(w);
  forEachWindow(w, (pixels, count, output) => {
    for (let c = 0; c < w.channels; c++) {
      let largest = -Infinity;
      let place = -1;
      for (let i = 0; i < count; i++) {
        const value = x[pixels[i]! + c]!;
        if (value >= largest) {
          largest = value;
          place = pixels[i]! + c;
        }
      }
      places[output + c] = exact || place < 0 ? place : tap(place, output + c);
    }
  });
  return places;
}

/** The place where the cpu backend looks for a window's largest value; -1 if it finds none. */
function createTapFinder(w: Windows): (place: number, output: number) => number {
  const [depth, height, width] = w.output;
  const [, filterHeight, filterWidth] = w.filter;
  const [inDepth, inHeight, inWidth] = w.input;
  return (place, output) => {
    const position = Math.floor(output / w.channels);
    const corner = [
      Math.floor(position / (width * height)) % depth * w.strides[0] - w.before[0],
      Math.floor(position / width) % height * w.strides[1] - w.before[1],
      position % width * w.strides[2] - w.before[2],
    ];
    const pixel = Math.floor(place / w.channels);
    const [z, y, x] = [
      Math.floor(pixel / (inWidth * inHeight)) % inDepth - corner[0]!,
      Math.floor(pixel / inWidth) % inHeight - corner[1]!,
      pixel % inWidth - corner[2]!,
    ];
    const number = z! * filterHeight * filterWidth + y! * filterHeight + x!;
    if (number >= volume(w.filter)) return -1;
    const [tapZ, rest] = [
      Math.floor(number / (filterHeight * filterWidth)),
      number % (filterHeight * filterWidth),
    ];
    const [inZ, inY, inX] = [
      corner[0]! + tapZ,
      corner[1]! + Math.floor(rest / filterWidth),
      corner[2]! + rest % filterWidth,
    ];
    if (Math.min(inZ, inY, inX) < 0 || inZ >= inDepth || inY >= inHeight || inX >= inWidth) {
      return -1;
    }
    const batch = Math.floor(pixel / (inWidth * inHeight * inDepth));
    return (((batch * inDepth + inZ) * inHeight + inY) * inWidth + inX) * w.channels +
      place % w.channels;
  };
}

/**
 * Adds each output's gradient to the pixels of its window: divided by their number if `exact`, by
 * the size of the window with its padding, as the cpu backend does, if not.
 */
export function spreadMeans(dy: Float32Array, dx: Float32Array, w: Windows, exact: boolean): void {
  const size = volume(w.filter);
  forEachWindow(w, (pixels, count, output) => {
    const share = 1 / (exact ? count : size);
    for (let c = 0; c < w.channels; c++) {
      const value = dy[output + c]! * share;
      for (let i = 0; i < count; i++) dx[pixels[i]! + c]! += value;
    }
  });
}
