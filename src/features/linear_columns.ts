/**
 * Input columns in the mock core's form: linear in the four quantities that a cluster draws. They
 * are derived from the getters of `COLUMNS`, so that a column is defined once.
 */
import { thereAre } from "../numerics/counted.ts";
import type { LinearColumn } from "../catalogs/core/row_layout.ts";
import type { RecipeSource } from "../catalogs/observables.ts";
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { Column, ColumnName } from "./features.ts";
import { COLUMNS } from "./features.ts";
import type { LinearScale } from "./normalization.ts";

/** Largest difference between two measurements of one slope: rounding of numbers up to 15. */
const SLOPE_TOLERANCE = 1e-10;

/** Shifts of the four quantities [dex]. */
type Shift = readonly [number, number, number, number];

/** Shifts whose effects must add up if a column is linear. */
const NONE: Shift = [0, 0, 0, 0];
const EACH: readonly Shift[] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
const ALL: Shift = [1, -2, 3, -4];

/**
 * The scaled columns, one entry per value.
 *
 * @param source The base sample, in order of mass
 * @param names The columns
 * @param scales One per value
 * @throws {TypeError} If a column is not linear in log L_X, log T, log M_gas and log M_WL; if the
 * number of scales is not that of the values
 */
export function linearColumns(
  source: RecipeSource,
  names: readonly ColumnName[],
  scales: readonly LinearScale[],
): LinearColumn[] {
  const clusters = shiftClusters(source, NONE);
  const values = names.flatMap((name) =>
    Array.from({ length: COLUMNS[name].width }, (_, index) => ({ name, index }))
  );
  if (values.length !== scales.length) {
    throw new TypeError(
      `Cannot scale columns: ${thereAre(scales.length, "scale")} for ${values.length} values, ` +
        "one each is needed",
    );
  }
  return values.map(({ name, index }, i) => {
    const { offset, scale } = scales[i]!;
    const base = readColumn(COLUMNS[name], clusters, index);
    const perDex = slopesOf(source, name, index);
    return {
      base: base.map((value) => (value - offset) / scale),
      perDex: perDex.map((slope) => slope / scale) as unknown as Shift,
    };
  });
}

/** The change of a column per dex of each quantity, checked on every base cluster. */
function slopesOf(source: RecipeSource, name: ColumnName, index: number): Shift {
  const read = (shift: Shift) => readColumn(COLUMNS[name], shiftClusters(source, shift), index);
  const still = read(NONE);
  const moved = EACH.map(read);
  const slopes = moved.map((column) => column[0]! - still[0]!) as unknown as Shift;
  const isLinear = (shift: Shift, column: Float64Array) => {
    const expected = slopes.reduce((sum, slope, q) => sum + slope * shift[q]!, 0);
    // NaN fails as well, for example from a true mass, which the probe does not have.
    return column.every((value, k) => Math.abs(value - still[k]! - expected) <= SLOPE_TOLERANCE);
  };
  if (EACH.every((shift, q) => isLinear(shift, moved[q]!)) && isLinear(ALL, read(ALL))) {
    return slopes;
  }
  throw new TypeError(
    `Cannot draw column ${name} in the mock core: it is not linear in log L_X, log T, ` +
      "log M_gas and log M_WL, as a column should be",
  );
}

/** The base clusters with shifted quantities; their mass, which no column may read, is NaN. */
function shiftClusters({ base }: RecipeSource, shift: Shift): ObservedClusters {
  const { clusters } = base;
  const move = (values: Float64Array, q: number) => values.map((value) => value + shift[q]!);
  return {
    ...clusters,
    logMass: new Float64Array(clusters.count).fill(NaN),
    logLuminosity: move(clusters.logLuminosity, 0),
    logTemperature: move(clusters.logTemperature, 1),
    logGasMass: move(clusters.logGasMass, 2),
    logGasMassProfile: move(clusters.logGasMassProfile, 2),
    logWeakLensingMass: move(clusters.logMass, 3),
  };
}

function readColumn(column: Column, clusters: ObservedClusters, index: number): Float64Array {
  return Float64Array.from({ length: clusters.count }, (_, k) => column.value(clusters, k, index));
}
