/**
 * Is it safe to apply? Appendix B's question of a trained network and an observed catalog, answered
 * with a verdict, its reasons and their numbers.
 *
 * Catalogs differ: each has its own biases, which its clusters share, so that clusters pooled over
 * catalogs cannot serve as a yardstick. An observed catalog is compared, as one, with single mock catalogs:
 * where do its statistics fall among theirs?
 */
import type { Catalog } from "../catalogs/catalog.ts";
import type { FeatureArray } from "../features/features.ts";
import type { Model } from "../model.ts";
import { testDiscrepancy } from "../numerics/maximum_mean_discrepancy.ts";
import type { Random } from "../numerics/random.ts";
import { kolmogorovSmirnov } from "../numerics/statistics.ts";
import type {
  ColumnCheck,
  RangeCheck,
  Safety,
  StabilityCheck,
  TerseCheck,
} from "./safety/findings.ts";
import {
  describeOutside,
  describeStability,
  describeTests,
  describeUnfit,
} from "./safety/reasons.ts";
import type { SafetyReference } from "./safety/reference.ts";
import { measureChanges } from "./safety/network_findings.ts";
import { rangeAt } from "./safety/scaling.ts";
import type { Deviation } from "./safety/scores.ts";
import { compareStatistics, probabilityOf, scoreCatalog } from "./safety/scores.ts";
import type { Pool, Quantity } from "./safety/statistics.ts";
import { kernelWidth, measureStatistics, TERSE } from "./safety/statistics.ts";
import { seeCatalog } from "./safety/view.ts";

/** Share of sound catalogs that a verdict other than "consistent" may be for. */
export const CAUTION_PROBABILITY = 0.03;

/** What is known about a catalog in addition to its clusters. */
export interface SafetyOptions {
  /** Rows left out beforehand because a value was outside the range; 0 if left out. */
  readonly outside?: number;
}

/**
 * Judges whether a network may be applied to a catalog.
 *
 * "do not apply": a test's score is beyond that of every sound catalog, significantly more than 5% of
 * the rows lie outside the range of training, or the network itself is overspecialized. "caution":
 * fewer than 3% of sound catalogs have so improbable a test, or single clusters move sigma8 unusually
 * far.
 *
 * @example A catalog that lost its faint clusters is found out
 * ```ts
 * import type { FeatureArray } from "@clusters/terse";
 * import type { FeatureSpec } from "@clusters/terse/features";
 * import type { TerseArray } from "@clusters/terse/network";
 * import { EXPERIMENTS, createRandom, drawBaseSample, judgeSafety } from "@clusters/terse";
 * import { buildSafetyReference, drawReferenceCatalogs } from "@clusters/terse/safety";
 * import { takeRows } from "@clusters/terse/observed";
 * import { assertEquals } from "@std/assert";
 *
 * const columns = ["logTemperature"] as const;
 * const spec: FeatureSpec = { pixels: columns, supplementary: [], order: "luminosity" };
 * const model = { // a network whose terse value is log T
 *   encode: ({ pixels }: FeatureArray) => Promise.resolve(pixels),
 *   regress: (all: readonly TerseArray[]) =>
 *     Promise.resolve(Float64Array.from(all, ({ terse }) => 0.8 + 0.1 * terse[0]!)),
 * };
 * const random = createRandom(1);
 * const plan = EXPERIMENTS.standard.catalog;
 * const [observed, ...catalogs] = drawReferenceCatalogs(drawBaseSample(random), plan, random, 301);
 * const reference = await buildSafetyReference(model, spec, catalogs, { h: 0.704, random });
 * assertEquals((await judgeSafety(model, reference, observed!, random)).verdict, "consistent");
 *
 * const { clusters } = observed!;
 * const bright = Array.from(clusters.logLuminosity.keys()).filter((i) => clusters.logLuminosity[i]! > 0);
 * const cut = { ...observed!, clusters: takeRows(clusters, bright) };
 * assertEquals((await judgeSafety(model, reference, cut, random)).verdict, "do not apply");
 * ```
 *
 * @param model Its `encode` and `regress` are used
 * @param reference Made with the same network
 * @param catalog The observed catalog; only the fields that the network reads are used
 * @param random Orders rows and permutes clusters
 * @throws {RangeError} If a value that the network reads is not finite
 */
