/**
 * What work on a survey's network will hold and take, estimated from the survey before anything is
 * made.
 */
import { LIKELIHOOD_NODES, prepareSkyAbundance } from "../catalogs/sky/abundance.ts";
import { drawSkyParameters } from "../catalogs/sky/draw.ts";
import { skyPriors } from "../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import { skyWidth } from "../features/sky_inputs.ts";
import { createRandom } from "../numerics/random.ts";
import type { Need } from "./needs.ts";

/** Number of clusters in a survey's catalogs under the priors. */
export interface SkySize {
  /** Mean number expected. */
  readonly mean: number;
  /** The largest number expected among some hundred draws of the priors. */
  readonly most: number;
  /** Numbers of each cluster that a network sees. */
  readonly width: number;
}

/** Draws of the priors: the mean is good to some 7%. */
const DRAWS = 200;

/** How many clusters a survey's catalogs have. */
export function sizeSurvey(survey: SkySurvey): SkySize {
  const abundance = prepareSkyAbundance(survey, LIKELIHOOD_NODES);
  const random = createRandom(1).fork("size of a survey");
  const counts = Array.from(
    { length: DRAWS },
    (_, i) => abundance.compute(drawSkyParameters(skyPriors(survey), random.fork(i))).expected,
  );
  return {
    mean: counts.reduce((sum, count) => sum + count, 0) / DRAWS,
    most: Math.max(...counts),
    width: skyWidth(survey),
  };
}

/** Fewest clusters that catalogs must have on average for a network to learn of them. */
export const FEWEST_CLUSTERS = 4;

/**
 * Throws if a survey finds fewer than {@linkcode FEWEST_CLUSTERS} clusters on average.
 *
 * @throws {RangeError} With the number
 */
export function checkSkySize({ mean }: SkySize): void {
  if (mean >= FEWEST_CLUSTERS) return;
  throw new RangeError(
    `Cannot use survey for a network: it finds ${
      mean.toPrecision(2)
    } clusters on average over the ` +
      `priors, ${FEWEST_CLUSTERS} or more are needed`,
  );
}

/** How much a command draws, trains and measures. */
export interface SkyWork {
  /** Catalogs that a training holds. */
  readonly trained?: number;
  /** Catalogs that are measured. */
  readonly fresh?: number;
  /** Explicit posteriors. */
  readonly posteriors?: number;
}

/** Bytes of a catalog's arrays and records. */
const CATALOG_OBJECTS = 1000;
/** Bytes of one number of a cluster that a network is trained on. */
const TRAINED_BYTES = 4;
/** Bytes of a cluster in an evaluation: nine columns of doubles and the network's inputs. */
const FRESH_BYTES = 9 * 8 + 6 * 4;
/** Bytes of a network's posterior: its points, quantiles and ranks. */
const JUDGED_OBJECTS = 3000;
/** Bytes of an explicit posterior of a mock. */
const EXPLICIT_OBJECTS = 1000;
/** Catalogs of an evaluation that are held at once, see sky_evaluation.ts. */
const FRESH_AT_ONCE = 500;
/** Rows of a network's layers: a step of 64 catalogs, or a prediction. */
const ROWS = 20_000;
/** Bytes of a row in the network: its units in the forward and the backward pass. */
const ROW_BYTES = 2 * 4 * 600;

/** Lists what some work holds in memory; a command needs the sum. */
export function skyNeeds({ mean, most, width }: SkySize, work: SkyWork): Need[] {
  const { trained = 0, fresh = 0, posteriors = 0 } = work;
  const held = Math.min(fresh, FRESH_AT_ONCE);
  const objects = trained * CATALOG_OBJECTS;
  const judged = fresh * JUDGED_OBJECTS + posteriors * EXPLICIT_OBJECTS;
  return [
    {
      what: `${trained} catalogs of ${Math.round(mean)} clusters`,
      bytes: objects + trained * mean * width * TRAINED_BYTES,
      objects,
      characters: 0,
    },
    {
      what: `${fresh} posteriors of new catalogs and ${posteriors} explicit ones`,
      bytes: judged + held * mean * FRESH_BYTES,
      objects: judged,
      characters: 0,
    },
    {
      what: `a network on catalogs of up to ${Math.round(most)} clusters`,
      bytes: Math.max(ROWS, 2 * most) * ROW_BYTES,
      objects: 0,
      characters: 0,
    },
  ];
}

/** CPU seconds of drawing a catalog and each of its clusters, and of a cluster in a training step. */
const DRAW_SECONDS = 1.5e-4;
const CLUSTER_SECONDS = 2.5e-6;
const STEP_SECONDS = 1.3e-6;

/** CPU seconds of a training, to a factor of two: measured on one thread of an AMD EPYC. */
export function trainingSeconds(
  { mean }: SkySize,
  { catalogs, fresh, epochs }: {
    readonly catalogs: number;
    readonly fresh: number;
    readonly epochs: number;
  },
): number {
  const drawn = catalogs + fresh * (epochs - 1);
  return drawn * (DRAW_SECONDS + mean * CLUSTER_SECONDS) + catalogs * epochs * mean * STEP_SECONDS;
}
