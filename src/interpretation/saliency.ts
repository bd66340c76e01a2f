/**
 * Encoder saliency (section 5.2, Eq. 4, Figs. 10-12): how much a cluster's terse value changes with
 * each of its normalized pixels.
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { ColumnName, FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import { COLUMNS, widthOf } from "../features/features.ts";
import { SHELL_EDGES, SHELLS } from "../clusters/cluster_table.ts";
import { gather } from "../numerics/arrays.ts";
import { mean, quantiles } from "../numerics/statistics.ts";
import type { MassBinOptions, SparseBin } from "./mass_bins.ts";
import { binByMass } from "./mass_bins.ts";
import { checkJoin } from "./terse_table.ts";

/** What one pixel of a cluster is. */
export interface PixelLabel {
  /** The input column it belongs to. */
  readonly column: ColumnName;
  /** R / R500 of a profile's value; `null` for a single value such as the temperature. */
  readonly radius: number | null;
}

/** |d terse / d pixel| of one catalog (Fig. 10). */
export interface SaliencyMap {
  /** Place of the catalog among those given. */
  readonly catalog: number;
  /** The catalog's label. */
  readonly sigma8: number;
  /** Number of clusters. */
  readonly count: number;
  /** Pixels per cluster. */
  readonly width: number;
  /** Saliency [count x width], rows as in the features: ascending luminosity. */
  readonly saliency: Float32Array;
  /** log10 M500c [Msun/h] of each row. */
  readonly logMass: Float64Array;
}

/** Saliency of the clusters of one mass bin; each array is [width], one value per pixel. */
export interface SaliencyBin {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
  /** Median over the bin's clusters. */
  readonly median: Float64Array;
  /** Mean over the bin's clusters. */
  readonly mean: Float64Array;
  /** Middle 68%: the quantile 0.16. */
  readonly low: Float64Array;
  /** Middle 68%: the quantile 0.84. */
  readonly high: Float64Array;
}

/** Saliency of one pixel over all clusters (the averages quoted in section 5.2). */
export interface PixelSaliency extends PixelLabel {
  /** Mean of |d terse / d pixel|. */
  readonly mean: number;
  /** Median saliency. */
  readonly median: number;
  /** Middle 68%: the quantile 0.16. */
  readonly low: number;
  /** Middle 68%: the quantile 0.84. */
  readonly high: number;
  /** Mean of d terse / d pixel with its sign: negative if a rise of the pixel lowers the terse value. */
  readonly signedMean: number;
}

/** Saliency of an encoder over the clusters of some catalogs. */
export interface Saliency {
  /** Number of clusters. */
  readonly count: number;
  /** Label and averages of each pixel, [width]. */
  readonly pixels: readonly PixelSaliency[];
  /** Mass bins with enough clusters, ascending in mass. */
  readonly bins: readonly SaliencyBin[];
  /** Mass bins with too few clusters to be shown, ascending in mass. */
  readonly sparse: readonly SparseBin[];
  /** Maps of the catalogs that were asked for. */
  readonly maps: readonly SaliencyMap[];
}

/** What saliency is asked for. */
export interface SaliencyOptions extends MassBinOptions {
  /** Catalogs whose maps are kept, as places among those given; the first three unless given. */
  readonly maps?: readonly number[];
}

/** Catalogs whose maps are kept: three fit side by side, as in Fig. 10. */
const SAMPLE_MAPS: readonly number[] = [0, 1, 2];

/**
 * Measures Eq. 4, |d terse / d pixel|, for every cluster of some catalogs.
 *
 * Pixels are the *normalized* ones that the network sees, as in the paper. The terse value has no
 * unit, so saliencies of two networks can be compared in shape, not in height.
 *
 * @example A linear encoder has the same saliency everywhere: its weights
 * ```ts
 * import { measureSaliency } from "@clusters/terse";
 * import type { Catalog, FeatureArray } from "@clusters/terse";
 * import { assertEquals } from "@std/assert";
 *
 * const encoder = { encoderGradient: () => Promise.resolve(Float32Array.of(0.5, -2, 0.5, -2)) };
 * const features = {
 *   count: 2, width: 2, supplementaryWidth: 0, sigma8: 0.8, rows: Uint32Array.of(0, 1),
 *   pixels: new Float32Array(4), supplementary: new Float32Array(0), tie: new Float32Array(0),
 * } satisfies FeatureArray;
 * const clusters = { count: 2, logMass: Float64Array.of(14.1, 14.5) };
 * const catalog = { parameters: { sigma8: 0.8 }, clusters } as unknown as Catalog;
 *
 * const { pixels } = await measureSaliency(
 *   encoder, [features], [catalog], ["logTemperature", "logGasMass"],
 * );
 * assertEquals(pixels.map(({ column, mean }) => [column, mean]), [
 *   ["logTemperature", 0.5],
 *   ["logGasMass", 2],
 * ]);
 * assertEquals(pixels[1]!.signedMean, -2);
 * ```
 *
 * @param model Only `encoderGradient` is used
 * @param features Inputs built from `catalogs`, in the same order
 * @param columns The encoder's columns, `FeatureSpec.pixels`
 * @throws {TypeError} If the features are not those of the catalogs or of the columns
 * @throws {RangeError} If there are no clusters, a gradient is not finite, or a map is asked for of
 * a catalog that is not there
 */
