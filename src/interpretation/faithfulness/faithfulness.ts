/**
 * Is what is read off a network true? Its leave-one-outs, saliency, weights and mass proxy against
 * the exact answers of the mocks' own likelihood.
 */
import type { BaseSample } from "../../clusters/base_sample.ts";
import type { ColumnName, FeatureArray } from "../../features/features.ts";
import type { LinearScale } from "../../features/normalization.ts";
import type { Model } from "../../model.ts";
import type { FigureColumns } from "../columns.ts";
import { oneNumberOf } from "../../evaluation/one_number.ts";
import type { ExactAnswers, ExactCatalog } from "../exact/exact_catalog.ts";
import type { Gap } from "../exact/gap.ts";
import { isGap, orGap } from "../exact/gap.ts";
import type { OptimalGradient } from "../exact/optimal_gradient.ts";
import { findOptimalGradient } from "../exact/optimal_gradient.ts";
import type { LeaveOneOut } from "../leave_one_out.ts";
import type { TerseTable } from "../terse_table.ts";
import type { PatternPixel } from "./activation_pattern.ts";
import { activationPattern, patternColumns } from "./activation_pattern.ts";
import type { JudgedClusters } from "./judged_clusters.ts";
import { gatherJudged, meanGradient, pixelDirections } from "./judged_clusters.ts";
import type { LeaveOneOutComparison, LeaveOneOutScore } from "./leave_one_out_score.ts";
import { compareLeaveOneOut } from "./leave_one_out_score.ts";
import type { MassSlopeBin } from "./mass_slopes.ts";
import { binMassSlopes, massSlopeColumns, measureMassSlopes } from "./mass_slopes.ts";
import type { ProxyFits, ProxyScore } from "./proxy_score.ts";
import { compareProxies } from "./proxy_score.ts";
import type { JudgedSaliency, SaliencyScore } from "./saliency_score.ts";
import { compareSaliency, saliencyComparisonColumns } from "./saliency_score.ts";
import type { SensitivityComparison, WeightScore } from "./sensitivity_score.ts";
import { compareSensitivities, sensitivityColumns } from "./sensitivity_score.ts";
import type { FaithfulnessVerdict } from "./verdict.ts";
import { judgeFaithfulness } from "./verdict.ts";

/** The scores of a network, as `interpret --json` has them; a gap says why a score is missing. */
export interface Faithfulness {
  /** Faithful or not, and the number that decides. */
  readonly verdict: FaithfulnessVerdict;
  /** Leave-one-out against exact. */
  readonly leaveOneOut: LeaveOneOutScore | Gap;
  /** Saliency against the optimal gradient. */
  readonly saliency: SaliencyScore | Gap;
  /** The terse value as a mass proxy. */
  readonly proxy: ProxyScore | Gap;
  /** Weight of log T over that of log Mgas. */
  readonly weights: WeightScore | Gap;
}

/** All that was compared, for figures and tables. */
export interface FaithfulnessDetails {
  /** The optimum that the saliency is compared with. */
  readonly optimal: OptimalGradient | Gap;
  /** Against exact answers that read everything, which no terse value can quite reach. */
  readonly leaveOneOut: LeaveOneOutComparison | Gap;
  /** Against exact answers that read one number per cluster. */
  readonly leaveOneOutOfOneNumber: LeaveOneOutComparison | Gap;
  /** Raw and projected. */
  readonly saliency: JudgedSaliency | Gap;
  /** Sensitivities to temperature, gas mass and shape, compared with the exact ones. */
  readonly sensitivities: SensitivityComparison | Gap;
  /** Fits of every mass proxy. */
  readonly proxies: ProxyFits | Gap;
  /** Which pixels go with the terse value. */
  readonly pattern: readonly PatternPixel[] | Gap;
  /** d sigma8 / d log mass by mass. */
  readonly massSlopes: readonly MassSlopeBin[] | Gap;
  /** Mean gradient over all clusters, [width]: what seeds are compared by. */
  readonly meanGradient: Float64Array;
}

/** What a network is judged against. */
export interface JudgingGround {
  /** The sample that the catalogs were drawn from. */
  readonly base: BaseSample;
  /** Exact answers by catalog, `null` where none were asked for, reading what the network sees. */
  readonly exact: readonly (ExactCatalog | null)[];
  /** The encoder's columns. */
  readonly columns: readonly ColumnName[];
  /** Columns that the regression sees next to the terse value; not checked if left out. */
  readonly supplementary?: readonly ColumnName[];
  /** `Normalization.pixels` of the network. */
  readonly scales: readonly LinearScale[];
  /** Whether the base sample's profiles are observed, and so noisy. */
  readonly isNoisy?: boolean;
}

/** Columns that tell mass without T and Mgas: with one among the pixels the optimum is another. */
const OTHER_MASSES: readonly ColumnName[] = ["logLuminosity", "logWeakLensingMass"];

/**
 * Judges a network on catalogs of its test set.
 *
 * @param model `encoderGradient` and `regress` are used
 * @param features In the order of `found`
 * @param found What the schemes of section 5 found, from the same features
 * @param ground Exact answers and what they rest on
 * @throws {RangeError} If a gradient is not finite
 */
