/** A network's saliency against the Bayes-optimal gradient, raw and projected on the axes. */
import { median, quantile } from "../../numerics/statistics.ts";
import type { FigureColumns } from "../columns.ts";
import type { OptimalGradient } from "../exact/optimal_gradient.ts";
import { offAxesShare, projectOnAxes } from "../exact/principal_axes.ts";
import { labelPixels } from "../saliency.ts";
import type { JudgedClusters } from "./judged_clusters.ts";
import { binJudged, cosine, FEWEST_JUDGED, meanGradient } from "./judged_clusters.ts";

/** How far a network's saliency is the optimal one; medians over clusters. */
export interface SaliencyScore {
  /** Cosine of the raw gradient with the optimal one. */
  readonly rawCosine: number;
  /** Cosine of the gradient's part along the pixels' axes with the optimal one. */
  readonly projectedCosine: number;
  /** Length of the gradient's part off these axes, over its whole length. */
  readonly offManifold: number;
}

/** Cosines of the mean gradient of the clusters of one mass bin. */
export interface SaliencyScoreBin {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
  /** Cosine of the raw mean gradient with the exact one. */
  readonly rawCosine: number;
  /** Cosine of the projected mean gradient with the exact one. */
  readonly projectedCosine: number;
}

/** More of the comparison than its score. */
export interface JudgedSaliency {
  /** The score. */
  readonly score: SaliencyScore;
  /** Raw cosine that 95% of the clusters exceed. */
  readonly rawCosineLow: number;
  /** Projected cosine that 95% of the clusters exceed. */
  readonly projectedCosineLow: number;
  /** Scores by mass, without bins of too few clusters. */
  readonly bins: readonly SaliencyScoreBin[];
  /** Mean gradient over all clusters, [width]. */
  readonly mean: Float64Array;
  /** Part of the gradient along the axes, [width]. */
  readonly projected: Float64Array;
  /** Length of the mean gradient's part off the axes over its length. */
  readonly offManifoldOfMean: number;
}

/** Compares the gradient at every cluster with the optimal one. */
export function compareSaliency(
  judged: JudgedClusters,
  { gradient, axes }: OptimalGradient,
): JudgedSaliency {
  const { width, gradients, table } = judged;
  const raw = new Float64Array(table.count);
  const projected = new Float64Array(table.count);
  const off = new Float64Array(table.count);
  for (let i = 0; i < table.count; i++) {
    const own = gradients.subarray(i * width, (i + 1) * width);
    const along = projectOnAxes(axes, own);
    raw[i] = cosine(own, gradient);
    projected[i] = cosine(along, gradient);
    off[i] = offAxesShare(own, along);
  }
  const mean = meanGradient(judged);
  const along = projectOnAxes(axes, mean);
  return {
    score: {
      rawCosine: median(raw),
      projectedCosine: median(projected),
      offManifold: median(off),
    },
    rawCosineLow: quantile(raw, 0.05),
    projectedCosineLow: quantile(projected, 0.05),
    bins: binJudged(table.logMass).filter(({ members }) => members.length >= FEWEST_JUDGED)
      .map(({ from, to, members }) => {
        const own = meanGradient(judged, members);
        return {
          from,
          to,
          count: members.length,
          rawCosine: cosine(own, gradient),
          projectedCosine: cosine(projectOnAxes(axes, own), gradient),
        };
      }),
    mean,
    projected: along,
    offManifoldOfMean: offAxesShare(mean, along),
  };
}

/**
 * Fig. 11 anew: panel `gradient`, a row per pixel in the order of the encoder's columns (radius in
 * R500, 0 for a single value), network raw and projected and the optimum, each of unit length; panel
 * `spectrum`, the variance of the pixels along each axis and whether it is kept.
 */
export function saliencyComparisonColumns(
  { mean, projected }: JudgedSaliency,
  { gradient, axes }: OptimalGradient,
  { columns }: Pick<JudgedClusters, "columns">,
): FigureColumns {
  const unit = (vector: Float64Array) => {
    const length = Math.hypot(...vector);
    return length > 0 ? vector.map((value) => value / length) : vector;
  };
  return {
    gradient: {
      pixel: mean.map((_, p) => p),
      radius: labelPixels(columns).map(({ radius }) => radius ?? 0),
      raw: unit(mean),
      projected: unit(projected),
      optimal: unit(gradient),
    },
    spectrum: {
      axis: axes.spectrum.map((_, k) => k + 1),
      variance: axes.spectrum,
      kept: axes.spectrum.map((_, k) => k < axes.count ? 1 : 0),
    },
  };
}
