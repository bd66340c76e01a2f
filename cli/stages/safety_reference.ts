/** The safety reference of a run: read from its folder, or measured and saved there. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import { crc32 } from "../../src/formats/crc32.ts";
import type { SafetyReference } from "../../src/interpretation/safety/reference.ts";
import type { Engine, Model } from "../../src/model.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { measureReference } from "../../src/runs/safety.ts";
import { decodeReference, encodeReference } from "../../src/pretrained/reference_file.ts";
import { inFile, RunError } from "../program/errors.ts";
import { exists, readBytes } from "../program/files.ts";
import { writeFile } from "../program/outputs.ts";
import { holdFolder } from "../program/folder_lock.ts";
import type { Progress } from "../program/progress.ts";
import { fileIn } from "../storage/run_folder.ts";
import { loadBaseSample } from "../storage/simulation_files.ts";
import { openModel } from "../../src/network/trained_model.ts";

/**
 * The reference of a run folder's network: that of an earlier call if it was this network's.
 *
 * @throws {RunError} If the file that is there is damaged
 */
export async function chooseReference(
  folder: string,
  model: Pick<Model, "encode" | "regress">,
  experiment: Experiment,
  progress: Progress,
): Promise<SafetyReference> {
  const path = fileIn(folder, "safety");
  const weights = crc32(readBytes(fileIn(folder, "weights")));
  if (exists(path)) {
    const saved = inFile(path, () => decodeReference(readBytes(path)));
    if (saved.weights === weights) return saved.reference;
  }
  progress.say("Measuring the network on mock catalogs, for the verdict");
  const reference = await measureReference(model, experiment, loadBaseSample(folder));
  const bytes = encodeReference({ weights, reference });
  try {
    holdFolder(folder);
    writeFile(path, bytes);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    progress.say(`${error.message}; the next call will measure again`);
  }
  // As it is read back, so that the first call and the next give the same.
  return decodeReference(bytes).reference;
}

/** Writes what `predict` will need, unless the catalogs are too small for a verdict. */
export async function saveReference(
  folder: string,
  run: TrainingRun<Experiment>,
  engine: Engine,
  progress: Progress,
): Promise<void> {
  const model = await openModel(engine, run);
  try {
    await chooseReference(folder, model, run.experiment, progress);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    progress.say(`${error.message}; predict will have no verdict`);
  } finally {
    model.dispose();
  }
}
