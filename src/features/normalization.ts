/**
 * Linear scaling of inputs and label (sections 3.2 and 3.3): one offset and one scale for all
 * columns of a physical group, fitted on the training catalogs and used for all.
 */
import type { RankMap } from "../numerics/rank_map.ts";
import type { ColumnGroup, FeatureArray, FeatureSpec } from "./features.ts";
import { groupsOf } from "./features.ts";

/**
 * "range" is the paper's: inputs 0 to 1 by group over the training set.
 * "z-score" has mean 0 and standard deviation 1 by group. A linear label is (sigma8 - 0.81) / 0.11.
 */
export type NormalizationKind = "range" | "z-score";

/** A linear map: scaled = (physical - offset) / scale. */
export interface LinearScale {
  /** The physical value that becomes 0. */
  readonly offset: number;
  /** The physical difference that becomes 1; not 0. */
  readonly scale: number;
}

/**
 * A label z of sigma8 = min + (max - min) Phi(z), Phi the normal distribution; see
 * `features/label_scale.ts`.
 */
export interface ProbitScale {
  /** Distinguishes a probit scale from a linear one. */
  readonly kind: "probit";
  /** Lower end of the prior. */
  readonly min: number;
  /** Upper end of the prior. */
  readonly max: number;
  /** Width of the cells for which values of sigma8 stand. */
  readonly step: number;
  /** Shift of a predicted mean, in predicted widths, measured after training; 0 until then. */
  readonly shift: number;
  /** Factor on a predicted width, measured after training; 1 until then. */
  readonly widening: number;
  /** Map of ranks in shifted and widened posteriors, measured after training; none until then. */
  readonly ranks?: RankMap;
}

/** How the label is scaled. */
export type LabelScale = LinearScale | ProbitScale;

/** One scale for each input value and one for the label. */
export interface Normalization {
  /** Scale of each pixel. */
  readonly pixels: readonly LinearScale[];
  /** Scale of each supplementary value. */
  readonly supplementary: readonly LinearScale[];
  /** Scale of the label. */
  readonly sigma8: LabelScale;
  /** Scale of the column that the terse value is tied to in training, if it is tied. */
  readonly tie?: LinearScale;
}

/** Middle and half-width of the design's sigma8 range, 0.70 to 0.92: both readings give -1 to 1. */
export const SIGMA8_SCALE: LinearScale = { offset: 0.81, scale: 0.11 };

/** Running moments of a group (Welford 1962), which keep their digits when the spread is small. */
interface GroupMoments {
  count: number;
  mean: number;
  squaredDeviations: number;
  min: number;
  max: number;
}

/**
 * The scales that fit a set of catalogs.
 *
 * A group without spread (an array of ones) keeps its values: offset 0, scale 1. The column that the
 * terse value is tied to has mean 0 and standard deviation 1 in either kind.
 *
 * @param features The training catalogs' inputs
 * @param spec The columns they were built from
 * @param kind Which scaling
 * @param label Scale of the label; linear if left out
 * @throws {RangeError} If there is no catalog
 */
export function fitNormalization(
  features: readonly FeatureArray[],
  spec: FeatureSpec,
  kind: NormalizationKind,
  label: LabelScale = SIGMA8_SCALE,
): Normalization {
  if (features.length === 0) {
    throw new RangeError("Cannot fit a normalization: there are 0 catalogs, at least 1 is needed");
  }
  const moments = new Map<ColumnGroup, GroupMoments>();
  const pixelGroups = groupsOf(spec.pixels);
  const supplementaryGroups = groupsOf(spec.supplementary);
  const tied = new Map<ColumnGroup, GroupMoments>();
  for (const catalog of features) {
    addMoments(moments, catalog.pixels, pixelGroups);
    addMoments(moments, catalog.supplementary, supplementaryGroups);
    if (catalog.tie.length > 0) addMoments(tied, catalog.tie, [TIE_GROUP]);
  }
  const tie = tied.get(TIE_GROUP);
  const scaleOf = (group: ColumnGroup) => SCALES[kind](moments.get(group)!);
  return {
    pixels: pixelGroups.map(scaleOf),
    supplementary: supplementaryGroups.map(scaleOf),
    sigma8: label,
    ...tie ? { tie: SCALES["z-score"](tie) } : {},
  };
}

/** Group of the tied column; its moments are separate, so any name will do. */
const TIE_GROUP: ColumnGroup = "mass";

/** Adds the values of a row-major array to the moments of their columns' groups. */
function addMoments(
  moments: Map<ColumnGroup, GroupMoments>,
  values: Float32Array,
  groups: readonly ColumnGroup[],
): void {
  for (const [column, group] of groups.entries()) {
    let m = moments.get(group);
    if (!m) {
      m = { count: 0, mean: 0, squaredDeviations: 0, min: Infinity, max: -Infinity };
      moments.set(group, m);
    }
    for (let i = column; i < values.length; i += groups.length) {
      const value = values[i]!;
      m.count++;
      const deviation = value - m.mean;
      m.mean += deviation / m.count;
      m.squaredDeviations += deviation * (value - m.mean);
      m.min = Math.min(m.min, value);
      m.max = Math.max(m.max, value);
    }
  }
}

const UNSCALED: LinearScale = { offset: 0, scale: 1 };

const SCALES: Readonly<Record<NormalizationKind, (m: GroupMoments) => LinearScale>> = {
  "range": (m) => m.max > m.min ? { offset: m.min, scale: m.max - m.min } : UNSCALED,
  "z-score": (m) =>
    m.max > m.min ? { offset: m.mean, scale: Math.sqrt(m.squaredDeviations / m.count) } : UNSCALED,
};

/** Scales a row-major array, one scale per column. */
export function normalizeColumns(
  values: Float32Array,
  scales: readonly LinearScale[],
): Float32Array {
  const result = new Float32Array(values.length);
  for (const [column, { offset, scale }] of scales.entries()) {
    for (let i = column; i < values.length; i += scales.length) {
      result[i] = (values[i]! - offset) / scale;
    }
  }
  return result;
}
