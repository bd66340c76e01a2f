/**
 * How a network's posteriors must be changed to hold the truth as often as they say, measured on
 * new catalogs of the run's clusters: shifted and widened, and their ranks mapped. A network that
 * has trained for seconds is a few percent of a width off, which 20 000 catalogs show; one without
 * weak lensing has the form of its posteriors a little wrong, which the map mends.
 */
import { prepareCatalogs } from "../catalogs/catalog.ts";
import { drawParameters } from "../catalogs/priors.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { createMockCore } from "../features/fresh.ts";
import { isProbit } from "../features/label_scale.ts";
import type { ProbitScale } from "../features/normalization.ts";
import type { Engine } from "../model.ts";
import { inputWidths } from "../network/checkpoint.ts";
import { decodeProbits } from "../network/outputs.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { predictCatalogs } from "../network/trained_model.ts";
import { boundedProbability } from "../numerics/bounded_normal.ts";
import { normalQuantile } from "../numerics/distributions.ts";
import type { Random } from "../numerics/random.ts";
import { fitRankMap } from "../numerics/rank_map.ts";
import { mean, standardDeviation } from "../numerics/statistics.ts";

/**
 * Catalogs to measure on for each that was trained on: 39 740 of the full design, which leaves the shift
 * an error of 0.005 and the factor one of 0.4%. Of half as many, a rank test on 20 000 catalogs sees the
 * errors in one network of ten.
 */
const CATALOGS_PER_TRAINING = 10;

/** Catalogs in memory at a time. */
const CATALOGS_A_DRAW = 1000;

/** Part of the catalogs that this thread measures where another helps, whose programs are not warm yet. */
const OWN_PART = 0.55;

/** Polynomials of the map of the ranks. */
const RANK_TERMS = 3;

/** Some of the catalogs that a run is measured on. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

/** What a run's network says of a share of the catalogs. */
export interface MeasuredShare {
  /** Mean and ln variance of each catalog's probit. */
  readonly outputs: Float32Array;
  /** The truths' probits, less the predicted means and in predicted widths. */
  readonly pulls: Float64Array;
  /** sigma8 of each catalog. */
  readonly truth: Float64Array;
}

/** Another thread that measures a share of the catalogs. */
export interface RecalibrationHelp {
  /** What measures the rest on this thread meanwhile. */
  readonly engine: Engine;
  /** Begins to measure a share of the catalogs of {@linkcode recalibrateRun}'s arguments. */
  measure(run: TrainingRun<Experiment>, share: Share): Promise<Pick<MeasuredShare, "pulls">>;
  /** The ranks of the share's truths within posteriors of this scale. */
  rank(scale: ProbitScale): Promise<Float64Array>;
}

/** Where the catalogs of a recalibration come from. */
export interface RecalibrationOrigin {
  readonly base: BaseSample;
  /** Catalogs of an epoch. */
  readonly trained: number;
  /** Catalogs are drawn from it, and their sigma8 within its cell. */
  readonly random: Random;
}

/**
 * A run whose posteriors have the place, width and ranks that new catalogs ask for: the truths' probits, less
 * the predicted means and in predicted widths, have mean 0 and standard deviation 1 if these are right, and
 * their ranks are uniform. Runs with linear labels stay as they are.
 *
 * @param help Takes nearly half of the work; the bits are the same
 */
export async function recalibrateRun(
  engine: Engine,
  run: TrainingRun<Experiment>,
  origin: RecalibrationOrigin,
  help?: RecalibrationHelp,
): Promise<TrainingRun<Experiment>> {
  const { normalization } = run;
  const { sigma8: scale } = normalization;
  if (!isProbit(scale)) return run;
  const count = CATALOGS_PER_TRAINING * origin.trained;
  const end = help ? CATALOGS_A_DRAW * Math.round(OWN_PART * count / CATALOGS_A_DRAW) : count;
  const helped = help?.measure(run, { from: end, to: count });
  helped?.catch(() => {}); // it is awaited later
  const own = await measureShare(help?.engine ?? engine, run, origin, { from: 0, to: end });
  const pulls = join([own.pulls, (await helped)?.pulls]);
  const moved = { ...scale, shift: mean(pulls), widening: standardDeviation(pulls) };
  const others = help?.rank(moved);
  others?.catch(() => {});
  const ranks = join([rankShare(own, moved), await others]);
  const sigma8 = { ...moved, ranks: fitRankMap(ranks, RANK_TERMS) };
  return { ...run, normalization: { ...normalization, sigma8 } };
}

function join([first, second]: readonly [Float64Array, Float64Array | undefined]): Float64Array {
  if (!second) return first;
  const joined = new Float64Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Draws a share of the catalogs, and predicts them. */
export async function measureShare(
  engine: Engine,
  run: TrainingRun<Experiment>,
  { base, random }: Pick<RecalibrationOrigin, "base" | "random">,
  { from, to }: Share,
): Promise<MeasuredShare> {
  const { experiment: { architecture, catalog, features }, normalization, weights } = run;
  const scale = normalization.sigma8 as ProbitScale;
  const core = createMockCore(prepareCatalogs(base, catalog), features, normalization, {
    arrays: "reused",
  });
  const cells = random.fork("cells");
  for (let c = 0; c < from; c++) cells.words(); // one cell each
  const truth = new Float64Array(to - from);
  const outputs = new Float32Array(2 * (to - from));
  const network = await engine.create(architecture, inputWidths(features), weights);
  try {
    for (let first = from; first < to; first += CATALOGS_A_DRAW) {
      const count = Math.min(CATALOGS_A_DRAW, to - first);
      const parameters = drawParameters(catalog.priors, count, random, first);
      for (const [i, { sigma8 }] of parameters.entries()) {
        truth[first - from + i] = sigma8 + scale.step * (cells.uniform() - 0.5);
      }
      const found = await predictCatalogs(network, core.draw(parameters, random, first));
      outputs.set(found, 2 * (first - from));
    }
  } finally {
    network.dispose();
  }
  const { center, width } = decodeProbits(outputs, scale);
  const pulls = truth.map((sigma8, c) => (probitOf(sigma8, scale) - center[c]!) / width[c]!);
  return { outputs, pulls, truth };
}

/** The ranks of a share's truths within posteriors of a scale. */
export function rankShare(
  { outputs, truth }: Pick<MeasuredShare, "outputs" | "truth">,
  scale: ProbitScale,
): Float64Array {
  const posteriors = decodeProbits(outputs, scale);
  return truth.map((sigma8, c) => boundedProbability(posteriors, c, sigma8));
}

/** How near to an end of the prior's interval a truth is taken to be at most: there z is infinite. */
const LEAST_PLACE = 1e-12;

function probitOf(sigma8: number, { min, max }: ProbitScale): number {
  const place = (sigma8 - min) / (max - min);
  return normalQuantile(Math.min(Math.max(place, LEAST_PLACE), 1 - LEAST_PLACE));
}
