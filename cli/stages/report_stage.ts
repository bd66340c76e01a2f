/** The stage that makes a report: reads, trains what is asked for, measures, and joins. */
import { summarizeExact } from "../../src/interpretation/exact/summary.ts";
import { answersByPlace } from "../../src/runs/exact.ts";
import { loadCalibration } from "../storage/calibration_files.ts";
import { freshScatter } from "../storage/interpretation_files.ts";
import { readExact } from "./exact_answers.ts";
import { weakLensingUse } from "../../src/runs/posteriors.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { ReportData } from "../../src/report/report_data.ts";
import { drawFresh } from "./fresh_catalogs.ts";
import type { Progress } from "../program/progress.ts";
import type { ReportSource } from "../../src/runs/report_data.ts";
import { describeCatalogs, describeNetworks } from "../../src/runs/report_data.ts";
import { listFacts, titleOf } from "../../src/runs/report_facts.ts";
import { VERSION } from "../program/version.ts";
import { openUnobserved, sampleOrigin } from "./report_facts.ts";
import { readSpreads, spreadsOf } from "./report_seeds.ts";
import {
  loadOverspecialized,
  overspecializedFolder,
  sisterFolders,
  trainOverspecialized,
} from "./report_sisters.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { requireWork } from "./needed_room.ts";
import { gatherTable4 } from "./report_table4.ts";
import { hasFile, requireExperiment } from "../storage/run_folder.ts";
import { loadBaseSample, loadCatalogs } from "../storage/simulation_files.ts";
import { loadRunWithoutLensing, loadTrainingRun } from "../storage/training_files.ts";

/** What a report is asked for. */
export interface ReportValues {
  /** The run folder. */
  readonly out: string;
  readonly "no-wl": string | undefined;
  readonly overspecialized: string | undefined;
  readonly "train-missing": boolean;
  /** New catalogs for Table 4. */
  readonly "fresh-test": number;
}

/**
 * Throws unless a report can be made here; to be called before a device is opened for it.
 *
 * @throws {RunError} If the folder has no run, or this machine has no room
 */
export function requireReport(
  { out: folder, "fresh-test": fresh }: ReportValues,
  backend: BackendValues["backend"],
): void {
  const work = { design: "catalogs", fresh, network: "applied", backend } as const;
  requireWork(requireExperiment(folder), loadBaseSample(folder), { action: "report", ...work });
}

/** All that a report shows of a run. */
export async function makeReport(
  values: ReportValues,
  engine: Engine,
  progress: Progress,
): Promise<ReportData> {
  const { out: folder, "fresh-test": count } = values;
  const experiment = requireExperiment(folder);
  const base = loadBaseSample(folder);
  const run = loadTrainingRun(folder, experiment);
  const design = loadCatalogs(folder, experiment);
  const { overspecialized, blind } = loadNamed(values, experiment);
  const spreads = readSpreads(folder);
  const own = overspecializedFolder(folder);
  if (values["train-missing"] && !overspecialized && !hasFile(own, "weights")) {
    await trainOverspecialized(experiment, base, engine, { folder, progress });
  }
  const missing = values["train-missing"] ? "train" : "leave out";
  const folders = sisterFolders(folder, experiment, missing);
  const fresh = drawFresh(experiment, base, count, progress);
  const place = { folder, folders, progress };
  const scatter = await gatherTable4(experiment, { base, design, fresh }, engine, place);
  const sister = folders.standard && folders.noWeakLensing;
  const source: ReportSource = {
    run,
    base,
    unobserved: openUnobserved(folder, experiment, base),
    catalogs: design,
    withoutLensing: blind ?? (sister ? loadRunWithoutLensing(sister, experiment) : null),
    overspecialized: overspecialized ?? (hasFile(own, "weights") ? loadOverspecialized(own) : null),
    ground: (seen: Experiment) => ({
      base,
      exact: answersByPlace(readExact(folder, experiment, weakLensingUse(seen))),
    }),
    summary: summarizeExact(readExact(folder, experiment, weakLensingUse(experiment))),
    freshScatter: freshScatter(folder),
  };
  progress.say("Describing catalogs and interpreting networks");
  const { massRanges, ...catalogs } = describeCatalogs(source);
  const networks = await describeNetworks(engine, source, massRanges);
  const seeds = spreadsOf(folder, spreads, networks.predictions.errors.scatter);
  const calibration = loadCalibration(folder);
  const origin = sampleOrigin(folder, experiment);
  return {
    title: titleOf(experiment),
    facts: listFacts(run, base, design, { origin, backend: engine.name, version: VERSION }),
    sample: origin,
    ...(scatter ? { scatter } : {}),
    ...(seeds ? { seeds } : {}),
    ...(calibration ? { calibration } : {}),
    ...catalogs,
    ...networks,
  };
}

/** The other runs that the options name, read before anything takes time. */
function loadNamed(values: ReportValues, experiment: Experiment): {
  readonly blind: ReportSource["withoutLensing"];
  readonly overspecialized: ReportSource["overspecialized"];
} {
  const { "no-wl": blind, overspecialized } = values;
  return {
    blind: blind === undefined ? null : loadRunWithoutLensing(blind, experiment),
    overspecialized: overspecialized === undefined ? null : loadOverspecialized(overspecialized),
  };
}
