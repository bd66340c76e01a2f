/** How much each cluster of an observed catalog moves the prediction (section 5.1). */
import type { FeatureArray } from "../features/features.ts";
import type { Predictions } from "../interpretation/omission.ts";
import { predictWithout } from "../interpretation/omission.ts";
import type { Model } from "../model.ts";

/** Larger catalogs are not left out of: the effort grows with the square of the clusters. */
export const MOST_LEFT_OUT = 2000;

/** sigma8 without each cluster less that with all, in the order of the catalog; `null` if too many. */
export async function leaveOut(
  model: Pick<Model, "encode" | "regress">,
  features: FeatureArray | null,
): Promise<Float64Array | null> {
  if (features === null || features.count < 2 || features.count > MOST_LEFT_OUT) return null;
  const [{ whole, without }] = await predictWithout(model, [features]) as [Predictions];
  const change = new Float64Array(without.length);
  features.rows.forEach((cluster, row) => change[cluster] = without[row]! - whole);
  return change;
}
