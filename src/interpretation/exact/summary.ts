/**
 * What the exact answers of many catalogs say together: how wide posteriors are, and how much
 * leaving out one cluster matters by its mass.
 */
import { PARETO_LIMIT } from "../../numerics/pareto_tail.ts";
import { mean, quantile, standardDeviation } from "../../numerics/statistics.ts";
import { correlateIfVaried } from "../catalog_correlation.ts";
import { binByMass } from "../mass_bins.ts";
import type { ExactAnswers, ExactCatalog } from "./exact_catalog.ts";
import type { Gap } from "./gap.ts";
import { isGap } from "./gap.ts";

/** Exact answers of one catalog, with the masses that they are shown by. */
export interface MassedAnswers extends ExactCatalog {
  /** log10 M500c of its clusters [Msun/h]. */
  readonly logMass: Float64Array;
}

/** Answers for one choice of what is read of a cluster. */
export interface ExactChoiceSummary {
  /** Root mean square width of the posteriors of sigma8. */
  readonly width: number;
  /** Mean of the exact changes. */
  readonly meanChange: number;
  /** Scatter of the exact changes about their mean. */
  readonly changeRms: number;
  /** 68% of the changes are smaller than this, either sign; compare the paper's 0.003. */
  readonly halfWidth: number;
  /** Typical standard error of a change, from the sampling. */
  readonly changeNoise: number;
  /** Clusters whose Pareto index says not to use their change. */
  readonly unreliable: number;
}

/** Exact changes of the clusters of one mass bin. */
export interface ExactBand {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** Number of clusters. */
  readonly count: number;
  /** Mean change with everything read. */
  readonly mean: number;
  /** Low end of the middle 68%. */
  readonly low: number;
  /** High end of the middle 68%. */
  readonly high: number;
  /** Share of the clusters whose absence raises sigma8. */
  readonly raised: number;
}

/** Exact answers of many catalogs. */
export interface ExactSummary {
  /** Catalogs with answers for both choices. */
  readonly catalogs: number;
  /** Their clusters. */
  readonly clusters: number;
  /** Catalogs without, and why; places among those given. */
  readonly gaps: readonly { readonly catalog: number; readonly gap: string }[];
  /** Summary with log T and log Mgas. */
  readonly everything: ExactChoiceSummary;
  /** Summary with the best single number in place of log T and log Mgas. */
  readonly oneNumber: ExactChoiceSummary;
  /** Correlation of the changes of both; `null` where one does not vary. */
  readonly r: number | null;
  /** Summaries by mass. */
  readonly bands: readonly ExactBand[];
}

/**
 * Summarizes exact answers.
 *
 * @returns A gap if no catalog has answers
 */
export function summarizeExact(catalogs: readonly MassedAnswers[]): ExactSummary | Gap {
  const gaps = catalogs.flatMap((answers, catalog) => {
    const gap = gapOf(answers.everything) ?? gapOf(answers.oneNumber);
    return gap === null ? [] : [{ catalog, gap }];
  });
  const answered = catalogs.filter((_, c) => !gaps.some(({ catalog }) => catalog === c));
  const choice = (name: keyof ExactCatalog) =>
    answered.map((answers) => answers[name] as ExactAnswers);
  if (answered.length === 0) {
    return { gap: gaps[0]?.gap ?? "there are no exact answers for these catalogs" };
  }
  const [everything, oneNumber] = [choice("everything"), choice("oneNumber")];
  const [changes, changesOfOne] = [everything, oneNumber].map((all) => join(all, "change"));
  const logMass = concatenate(answered.map((answers) => answers.logMass));
  return {
    catalogs: answered.length,
    clusters: logMass.length,
    gaps,
    everything: describe(everything),
    oneNumber: describe(oneNumber),
    r: correlateIfVaried(changes!, changesOfOne!),
    bands: binByMass(logMass).bins.map(({ from, to, members }) => {
      const values = Float64Array.from(members, (i) => changes![i]!);
      return {
        from,
        to,
        count: members.length,
        mean: mean(values),
        low: quantile(values, 0.16),
        high: quantile(values, 0.84),
        raised: values.filter((value) => value > 0).length / values.length,
      };
    }),
  };
}

function gapOf(answers: ExactAnswers | Gap): string | null {
  if (isGap(answers)) return answers.gap;
  return isGap(answers.leaveOneOut) ? answers.leaveOneOut.gap : null;
}

function join(all: readonly ExactAnswers[], name: "change" | "error" | "paretoK"): Float64Array {
  return concatenate(
    all.flatMap(({ leaveOneOut }) => isGap(leaveOneOut) ? [] : [leaveOneOut[name]]),
  );
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

function describe(all: readonly ExactAnswers[]): ExactChoiceSummary {
  const change = join(all, "change");
  const rootMeanSquare = (values: Float64Array) => Math.sqrt(mean(values.map((x) => x * x)));
  return {
    width: rootMeanSquare(Float64Array.from(all, ({ posterior }) => posterior.standardDeviation)),
    meanChange: mean(change),
    changeRms: standardDeviation(change),
    halfWidth: quantile(change.map(Math.abs), 0.68),
    changeNoise: rootMeanSquare(join(all, "error")),
    unreliable: join(all, "paretoK").filter((k) => !(k <= PARETO_LIMIT)).length,
  };
}
