/** The stage of `robustness`: one trained network on every variant of its catalogs. */
import type { RobustnessRow } from "../../src/evaluation/robustness.ts";
import { measureRobustness, ROBUSTNESS_VARIANTS } from "../../src/evaluation/robustness.ts";
import { openModel } from "../../src/network/trained_model.ts";
import { openStream } from "../../src/runs/streams.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import type { Progress } from "../program/progress.ts";
import { requireExperiment, saveJson } from "../storage/run_folder.ts";
import { loadBaseSample } from "../storage/simulation_files.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { requireWork } from "./needed_room.ts";

/** What was measured, which is the document of `--json`. */
export interface MeasuredRobustness {
  readonly out: string;
  readonly backend: string;
  readonly seed: number;
  readonly rows: readonly RobustnessRow[];
  readonly seconds: { readonly robustness: number };
}

/** Measures all variants and saves them. */
export async function measureRunRobustness(
  values: BackendValues & { readonly out: string; readonly catalogs: number },
  progress: Progress,
): Promise<MeasuredRobustness> {
  const { out: folder, catalogs: count } = values;
  const experiment = requireExperiment(folder);
  const { catalog: plan, features, seed } = experiment;
  const base = loadBaseSample(folder);
  const work = { fresh: count, network: "applied", backend: values.backend } as const;
  requireWork(experiment, base, { action: "measure robustness", ...work });
  const run = loadTrainingRun(folder, experiment);
  const engine = await openBackend(values, progress);
  const model = await openModel(engine, run);
  const began = performance.now();
  const random = openStream(seed, "robustness");
  const bar = progress.start("Robustness", ROBUSTNESS_VARIANTS.length, "variants");
  const rows: RobustnessRow[] = [];
  const setting = { model, features, base, plan, count };
  for await (const row of measureRobustness(setting, ROBUSTNESS_VARIANTS, random)) {
    rows.push(row);
    bar.update(rows.length, row.variant.name);
  }
  bar.end();
  model.dispose();
  engine.close();
  const seconds = { robustness: (performance.now() - began) / 1000 };
  const found = { out: folder, backend: engine.name, seed, rows, seconds };
  saveJson(folder, "robustness", found);
  return found;
}
