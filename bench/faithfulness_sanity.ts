// deno-lint-ignore-file no-console -- a report prints
/**
 * Sanity checks of the faithfulness scores (Adebayo et al. 2018): a trained network next to networks
 * with random weights and one trained on shuffled targets: sigma8 between catalogs, and lensing masses, to
 * which the terse value is tied, between clusters. Only the first may score. Nothing is read.
 *
 *     deno run -A bench/faithfulness_sanity.ts [preset] [answered catalogs]
 */
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood.ts";
import { experiment } from "../src/experiments/experiments.ts";
import type { FeatureArray } from "../src/features/features.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { openEngine } from "../src/network/backends.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { initialWeights } from "../src/network/weights.ts";
import type { Random } from "../src/numerics/random.ts";
import { createRandom } from "../src/numerics/random.ts";
import { drawDesign } from "../src/runs/catalogs.ts";
import { answersByPlace, createAnswerer, exactTasks } from "../src/runs/exact.ts";
import { interpretRun } from "../src/runs/interpretation.ts";
import { buildSets } from "../src/runs/sets.ts";
import { openStream } from "../src/runs/streams.ts";
import { trainRun } from "../src/runs/training.ts";

/** Networks with random weights. */
const RANDOM_NETWORKS = 5;

/** Place of the lensing mass among the supplementary values. */
const LENSING = experiment("standard", "compact").features.supplementary.indexOf(
  "logWeakLensingMass",
);

/** The inputs with labels shuffled between catalogs, and lensing masses between all clusters. */
function shuffleTargets(features: readonly FeatureArray[], random: Random): FeatureArray[] {
  const order = random.fork("labels").permutation(features.length);
  const masses = features.flatMap(({ tie }) => Array.from(tie));
  const deal = random.fork("lensing").permutation(masses.length);
  let next = 0;
  return features.map((catalog, i) => {
    const tie = catalog.tie.map(() => masses[deal[next++]!]!);
    const supplementary = catalog.supplementary.slice();
    const width = catalog.supplementaryWidth;
    tie.forEach((mass, row) => supplementary[row * width + LENSING] = mass);
    return { ...catalog, sigma8: features[order[i]!]!.sigma8, supplementary, tie };
  });
}

const [preset = "compact", answered = "40"] = Deno.args;
const choices = experiment("standard", preset as "compact");
const base = drawBaseSample(openStream(choices.seed, "baseSample"));
const catalogs = [...drawDesign(choices, base)];
const model = prepareLikelihood(base, choices.catalog);
const answer = createAnswerer({ model, seed: choices.seed });
const tasks = exactTasks(choices).slice(0, Number(answered));
const exact = answersByPlace(tasks.map(answer));
const engine = await openEngine("core");
const random = createRandom(choices.seed).fork("sanity");

async function show(name: string, run: TrainingRun<typeof choices>): Promise<void> {
  const { faithfulness } = await interpretRun(engine, run, catalogs, { ground: { base, exact } });
  const { scores: { verdict }, details: { leaveOneOut, saliency } } = faithfulness!;
  const change = isGap(leaveOneOut) ? leaveOneOut.gap : [
    `r ${leaveOneOut.score.r.toFixed(3)}`,
    `slope ${leaveOneOut.score.slope.toFixed(3)}`,
    `skill ${leaveOneOut.skill.toFixed(3)}`,
  ].join(", ");
  const cosines = isGap(saliency)
    ? saliency.gap
    : `cosine ${saliency.score.rawCosine.toFixed(2)} raw, ` +
      `${saliency.score.projectedCosine.toFixed(2)} projected`;
  console.log(`${name}: ${change}; ${cosines}; ${verdict.text}`);
}

const sets = buildSets(choices, catalogs);
const trained = await trainRun(engine, choices, { sets, base });
await show("trained", trained);
for (let i = 0; i < RANDOM_NETWORKS; i++) {
  const { architecture, features } = choices;
  const stream = random.fork("weights", i);
  const weights = initialWeights(architecture, inputWidths(features), stream);
  await show(`random weights ${i + 1}`, { ...trained, weights });
}
const shuffled = {
  ...sets,
  train: shuffleTargets(sets.train, random.fork("train")),
  validation: shuffleTargets(sets.validation, random.fork("validation")),
};
await show("shuffled targets", await trainRun(engine, choices, { sets: shuffled, base }));
engine.close();
