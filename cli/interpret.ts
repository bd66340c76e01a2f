/**
 * `interpret`: what the network has learned (section 5, App. A and B).
 *
 * @module
 */
import type { Headlines } from "../src/interpretation/columns.ts";
import { summarizeSeeds } from "../src/interpretation/ensemble.ts";
import type { Overspecialization } from "../src/interpretation/overspecialization.ts";
import { saliencyHeadlines } from "../src/interpretation/saliency_trends.ts";
import { BACKEND_OPTIONS, openBackend } from "./backend_options.ts";
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";
import { buildSets } from "./feature_sets.ts";
import {
  formatHeadlines,
  formatSpreads,
  networkHeadlines,
  PAPER_HEADLINES,
  populationHeadlines,
  prefix,
} from "./headlines.ts";
import { describePopulation, interpretRun } from "./interpretation.ts";
import { saveFindings } from "./interpretation_files.ts";
import { textOption, wholeNumberOption } from "./options.ts";
import {
  FILES,
  loadBaseSample,
  loadCatalogs,
  loadSister,
  loadTrainingRun,
  requireExperiment,
} from "./run_folder.ts";
import { trainSeeds } from "./seed_runs.ts";

/** The command `interpret`. */
export const INTERPRET: Command = defineCommand({
  summary: "look into a trained network: leave-one-out, saliency, terse layer, verdict (section 5)",
  details: [
    `Writes ${FILES.interpretation} and the numbers of every figure as figures/*.csv.`,
    "With --seeds, trains more networks on the same catalogs, in seeds/, and gives each number's spread.",
  ],
  options: {
    out: textOption("DIR", "runs/standard", { description: "the run folder" }),
    seeds: wholeNumberOption(1, 1, { description: "networks, this one included" }),
    "no-wl": textOption("DIR", undefined, {
      description: "a run folder of noWeakLensing with the same catalogs, for Fig. 12",
      fallbackText: "none",
    }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const { out: folder, "no-wl": other } = values;
    const experiment = requireExperiment(folder);
    const run = loadTrainingRun(folder, experiment);
    const sister = other === undefined ? null : loadSister(other, experiment);
    const base = loadBaseSample(folder);
    const catalogs = loadCatalogs(folder, experiment);
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const network = await interpretRun(run, experiment, catalogs, engine);
    const withoutLensing = sister && await interpretRun(sister, experiment, catalogs, engine);
    const population = describePopulation(experiment, base, catalogs);
    const seconds = { interpret: (performance.now() - began) / 1000 };
    const own = networkHeadlines(network);
    const all: Headlines[] = [own];
    const more = { folder, progress, count: values.seeds - 1 };
    for await (
      const next of trainSeeds(experiment, buildSets(experiment, catalogs), engine, more)
    ) {
      all.push(networkHeadlines(await interpretRun(next, experiment, catalogs, engine)));
    }
    engine.close();
    const headlines = {
      ...own,
      ...(withoutLensing &&
        prefix("no weak lensing: saliency", saliencyHeadlines(withoutLensing.saliency))),
      ...populationHeadlines(population),
    };
    const seeds = values.seeds > 1 ? summarizeSeeds(all) : null;
    saveFindings(folder, { headlines, network, withoutLensing, population, seeds });
    const verdict = network.overspecialization;
    const { count } = network.terseTable;
    const { seed } = experiment;
    const text = [
      `${network.leaveOneOut.original.length} test catalogs, ${count} clusters`,
      formatHeadlines(headlines),
      ...(seeds ? [`${values.seeds} networks`, formatSpreads(seeds)] : []),
      formatVerdict(verdict),
    ].join("\n\n");
    const json = { out: folder, backend: engine.name, seed, clusters: count };
    return { json: { ...json, headlines, paper: PAPER_HEADLINES, verdict, seeds, seconds }, text };
  },
});

function formatVerdict(verdict: Overspecialization | null): string {
  if (verdict === null) return "No verdict on overspecialization: there are too few test catalogs";
  if (!verdict.overspecialized) return "Not overspecialized: single clusters do not tell sigma8";
  return ["Overspecialized:", ...verdict.reasons].join("\n");
}
