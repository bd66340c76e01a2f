/**
 * Noise on the pixels in training. Where pixels vary together, a network may lean on any of them;
 * noise on each teaches it the one gradient that suffers least from noise, so that saliency means
 * something (Bishop 1995, "Training with noise is equivalent to Tikhonov regularization").
 */
import { normalQuantile } from "../numerics/distributions.ts";
import type { Random } from "../numerics/random.ts";

/** Levels of the normal numbers, as a power of 2; quantiles reach 3.7 standard deviations. */
const LEVEL_BITS = 12;
const LEVELS = 1 << LEVEL_BITS;

/** Quantiles of equal probability with a standard deviation of 1; computed when first used. */
let quantiles: Float64Array | null = null;

function normalLevels(): Float64Array {
  if (quantiles) return quantiles;
  const raw = Float64Array.from({ length: LEVELS }, (_, i) => normalQuantile((i + 0.5) / LEVELS));
  const width = Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0) / LEVELS);
  quantiles = raw.map((x) => x / width);
  return quantiles;
}

/** The same in units of the jitter of one call. */
const SCALED = new Float64Array(LEVELS);

/**
 * Rounds by which a stream's key is mixed before the first number, as in Chris Doty-Humphrey's
 * sfc32.
 */
const STIRRING = 12;

/**
 * Adds normal numbers to pixels, in place: the same bits on every engine, in a few nanoseconds each.
 *
 * @param pixels Pixels of a batch that nothing else reads
 * @param width Standard deviation of the noise, in scaled pixels
 * @param random Stream whose key seeds a small generator; nothing is drawn from the stream
 */
export function jitterPixels(pixels: Float32Array, width: number, random: Random): void {
  const levels = normalLevels();
  for (let i = 0; i < LEVELS; i++) SCALED[i] = width * levels[i]!;
  const [key0, key1] = random.state.key;
  // sfc32: three words and a counter; a table of quantiles turns them into normal numbers.
  let a = key0 | 0;
  let b = key1 | 0;
  let c = 0;
  let counter = 1;
  // Both loops do the same, and none looks beyond the end: an engine of JavaScript is then three times as fast.
  for (let i = 0; i < STIRRING; i++) {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
  }
  const even = pixels.length & ~1;
  for (let i = 0; i < even; i += 2) {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    pixels[i] = pixels[i]! + SCALED[word & (LEVELS - 1)]!;
    pixels[i + 1] = pixels[i + 1]! + SCALED[word >>> (32 - LEVEL_BITS)]!;
  }
  if (even === pixels.length) return;
  const word = (((a + b) | 0) + counter) | 0;
  pixels[even] = pixels[even]! + SCALED[word & (LEVELS - 1)]!;
}
