/**
 * The sign of the terse value. The network is the same, bit for bit, if the terse layer and the
 * weights that read it are both negated, so training leaves the sign to chance. It is set
 * afterwards so that the terse value rises with gas mass, as in Fig. 15.
 */
import type { NormalizedCatalog } from "../features/dataset.ts";
import { joinCatalogs } from "../features/dataset.ts";
import type { FeatureSpec } from "../features/features.ts";
import { groupsOf } from "../features/features.ts";
import type { Architecture, InputWidths, Network } from "../model.ts";
import type { NamedArray, NamedArrays } from "../numerics/arrays.ts";
import { mean } from "../numerics/statistics.ts";
import type { NetworkChoices } from "./checkpoint.ts";
import { inputWidths } from "./checkpoint.ts";
import { SIZE_INPUTS } from "./weights.ts";

/**
 * Weights whose terse value is `sign` times that of the given ones, with the same predictions.
 *
 * @param weights Weights of the architecture, which has a layer after the terse value
 * @param sign The sign; 1 returns the weights themselves
 * @throws {TypeError} If the terse layer, or one that reads it, is missing
 */
export function orientTerse(
  weights: NamedArrays,
  sign: 1 | -1,
  { architecture, features }: Pick<NetworkChoices, "architecture" | "features">,
): NamedArrays {
  return sign === 1 ? weights : turnTerse(weights, architecture, inputWidths(features));
}

/** Weights whose terse value has the other sign, with the same predictions. */
export function turnTerse(
  weights: NamedArrays,
  architecture: Architecture,
  inputs: InputWidths,
): NamedArrays {
  const turned: Record<string, NamedArray> = {
    ...weights,
    "terse/kernel": negate(find(weights, "terse/kernel"), () => true),
    "terse/bias": negate(find(weights, "terse/bias"), () => true),
  };
  for (const [layer, places] of terseInputs(architecture, inputs)) {
    const name = `${layer}/kernel`;
    const kernel = find(weights, name);
    const [units, inputs] = kernel.shape.toReversed() as [number, number];
    turned[name] = negate(kernel, (i) => places.includes(Math.floor(i / units) % inputs));
  }
  return turned;
}

/** The layers that read the terse value, with the inputs that change sign. */
function terseInputs(
  { regression, cluster, context, frequencies }: Architecture,
  { supplementary }: InputWidths,
): [layer: string, places: number[]][] {
  if (regression === "convolution") return [["convolution/0", [0]]];
  const seen = 1 + supplementary;
  const sines = frequencies.map((_, i) => 2 * seen + i); // cosines do not change
  const layers: [string, number[]][] = [
    ["cluster/0", [0, seen, ...sines]],
    ["dense/0", [cluster.at(-1)! + SIZE_INPUTS]],
  ];
  if (context.length > 0) layers.push(["context/0", [0]]);
  return layers;
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
