/**
 * The network of a survey on the sky that a command is asked about: a folder's, or the one that
 * ships.
 */
import { hasSkyNetwork, loadSkyNetwork } from "../../src/pretrained/sky.ts";
import type { SkyRun } from "../../src/runs/sky_network.ts";
import { RunError, UsageError } from "../program/errors.ts";
import { exists } from "../program/files.ts";
import { fileIn } from "../storage/run_folder.ts";
import { openSkySurvey } from "../storage/sky_files.ts";
import { findSkyRun, refuseOtherSurvey, SKY_FILES } from "../storage/sky_network_files.ts";

/** Where the network is. */
export interface SurveyNetworkValues {
  /** The run folder. */
  readonly out: string;
  /** A survey's name or file; undefined for what the folder holds. */
  readonly survey: string | undefined;
}

/**
 * The network of a survey; null if the folder is one of the paper's experiments, or empty.
 *
 * @throws {RunError} If the folder holds something else, or no network of the survey ships
 */
export async function findSurveyNetwork(
  { out: folder, survey: name }: SurveyNetworkValues,
): Promise<SkyRun | null> {
  const isExperiment = exists(fileIn(folder, "experiment"));
  if (name === undefined) return isExperiment ? null : findSkyRun(folder);
  const survey = openSkySurvey(name);
  if (isExperiment) {
    throw new RunError(
      `Cannot use run folder ${folder} for ${name}: it holds an experiment of the paper's survey, ` +
        "choose another --out",
    );
  }
  const own = findSkyRun(folder);
  if (own !== null) {
    refuseOtherSurvey(folder, own.recipe.survey, survey, name);
    return own;
  }
  if (hasSkyNetwork(name)) return await loadSkyNetwork(name);
  throw new RunError(
    `Cannot find the network of ${name}: ${folder} has no ${SKY_FILES.network} and none ships, run ` +
      `"train-survey --survey ${name} --out ${folder}" first`,
  );
}

/**
 * Refuses options that a survey's network does not know.
 *
 * @param given Options by name; those that are not the fallback are refused
 */
export function refuseForSurvey(given: Readonly<Record<string, boolean>>): void {
  const refused = Object.keys(given).find((name) => given[name]);
  if (refused === undefined) return;
  throw new UsageError(
    `Cannot use --${refused}: it is for networks of the paper's survey, the run folder is of a ` +
      "survey on the sky",
  );
}
