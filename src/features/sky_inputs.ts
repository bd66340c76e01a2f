/**
 * What the network of a survey on the sky sees of a catalog: four numbers of each cluster, scaled.
 * Every catalog has its own number of rows, and none is padded.
 *
 * @module
 */
import { fiducialLnLuminosity } from "../catalogs/sky/luminosity.ts";
import type { SkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { Batch } from "./dataset.ts";
import type { LinearScale } from "./normalization.ts";

/** The columns, in order; L is at omegaM = 0.3. */
export const SKY_COLUMNS = ["ln L", "ln T", "ln Mgas", "ln z"] as const;

/** The encoder sees all four; the regression sees ln L and ln z in addition to the terse value. */
export const SKY_INPUTS: { readonly pixels: 4; readonly supplementary: 2 } = {
  pixels: 4,
  supplementary: 2,
};

const WIDTH = SKY_COLUMNS.length;

/** A catalog's columns in physical units, [clusters x 4]. */
export function skyColumns(clusters: SkyClusters): Float32Array {
  const lnLuminosity = fiducialLnLuminosity(clusters);
  const columns = new Float32Array(WIDTH * lnLuminosity.length);
  for (let i = 0; i < lnLuminosity.length; i++) {
    columns[WIDTH * i] = lnLuminosity[i]!;
    columns[WIDTH * i + 1] = clusters.lnTemperature[i]!;
    columns[WIDTH * i + 2] = clusters.lnGasMass[i]!;
    columns[WIDTH * i + 3] = Math.log(clusters.redshift[i]!);
  }
  return columns;
}

/** Scales that give each column mean 0 and standard deviation 1 over the clusters of some catalogs. */
export function fitSkyScales(catalogs: readonly Float32Array[]): LinearScale[] {
  return SKY_COLUMNS.map((_, k) => {
    let [count, sum, squares] = [0, 0, 0];
    for (const columns of catalogs) {
      for (let at = k; at < columns.length; at += WIDTH) {
        count++;
        sum += columns[at]!;
        squares += columns[at]! ** 2;
      }
    }
    const offset = sum / count;
    return { offset, scale: Math.sqrt(squares / count - offset ** 2) };
  });
}

/**
 * Joins catalogs to one batch.
 *
 * @param catalogs From {@linkcode skyColumns}, one cluster or more each
 * @param scales From {@linkcode fitSkyScales}
 * @param labels Two per catalog; empty if they are not known
 */
export function joinSkyCatalogs(
  catalogs: readonly Float32Array[],
  scales: readonly LinearScale[],
  labels: Float32Array = new Float32Array(0),
): Batch {
  const rowOffsets = new Uint32Array(catalogs.length + 1);
  catalogs.forEach((columns, c) => rowOffsets[c + 1] = rowOffsets[c]! + columns.length / WIDTH);
  const rows = rowOffsets[catalogs.length]!;
  const pixels = new Float32Array(WIDTH * rows);
  const supplementary = new Float32Array(SKY_INPUTS.supplementary * rows);
  catalogs.forEach((columns, c) => {
    const start = rowOffsets[c]!;
    for (let at = 0; at < columns.length; at++) {
      const { offset, scale } = scales[at % WIDTH]!;
      pixels[WIDTH * start + at] = (columns[at]! - offset) / scale;
    }
  });
  for (let row = 0; row < rows; row++) {
    supplementary[2 * row] = pixels[WIDTH * row]!;
    supplementary[2 * row + 1] = pixels[WIDTH * row + 3]!;
  }
  return {
    count: catalogs.length,
    rowOffsets,
    pixels,
    supplementary,
    labels,
    tie: new Float32Array(0),
  };
}
