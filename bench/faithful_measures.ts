/**
 * What `bench:faithful` measures of one network: scatter, ranks of the truth, faithfulness, correlation with
 * sigma8 at fixed mass, and the paper's conclusions.
 */
import { measureErrors } from "../src/evaluation/errors.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { judgeOverspecialization } from "../src/interpretation/overspecialization.ts";
import { tabulateTerse } from "../src/interpretation/terse_table.ts";
import type { Engine } from "../src/model.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { openModel } from "../src/network/trained_model.ts";
import { countParameters } from "../src/network/weights.ts";
import type { JudgedInterpretation } from "../src/runs/interpretation.ts";
import { buildAll } from "../src/runs/sets.ts";
import { openStream } from "../src/runs/streams.ts";
import type { Ground, Recipe } from "./faithful_networks.ts";
import type { RankCatalogs, RankRecord } from "./faithful_ranks.ts";
import { rankTruths } from "./faithful_ranks.ts";

/** Measurements of a network; `null` for those that do not apply to it. */
export interface NetworkRecord {
  readonly ground: Ground["name"];
  readonly network: string;
  readonly parameters: number;
  readonly epochs: number;
  /** Share of Table 3's widths of a network of the paper's form. */
  readonly share?: number;
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
  { judged, ranks }: {
    readonly judged: JudgedInterpretation;
    /** Catalogs to rank the truth on; `null` for a network that is not to be tested so. */
    readonly ranks: RankCatalogs | null;
  },
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
  const ranked = architecture.outputs === "value" || ranks === null
    ? null
    : await rankTruths(model, origin, ranks);
  model.dispose();
  const { scores, details } = judged.faithfulness!;
  const { leaveOneOut: change, saliency, proxy, weights } = scores;
  return {
    ground: ground.name,
    network: recipe.name,
    parameters: countParameters(architecture, inputWidths(features)),
    epochs: origin.schedule.epochs,
    ...(recipe.share === undefined ? {} : { share: recipe.share }),
    seconds: seconds === null ? null : Math.round(seconds),
    fresh: { catalogs: fresh.length, scatter, error: scatterError },
    ranks: ranked,
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
