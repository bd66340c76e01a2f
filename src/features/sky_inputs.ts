/**
 * The inputs of the network of a survey on the sky: four scaled numbers per cluster. Catalogs have
 * their own number of rows, and none is padded.
 */
import { fiducialLnLuminosity } from "../catalogs/sky/luminosity.ts";
import { MISSING_ERROR, type SkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { Batch } from "./dataset.ts";
import type { LinearScale } from "./normalization.ts";
import { fitSkyRelations, RELATION_INPUTS } from "./sky_relations.ts";

/** The columns of clusters without lensing masses, in order; L is at omegaM = 0.3. */
export const SKY_COLUMNS = ["ln L", "ln T", "ln Mgas", "ln z"] as const;

/** The two columns that lensing masses add: ln M_WL, 0 where there is none, and whether there is one. */
export const LENSING_INPUTS = ["ln M_WL", "has M_WL"] as const;

/** The encoder sees all four; the regression sees ln L and ln z in addition to the terse value. */
export const SKY_INPUTS: { readonly pixels: 4; readonly supplementary: 2 } = {
  pixels: 4,
  supplementary: 2,
};

/** What decides which columns a network sees. */
export interface SkySight {
  /** Has lensing masses or not. */
  readonly survey: { readonly lensing?: unknown };
  /** Whether the regression sees the catalog's relations as straight lines; not if left out. */
  readonly relations?: boolean;
}

/**
 * What the network of a survey sees. A lensing mass and whether there is one, and the relations of the
 * whole catalog, are for the regression alone: the terse value is made of what every cluster has.
 */
export function skyInputs(
  { survey, relations = false }: SkySight,
): { readonly pixels: number; readonly supplementary: number } {
  return {
    pixels: PIXELS,
    supplementary: SKY_INPUTS.supplementary + skyWidth(survey) - PIXELS +
      (relations ? RELATION_INPUTS : 0),
  };
}

const PIXELS: number = SKY_COLUMNS.length;

/** Columns of a catalog: four, or six with lensing masses. */
export function skyWidth({ lensing }: { readonly lensing?: unknown }): number {
  return PIXELS + (lensing === undefined ? 0 : LENSING_INPUTS.length);
}

/** The columns that the terse value is made of in physical units, [clusters x 4]. */
export function skyColumns(clusters: SkyClusters): Float32Array {
  return surveyColumns(clusters, {});
}

/**
 * All columns of a survey's catalog in physical units, [clusters x width].
 *
 * @param survey Says whether there are columns of lensing masses
 */
export function surveyColumns(
  clusters: SkyClusters,
  survey: { readonly lensing?: unknown },
): Float32Array {
  const lnLuminosity = fiducialLnLuminosity(clusters);
  const width = skyWidth(survey);
  const columns = new Float32Array(width * lnLuminosity.length);
  const lensing = width === PIXELS ? undefined : clusters.lensing;
  for (let i = 0; i < lnLuminosity.length; i++) {
    columns[width * i] = lnLuminosity[i]!;
    columns[width * i + 1] = clusters.lnTemperature[i]!;
    columns[width * i + 2] = clusters.lnGasMass[i]!;
    columns[width * i + 3] = Math.log(clusters.redshift[i]!);
    if (lensing === undefined || !(lensing.lnMassError[i]! < MISSING_ERROR)) continue;
    columns[width * i + PIXELS] = lensing.lnMass[i]!;
    columns[width * i + PIXELS + 1] = 1;
  }
  return columns;
}

/**
 * Scales that give each column mean 0 and standard deviation 1 over the clusters of some catalogs:
 * lensing masses over those that have one.
 *
 * @param width Of the columns, from {@linkcode skyWidth}
 */
export function fitSkyScales(
  catalogs: readonly Float32Array[],
  width: number = PIXELS,
): LinearScale[] {
  const scaled = width === PIXELS ? PIXELS : PIXELS + 1;
  return Array.from({ length: scaled }, (_, k) => {
    let [count, sum, squares] = [0, 0, 0];
    for (const columns of catalogs) {
      for (let at = k; at < columns.length; at += width) {
        if (k === PIXELS && columns[at + 1] === 0) continue;
        count++;
        sum += columns[at]!;
        squares += columns[at]! ** 2;
      }
    }
    if (count === 0) return { offset: 0, scale: 1 };
    const offset = sum / count;
    return { offset, scale: Math.sqrt(squares / count - offset ** 2) };
  });
}

/** What joins the columns of catalogs in a batch. */
export interface SkyBatchOptions {
  /** Two numbers per catalog; none if they are not known. */
  readonly labels?: Float32Array;
  /** Whether each cluster has its catalog's relations; not if left out. */
  readonly relations?: boolean;
  /** Whether terse values can be tied, to lensing masses or else to ln Y_X; not if left out. */
  readonly tied?: boolean;
}

/**
 * Joins catalogs to one batch. Terse values can be tied to lensing masses, NaN where there is none; without
 * such masses to ln Y_X = ln T + ln Mgas, in units of the two columns' spreads together, which X-ray
 * astronomy knows as the proxy of mass with the least scatter (Kravtsov et al. 2006, ApJ 650, 128).
 *
 * @param catalogs From {@linkcode surveyColumns}, one cluster or more each
 * @param scales From {@linkcode fitSkyScales}: five with lensing masses
 * @param options Labels and relations
 */
export function joinSkyCatalogs(
  catalogs: readonly Float32Array[],
  scales: readonly LinearScale[],
  { labels = new Float32Array(0), relations = false, tied = false }: SkyBatchOptions = {},
): Batch {
  const hasLensing = scales.length > PIXELS;
  const width = hasLensing ? PIXELS + LENSING_INPUTS.length : PIXELS;
  const extra = width - PIXELS;
  const rowOffsets = new Uint32Array(catalogs.length + 1);
  catalogs.forEach((columns, c) => rowOffsets[c + 1] = rowOffsets[c]! + columns.length / width);
  const rows = rowOffsets[catalogs.length]!;
  const pixels = new Float32Array(PIXELS * rows);
  const supplements = SKY_INPUTS.supplementary + extra + (relations ? RELATION_INPUTS : 0);
  const supplementary = new Float32Array(supplements * rows);
  const tie = new Float32Array(hasLensing || tied ? rows : 0);
  const [T, G] = [scales[1]!.scale, scales[2]!.scale];
  let row = 0;
  for (const columns of catalogs) {
    const first = row;
    for (let from = 0; from < columns.length; from += width) {
      for (let k = 0; k < PIXELS; k++) {
        const { offset, scale } = scales[k]!;
        pixels[PIXELS * row + k] = (columns[from + k]! - offset) / scale;
      }
      supplementary[supplements * row] = pixels[PIXELS * row]!;
      supplementary[supplements * row + 1] = pixels[PIXELS * row + 3]!;
      if (hasLensing) {
        const { offset, scale } = scales[PIXELS]!;
        const isThere = columns[from + PIXELS + 1]! > 0;
        const scaled = isThere ? (columns[from + PIXELS]! - offset) / scale : 0;
        supplementary[supplements * row + 2] = scaled;
        supplementary[supplements * row + 3] = isThere ? 1 : 0;
        tie[row] = isThere ? scaled : NaN;
      } else if (tied) {
        tie[row] = (T * pixels[PIXELS * row + 1]! + G * pixels[PIXELS * row + 2]!) / (T + G);
      }
      row++;
    }
    if (!relations) continue;
    const fitted = fitSkyRelations(pixels, first, row);
    for (let i = first; i < row; i++) {
      supplementary.set(fitted, supplements * (i + 1) - RELATION_INPUTS);
    }
  }
  return { count: catalogs.length, rowOffsets, pixels, supplementary, labels, tie };
}
