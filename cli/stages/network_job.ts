/**
 * One network of many on the same catalogs: trained in its folder if it is not there, and looked
 * into. What the workers of a pool do, each with a core of one thread.
 */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Headlines } from "../../src/interpretation/columns.ts";
import type { SeedFindings } from "../../src/interpretation/faithfulness/seed_agreement.ts";
import type { Engine } from "../../src/model.ts";
import { openEngine } from "../../src/network/backends.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { answersByPlace } from "../../src/runs/exact.ts";
import { networkHeadlines } from "../../src/runs/headlines.ts";
import type { JudgedInterpretation } from "../../src/runs/interpretation.ts";
import { interpretRun } from "../../src/runs/interpretation.ts";
import { weakLensingUse } from "../../src/runs/posteriors.ts";
import type { FeatureSets } from "../../src/runs/sets.ts";
import { buildSets } from "../../src/runs/sets.ts";
import { withFiles } from "../program/command_files.ts";
import { createProgress } from "../program/progress.ts";
import { OUT_OPTION } from "../program/run_options.ts";
import { hasFile } from "../storage/run_folder.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { readExact } from "./exact_answers.ts";
import { trainNetwork } from "./training.ts";

/** What all networks share. */
export interface NetworkPlan {
  /** The run folder of the catalogs. */
  readonly folder: string;
  /** Its experiment. */
  readonly origin: Experiment;
  readonly tile: "narrow" | "wide" | undefined;
  /** Whether the networks are looked into, or only trained. */
  readonly looks: boolean;
}

/** One network, which differs from the run folder's in seed or inputs. */
export interface NetworkTask {
  /** The folder of the network, inside of the run folder. */
  readonly folder: string;
  readonly experiment: Experiment;
  /** Threads of the core that trains it and looks into it. */
  readonly threads: number;
}

/** What is told of a network. */
export interface NetworkAnswer {
  readonly folder: string;
  /** Null for a network that was only trained. */
  readonly found: NetworkFindings | null;
}

/** What seeds are compared by. */
export interface NetworkFindings {
  readonly headlines: Headlines;
  readonly compared: SeedFindings;
}

/** What seeds are compared by, of one network. */
export function networkFindings(network: JudgedInterpretation): NetworkFindings {
  const { faithfulness, terseTable, leaveOneOut } = network;
  return {
    headlines: networkHeadlines(network),
    compared: {
      meanGradient: faithfulness!.details.meanGradient,
      terse: terseTable.terse,
      change: leaveOneOut.change,
    },
  };
}

/** Trains and looks into the networks of one plan; a network depends on its task alone. */
export function createNetworkJob(
  { folder, origin, tile, looks }: NetworkPlan,
): (task: NetworkTask) => Promise<NetworkAnswer> {
  const base = loadBaseSample(folder);
  const catalogs = loadCatalogs(folder, origin);
  const progress = createProgress("none");
  let opened: { readonly threads: number; readonly engine: Promise<Engine> } | null = null;
  const engineOf = async (threads: number): Promise<Engine> => {
    if (opened?.threads !== threads) {
      (await opened?.engine)?.close();
      opened = { threads, engine: openEngine("core", { threads, ...tile && { tile } }) };
    }
    return await opened.engine;
  };
  // Networks that differ in their seed alone are trained on the same arrays.
  let built: { readonly inputs: string; readonly sets: FeatureSets } | null = null;
  const setsOf = (experiment: Experiment): FeatureSets => {
    const inputs = JSON.stringify([experiment.features, experiment.schedule.tie]);
    if (built?.inputs !== inputs) {
      built = { inputs, sets: buildSets({ ...experiment, seed: origin.seed }, catalogs) };
    }
    return built.sets;
  };
  const train = (task: NetworkTask, engine: Engine): Promise<TrainingRun<Experiment>> => {
    const sets = setsOf(task.experiment);
    const own = { folder: task.folder, progress };
    return trainNetwork(task.experiment, { sets, base, seed: origin.seed }, engine, own);
  };
  const perform = async (task: NetworkTask): Promise<NetworkAnswer> => {
    const engine = await engineOf(task.threads);
    const run = hasFile(task.folder, "weights")
      ? loadTrainingRun(task.folder, task.experiment)
      : await train(task, engine);
    if (!looks) return { folder: task.folder, found: null };
    const exact = answersByPlace(readExact(folder, origin, weakLensingUse(run.experiment)));
    const ground = { base, exact };
    const network = await interpretRun(engine, run, catalogs, { origin, ground });
    return { folder: task.folder, found: networkFindings(network) };
  };
  // A worker has to know by itself where it may write, and gives its folders back.
  return (task) => withFiles({ out: OUT_OPTION }, { out: folder }, undefined, () => perform(task));
}
