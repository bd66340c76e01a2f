/** Predictions from catalogs that lack one cluster (section 5.1), in calls of many at once. */
import { counted } from "../numerics/counted.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Model, TerseArray } from "../model.ts";
import { argsort } from "../numerics/arrays.ts";
import { encodeCatalog } from "./terse_table.ts";

/**
 * Rows handed to the model at once: enough that calls cost nothing compared with the arithmetic, few
 * enough that a network's activations stay within tens of megabytes.
 */
const ROWS_A_CALL = 8192;

/** sigma8 predicted from one catalog, and from what is left of it without each cluster. */
export interface Predictions {
  /** Prediction from all clusters. */
  readonly whole: number;
  /** Without the cluster of each row, [count]; empty for a catalog of one cluster. */
  readonly without: Float64Array;
}

/**
 * Predicts sigma8 of each catalog with and without each of its clusters: one encoder pass and
 * 1 + count regressions per catalog.
 *
 * @throws {RangeError} If a catalog is empty, none has two clusters, or a prediction is not finite
 */
export async function predictWithout(
  model: Pick<Model, "encode" | "regress">,
  features: readonly FeatureArray[],
): Promise<Predictions[]> {
  checkHeights(features);
  // In order of height: what is handed over together then needs next to no padding.
  const order = argsort(features.map(({ count }) => count));
  const ensembles: Ensemble[] = [];
  for (const c of order) {
    const { count, supplementary, supplementaryWidth } = features[c]!;
    const terse = await encodeCatalog(model, features[c]!, c);
    const whole = { count, terse, supplementary };
    ensembles.push({ whole, supplementaryWidth, omitted: null });
    for (let r = 0; r < count && count > 1; r++) {
      ensembles.push({ whole, supplementaryWidth, omitted: r });
    }
  }
  const sigma8 = await predictEnsembles(model, ensembles);
  const predictions = new Array<Predictions>(features.length);
  let e = 0;
  for (const c of order) {
    const { count } = features[c]!;
    const whole = sigma8[e++]!;
    const without = sigma8.subarray(e, e += count > 1 ? count : 0);
    checkFinite(c, whole, without);
    predictions[c] = { whole, without };
  }
  return predictions;
}

/** A catalog's clusters but for one row, or all of them. */
interface Ensemble {
  readonly whole: TerseArray;
  readonly supplementaryWidth: number;
  readonly omitted: number | null;
}

async function predictEnsembles(
  model: Pick<Model, "regress">,
  ensembles: readonly Ensemble[],
): Promise<Float64Array> {
  const largest = ensembles.reduce((rows, { whole }) => Math.max(rows, whole.count), ROWS_A_CALL);
  const widest = ensembles.reduce((width, e) => Math.max(width, e.supplementaryWidth), 0);
  const terse = new Float32Array(largest);
  const supplementary = new Float32Array(largest * widest);
  const sigma8 = new Float64Array(ensembles.length);
  let done = 0;
  while (done < ensembles.length) {
    const call: TerseArray[] = [];
    let rows = 0;
    for (let e = done; e < ensembles.length; e++) {
      const { whole, supplementaryWidth: width, omitted } = ensembles[e]!;
      const count = omitted === null ? whole.count : whole.count - 1;
      if (rows + count > largest) break;
      const part = {
        count,
        terse: terse.subarray(rows, rows + count),
        supplementary: supplementary.subarray(rows * widest, rows * widest + count * width),
      };
      copyWithout(whole.terse, 1, omitted, part.terse);
      copyWithout(whole.supplementary, width, omitted, part.supplementary);
      call.push(part);
      rows += count;
    }
    sigma8.set(await model.regress(call), done);
    done += call.length;
  }
  return sigma8;
}

/** Copies the rows of `from` but for one. */
function copyWithout(
  from: Float32Array,
  width: number,
  omitted: number | null,
  into: Float32Array,
): void {
  if (omitted === null) return into.set(from);
  into.set(from.subarray(0, omitted * width));
  into.set(from.subarray((omitted + 1) * width), omitted * width);
}

function checkHeights(features: readonly FeatureArray[]): void {
  const empty = features.findIndex(({ count }) => count < 1);
  if (empty >= 0) {
    throw new RangeError(
      `Cannot leave one out: catalog ${empty} has 0 clusters, should have 1 or more`,
    );
  }
  if (!features.some(({ count }) => count > 1)) {
    throw new RangeError(
      `Cannot leave one out: 0 of ${
        counted(features.length, "catalog")
      } have 2 clusters or more, ` +
        "should be at least 1",
    );
  }
}

function checkFinite(catalog: number, whole: number, without: Float64Array): void {
  const bad = [whole, ...without].find((sigma8) => !Number.isFinite(sigma8));
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot leave one out: sigma8 predicted for catalog ${catalog} is ${bad}, ` +
        "should be a finite number",
    );
  }
}
