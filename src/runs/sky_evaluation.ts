/**
 * Errors and calibration of the network of a survey on the sky, on new catalogs: of S8, omegaM and
 * sigma8, and of the two together.
 */
import { prepareSkyCoreDrawing } from "../catalogs/sky/core/draw_core.ts";
import { SKY_PRIORS } from "../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import { type Calibration, measureCalibration } from "../evaluation/calibration.ts";
import {
  type JudgedCosmology,
  judgePosterior,
  measureSkyCoverage,
  SKY_COSMOLOGY,
  type SkyCosmologyName,
  type SkyCoverage,
} from "../evaluation/sky/coverage.ts";
import { jointPoints } from "../evaluation/sky/joint_posterior.ts";
import { credibilityAbout, testJointPoints } from "../evaluation/sky/joint_points.ts";
import { weightedQuantiles } from "../evaluation/sky/posterior.ts";
import type { Random } from "../numerics/random.ts";
import type { KolmogorovSmirnov } from "../numerics/statistics.ts";
import type { SkyNetwork } from "./sky_network.ts";
import { drawSkyPair } from "./sky_training.ts";

/** Errors and calibration of a network. */
export interface SkyEvaluation {
  /** Number of catalogs that it was measured on. */
  readonly count: number;
  /** Errors, widths, coverage and the test of ranks, by number. */
  readonly coverage: Readonly<Record<SkyCosmologyName, SkyCoverage>>;
  /** Rank statistics (SBC), TARP, coverage at many levels, and what is wrong, by number. */
  readonly calibration: Readonly<Record<SkyCosmologyName, Calibration>>;
  /** TARP of (S8, omegaM) together. */
  readonly joint: KolmogorovSmirnov;
}

/** Probabilities whose quantiles stand for a posterior. */
const PROBABILITIES: readonly number[] = Array.from({ length: 39 }, (_, k) => (k + 1) / 40);

/** The range that each number can have under the priors. */
function rangeOf(name: SkyCosmologyName): { readonly min: number; readonly max: number } {
  const { S8, omegaM } = SKY_PRIORS as Readonly<
    Record<"S8" | "omegaM", { min: number; max: number }>
  >;
  if (name === "S8") return S8;
  if (name === "omegaM") return omegaM;
  const at = (S8: number, omegaM: number) => SKY_COSMOLOGY.sigma8({ S8, omegaM });
  return { min: at(S8.min, omegaM.max), max: at(S8.max, omegaM.min) };
}

/** Catalogs that are held in memory at a time. */
const CATALOGS_A_DRAW = 500;

/**
 * Measures a network on catalogs drawn from the priors.
 *
 * @param survey The survey that draws them
 * @param count Catalogs, 10 or more
 * @param random Catalog i takes `fork("catalog", i)`
 */
export async function evaluateSkyNetwork(
  network: SkyNetwork,
  survey: SkySurvey,
  count: number,
  random: Random,
): Promise<SkyEvaluation> {
  const drawer = prepareSkyCoreDrawing(survey);
  const names = Object.keys(SKY_COSMOLOGY) as SkyCosmologyName[];
  const judged: JudgedCosmology[] = [];
  const credibilities: number[] = [];
  const quantiles: Record<SkyCosmologyName, number[]> = { S8: [], omegaM: [], sigma8: [] };
  for (let first = 0; first < count; first += CATALOGS_A_DRAW) {
    const pairs = Array.from(
      { length: Math.min(CATALOGS_A_DRAW, count - first) },
      (_, i) => drawSkyPair(drawer, random.fork("catalog", first + i)),
    );
    const posteriors = await network.posteriors(pairs.map(({ mock }) => mock));
    posteriors.forEach((posterior, i) => {
      const points = jointPoints(posterior);
      const { parameters } = pairs[i]!;
      judged.push(judgePosterior(points, parameters));
      const stream = random.fork("point", first + i);
      credibilities.push(credibilityAbout(points, parameters, stream));
      for (const name of names) {
        const values = Float64Array.from(points.parameters, SKY_COSMOLOGY[name]);
        quantiles[name].push(...weightedQuantiles(values, points.weights, PROBABILITIES));
      }
    });
  }
  const of = <T>(measure: (name: SkyCosmologyName) => T) =>
    Object.fromEntries(names.map((name) => [name, measure(name)])) as Record<SkyCosmologyName, T>;
  return {
    count,
    coverage: of((name) => measureSkyCoverage(judged.map((mock) => mock[name]))),
    calibration: of((name) =>
      measureCalibration(
        { kind: "quantiles", probabilities: PROBABILITIES, quantiles: quantiles[name] },
        judged.map((mock) => mock[name].truth),
        rangeOf(name),
        random.fork("calibration", name),
      )
    ),
    joint: testJointPoints(credibilities),
  };
}
