/** The stage that makes the page that predicts, with a run folder's network or without. */
import { openEngine } from "../../src/network/backends.ts";
import { openModel } from "../../src/network/trained_model.ts";
import type { OwnNetwork } from "../../src/page/make_page.ts";
import { makePage } from "../../src/page/make_page.ts";
import { RunError } from "../program/errors.ts";
import { readBytes } from "../program/files.ts";
import type { Progress } from "../program/progress.ts";
import { VERSION } from "../program/version.ts";
import { loadVerdict } from "../storage/interpretation_files.ts";
import { fileIn, loadScatter, requireExperiment } from "../storage/run_folder.ts";
import { loadTrainingRun } from "../storage/training_files.ts";
import { chooseReference } from "./safety_reference.ts";

/** What a page may take: a browser reads it whole before it shows anything. */
const MOST_BYTES = 2e6;

/**
 * Makes the page.
 *
 * @param folder A run folder; undefined for the networks that ship
 * @throws {RunError} If the page would be too large, or the folder has no network
 */
export async function makePredictPage(
  folder: string | undefined,
  progress: Progress,
): Promise<string> {
  const own = folder === undefined ? {} : { own: await loadOwn(folder, progress) };
  const page = await makePage({ version: VERSION, ...own });
  const { length } = new TextEncoder().encode(page);
  if (length <= MOST_BYTES) return page;
  throw new RunError(
    `Cannot write the page: with this network it has ${(length / 1e6).toFixed(1)} MB, up to ` +
      `${MOST_BYTES / 1e6} MB are sensible; a network of the preset compact or best fits`,
  );
}

async function loadOwn(folder: string, progress: Progress): Promise<OwnNetwork> {
  const experiment = requireExperiment(folder);
  const run = loadTrainingRun(folder, experiment);
  const engine = await openEngine("core");
  const model = await openModel(engine, run);
  await chooseReference(folder, model, experiment, progress);
  engine.close();
  const { pixels, supplementary } = experiment.features;
  return {
    title: `${folder}: ${[...new Set([...pixels, ...supplementary])].join(", ")}`,
    run: folder,
    scatter: loadScatter(folder).scatter,
    faithfulness: loadVerdict(folder),
    weights: readBytes(fileIn(folder, "weights")),
    reference: readBytes(fileIn(folder, "safety")),
  };
}
