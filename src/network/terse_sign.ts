/**
 * The sign of the terse value. The network is unchanged, bit for bit, if the terse layer and what
 * the first convolution makes of it are both negated, so training leaves the sign to chance; it is
 * fixed afterwards such that the terse value rises with gas mass, as in Fig. 15.
 *
 * @module
 */
import type { NormalizedCatalog } from "../features/dataset.ts";
import { joinCatalogs } from "../features/dataset.ts";
import type { FeatureSpec } from "../features/features.ts";
import { groupsOf } from "../features/features.ts";
import type { Network } from "../model.ts";
import type { NamedArray, NamedArrays } from "../numerics/arrays.ts";
import { mean } from "../numerics/statistics.ts";

/**
 * Weights whose terse value is `sign` times that of the given ones, with the same predictions.
 *
 * @param weights Of an architecture with a convolution
 * @param sign 1 returns the weights themselves
 * @throws {TypeError} If the terse layer or the first convolution is missing
 */
export function orientTerse(weights: NamedArrays, sign: 1 | -1): NamedArrays {
  if (sign === 1) return weights;
  const convolution = find(weights, "convolution/0/kernel");
  const [, inputs, filters] = convolution.shape;
  return {
    ...weights,
    "terse/kernel": negate(find(weights, "terse/kernel"), () => true),
    "terse/bias": negate(find(weights, "terse/bias"), () => true),
    "convolution/0/kernel": negate(
      convolution,
      (i) => Math.floor(i / filters!) % inputs! === 0, // [4 x inputs x filters], terse is input 0
    ),
  };
}

/**
 * The sign that makes the terse value rise with gas mass: that of its covariance with the sum of
 * the gas mass pixels over all clusters; 1 if there are none, or if the terse value is constant.
 */
export async function terseSign(
  network: Network,
  catalogs: readonly NormalizedCatalog[],
  features: FeatureSpec,
): Promise<1 | -1> {
  const groups = groupsOf(features.pixels);
  const batch = joinCatalogs(catalogs);
  const terse = await network.encode(batch);
  const center = mean(terse);
  let covariance = 0;
  for (let row = 0; row < terse.length; row++) {
    for (const [column, group] of groups.entries()) {
      if (group !== "gas mass") continue;
      covariance += (terse[row]! - center) * batch.pixels[row * groups.length + column]!;
    }
  }
  return covariance < 0 ? -1 : 1;
}

function find(weights: NamedArrays, name: string): NamedArray {
  const array = weights[name];
  if (!array) throw new TypeError(`Cannot orient the terse value: ${name} is missing`);
  return array;
}

function negate({ shape, data }: NamedArray, where: (index: number) => boolean): NamedArray {
  const result = data.slice();
  for (let i = 0; i < result.length; i++) if (where(i)) result[i] = -result[i]!;
  return { shape, data: result };
}
