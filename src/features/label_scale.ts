/**
 * How sigma8 becomes the number that a network learns: linear, or the probit of its place in the
 * prior's interval, whose mean and variance are those of one posterior that ends at the prior
 * (`numerics/bounded_normal.ts`).
 *
 * sigma8 takes the values of a grid, and each of them stands for its cell, half a step to either side:
 * 0.70(0.01)0.92 is the flat prior from 0.695 to 0.925. The grid's own ends could not be the interval's,
 * since their probits are infinite.
 */
import type { Grid } from "../catalogs/grid.ts";
import { cellsOf } from "../catalogs/grid.ts";
import { normalProbability, normalQuantile } from "../numerics/distributions.ts";
import type { Random } from "../numerics/random.ts";
import type { LabelScale, ProbitScale } from "./normalization.ts";

/** Whether labels are probits. */
export function isProbit(scale: LabelScale): scale is ProbitScale {
  return "kind" in scale;
}

/** The probit scale of a grid's cells. */
export function probitScale(grid: Grid): ProbitScale {
  return { kind: "probit", ...cellsOf(grid), step: grid.step, shift: 0, widening: 1 };
}

/** The label of a value of sigma8; NaN for NaN. */
export function scaleLabel(sigma8: number, scale: LabelScale): number {
  if (!isProbit(scale)) return (sigma8 - scale.offset) / scale.scale;
  return Number.isNaN(sigma8)
    ? NaN
    : normalQuantile((sigma8 - scale.min) / (scale.max - scale.min));
}

/**
 * Labels drawn within their cells, each with its own number: what a network of probits is trained on,
 * so that its posterior is one of the continuous prior. A label near the end of the prior is uncertain
 * by much more than half a step, since the probit is steep there.
 *
 * @param labels Probits of the middles of the cells; not changed
 */
export function drawWithinCells(
  labels: Float32Array,
  { min, max, step }: ProbitScale,
  random: Random,
): Float32Array {
  const cell = step / (max - min);
  return labels.map((label) => {
    const middle = normalProbability(label);
    // uniform() is a multiple of 2^-53 and can be 0; half a unit more is not the interval's end.
    return normalQuantile(middle + cell * (random.uniform() + 2 ** -54 - 0.5));
  });
}
