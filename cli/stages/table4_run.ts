/**
 * The stages of `table4`, one after the other: catalogs, networks and regressions, limits, table.
 */
import type { Table4 } from "../../src/evaluation/table4.ts";
import { limitEntry, makeTable4 } from "../../src/evaluation/table4.ts";
import { openStream } from "../../src/runs/streams.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import { chooseExperiment } from "../program/experiment_options.ts";
import type { Progress } from "../program/progress.ts";
import type { EvaluateValues, SimulateValues } from "../program/run_options.ts";
import { hasFile, readExperiment, saveJson } from "../storage/run_folder.ts";
import { loadCatalogs } from "../storage/simulation_files.ts";
import { chooseBaseSample } from "./base_sample.ts";
import { drawFresh } from "./fresh_catalogs.ts";
import { simulateCatalogs } from "./simulation.ts";
import type { Limits } from "./table4_measurement.ts";
import { measureLimits, measureRows } from "./table4_measurement.ts";
import { checkStandard, table4Folders } from "./table4_networks.ts";

/** The table, with what it was made of. */
export interface Table4Run extends Table4 {
  readonly out: string;
  readonly backend: string;
  readonly seed: number;
  readonly limits: Limits;
  /** How long networks and limits took [s] */
  readonly seconds: Readonly<Record<"networks" | "limits", number>>;
}

/** Fills Table 4 in Standard's run folder, and saves it there. */
export async function fillTable4(
  values: SimulateValues & EvaluateValues & BackendValues & { readonly "limit-catalogs": number },
  progress: Progress,
): Promise<Table4Run> {
  const { out: folder, threads = navigator.hardwareConcurrency } = values;
  const asked = chooseExperiment(values, readExperiment(folder));
  checkStandard(asked);
  const work = {
    action: "fill Table 4",
    design: "catalogs",
    fresh: values["fresh-test"],
    posteriors: values["limit-catalogs"],
    workers: Math.min(threads, values["limit-catalogs"]),
    network: "trained",
    backend: values.backend,
  } as const;
  const choice = { values, folder, threads, progress, work };
  const { experiment, base } = await chooseBaseSample(asked, choice);
  const { seed } = experiment;
  const engine = await openBackend(values, progress);
  const began = performance.now();
  const design = values["base-sample"] === undefined && hasFile(folder, "catalogs")
    ? loadCatalogs(folder, experiment)
    : simulateCatalogs(experiment, base, folder, progress);
  const fresh = drawFresh(experiment, base, values["fresh-test"], progress);
  const place = { folders: table4Folders(folder), progress };
  const rows = await measureRows(experiment, { base, design, fresh }, engine, place);
  engine.close();
  const trained = performance.now();
  const choices = { folder, catalogs: values["limit-catalogs"], threads, progress };
  const limits = await measureLimits(experiment, base, choices);
  const limit = limitEntry(limits.limit);
  const limitNoWeakLensing = limitEntry(limits.limitNoWeakLensing);
  const table = makeTable4({ ...rows, limit, limitNoWeakLensing }, openStream(seed, "comparisons"));
  const seconds = {
    networks: (trained - began) / 1000,
    limits: (performance.now() - trained) / 1000,
  };
  const found = { out: folder, backend: engine.name, seed, ...table, limits, seconds };
  saveJson(folder, "table4", found);
  return found;
}
