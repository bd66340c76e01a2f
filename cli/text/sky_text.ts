/** The answer to a sky survey's catalog, for people. */
import { counted } from "../../src/numerics/counted.ts";
import type { SkySummary } from "../../src/evaluation/sky/posterior.ts";
import { LENSING_STATISTIC_NAMES } from "../../src/evaluation/sky/statistics.ts";
import { printable } from "../../src/observed/printable.ts";
import type { LensingAnswer } from "../../src/runs/sky_lensing_answer.ts";
import type { ConvertedPrediction } from "../stages/sky_prediction.ts";

/** Clusters that are listed with their influence. */
const LISTED = 5;

/** Statistics of lensing masses that are listed. */
const RESIDUALS = 3;

const format = ({ mean, deviation }: SkySummary): string =>
  `${mean.toFixed(3)} +- ${deviation.toFixed(3)}`;

const signed = (value: number): string => `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)}`;

const share = (p: number): string => p < 0.001 ? p.toExponential(0) : p.toFixed(3);

const NUMBERS = ["S8", "omegaM", "sigma8"] as const;

/** A number with its error and its 95% interval. */
function formatNumber(name: string, summary: SkySummary): string {
  const { quantiles } = summary;
  const [low, high] = [quantiles[0]!.toFixed(3), quantiles[4]!.toFixed(3)];
  return `  ${name.padEnd(7)} ${format(summary)}   ${low} to ${high}`;
}

/** The network's answer, with its distance from the likelihood's. */
function formatNetwork({ network, distance }: ConvertedPrediction): string[] {
  if ("missing" in network || distance === null) {
    return [`Network's answer: none${"missing" in network ? `, ${network.missing}` : ""}`];
  }
  return [
    "Network's answer, with its distance from the likelihood's in widths:",
    ...NUMBERS.map((name) => `${formatNumber(name, network[name])}   ${signed(distance[name])}`),
  ];
}

/** What lensing masses add. */
function formatLensing({ masses, bias, biasPrior, massScale, residuals, clusters }: LensingAnswer) {
  const measured = clusters.filter(({ withoutLensing }) => withoutLensing !== null)
    .toSorted((a, b) => Math.abs(b.withoutLensing!) - Math.abs(a.withoutLensing!));
  return [
    `${masses} lensing masses: bias b ${format(bias)} (prior ${biasPrior}), M500 E(z) of 5 keV ` +
    `${massScale.mean.toFixed(2)} +- ${massScale.deviation.toFixed(2)} [1e14 Msun, h = 0.7]`,
    ...residuals.slice(0, RESIDUALS).map(({ name, value, median, probability }) =>
      `  ${name}: ${signed(value)}, mocks ${signed(median)} (${share(probability)})`
    ),
    ...(measured.length === 0 ? [] : ["Without one lensing mass, change of S8 in widths:"]),
    ...measured.slice(0, LISTED).map(({ name, withoutLensing, slopes }) =>
      `  ${printable(name).padEnd(12)} ${signed(withoutLensing!)}  (slope with ln M_WL ` +
      `${signed(slopes.lensingMass!)})`
    ),
  ];
}

/** All that is said of a catalog, some twenty lines. */
export function formatSkyPrediction(prediction: ConvertedPrediction): string {
  const { likelihood, judgement, goodnessOfFit, influences, leansOn, leftOut, lensing } =
    prediction;
  const outside = [
    [leftOut.redshift, "outside the survey's redshifts"],
    [leftOut.flux, "below its flux limit"],
  ].filter(([count]) => count !== 0).map(([count, reason]) => `  ${count} left out: ${reason}`);
  return [
    `${counted(prediction.clusters, "cluster")} used in survey ${prediction.survey}`,
    ...outside,
    ...prediction.conversions.map((note) => `  ${printable(note)}`),
    `Likelihood's answer (all ${
      counted(lensing ? 15 : 14, "parameter")
    } free), with its 95% interval:`,
    ...NUMBERS.map((name) => formatNumber(name, likelihood[name])),
    ...formatNetwork(prediction),
    `Is it safe to apply? ${judgement.verdict} (probability ${share(judgement.probability)})`,
    ...judgement.reasons.map((reason) => `  ${reason}`),
    ...Object.entries(judgement.tests).map(([name, p]) => `  ${name}: ${share(p)}`),
    `Goodness of fit, ${lensing ? 33 + LENSING_STATISTIC_NAMES.length : 33} statistics: ${
      share(goodnessOfFit.student)
    } with Student-t scatter, ` +
    `${share(goodnessOfFit.gaussian)} with Gaussian`,
    ...goodnessOfFit.furthest.map(({ name, probability }) =>
      `  furthest out: ${name} (${share(probability)})`
    ),
    "Without one cluster, change of S8 and omegaM in posterior widths:",
    ...influences.slice(0, LISTED).map(({ name, S8, omegaM }) =>
      `  ${printable(name).padEnd(12)} ${signed(S8)}  ${signed(omegaM)}`
    ),
    ...(lensing ? formatLensing(lensing) : []),
    "The answer leans on (S8, omegaM):",
    ...leansOn.map((answer) =>
      `  ${answer.assumption}: ${format(answer.S8)}, ${format(answer.omegaM)}` +
      (answer.effectiveSamples < FEW
        ? ` (a hint: ${Math.round(answer.effectiveSamples)} samples)`
        : "")
    ),
    "Faults within the priors cannot be seen: temperatures or gas masses wrong by 15%, say.",
  ].join("\n");
}

/** With fewer independent samples an answer that was weighted anew is marked. */
const FEW = 100;
