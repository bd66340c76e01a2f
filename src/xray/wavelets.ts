/**
 * The a trous wavelet transform with the B3 spline (Starck and Murtagh 1994; for X-ray images Vikhlinin
 * et al. 1998): an image as a sum of planes, each holding structure of one size, the size doubling.
 *
 * @module
 */

const SPLINE = [1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16] as const;

/**
 * One wavelet plane of a transform, with the moments of its noise: independent Poisson numbers of
 * mean B have variance B `squares` and third moment B `cubes` in it.
 */
export interface WaveletPlane {
  /** Scale j: structure about 2^j pixels across. */
  readonly scale: number;
  /** Values of the plane, row-major [side x side]. */
  readonly values: Float64Array;
  /** Sum over the wavelet of its squares. */
  readonly squares: number;
  /** Sum over the wavelet of its cubes. */
  readonly cubes: number;
}

/**
 * Wavelet planes of a square image; edges are mirrored.
 *
 * @example A flat image has no structure
 * ```ts
 * import { transformWavelets } from "@clusters/terse/xray";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [plane] = transformWavelets(new Float64Array(64).fill(3), 8, [2]);
 * assertAlmostEquals(plane!.values[20]!, 0, 1e-12);
 * ```
 *
 * @param image Row-major [side x side]
 * @param scales Which planes are wanted, ascending from 1 on
 * @param spare Arrays as long as the image that may be written over, from which those of the planes are
 * taken; the others are put back
 */
export function transformWavelets(
  image: Float64Array,
  side: number,
  scales: readonly number[],
  spare: Float64Array[] = [],
): WaveletPlane[] {
  // Memory is dear to touch for the first time.
  const take = () => spare.pop() ?? new Float64Array(image.length);
  const planes: WaveletPlane[] = [];
  const rows = take();
  let smooth = image;
  // Each scale's smooth image is written over that of two scales before.
  const written = [take(), take()] as const;
  for (let scale = 1; scale <= scales.at(-1)!; scale++) {
    const smoother = written[scale % 2 === 0 ? 0 : 1];
    smoothOnce(smooth, side, 2 ** (scale - 1), rows, smoother);
    if (scales.includes(scale)) {
      const values = take();
      for (let i = 0; i < values.length; i++) values[i] = smooth[i]! - smoother[i]!;
      planes.push({ scale, values, ...waveletMoments(scale) });
    }
    smooth = smoother;
  }
  spare.push(rows, ...written);
  return planes;
}

/** Rows, then columns, convolved with the spline, its taps `gap` pixels apart; `rows` is overwritten. */
function smoothOnce(
  image: Float64Array,
  side: number,
  gap: number,
  rows: Float64Array,
  result: Float64Array,
): void {
  const [far, near, middle] = SPLINE;
  const places = mirroredPlaces(side, gap);
  for (let j = 0; j < side; j++) {
    const at = j * side;
    for (let i = 0; i < side; i++) {
      const p = i * 4;
      rows[at + i] = middle * image[at + i]! +
        near * (image[at + places[p + 1]!]! + image[at + places[p + 2]!]!) +
        far * (image[at + places[p]!]! + image[at + places[p + 3]!]!);
    }
  }
  for (let j = 0; j < side; j++) {
    const a = places[j * 4]! * side;
    const b = places[j * 4 + 1]! * side;
    const c = places[j * 4 + 2]! * side;
    const d = places[j * 4 + 3]! * side;
    for (let i = 0; i < side; i++) {
      result[j * side + i] = middle * rows[j * side + i]! + near * (rows[b + i]! + rows[c + i]!) +
        far * (rows[a + i]! + rows[d + i]!);
    }
  }
}

/** Four pixels, 2 and 1 gaps before and after each pixel of a line, mirrored at its ends. */
function mirroredPlaces(side: number, gap: number): Int32Array {
  const places = new Int32Array(side * 4);
  const period = 2 * side;
  for (let i = 0; i < side; i++) {
    for (let k = 0; k < 4; k++) {
      const taps = k < 2 ? k - 2 : k - 1;
      const at = (((i + taps * gap) % period) + period) % period;
      places[i * 4 + k] = at < side ? at : period - 1 - at;
    }
  }
  return places;
}

/** Sums of the squares and cubes of a wavelet. */
type WaveletMoments = Pick<WaveletPlane, "squares" | "cubes">;

/** Moments of the wavelets that were asked for, by scale. */
const MOMENTS = new Map<number, WaveletMoments>();

/** {@linkcode sumWavelet}, summed once for each scale. */
function waveletMoments(scale: number): WaveletMoments {
  const known = MOMENTS.get(scale);
  if (known !== undefined) return known;
  const made = sumWavelet(scale);
  MOMENTS.set(scale, made);
  return made;
}

/** Moments of the wavelet of a scale, which is a difference of products. */
function sumWavelet(scale: number): WaveletMoments {
  const wide = scalingLine(scale);
  const narrow = new Float64Array(wide.length); // zeros around: to look outside of an array is slow
  const inside = scalingLine(scale - 1);
  narrow.set(inside, (wide.length - inside.length) / 2);
  let squares = 0;
  let cubes = 0;
  for (let j = 0; j < wide.length; j++) {
    for (let i = 0; i < wide.length; i++) {
      const value = narrow[j]! * narrow[i]! - wide[j]! * wide[i]!;
      squares += value ** 2;
      cubes += value ** 3;
    }
  }
  return { squares, cubes };
}

/** The one-dimensional smoothing kernel after `scale` rounds. */
function scalingLine(scale: number): Float64Array {
  let line = Float64Array.of(1);
  for (let round = 0; round < scale; round++) {
    const gap = 2 ** round;
    const next = new Float64Array(line.length + 4 * gap);
    for (let i = 0; i < line.length; i++) {
      SPLINE.forEach((tap, k) => next[i + k * gap]! += tap * line[i]!);
    }
    line = next;
  }
  return line;
}