export async function measureFaithfulness(
  model: Pick<Model, "encoderGradient" | "regress">,
  features: readonly FeatureArray[],
  found: { readonly leaveOneOut: LeaveOneOut; readonly terseTable: TerseTable },
  ground: JudgingGround,
): Promise<{ readonly scores: Faithfulness; readonly details: FaithfulnessDetails }> {
  const { base, columns, scales } = ground;
  const judged = await gatherJudged(model, features, found.terseTable, columns, scales);
  const unseen = findUnseen(ground);
  const optimal = optimalFor(judged, ground, unseen);
  const directions = pixelDirections(base, columns, scales);
  const seenBy = (answers: ExactAnswers | Gap) => unseen ?? answers;
  const oneNumber = ground.exact.map((answers) => answers && seenBy(answers.oneNumber));
  const everything = ground.exact.map((answers) => answers && seenBy(answers.everything));
  const saliency = isGap(optimal) ? optimal : compareSaliency(judged, optimal);
  const sensitivities = isGap(optimal)
    ? optimal
    : compareSensitivities(judged, directions, optimal);
  const weights = orGap(() => oneNumberOf(base));
  const proxies = compareProxies(found.terseTable, isGap(weights) ? null : weights);
  const leaveOneOut = compareLeaveOneOut(found.leaveOneOut, features, everything);
  const slopes = await measureMassSlopes(
    model,
    features,
    judged,
    directions,
    base.relations,
    oneNumber,
  );
  const massSlopes = slopes.catalogs > 0 ? binMassSlopes(slopes) : { gap: reasonOf(oneNumber) };
  const details: FaithfulnessDetails = {
    optimal,
    leaveOneOut,
    leaveOneOutOfOneNumber: compareLeaveOneOut(found.leaveOneOut, features, oneNumber),
    saliency,
    sensitivities,
    proxies,
    pattern: isGap(proxies) ? proxies : activationPattern(judged),
    massSlopes,
    meanGradient: meanGradient(judged),
  };
  return { scores: summarize(details), details };
}

/**
 * A gap if the network does not see what the exact answers read of every cluster: they are then
 * answers to another question, and t is not the best number that the network can know.
 */
function findUnseen({ columns, supplementary }: JudgingGround): Gap | null {
  const seesProduct = columns.includes("logYx");
  const seesGasMass = columns.includes("logGasMass") || columns.includes("logGasMassProfile");
  const seesTemperature = columns.includes("logTemperature");
  const all = supplementary && [...columns, ...supplementary];
  const unseen = [
    ...(seesTemperature || (seesProduct && seesGasMass) ? [] : ["temperature"]),
    ...(seesGasMass || (seesProduct && seesTemperature) ? [] : ["gas mass"]),
    ...(!all || all.includes("logLuminosity") ? [] : ["luminosity"]),
  ];
  return unseen.length === 0 ? null : {
    gap: `the network does not see ${unseen.join(" and ")}, which the exact answers read`,
  };
}

function reasonOf(answers: readonly (object | null)[]): string {
  const first = answers.find((answer) => answer !== null && isGap(answer)) as Gap | undefined;
  return first?.gap ?? "there are no exact answers for these catalogs";
}

function optimalFor(
  judged: JudgedClusters,
  ground: JudgingGround,
  unseen: Gap | null,
): OptimalGradient | Gap {
  const other = ground.columns.find((name) => OTHER_MASSES.includes(name));
  if (other) {
    return { gap: `the encoder sees ${other}, so that T and Mgas are not all it has of mass` };
  }
  if (unseen) return unseen;
  const { width, pixels, table: { logTemperature, logGasMass } } = judged;
  const rows = { width, pixels, logTemperature, logGasMass };
  return findOptimalGradient(ground.base, rows, ground.isNoisy);
}

function summarize(details: FaithfulnessDetails): Faithfulness {
  const leaveOneOut = isGap(details.leaveOneOut) ? details.leaveOneOut : details.leaveOneOut.score;
  const saliency = isGap(details.saliency) ? details.saliency : details.saliency.score;
  return {
    verdict: judgeFaithfulness(leaveOneOut, saliency),
    leaveOneOut,
    saliency,
    proxy: scoreProxy(details.proxies),
    weights: isGap(details.sensitivities) ? details.sensitivities : details.sensitivities.weights,
  };
}

function scoreProxy(proxies: ProxyFits | Gap): ProxyScore | Gap {
  if (isGap(proxies)) return proxies;
  const { terse, optimal } = proxies;
  if (!terse) return { gap: "the terse value does not vary from cluster to cluster" };
  if (!optimal) return { gap: "temperature and gas mass have no best combination to compare with" };
  return { ...terse, optimal: optimal.line };
}

/** Panels of the figures: a CSV file each, without those that a gap stands in for. */
export function faithfulnessColumns(
  details: FaithfulnessDetails,
  columns: readonly ColumnName[],
): FigureColumns {
  const { leaveOneOut, leaveOneOutOfOneNumber, saliency, optimal, sensitivities } = details;
  const { pattern, massSlopes } = details;
  const { gradient, spectrum } = isGap(saliency) || isGap(optimal)
    ? {}
    : saliencyComparisonColumns(saliency, optimal, { columns });
  return {
    ...(isGap(leaveOneOut) ? {} : { leave_one_out: leaveOneOut.columns }),
    ...(isGap(leaveOneOutOfOneNumber)
      ? {}
      : { leave_one_out_one_number: leaveOneOutOfOneNumber.columns }),
    ...(gradient && spectrum ? { gradient, spectrum } : {}),
    ...(isGap(sensitivities) ? {} : { sensitivities: sensitivityColumns(sensitivities) }),
    ...(isGap(pattern) ? {} : { pattern: patternColumns(pattern as readonly PatternPixel[]) }),
    ...(isGap(massSlopes)
      ? {}
      : { mass_slopes: massSlopeColumns(massSlopes as readonly MassSlopeBin[]) }),
  };
}
