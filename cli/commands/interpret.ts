/**
 * `interpret`: what the network has learned (section 5, App. A and B).
 *
 * @module
 */
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { SeedFindings } from "../../src/interpretation/faithfulness/seed_agreement.ts";
import { compareSeeds } from "../../src/interpretation/faithfulness/seed_agreement.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { answersByPlace } from "../../src/runs/exact.ts";
import type { JudgedInterpretation } from "../../src/runs/interpretation.ts";
import { readExact } from "../stages/exact_answers.ts";
import { weakLensingUse } from "../stages/limit_measurement.ts";
import { formatAgreement, formatFaithfulness } from "../text/faithfulness_text.ts";
import type { Headlines } from "../../src/interpretation/columns.ts";
import { summarizeSeeds } from "../../src/interpretation/ensemble.ts";
import { BACKEND_OPTIONS, openBackend } from "../program/backend_options.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { buildSets } from "../../src/runs/sets.ts";
import { collectHeadlines, networkHeadlines, PAPER_HEADLINES } from "../../src/runs/headlines.ts";
import { formatHeadlines, formatSpreads, formatVerdict } from "../text/headlines_text.ts";
import { describePopulation, interpretRun } from "../../src/runs/interpretation.ts";
import { saveFindings } from "../storage/interpretation_files.ts";
import { textOption, wholeNumberOption } from "../program/options.ts";
import { FILES, requireExperiment } from "../storage/run_folder.ts";
import { trainSeeds } from "../stages/seed_runs.ts";
import { requireSeeds, trainSeedShard } from "../stages/seed_shard.ts";
import { refuseBoth, SHARD_OPTIONS, shardOption } from "../storage/shards.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { loadRunWithoutLensing, loadTrainingRun } from "../storage/training_files.ts";

/** The command `interpret`. */
export const INTERPRET: Command = defineCommand({
  summary: "look into a trained network: leave-one-out, saliency, terse layer, verdict (section 5)",
  details: [
    `Writes ${FILES.interpretation} and the numbers of every figure as figures/*.csv. Judges whether`,
    `what it finds is true, by the exact answers in ${FILES.exact}; the command exact makes them.`,
    "With --seeds, trains more networks on its catalogs, in seeds/, and gives each number's spread.",
    "With --shard as well, trains its share of them and no more; one run with --merge, or with neither,",
    "interprets them all. --merge trains nothing: it refuses to run if a network is missing.",
  ],
  options: {
    out: textOption("DIR", "runs/standard", { description: "the run folder" }),
    seeds: wholeNumberOption(1, 1, { description: "networks, this one included" }),
    ...SHARD_OPTIONS,
    shard: shardOption("train the I-th of N shares of the seeds' networks, and interpret nothing"),
    "no-wl": textOption("DIR", undefined, {
      description: "a run folder of noWeakLensing with the same catalogs, for Fig. 12",
      fallbackText: "none",
    }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    refuseBoth(values);
    const { out: folder, "no-wl": other, shard } = values;
    if (shard) return await trainSeedShard({ ...values, shard }, progress);
    const experiment = requireExperiment(folder);
    if (values.merge) requireSeeds(folder, experiment, values.seeds);
    const run = loadTrainingRun(folder, experiment);
    const second = other === undefined ? null : loadRunWithoutLensing(other, experiment);
    const base = loadBaseSample(folder);
    const catalogs = loadCatalogs(folder, experiment);
    const exactOf = (use: WeakLensingUse) => answersByPlace(readExact(folder, experiment, use));
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const judged = (run: TrainingRun<Experiment>) => ({
      origin: experiment,
      ground: { base, exact: exactOf(weakLensingUse(run.experiment)) },
    });
    const network = await interpretRun(engine, run, catalogs, judged(run));
    const withoutLensing = second && await interpretRun(engine, second, catalogs, judged(second));
    const population = describePopulation(experiment, base, catalogs);
    const seconds = { interpret: (performance.now() - began) / 1000 };
    const all: Headlines[] = [networkHeadlines(network)];
    const compared = [seedFindings(network)];
    const more = { folder, progress, count: values.seeds - 1 };
    const sets = buildSets(experiment, catalogs);
    for await (
      const next of trainSeeds(experiment, { sets, base, seed: experiment.seed }, engine, more)
    ) {
      const found = await interpretRun(engine, next, catalogs, judged(next));
      all.push(networkHeadlines(found));
      compared.push(seedFindings(found));
    }
    engine.close();
    const headlines = collectHeadlines(network, withoutLensing, population);
    const seeds = values.seeds > 1 ? summarizeSeeds(all) : null;
    const agreement = compareSeeds(compared);
    saveFindings(folder, { headlines, network, withoutLensing, population, seeds, agreement });
    const { scores, details } = network.faithfulness!;
    const { overspecialization: verdict, terseTable: { count: clusters } } = network;
    const text = [
      `${network.leaveOneOut.original.length} test catalogs, ${clusters} clusters`,
      formatHeadlines(headlines),
      ...(seeds ? [`${values.seeds} networks`, formatSpreads(seeds)] : []),
      ...(agreement ? [formatAgreement(agreement)] : []),
      formatFaithfulness(scores, details),
      formatVerdict(verdict),
    ].join("\n\n");
    const json = { out: folder, backend: engine.name, seed: experiment.seed, clusters };
    const found = { headlines, paper: PAPER_HEADLINES, verdict, faithfulness: scores };
    return { json: { ...json, ...found, seeds, agreement, seconds }, text };
  },
});

/** What seeds are compared by. */
function seedFindings(
  { faithfulness, terseTable, leaveOneOut }: JudgedInterpretation,
): SeedFindings {
  return {
    meanGradient: faithfulness!.details.meanGradient,
    terse: terseTable.terse,
    change: leaveOneOut.change,
  };
}
