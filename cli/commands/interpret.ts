/**
 * `interpret`: what the network has learned (section 5, App. A and B).
 *
 * @module
 */
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
    `Writes ${FILES.interpretation} and the numbers of every figure as figures/*.csv.`,
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
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const network = await interpretRun(engine, run, catalogs, { origin: experiment });
    const withoutLensing = second &&
      await interpretRun(engine, second, catalogs, { origin: experiment });
    const population = describePopulation(experiment, base, catalogs);
    const seconds = { interpret: (performance.now() - began) / 1000 };
    const all: Headlines[] = [networkHeadlines(network)];
    const more = { folder, progress, count: values.seeds - 1 };
    const sets = buildSets(experiment, catalogs);
    for await (
      const next of trainSeeds(experiment, { sets, base, seed: experiment.seed }, engine, more)
    ) {
      all.push(
        networkHeadlines(await interpretRun(engine, next, catalogs, { origin: experiment })),
      );
    }
    engine.close();
    const headlines = collectHeadlines(network, withoutLensing, population);
    const seeds = values.seeds > 1 ? summarizeSeeds(all) : null;
    saveFindings(folder, { headlines, network, withoutLensing, population, seeds });
    const { overspecialization: verdict, terseTable: { count: clusters } } = network;
    const text = [
      `${network.leaveOneOut.original.length} test catalogs, ${clusters} clusters`,
      formatHeadlines(headlines),
      ...(seeds ? [`${values.seeds} networks`, formatSpreads(seeds)] : []),
      formatVerdict(verdict),
    ].join("\n\n");
    const json = { out: folder, backend: engine.name, seed: experiment.seed, clusters };
    return { json: { ...json, headlines, paper: PAPER_HEADLINES, verdict, seeds, seconds }, text };
  },
});
