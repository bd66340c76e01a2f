/** The stages of `reproduce`, one after the other: simulate, train, evaluate. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { Results } from "../../src/runs/evaluation.ts";
import { evaluateOn } from "../../src/runs/evaluation.ts";
import { buildSets } from "../../src/runs/sets.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import type { Progress } from "../program/progress.ts";
import type { EvaluateValues, SimulateValues } from "../program/run_options.ts";
import { checkRunFolder, readExperiment, saveResults } from "../storage/run_folder.ts";
import type { Assistant } from "./assistant.ts";
import { startAssistant } from "./assistant.ts";
import { simulateRun } from "./simulation.ts";
import { trainNetwork } from "./training.ts";

/** The results of a run, and how long each stage took [s]. */
export type TimedResults = Results & { readonly seconds: Readonly<Record<string, number>> };

/** Simulates, trains and evaluates in a run folder, and saves its results. */
export async function reproduceRun(
  values: SimulateValues & EvaluateValues & BackendValues,
  progress: Progress,
): Promise<TimedResults> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, action: () => T | Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await action();
    seconds[stage] = (performance.now() - began) / 1000;
    return result;
  };
  const { out: folder, backend, threads, "fresh-test": fresh } = values;
  // A folder of another experiment, a network that no machine holds and a backend that does not open, in this
  // order, are known before anything is written.
  if (values["base-sample"] === undefined) {
    checkRunFolder(folder, chooseExperiment(values, readExperiment(folder)));
  }
  const device: { engine?: Engine; assistant?: Assistant } = {};
  const onRoom = async () => {
    device.engine = await timed("open", () => openBackend(values, progress));
  };
  const simulate = async () => {
    const work = { action: "reproduce", fresh, network: "trained", backend, onRoom } as const;
    const onBase = (experiment: Experiment, base: BaseSample) => {
      const plan = { experiment, base, count: fresh, tile: values.tile };
      device.assistant = startAssistant(plan, threads, progress);
    };
    const { experiment, base, catalogs } = await simulateRun(values, progress, {
      ...work,
      onBase,
    });
    return { experiment, base, sets: buildSets(experiment, catalogs) };
  };
  try {
    const { experiment, base, sets } = await timed("simulate", simulate);
    const engine = device.engine!;
    const assistant = device.assistant!;
    seconds["simulate"]! -= seconds["open"]!;
    const run = await timed(
      "train",
      () => trainNetwork(experiment, { sets, base }, engine, { folder, progress, assistant }),
    );
    const results = await timed(
      "evaluate",
      async () => evaluateOn(engine, run, sets, await assistant.fresh()),
    );
    engine.close();
    const found = { ...results, seconds };
    saveResults(folder, found);
    return found;
  } finally {
    device.assistant?.close();
  }
}
