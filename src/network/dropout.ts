/**
 * Dropout masks from counter-based streams, the same on every engine, for any padding of the
 * batch and any number of threads.
 *
 * Element (catalog c of the batch, row r of the catalog, unit j) of a layer of `width` units looks
 * at 16 bits of one Threefry2x32-20 block: the key is the layer's, the counter's low word is
 * r * ceil(width / 4) + floor(j / 4), its high word c. Units 4i to 4i+3 take the low and high half
 * of the first word, then of the second. A unit is dropped where its 16 bits are below
 * round(rate * 65536), and kept ones are divided by 1 - rate.
 */
import { threefry2x32 } from "../numerics/random.ts";

/** Units that share one block of random bits. */
const UNITS_PER_BLOCK = 4;
const LEVELS = 65536;

/** The key of one layer's masks: layer 0 is the encoder's, layer 1 + i that of `dense/i`. */
export function layerDropoutKey(
  stepKey: readonly [number, number],
  layer: number,
): [number, number] {
  const block = new Uint32Array(2);
  threefry2x32(stepKey[0], stepKey[1], layer, 0, block);
  return [block[0]!, block[1]!];
}

/** The 16-bit value below which a unit is dropped. */
export function dropoutThreshold(rate: number): number {
  return Math.round(rate * LEVELS);
}

/**
 * Factors of one catalog's rows, [rows x width]: 0 for a dropped unit, 1 / (1 - rate) for a kept.
 *
 * @param layerKey From {@linkcode layerDropoutKey}
 * @param catalog The catalog's place in the batch
 * @param rows Rows of the catalog; 1 for the dense layers, which have one row per catalog
 * @param width Units of the layer
 * @param rate Fraction dropped, from 0 to below 1, to a multiple of 1/65536
 */
export function dropoutMask(
  layerKey: readonly [number, number],
  catalog: number,
  rows: number,
  width: number,
  rate: number,
): Float32Array {
  const mask = new Float32Array(rows * width);
  const threshold = dropoutThreshold(rate);
  const kept = Math.fround(1 / (1 - rate));
  const blocks = Math.ceil(width / UNITS_PER_BLOCK);
  const block = new Uint32Array(2);
  for (let r = 0; r < rows; r++) {
    for (let b = 0; b < blocks; b++) {
      threefry2x32(layerKey[0], layerKey[1], r * blocks + b, catalog, block);
      for (let lane = 0; lane < UNITS_PER_BLOCK; lane++) {
        const j = b * UNITS_PER_BLOCK + lane;
        if (j >= width) break;
        const bits = (block[lane >> 1]! >>> ((lane & 1) * 16)) & 0xffff;
        mask[r * width + j] = bits < threshold ? 0 : kept;
      }
    }
  }
  return mask;
}
