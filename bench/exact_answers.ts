// deno-lint-ignore-file no-console -- a report prints
/**
 * The exact leave-one-outs compared with sampling catalogs anew without a cluster: the lightest and
 * the heaviest cluster of 20 catalogs, with and without weak lensing, with everything read and with
 * one number. Prints the line of one on the other and the deviations in standard errors, those of the
 * two means alone and with the error of the exact change, and the largest Pareto index.
 *
 *     deno run -A bench/exact_answers.ts [catalogs] [with|without]
 */
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import type { CatalogPlan } from "../src/catalogs/catalog.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { STANDARD_SURVEY } from "../src/catalogs/survey.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import type { ObservedClusters } from "../src/clusters/cluster_table.ts";
import type { LikelihoodModel, WeakLensingUse } from "../src/evaluation/likelihood.ts";
import { prepareLikelihood, seeOneNumber } from "../src/evaluation/likelihood.ts";
import { answerFor } from "../src/interpretation/exact/exact_catalog.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { argsort, gather } from "../src/numerics/arrays.ts";
import type { Random } from "../src/numerics/random.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, fitLine } from "../src/numerics/statistics.ts";

const PLAN: CatalogPlan = {
  survey: STANDARD_SURVEY,
  priors: STANDARD_PRIORS,
  massFunction: "tinker08",
  recipe: "neighbor",
};

/** Long enough that a posterior mean is known to about 1% of its width. */
const SAMPLING = { walkers: 20, burnIn: 300, steps: 200, rounds: [3000, 5000, 20_000] };

/** Ranks in mass of the clusters that are left out: 0 is the lightest, 1 the heaviest. */
const RANKS = [0, 1];

interface Comparison {
  readonly exact: number[];
  readonly anew: number[];
  /** Deviations in units of the errors of the two means. */
  readonly deviations: number[];
  /** Deviations in units of the errors of the two means and of the exact change. */
  readonly whole: number[];
  readonly paretoK: number[];
}

function compare(
  model: LikelihoodModel,
  clusters: ObservedClusters,
  random: Random,
  comparison: Comparison,
): void {
  const whole = answerFor(model, clusters, random.fork("whole"), SAMPLING);
  if (isGap(whole) || isGap(whole.leaveOneOut)) return;
  const order = argsort(clusters.logMass);
  for (const rank of RANKS) {
    const out = order[Math.round(rank * (order.length - 1))]!;
    const rows = Array.from(order).filter((row) => row !== out);
    const less = {
      ...clusters,
      count: rows.length,
      logLuminosity: gather(clusters.logLuminosity, rows),
      logTemperature: gather(clusters.logTemperature, rows),
      logGasMass: gather(clusters.logGasMass, rows),
      logWeakLensingMass: gather(clusters.logWeakLensingMass, rows),
    };
    const without = answerFor(model, less, random.fork("without", out), SAMPLING);
    if (isGap(without)) continue;
    const [a, b] = [whole.posterior, without.posterior];
    const error = Math.hypot(
      a.standardDeviation / Math.sqrt(a.effectiveSamples),
      b.standardDeviation / Math.sqrt(b.effectiveSamples),
    );
    const { change, error: own, paretoK } = whole.leaveOneOut;
    const difference = b.mean - a.mean - change[out]!;
    comparison.exact.push(change[out]!);
    comparison.anew.push(b.mean - a.mean);
    comparison.deviations.push(difference / error);
    comparison.whole.push(difference / Math.hypot(error, own[out]!));
    comparison.paretoK.push(paretoK[out]!);
  }
}

const count = Number(Deno.args[0] ?? 20);
const asked = Deno.args[1];
const rms = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, z) => sum + z * z, 0) / values.length);
const random = createRandom(1);
const base = drawBaseSample(random.fork("base sample"));
const maker = prepareCatalogs(base, PLAN);
const catalogs = drawParameters(PLAN.priors, count, random.fork("bench"))
  .map((parameters, i) => drawCatalog(maker, parameters, random.fork("bench", "catalog", i)));
for (
  const use of ["with weak lensing", "without weak lensing"] as const satisfies WeakLensingUse[]
) {
  if (asked !== undefined && !use.startsWith(`${asked} `)) continue;
  const everything = prepareLikelihood(base, PLAN, use);
  for (
    const [name, model] of [
      ["everything", everything],
      ["one number", seeOneNumber(everything)],
    ] as const
  ) {
    const comparison: Comparison = { exact: [], anew: [], deviations: [], whole: [], paretoK: [] };
    catalogs.forEach(({ clusters }, i) =>
      compare(model, clusters, random.fork("bench", use, name, i), comparison)
    );
    const { exact, anew, deviations, paretoK } = comparison;
    const trusted = comparison.whole.filter((_, i) => paretoK[i]! <= 0.7);
    const largest = deviations.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
    console.log(
      `${use}, ${name}: ${exact.length} clusters of ${count} catalogs, slope ` +
        `${fitLine(exact, anew).slope.toFixed(3)}, r ${correlation(exact, anew).toFixed(3)}, ` +
        `deviation rms ${rms(deviations).toFixed(2)} errors, largest ${
          largest.toFixed(1)
        }; with the ` +
        `exact change's own error ${rms(comparison.whole).toFixed(2)}, of ${trusted.length} with ` +
        `Pareto k up to 0.7 ${rms(trusted).toFixed(2)}; largest k ${
          Math.max(...paretoK).toFixed(2)
        }`,
    );
  }
}
