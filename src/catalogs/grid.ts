/** Ranges of a parameter: equally spaced values, and intervals. */

/** Equally spaced values from `min` to `max`, both included. */
export interface Grid {
  /** The first value. */
  readonly min: number;
  /** The last value. */
  readonly max: number;
  /** Distance between neighboring values, above 0; the range is a whole number of steps. */
  readonly step: number;
}

/** A flat prior from `min` to `max`; equal limits fix the value. */
export interface Interval {
  /** Lower limit. */
  readonly min: number;
  /** Upper limit. */
  readonly max: number;
}

/** Decimals kept of a grid's values, so that 0.7 + 3 x 0.01 is 0.73 to the last bit. */
const GRID_DECIMALS = 10;

/** How far, in steps, a grid's range may be from a whole number of steps. */
const STEP_TOLERANCE = 1e-6;

/**
 * The number of values of a grid, which may be more than any list can hold.
 *
 * @throws {RangeError} If the limits or the step are out of order or not finite
 */
export function gridCount(grid: Grid): number {
  const steps = (grid.max - grid.min) / grid.step;
  const whole = Math.round(steps);
  if (!(grid.step > 0) || !(whole >= 0) || !(Math.abs(steps - whole) <= STEP_TOLERANCE)) {
    throw new RangeError(
      `Cannot lay out a grid: ${grid.min} to ${grid.max} in steps of ${grid.step} ` +
        "is not a whole number of steps upward",
    );
  }
  return whole + 1;
}

/**
 * The values of a grid, ascending.
 *
 * @throws {RangeError} If the limits or the step are out of order or not finite
 */
export function gridValues(grid: Grid): number[] {
  return Array.from(
    { length: gridCount(grid) },
    (_, i) => Number((grid.min + i * grid.step).toFixed(GRID_DECIMALS)),
  );
}

/** The interval that equal cells cover whose middles are the grid's values. */
export function cellsOf({ min, max, step }: Grid): Interval {
  return { min: min - step / 2, max: max + step / 2 };
}
