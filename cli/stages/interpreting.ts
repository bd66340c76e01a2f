/** The stage that interprets: a run's network, and those of other seeds or without weak lensing. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Headlines } from "../../src/interpretation/columns.ts";
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import { summarizeSeeds } from "../../src/interpretation/ensemble.ts";
import type { SeedAgreement } from "../../src/interpretation/faithfulness/seed_agreement.ts";
import { compareSeeds } from "../../src/interpretation/faithfulness/seed_agreement.ts";
import { summarizeExact } from "../../src/interpretation/exact/summary.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import type { RunConclusions } from "../../src/runs/conclusions.ts";
import { concludeRun } from "../../src/runs/conclusions.ts";
import { answersByPlace } from "../../src/runs/exact.ts";
import { collectHeadlines } from "../../src/runs/headlines.ts";
import type { JudgedInterpretation } from "../../src/runs/interpretation.ts";
import { describePopulation, interpretRun } from "../../src/runs/interpretation.ts";
import { buildSets } from "../../src/runs/sets.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import type { Progress } from "../program/progress.ts";
import { freshScatter, saveFindings } from "../storage/interpretation_files.ts";
import { requireExperiment } from "../storage/run_folder.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { loadRunWithoutLensing, loadTrainingRun } from "../storage/training_files.ts";
import { readExact } from "./exact_answers.ts";
import { weakLensingUse } from "../../src/runs/posteriors.ts";
import { requireWork } from "./needed_room.ts";
import { networkFindings } from "./network_job.ts";
import { countWorkers, runNetworks } from "./network_pool.ts";
import { seedTask, trainSeeds } from "./seed_runs.ts";
import { requireSeeds } from "./seed_shard.ts";

/** What is interpreted. */
export interface InterpretValues extends BackendValues {
  /** The run folder. */
  readonly out: string;
  /** Number of networks, with that of the run folder. */
  readonly seeds: number;
  /** Whether the networks of the other seeds must have been trained by shards. */
  readonly merge: boolean;
  /** A run folder of noWeakLensing with the same catalogs. */
  readonly "no-wl": string | undefined;
}

/** The findings of an interpretation, which lie in the run folder too. */
export interface InterpretedRun {
  readonly backend: string;
  readonly seed: number;
  readonly headlines: Headlines;
  /** Number of networks, with the folder's own. */
  readonly networks: number;
  /** What was found about the folder's own network. */
  readonly network: JudgedInterpretation;
  /** Spread of each headline over the networks; null for one network. */
  readonly seeds: readonly SeedSpread[] | null;
  /** How well the networks agree; null for one network. */
  readonly agreement: SeedAgreement | null;
  /** The paper's six conclusions, by the folder's own network and exactly. */
  readonly conclusions: RunConclusions;
  /** Time that interpretation took, without that of training [s] */
  readonly seconds: number;
}

/** Interprets a run folder's network, and networks of other seeds, which are trained where missing. */
export async function interpretFolder(
  values: InterpretValues,
  progress: Progress,
): Promise<InterpretedRun> {
  const { out: folder, "no-wl": other } = values;
  const experiment = requireExperiment(folder);
  const { seed } = experiment;
  const base = loadBaseSample(folder);
  const use = values.seeds > 1 && !values.merge ? "trained" : "applied";
  const work = { design: "catalogs", networks: values.seeds, network: use } as const;
  requireWork(experiment, base, { action: "interpret", ...work, backend: values.backend });
  if (values.merge) requireSeeds(folder, experiment, values.seeds);
  const run = loadTrainingRun(folder, experiment);
  const second = other === undefined ? null : loadRunWithoutLensing(other, experiment);
  const catalogs = loadCatalogs(folder, experiment);
  const engine = await openBackend(values, progress);
  const began = performance.now();
  const answersFor = (one: TrainingRun<Experiment>) =>
    readExact(folder, experiment, weakLensingUse(one.experiment));
  const look = (one: TrainingRun<Experiment>) => {
    const exact = answersByPlace(answersFor(one));
    return interpretRun(engine, one, catalogs, { origin: experiment, ground: { base, exact } });
  };
  const tasks = Array.from({ length: values.seeds - 1 }, (_, k) => seedTask(folder, experiment, k));
  const pool = { engine, values, base, progress };
  const workers = countWorkers(experiment, tasks.length, pool);
  // They begin while this thread looks into the folder's own network.
  const pooled = workers > 0
    ? runNetworks({ folder, origin: experiment, looks: true }, tasks, workers, pool)
    : null;
  pooled?.catch(() => {}); // it is awaited below
  const network = await look(run);
  const withoutLensing = second && await look(second);
  const population = describePopulation(experiment, base, catalogs);
  const seconds = (performance.now() - began) / 1000;
  const all = [networkFindings(network)];
  if (pooled) all.push(...(await pooled).map(({ found }) => found!));
  else {
    const origin = { sets: buildSets(experiment, catalogs), base, seed };
    for await (
      const next of trainSeeds(experiment, origin, engine, {
        folder,
        progress,
        count: tasks.length,
      })
    ) {
      all.push(networkFindings(await look(next)));
    }
  }
  engine.close();
  const headlines = collectHeadlines(network, withoutLensing, population);
  const seeds = values.seeds > 1 ? summarizeSeeds(all.map(({ headlines }) => headlines)) : null;
  const agreement = compareSeeds(all.map(({ compared }) => compared));
  const isLensed = weakLensingUse(run.experiment) === "with weak lensing";
  const conclusions = concludeRun({
    network,
    withoutLensing: withoutLensing ?? (isLensed ? null : network),
    summary: summarizeExact(answersFor(run)),
    scatter: freshScatter(folder),
  });
  const shown = { headlines, network, withoutLensing, population, seeds, agreement, conclusions };
  saveFindings(folder, shown);
  return {
    backend: engine.name,
    seed,
    headlines,
    networks: values.seeds,
    network,
    seeds,
    agreement,
    conclusions,
    seconds,
  };
}
