/**
 * Recalibrates the posteriors of a survey's network: warps that make the ranks of true values uniform, the
 * same for every catalog.
 *
 * A network is right to some 0.03 widths on average over the priors, which 3000 catalogs can see.
 */
import { prepareSkyCoreDrawing } from "../catalogs/sky/core/draw_core.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import { scoreTruth, type ScoreWarp, warpScore } from "../evaluation/sky/joint_posterior.ts";
import { fastNormalQuantile } from "../numerics/fast_normal.ts";
import type { Engine } from "../model.ts";
import { createRandom, type Random } from "../numerics/random.ts";
import { openSkyNetwork, type SkyNetwork, type SkyRun } from "./sky_network.ts";
import { drawSkyPair } from "./sky_training.ts";

/** Catalogs that are held in memory at a time. */
const CATALOGS_A_DRAW = 500;

/**
 * Fits the warps of S8 and omegaM on new catalogs.
 *
 * @param network Without warps of its own
 * @param count Catalogs: 50 000 leave 0.005 widths
 * @param random Catalog i takes `fork("catalog", i)`
 */
export async function recalibrateSky(
  network: SkyNetwork,
  survey: SkySurvey,
  count: number,
  random: Random,
): Promise<[ScoreWarp, ScoreWarp]> {
  const drawer = prepareSkyCoreDrawing(survey);
  const scores = [new Float64Array(count), new Float64Array(count)] as const;
  for (let first = 0; first < count; first += CATALOGS_A_DRAW) {
    const pairs = Array.from(
      { length: Math.min(CATALOGS_A_DRAW, count - first) },
      (_, i) => drawSkyPair(drawer, random.fork("catalog", first + i)),
    );
    const posteriors = await network.posteriors(pairs.map(({ mock }) => mock));
    posteriors.forEach((posterior, i) => {
      const [S8, omegaM] = scoreTruth(posterior, pairs[i]!.parameters);
      scores[0][first + i] = S8;
      scores[1][first + i] = omegaM;
    });
  }
  return [fitWarp(scores[0]), fitWarp(scores[1])];
}

/** A trained network with the warps that its recipe asks for. */
export async function recalibrateRun(engine: Engine, run: SkyRun): Promise<SkyRun> {
  const { survey, seed, recalibration: count } = run.recipe;
  if (count === 0) return run;
  const network = await openSkyNetwork(engine, run);
  const random = createRandom(seed).fork("sky recalibration");
  const warps = await recalibrateSky(network, survey, count, random);
  network.dispose();
  return { ...run, warps };
}

/** Largest absolute score at which a warp is fitted. */
const REACH = 4;

/**
 * The warp of scores whose distribution should be standard normal: by least squares on their quantiles.
 *
 * @param scores Of true values, a hundred or more
 */
export function fitWarp(scores: Float64Array): ScoreWarp {
  const sorted = scores.toSorted();
  const quantiles = sorted.map((_, i) => fastNormalQuantile((i + 0.5) / sorted.length));
  const project = (polynomial: (z: number) => number) =>
    sorted.reduce((sum, score, i) => sum + score * polynomial(quantiles[i]!), 0) / sorted.length;
  const warp: ScoreWarp = [
    project(() => 1),
    project((z) => z),
    project((z) => (z * z - 1) / Math.SQRT2),
    project((z) => z * (z * z - 3) / Math.sqrt(6)),
  ];
  // A warp that turns back would give two values one rank: then a shift and a width alone.
  for (let z = -REACH; z < REACH; z += 0.1) {
    if (!(warpScore(warp, z + 0.1) > warpScore(warp, z))) return [warp[0], warp[1], 0, 0];
  }
  return warp;
}
