/**
 * All clusters that a network is judged on: their terse values, truth, normalized pixels and the
 * encoder's gradient, and what one dex of an observable does to the pixels.
 */
import { createSource, STANDARD_EXPONENTS } from "../../catalogs/observables.ts";
import type { BaseSample } from "../../clusters/base_sample.ts";
import type { ColumnName, FeatureArray } from "../../features/features.ts";
import { widthOf } from "../../features/features.ts";
import { linearColumns } from "../../features/linear_columns.ts";
import type { LinearScale } from "../../features/normalization.ts";
import { normalizeColumns } from "../../features/normalization.ts";
import type { Model } from "../../model.ts";
import { momentsOfRows } from "../../numerics/eigen.ts";
import type { TerseTable } from "../terse_table.ts";

/** Edges of the mass bins that a network is judged in, log10 [Msun/h]; both ends are open. */
const JUDGED_EDGES: readonly number[] = [13.6, 13.9, 14.2, 14.4, 14.6, 14.8, 15.6];

/** Fewest clusters of a bin that is judged: r of 40 is good to 0.16 where there is none. */
export const FEWEST_JUDGED = 40;

/** Clusters of some catalogs as an encoder sees them; rows are in the order of `table`. */
export interface JudgedClusters {
  /** Terse values, truth and observables. */
  readonly table: TerseTable;
  /** The encoder's columns. */
  readonly columns: readonly ColumnName[];
  /** Pixels per cluster. */
  readonly width: number;
  /** Normalized, [count x width]. */
  readonly pixels: Float32Array;
  /** d terse / d normalized pixel, [count x width]. */
  readonly gradients: Float32Array;
}

/**
 * Takes the encoder's gradient at every cluster.
 *
 * @param model Only `encoderGradient` is used
 * @param features What `table` was made from, in the same order
 * @param columns The encoder's columns, `FeatureSpec.pixels`
 * @param scales `Normalization.pixels` of the network
 * @throws {RangeError} If a gradient is not finite
 */
export async function gatherJudged(
  model: Pick<Model, "encoderGradient">,
  features: readonly FeatureArray[],
  table: TerseTable,
  columns: readonly ColumnName[],
  scales: readonly LinearScale[],
): Promise<JudgedClusters> {
  const width = widthOf(columns);
  const pixels = new Float32Array(table.count * width);
  const gradients = new Float32Array(table.count * width);
  let start = 0;
  for (const [c, catalog] of features.entries()) {
    pixels.set(normalizeColumns(catalog.pixels, scales), start);
    const gradient = await model.encoderGradient(catalog);
    const bad = gradient.find((value) => !Number.isFinite(value));
    if (bad !== undefined) {
      throw new RangeError(
        `Cannot judge saliency: a gradient of catalog ${c} is ${bad}, should be a finite number`,
      );
    }
    gradients.set(gradient, start);
    start += catalog.count * width;
  }
  return { table, columns, width, pixels, gradients };
}

/** The mean gradient over some rows, or over all, [width]. */
export function meanGradient(
  { gradients, width }: Pick<JudgedClusters, "gradients" | "width">,
  rows?: ArrayLike<number>,
): Float64Array {
  if (!rows) return momentsOfRows(gradients, width).mean;
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    for (let p = 0; p < width; p++) mean[p]! += gradients[rows[i]! * width + p]! / rows.length;
  }
  return mean;
}

/** What one dex of an observable adds to each normalized pixel, all else at fixed shape, [width]. */
export interface PixelDirections {
  /** Per dex of log T. */
  readonly temperature: Float64Array;
  /** Per dex of log Mgas at fixed profile shape. */
  readonly gasMass: Float64Array;
  /** Per dex of mass along the base sample's relations. */
  readonly mass: Float64Array;
}

/**
 * The directions in pixel space that belong to observables, read off the columns' own definitions.
 *
 * @throws {TypeError} If a column is not linear in the observables
 */
export function pixelDirections(
  base: BaseSample,
  columns: readonly ColumnName[],
  scales: readonly LinearScale[],
): PixelDirections {
  const source = createSource(base, 0, STANDARD_EXPONENTS);
  const perDex = linearColumns(source, columns, scales).map((column) => column.perDex);
  const temperature = Float64Array.from(perDex, (shift) => shift[1]);
  const gasMass = Float64Array.from(perDex, (shift) => shift[2]);
  const { relations } = base;
  return {
    temperature,
    gasMass,
    mass: temperature.map((value, p) =>
      relations.temperature.slope * value + relations.gasMass.slope * gasMass[p]!
    ),
  };
}

/** The product of two vectors. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let p = 0; p < a.length; p++) sum += a[p]! * b[p]!;
  return sum;
}

/** The cosine of the angle of two vectors; 0 where one has no length. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.sqrt(dot(a, a) * dot(b, b));
  return length > 0 ? dot(a, b) / length : 0;
}

/** Places of the values in each bin between the edges, the first and last bin open outward. */
export function binJudged(
  logMass: ArrayLike<number>,
): { readonly from: number; readonly to: number; readonly members: Uint32Array }[] {
  const bins = JUDGED_EDGES.slice(1).map((to, b) => ({
    from: JUDGED_EDGES[b]!,
    to,
    members: [] as number[],
  }));
  for (let i = 0; i < logMass.length; i++) {
    const at = bins.findIndex(({ to }) => logMass[i]! < to);
    bins[at < 0 ? bins.length - 1 : at]!.members.push(i);
  }
  return bins.map((bin) => ({ ...bin, members: Uint32Array.from(bin.members) }));
}
