/**
 * The answer of the explicit likelihood to an observed catalog of a survey on the sky: its
 * posterior, its goodness of fit, a verdict, and what the answer leans on.
 */
import { counted } from "../numerics/counted.ts";
import { prepareSkyCoreDrawing } from "../catalogs/sky/core/draw_core.ts";
import { countLensing } from "../catalogs/sky/lensing.ts";
import { MASS_SCALE, massScalePrior, type SkyPriors } from "../catalogs/sky/parameters.ts";
import { takeSkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import type { ComparedStatistic } from "../evaluation/sky/comparison.ts";
import { SKY_COSMOLOGY, type SkyCosmologyName } from "../evaluation/sky/coverage.ts";
import {
  changeLikelihood,
  changePrior,
  leaveEachOutOrSample,
  type Reweighted,
} from "../evaluation/sky/influence.ts";
import { prepareSkyLikelihood } from "../evaluation/sky/likelihood.ts";
import {
  sampleSkyPosterior,
  type SkyPosterior,
  type SkySampling,
  type SkySummary,
  summarizeSky,
} from "../evaluation/sky/posterior.ts";
import { withoutLensing } from "../evaluation/sky/sensitivity.ts";
import { drawReference } from "../evaluation/sky/reference.ts";
import {
  judgeSkyCatalog,
  predictStatistics,
  realisticDrawing,
  type SkyJudgement,
} from "../evaluation/sky/verdict.ts";
import type { Random } from "../numerics/random.ts";
import type { SkyCatalog } from "../observed/sky_catalog.ts";
import { answerOfLensing, type LensingAnswer } from "./sky_lensing_answer.ts";

/** Mean and width of S8, omegaM and sigma8. */
export type SkyAnswer = Readonly<Record<SkyCosmologyName, SkySummary>>;

/** The posterior under another assumption. */
export interface LeanedAnswer extends SkyAnswer {
  /** The assumption, in words. */
  readonly assumption: string;
  /** Number of independent samples that are left after reweighting. */
  readonly effectiveSamples: number;
}

/** A cluster, and how the answer changes without it. */
export interface NamedInfluence {
  /** Name of the cluster. */
  readonly name: string;
  /** Change of S8 when it is left out, in posterior widths. */
  readonly S8: number;
  /** Change of omegaM when it is left out, in posterior widths. */
  readonly omegaM: number;
}

/** Everything that is predicted from a catalog. */
export interface SkyPrediction {
  /** Clusters that are used. */
  readonly clusters: number;
  /** Rows that were left out. */
  readonly leftOut: SkyCatalog["leftOut"];
  /** The likelihood's answer. */
  readonly likelihood: SkyAnswer & { readonly effectiveSamples: number };
  /** Probability of all statistics, 33 and with lensing masses 14 more, under the posterior, with real scatter and with Gaussian. */
  readonly goodnessOfFit: {
    readonly student: number;
    readonly gaussian: number;
    /** The least probable statistics under Student scatter. */
    readonly furthest: readonly ComparedStatistic[];
  };
  /** Whether the answer may be applied. */
  readonly judgement: SkyJudgement;
  /** Every cluster, the most influential on S8 first. */
  readonly influences: readonly NamedInfluence[];
  /** The answer under other assumptions. */
  readonly leansOn: readonly LeanedAnswer[];
  /** What lensing masses add; left out for a survey that has none. */
  readonly lensing?: LensingAnswer;
}

/** Statistics of the goodness of fit that are listed. */
const LISTED = 3;

/**
 * Predicts from a catalog with the explicit likelihood.
 *
 * @param random Streams "posterior", "mocks", "influence" and "reference" are forked from it
 * @param sampling How long the posterior is sampled
 */
export function predictSky(
  survey: SkySurvey,
  catalog: SkyCatalog,
  random: Random,
  sampling?: SkySampling,
): SkyPrediction {
  return describeSkyCatalog(survey, catalog, random, sampling).prediction;
}

/** {@linkcode predictSky} with the posterior that all of it rests on. */
export function describeSkyCatalog(
  survey: SkySurvey,
  { clusters, names, leftOut }: SkyCatalog,
  random: Random,
  sampling?: SkySampling,
): { readonly prediction: SkyPrediction; readonly posterior: SkyPosterior } {
  // First, because a catalog of a number that the survey never finds is refused by it at once.
  const drawing = realisticDrawing(clusters, survey);
  const reference = drawReference(
    survey,
    clusters,
    prepareSkyCoreDrawing(survey, drawing),
    random.fork("reference"),
  );
  const likelihood = prepareSkyLikelihood(survey, clusters);
  const posterior = sampleSkyPosterior(likelihood, random.fork("posterior"), undefined, sampling);
  const fit = (own: typeof drawing) =>
    predictStatistics(survey, clusters, posterior, own, random.fork("mocks"));
  const student = fit(drawing);
  const count = clusters.redshift.length;
  const quantities = [SKY_COSMOLOGY.S8, SKY_COSMOLOGY.omegaM];
  const stream = random.fork("influence");
  const influences = leaveEachOutOrSample(
    posterior,
    likelihood,
    quantities,
    { survey, clusters, random: stream, sampling },
  )
    .map(({ row, changes }) => ({
      name: names?.[row] ?? `row ${row + 1}`,
      S8: changes[0]!,
      omegaM: changes[1]!,
    }))
    .sort((a, b) => Math.abs(b.S8) - Math.abs(a.S8));
  const { lensingSample } = drawing;
  const gaussian = fit(lensingSample === undefined ? {} : { lensingSample });
  const lensing = answerOfLensing(posterior, survey, clusters, student.statistics, names);
  const prediction = {
    clusters: count,
    leftOut,
    likelihood: {
      ...answer(posterior, posterior),
      effectiveSamples: posterior.effectiveSamples,
    },
    goodnessOfFit: {
      student: student.distanceProbability,
      gaussian: gaussian.distanceProbability,
      furthest: student.statistics.slice(0, LISTED),
    },
    judgement: judgeSkyCatalog(survey, clusters, reference, names),
    influences,
    leansOn: [
      ...listAssumptions(survey, clusters, posterior),
      ...leanOnLensing(survey, clusters, posterior, random.fork("assumptions"), sampling),
    ],
    ...(lensing && { lensing }),
  };
  return { prediction, posterior };
}

function answer(posterior: SkyPosterior, { weights }: Pick<Reweighted, "weights">): SkyAnswer {
  return {
    sigma8: summarizeSky(posterior, SKY_COSMOLOGY.sigma8, weights),
    omegaM: summarizeSky(posterior, SKY_COSMOLOGY.omegaM, weights),
    S8: summarizeSky(posterior, SKY_COSMOLOGY.S8, weights),
  };
}

/** Reweights the posterior to other priors of the mass scale, and to a higher redshift cut. */
function listAssumptions(
  survey: SkySurvey,
  clusters: SkyCatalog["clusters"],
  posterior: SkyPosterior,
): LeanedAnswer[] {
  const [scale, error] = MASS_SCALE;
  const priors: [string, number, number][] = [
    ["mass scale known to 5%", scale, 0.05],
    ["masses 10% higher (hydrostatic bias 1 - b = 0.9)", scale / 0.9, error],
    ["masses 10% lower", scale * 0.9, error],
  ];
  const cases = priors.map(([assumption, mass, deviation]): [string, Reweighted] => [
    assumption,
    changePrior(posterior, "lnT", massScalePrior(mass, deviation)),
  ]);
  const cut = survey.redshiftMin * 1.5;
  const rows = Array.from(clusters.redshift.keys()).filter((row) => clusters.redshift[row]! > cut);
  if (cut < survey.redshiftMax && rows.length > 0 && rows.length < clusters.redshift.length) {
    const further = { ...survey, redshiftMin: cut };
    cases.push([
      `redshifts above ${Number(cut.toPrecision(3))} (${counted(rows.length, "cluster")})`,
      changeLikelihood(
        posterior,
        prepareSkyLikelihood(survey, clusters),
        prepareSkyLikelihood(further, takeSkyClusters(clusters, rows)),
      ),
    ]);
  }
  return cases.map(([assumption, reweighted]) => ({
    assumption,
    ...answer(posterior, reweighted),
    effectiveSamples: reweighted.effectiveSamples,
  }));
}

/** A mass scale of temperatures that is all but free, as an error of ln M. */
const FREE_SCALE = 0.6;

/**
 * The answer with another bias of the lensing masses, with none of them, and with them alone as the scale
 * of mass. The last two are too far from the posterior's own points to weight these anew: they are sampled.
 */
function leanOnLensing(
  survey: SkySurvey,
  clusters: SkyCatalog["clusters"],
  posterior: SkyPosterior,
  random: Random,
  sampling?: SkySampling,
): LeanedAnswer[] {
  if (survey.lensing === undefined || countLensing(clusters.lensing) === 0) return [];
  const { priors } = posterior;
  const low = { kind: "normal", mean: Math.log(0.9), deviation: survey.lensing.biasError } as const;
  const biased = changePrior(posterior, "lensingBias", low);
  const sample = (own: SkyCatalog["clusters"], changes: Partial<SkyPriors>, name: string) =>
    sampleSkyPosterior(
      prepareSkyLikelihood(survey, own),
      random.fork(name),
      { ...priors, ...changes },
      sampling,
    );
  const bare = sample(withoutLensing(clusters), {}, "no lensing");
  const free = { lnT: massScalePrior(MASS_SCALE[0], FREE_SCALE) };
  const alone = sample(clusters, free, "lensing alone");
  return [
    {
      assumption: "lensing masses 10% low",
      ...answer(posterior, biased),
      effectiveSamples: biased.effectiveSamples,
    },
    {
      assumption: "no lensing masses",
      ...answer(bare, bare),
      effectiveSamples: bare.effectiveSamples,
    },
    {
      assumption: "mass scale from lensing masses alone",
      ...answer(alone, alone),
      effectiveSamples: alone.effectiveSamples,
    },
  ];
}
