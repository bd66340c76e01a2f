/**
 * What `bench:faithful` measures of one network: scatter, ranks of the truth, faithfulness, correlation with
 * sigma8 at fixed mass, and the paper's conclusions.
 */
import { cellsOf } from "../src/catalogs/grid.ts";
import { measureCalibration } from "../src/evaluation/calibration.ts";
import { measureErrors } from "../src/evaluation/errors.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import type { FeatureArray } from "../src/features/features.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { judgeOverspecialization } from "../src/interpretation/overspecialization.ts";
import { tabulateTerse } from "../src/interpretation/terse_table.ts";
import type { Engine } from "../src/model.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { openModel } from "../src/network/trained_model.ts";
import { countParameters } from "../src/network/weights.ts";
import { drawFreshCatalogs } from "../src/runs/catalogs.ts";
import type { JudgedInterpretation } from "../src/runs/interpretation.ts";
import { buildAll } from "../src/runs/sets.ts";
import { openStream } from "../src/runs/streams.ts";
import type { Ground, Recipe } from "./faithful_networks.ts";

/** Ranks of the truth within a network's posteriors. */
export interface RankRecord {
  readonly catalogs: number;
  /** Chi-square probability of uniform ranks. */
  readonly probability: number;
  readonly covered68: number;
  readonly covered95: number;
  /** Scatter of sigma8 on the same catalogs. */
  readonly scatter: number;
}

/** Measurements of a network; `null` for those that do not apply to it. */
export interface NetworkRecord {
  readonly ground: Ground["name"];
  readonly network: string;
  readonly parameters: number;
  readonly epochs: number;
  /** CPU seconds of training and recalibration; `null` if it was read from a file. */
  readonly seconds: number | null;
  readonly fresh: { readonly catalogs: number; readonly scatter: number; readonly error: number };
  readonly ranks: RankRecord | null;
  readonly leaveOneOut: {
    readonly r: number;
    readonly rError: number;
    readonly slope: number;
    readonly rms: number;
    readonly noise: number;
    readonly exactRms: number;
    /** Least correlation in a mass bin above 10^13.9. */
    readonly least: number;
  } | null;
  readonly saliency: {
    readonly raw: number;
    readonly projected: number;
    readonly offManifold: number;
  } | null;
  readonly proxy: { readonly line: number; readonly within: number; readonly r: number } | null;
  /** Weight of log T over that of log Mgas. */
  readonly weights: { readonly found: number | null; readonly optimal: number } | null;
  /** r(terse, sigma8) at fixed mass, on the fresh catalogs. */
  readonly partial: { readonly r: number; readonly error: number } | null;
  readonly verdict: string;
}

/** Least log mass of the bins that count. */
const HEAVY = 13.9;

/** Measures a network on its ground. */
export async function measureNetwork(
  engine: Engine,
  recipe: Recipe,
  { run, seconds }: { readonly run: TrainingRun<Experiment>; readonly seconds: number | null },
  ground: Ground,
  { judged, ranks }: { readonly judged: JudgedInterpretation; readonly ranks: number },
): Promise<NetworkRecord> {
  const origin = { ...run.experiment, seed: ground.seed };
  const { architecture, features } = origin;
  const fresh = buildAll(origin, ground.fresh, openStream(ground.seed, "fresh"));
  const model = await openModel(engine, run);
  const predicted = await model.predict(fresh);
  const truth = fresh.map(({ sigma8 }) => sigma8);
  const random = openStream(ground.seed, "bootstrap").fork("fresh");
  const { scatter, scatterError } = measureErrors(predicted, truth, random, { edges: [] });
  const { partial } =
    judgeOverspecialization(await tabulateTerse(model, fresh, ground.fresh)).numbers;
  model.dispose();
  const { scores, details } = judged.faithfulness!;
  const { leaveOneOut: change, saliency, proxy, weights } = scores;
  return {
    ground: ground.name,
    network: recipe.name,
    parameters: countParameters(architecture, inputWidths(features)),
    epochs: origin.schedule.epochs,
    seconds: seconds === null ? null : Math.round(seconds),
    fresh: { catalogs: fresh.length, scatter, error: scatterError },
    ranks: architecture.outputs === "value" || ranks === 0
      ? null
      : await rankTruths(engine, run, ground, ranks),
    leaveOneOut: isGap(change) || isGap(details.leaveOneOut) ? null : {
      r: change.r,
      rError: details.leaveOneOut.rError ?? 0,
      slope: change.slope,
      rms: change.networkRms,
      noise: change.noise,
      exactRms: change.exactRms,
      least: Math.min(...change.bins.filter(({ from }) => from >= HEAVY).map(({ r }) => r ?? 0)),
    },
    saliency: isGap(saliency) ? null : {
      raw: saliency.rawCosine,
      projected: saliency.projectedCosine,
      offManifold: saliency.offManifold,
    },
    proxy: isGap(proxy)
      ? null
      : { line: proxy.line, within: proxy.withinCatalogs, r: proxy.rWithinCatalogs },
    weights: isGap(weights) ? null : weights,
    partial: partial && { r: partial.correlation, error: partial.error },
    verdict: scores.verdict.text,
  };
}

/** Most catalogs in memory. */
const AT_ONCE = 2000;

/** Ranks of the truth on new catalogs of the ground: those of `calibrate`, which begins with as many. */
async function rankTruths(
  engine: Engine,
  run: TrainingRun<Experiment>,
  { base, seed }: Ground,
  count: number,
): Promise<RankRecord> {
  const origin = { ...run.experiment, seed };
  const root = openStream(seed, "limit");
  const model = await openModel(engine, run);
  const all = {
    mean: [] as number[],
    width: [] as number[],
    center: [] as number[],
    spread: [] as number[],
  };
  const truth: number[] = [];
  let family: { readonly min: number; readonly max: number } | null = null;
  const rank = async (some: FeatureArray[]) => {
    const { mean, standardDeviation, probit } = await model.predictDistribution(some);
    all.mean.push(...mean);
    all.width.push(...standardDeviation);
    all.center.push(...Array.from(probit!.center));
    all.spread.push(...Array.from(probit!.width));
    truth.push(...some.map(({ sigma8 }) => sigma8));
    family ??= { ...probit! };
  };
  let held: FeatureArray[] = [];
  let first = 0;
  for (const catalog of drawFreshCatalogs(origin, base, count, root)) {
    held.push(...buildAll(origin, [catalog], root.fork("rows", first++)));
    if (held.length < AT_ONCE) continue;
    await rank(held);
    held = [];
  }
  if (held.length > 0) await rank(held);
  model.dispose();
  const { sigma8: grid } = origin.catalog.priors;
  const probit = { ...family!, center: all.center, width: all.spread };
  const found = measureCalibration(
    { kind: "gaussian", mean: all.mean, standardDeviation: all.width, probit },
    truth,
    { ...cellsOf(grid), step: grid.step },
    openStream(seed, "calibration"),
  );
  const covered = (level: number) => found.coverage.find((entry) => entry.level === level)!.covered;
  const random = openStream(seed, "bootstrap").fork("ranks");
  return {
    catalogs: count,
    probability: found.ranks.chiSquareProbability,
    covered68: covered(0.68),
    covered95: covered(0.95),
    scatter: measureErrors(Float64Array.from(all.mean), truth, random, { edges: [] }).scatter,
  };
}
