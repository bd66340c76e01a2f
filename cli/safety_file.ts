/**
 * The safety reference of a run: read from its folder, or measured and saved there.
 *
 * @module
 */
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments.ts";
import { crc32 } from "../src/formats/crc32.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/formats/safetensors.ts";
import type { SafetyReference } from "../src/interpretation/safety/reference.ts";
import { buildSafetyReference } from "../src/interpretation/safety/reference.ts";
import { drawReferenceCatalogs } from "../src/interpretation/safety/reference_catalogs.ts";
import type { SafetyHeader } from "../src/interpretation/safety/storage.ts";
import {
  safetyReferenceFromArrays,
  safetyReferenceToArrays,
} from "../src/interpretation/safety/storage.ts";
import type { Model } from "../src/model.ts";
import { openArrays, sealArrays } from "../src/network/saved_arrays.ts";
import { createRandom } from "../src/numerics/random.ts";
import { inFile, RunError } from "./errors.ts";
import { exists, readBytes, writeFile } from "./files.ts";
import type { Progress } from "./progress.ts";
import { fileIn } from "./run_folder.ts";

/** The file of a run folder that holds its reference. */
export const SAFETY_FILE = "safety.safetensors";

const KIND = "terse safety reference";

/** Measures a network on fresh mock catalogs of its own experiment. */
export function measureReference(
  model: Pick<Model, "encode" | "regress">,
  { catalog, features, seed }: Experiment,
  base: BaseSample,
  progress: Progress,
): Promise<SafetyReference> {
  const random = createRandom(seed).fork("safety");
  progress.say("Measuring the network on mock catalogs, for the verdict");
  const catalogs = drawReferenceCatalogs(base, catalog, random.fork("catalogs"));
  const { h } = base.cosmology;
  return buildSafetyReference(model, features, catalogs, { h, random: random.fork("rows") });
}

/**
 * The reference of a run folder's network: that of an earlier call if it was this network's.
 *
 * @param loadBase Gives the folder's base sample, if it is needed
 * @throws {RunError} If the file that is there is damaged
 */
export async function chooseReference(
  folder: string,
  model: Pick<Model, "encode" | "regress">,
  experiment: Experiment,
  loadBase: () => BaseSample,
  progress: Progress,
): Promise<SafetyReference> {
  const path = `${folder}/${SAFETY_FILE}`;
  const weights = crc32(readBytes(fileIn(folder, "weights")));
  if (exists(path)) {
    const saved = inFile(path, () => {
      const file = decodeSafetensors(readBytes(path));
      const { weights, ...header } = openArrays(KIND, file) as SafetyHeader & { weights: number };
      const reference = safetyReferenceFromArrays({ header, arrays: file.arrays });
      return { weights, reference };
    });
    if (saved.weights === weights) return saved.reference;
  }
  const reference = await measureReference(model, experiment, loadBase(), progress);
  const { header, arrays } = safetyReferenceToArrays(reference);
  const sealed = sealArrays(KIND, { weights, ...header }, arrays);
  try {
    writeFile(path, encodeSafetensors(sealed.arrays, sealed.metadata));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    progress.say(`${error.message}; the next call will measure again`);
  }
  // As it is read back, so that the first call and the next say the same.
  return safetyReferenceFromArrays({ header, arrays });
}