export async function judgeSafety(
  model: Pick<Model, "encode" | "regress">,
  reference: SafetyReference,
  catalog: Catalog,
  random: Random,
  { outside = 0 }: SafetyOptions = {},
): Promise<Safety> {
  const { clusters } = catalog;
  const seen = await seeCatalog(model, reference, catalog, random.fork("rows"));
  const { features, terse, quantities } = seen;
  const columns = quantities.map((quantity, q) => checkColumn(quantity, reference.pools[q]!));
  const rows = clusters.count + outside;
  const beyond = outside + countBeyond(quantities, reference.pools);
  const hard = [
    ...reference.network.reasons.map((reason) => `The network is overspecialized: ${reason}`),
    ...describeOutside(beyond, rows, columns),
  ];
  const common = { clusters: clusters.count, columns, partial: reference.network.partial };
  const unfit = describeUnfit(clusters.count, quantities, reference.usual);
  if (unfit.length > 0) {
    const empty = { probability: null, terse: null, tests: [], stability: null };
    return { verdict: "do not apply", reasons: [...hard, ...unfit], ...common, ...empty };
  }
  const statistics = measureStatistics(quantities, reference.pools);
  const compared = compareStatistics(reference.usual, statistics);
  const tests = scoreCatalog(reference, statistics).map((score, t) => ({
    ...score,
    highest: reference.tests[t]!.scores.at(-1)!,
    probability: probabilityOf(reference.tests[t]!, score.score),
  }));
  const probability = shareBelow(reference.least, Math.min(...tests.map((t) => t.probability)));
  const stability = await checkStability(model, features, reference);
  const soft = describeStability(stability, reference, clusters.count);
  const isBeyond = tests.some(({ score, highest }) => score > highest);
  const isUnusual = probability <= CAUTION_PROBABILITY;
  const found = isBeyond || isUnusual ? describeTests(tests, compared, clusters.count) : [];
  const verdict = hard.length > 0 || isBeyond
    ? "do not apply"
    : soft.length > 0 || isUnusual
    ? "caution"
    : "consistent";
  return {
    verdict,
    reasons: [...hard, ...found, ...soft],
    probability,
    ...common,
    terse: terse && checkTerse(terse, compared, reference, random),
    tests,
    stability,
  };
}

function checkColumn({ name, values }: Quantity, pool: Pool): ColumnCheck {
  // Not Math.min(...values): so many arguments overflow the stack.
  let min = Infinity;
  let max = -Infinity;
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value < pool.min || value > pool.max) outside++;
  }
  return {
    name,
    min,
    max,
    trainingMin: pool.min,
    trainingMax: pool.max,
    outside,
    ...kolmogorovSmirnov(values, pool.sample),
  };
}

/** Clusters with any input outside the pool's range. */
function countBeyond(quantities: readonly Quantity[], pools: readonly Pool[]): number {
  const isBeyond = new Uint8Array(quantities[0]!.values.length);
  for (const [q, { name, values }] of quantities.entries()) {
    if (name === TERSE) continue;
    const { min, max } = pools[q]!;
    for (let i = 0; i < values.length; i++) {
      if (values[i]! < min || values[i]! > max) isBeyond[i] = 1;
    }
  }
  return isBeyond.reduce((sum, one) => sum + one, 0);
}

const shareBelow = (ascending: Float64Array, value: number): number =>
  (1 + ascending.filter((other) => other <= value).length) / (ascending.length + 1);

function checkTerse(
  terse: Float64Array,
  compared: readonly Deviation[],
  { pools }: SafetyReference,
  random: Random,
): TerseCheck {
  const pool = pools.find(({ name }) => name === TERSE)!;
  const test = testDiscrepancy(terse, pool.sample, kernelWidth(pool), random.fork("permutations"));
  const correlations = compared.flatMap(({ statistic: { name, range }, value }) => {
    const observable = /^r\(terse, (.*)\)$/.exec(name)?.[1];
    if (observable === undefined) return [];
    return [{ observable, correlation: value, usual: rangeAt(range, terse.length) }];
  });
  return { ...test, correlations };
}

async function checkStability(
  model: Pick<Model, "encode" | "regress">,
  features: FeatureArray,
  { stability }: SafetyReference,
): Promise<StabilityCheck> {
  const [changes] = await measureChanges(model, [features]);
  const check = (name: "halfWidth" | "largest"): RangeCheck => ({
    value: changes![name],
    usual: stability[name] && rangeAt(stability[name], features.count),
  });
  return { halfWidth: check("halfWidth"), largest: check("largest") };
}
