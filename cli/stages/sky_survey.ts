/**
 * The stage of `survey`: what a flux-limited survey finds, and the likelihood and posterior of a
 * catalog of it.
 */
import { expectClusters, type SkyExpectation } from "../../src/catalogs/sky/abundance.ts";
import { countLensing } from "../../src/catalogs/sky/lensing.ts";
import { FIDUCIAL_SKY, type SkyParameters } from "../../src/catalogs/sky/parameters.ts";
import type { SkySurvey } from "../../src/catalogs/sky/survey.ts";
import { SKY_COSMOLOGY } from "../../src/evaluation/sky/coverage.ts";
import { distributeSky } from "../../src/evaluation/sky/distributions.ts";
import { refuseFluxGap } from "../../src/evaluation/sky/flux_gap.ts";
import { refuseLensingUnit } from "../../src/evaluation/sky/lensing_offsets.ts";
import { prepareSkyLikelihood } from "../../src/evaluation/sky/likelihood.ts";
import {
  sampleSkyPosterior,
  type SkyPosterior,
  type SkySummary,
  summarizeSky,
} from "../../src/evaluation/sky/posterior.ts";
import { createRandom } from "../../src/numerics/random.ts";
import type { SkyCatalog } from "../../src/observed/sky_catalog.ts";
import type { SkyCloud } from "../../src/report/figures/sky_posterior.ts";
import { RunError, UsageError } from "../program/errors.ts";
import {
  openDetectionTable,
  openSkyCatalog,
  openSkyParameters,
  openSkySurvey,
  saveSkyFigure,
  saveSkyPosterior,
} from "../storage/sky_files.ts";

/** The survey, and what is asked about it. */
export interface SurveyValues {
  /** Name of a survey, or path of its JSON file. */
  readonly survey: string;
  /** Path of the parameters; undefined for the fiducial ones. */
  readonly parameters: string | undefined;
  /** Path of a catalog that the survey found. */
  readonly catalog: string | undefined;
  readonly posterior: boolean;
  /** Path of the probability of detection above the limit. */
  readonly detection: string | undefined;
  readonly seed: number;
}

/** What a survey finds, and what a catalog of it tells. */
export interface SurveyFindings {
  readonly expectation: SkyExpectation;
  /** Number of clusters in the catalog and its likelihood; undefined without a catalog. */
  readonly catalog: {
    readonly count: number;
    readonly lnLikelihood: number;
    /** Clusters with a lensing mass; undefined for a survey without. */
    readonly lensingMasses: number | undefined;
  } | undefined;
  /** Cosmology and the bias of lensing masses by name; undefined unless the posterior was asked for. */
  readonly posterior: {
    readonly summaries: readonly (readonly [string, SkySummary])[];
    readonly effectiveSamples: number;
  } | undefined;
  /** Writes figures and the numbers in them to a folder; of the posterior, if it was sampled. */
  saveFigure(folder: string): void;
}

/** Computes what the options ask for. */
export function surveySky(values: SurveyValues): SurveyFindings {
  if (values.posterior && values.catalog === undefined) {
    throw new UsageError("Cannot sample posterior: there is no catalog, --catalog FILE is needed");
  }
  const survey = openSkySurvey(values.survey);
  const parameters = values.parameters === undefined
    ? FIDUCIAL_SKY
    : openSkyParameters(values.parameters);
  const selection = values.detection === undefined
    ? {}
    : { detection: openDetectionTable(values.detection) };
  const catalog = values.catalog === undefined ? undefined : openSkyCatalog(values.catalog, survey);
  if (catalog !== undefined && values.detection === undefined) {
    refuseFluxGap(catalog.clusters, survey);
  }
  if (catalog !== undefined) refuseLensingUnit(catalog.clusters, survey);
  const expectation = expectClusters(survey, parameters, selection);
  const likelihood = catalog && prepareSkyLikelihood(survey, catalog.clusters, selection);
  const lnLikelihood = likelihood?.lnLikelihood(parameters);
  if (lnLikelihood !== undefined && !Number.isFinite(lnLikelihood)) {
    throw new RunError(
      "Cannot take likelihood: at these parameters the catalog's clusters would have masses that no " +
        "cluster has; lnL, lnT, lnG and their slopes should be nearer to the catalog's",
    );
  }
  const posterior = values.posterior && likelihood !== undefined
    ? sampleSkyPosterior(likelihood, createRandom(values.seed))
    : undefined;
  return {
    expectation,
    catalog: catalog && {
      count: catalog.clusters.redshift.length,
      lnLikelihood: lnLikelihood!,
      lensingMasses: survey.lensing && countLensing(catalog.clusters.lensing),
    },
    posterior: posterior && {
      summaries: [...summarizeCosmology(posterior), ...summarizeBias(posterior)],
      effectiveSamples: posterior.effectiveSamples,
    },
    saveFigure: (folder) => {
      writeFigure(folder, survey, parameters, selection, catalog);
      if (posterior !== undefined) saveSkyPosterior(folder, cloudOf(posterior));
    },
  };
}

function summarizeCosmology(posterior: SkyPosterior): [string, SkySummary][] {
  const { sigma8, omegaM, S8 } = SKY_COSMOLOGY;
  return Object.entries({ sigma8, omegaM, S8 })
    .map(([name, quantity]) => [name, summarizeSky(posterior, quantity)]);
}

/** The bias of lensing masses, if they have one. */
function summarizeBias(posterior: SkyPosterior): [string, SkySummary][] {
  if (posterior.priors.lensingBias === undefined) return [];
  return [["lensingBias", summarizeSky(posterior, ({ lensingBias = 0 }) => lensingBias)]];
}

/** The posterior's points of cosmology. */
function cloudOf({ parameters, weights }: SkyPosterior): SkyCloud {
  return {
    omegaM: Float64Array.from(parameters, SKY_COSMOLOGY.omegaM),
    sigma8: Float64Array.from(parameters, SKY_COSMOLOGY.sigma8),
    weights,
  };
}

function writeFigure(
  folder: string,
  survey: SkySurvey,
  parameters: SkyParameters,
  selection: Parameters<typeof distributeSky>[2],
  catalog: SkyCatalog | undefined,
): void {
  const found = catalog && {
    redshift: catalog.clusters.redshift,
    logFlux: catalog.clusters.lnFlux.map((ln) => ln / Math.LN10),
  };
  saveSkyFigure(folder, distributeSky(survey, parameters, selection), found);
}