export async function measureSaliency(
  model: Pick<Model, "encoderGradient">,
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
  columns: readonly ColumnName[],
  options: SaliencyOptions = {},
): Promise<Saliency> {
  checkJoin(features, catalogs);
  checkWidths(features, columns);
  const { maps = SAMPLE_MAPS.slice(0, features.length), ...binning } = options;
  checkMaps(maps, features.length);
  const gradients = await gatherGradients(model, features);
  const logMass = joinMasses(features, catalogs);
  const width = widthOf(columns);
  const saliency = gradients.map(Math.abs);
  const { bins, sparse } = binByMass(logMass, binning);
  return {
    count: logMass.length,
    pixels: labelPixels(columns).map((label, p) => ({
      ...label,
      ...summarize(column(saliency, width, p)),
      signedMean: mean(column(gradients, width, p)),
    })),
    bins: bins.map(({ from, to, members }) => ({
      from,
      to,
      count: members.length,
      ...summarizePixels(gather(saliency, members, width), width),
    })),
    sparse,
    maps: maps.map((catalog) => cutMap(catalog, features, saliency, logMass)),
  };
}

/** What each pixel of these columns is, in order. */
export function labelPixels(columns: readonly ColumnName[]): PixelLabel[] {
  return columns.flatMap((column) => {
    const { width } = COLUMNS[column];
    return Array.from({ length: width }, (_, index) => ({
      column,
      radius: width === SHELLS ? SHELL_EDGES[index]! : null,
    }));
  });
}

/** d terse / d pixel of all clusters, catalog after catalog, [clusters x width]. */
async function gatherGradients(
  model: Pick<Model, "encoderGradient">,
  features: readonly FeatureArray[],
): Promise<Float32Array> {
  const length = features.reduce((sum, { count, width }) => sum + count * width, 0);
  if (length === 0) {
    throw new RangeError("Cannot measure saliency: there are 0 clusters, should be 1 or more");
  }
  const gradients = new Float32Array(length);
  let start = 0;
  for (const [c, catalog] of features.entries()) {
    const gradient = await model.encoderGradient(catalog);
    const bad = gradient.find((value) => !Number.isFinite(value));
    if (bad !== undefined) {
      throw new RangeError(
        `Cannot measure saliency: a gradient of catalog ${c} is ${bad}, should be a finite number`,
      );
    }
    gradients.set(gradient, start);
    start += gradient.length;
  }
  return gradients;
}

function joinMasses(
  features: readonly FeatureArray[],
  catalogs: readonly Catalog[],
): Float64Array {
  const masses = new Float64Array(features.reduce((sum, { count }) => sum + count, 0));
  let start = 0;
  for (const [c, { rows }] of features.entries()) {
    masses.set(gather(catalogs[c]!.clusters.logMass, rows), start);
    start += rows.length;
  }
  return masses;
}

/** Column `index` of a row-major array. */
function column(values: Float32Array, width: number, index: number): Float64Array {
  return Float64Array.from(
    { length: values.length / width },
    (_, row) => values[row * width + index]!,
  );
}

function summarize(
  values: Float64Array,
): Pick<PixelSaliency, "mean" | "median" | "low" | "high"> {
  const [low, median, high] = quantiles(values, [0.16, 0.5, 0.84]);
  return { mean: mean(values), median: median!, low: low!, high: high! };
}

function summarizePixels(
  saliency: Float32Array,
  width: number,
): Pick<SaliencyBin, "median" | "mean" | "low" | "high"> {
  const pixels = Array.from({ length: width }, (_, p) => summarize(column(saliency, width, p)));
  return {
    median: Float64Array.from(pixels, ({ median }) => median),
    mean: Float64Array.from(pixels, ({ mean }) => mean),
    low: Float64Array.from(pixels, ({ low }) => low),
    high: Float64Array.from(pixels, ({ high }) => high),
  };
}

function cutMap(
  catalog: number,
  features: readonly FeatureArray[],
  saliency: Float32Array,
  logMass: Float64Array,
): SaliencyMap {
  const { count, width, sigma8 } = features[catalog]!;
  const first = features.slice(0, catalog).reduce((sum, { count }) => sum + count, 0);
  return {
    catalog,
    sigma8,
    count,
    width,
    saliency: saliency.slice(first * width, (first + count) * width),
    logMass: logMass.slice(first, first + count),
  };
}

function checkWidths(features: readonly FeatureArray[], columns: readonly ColumnName[]): void {
  const width = widthOf(columns);
  const bad = features.findIndex((catalog) => catalog.width !== width);
  if (bad >= 0) {
    throw new TypeError(
      `Cannot measure saliency: features ${bad} have ${features[bad]!.width} pixels per cluster, ` +
        `should be ${width} for these columns`,
    );
  }
}

function checkMaps(maps: readonly number[], count: number): void {
  const bad = maps.find((catalog) =>
    !(Number.isInteger(catalog) && catalog >= 0 && catalog < count)
  );
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot map saliency: catalog is ${bad}, should be a whole number from 0 to ${count - 1}`,
    );
  }
}
