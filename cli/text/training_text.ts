/** What `train` prints for people. */
import type { Schedule } from "../../src/model.ts";
import { formatSeconds } from "../program/progress.ts";
import type { TrainingSummary } from "../stages/training_run.ts";

/** What a network was trained on, in words. */
const CATALOGS: Readonly<Record<Schedule["catalogs"], string>> = {
  "fixed": "fixed catalogs",
  "fresh": "fresh catalogs",
  "fresh clusters": "fresh catalogs of fresh clusters",
};

/** One line about a training. */
export function formatTraining(found: TrainingSummary): string {
  const { backend, parameters, catalogs, catalogsAre, epochs, seconds } = found;
  return `${epochs} epochs over ${catalogs} ${CATALOGS[catalogsAre]}, ${parameters} parameters, ` +
    `${formatSeconds(seconds.train)} on ${backend}: epoch ${found.selectedEpoch} selected, ` +
    `validation error ${found.validationMse.toPrecision(4)} (scaled, squared)`;
}
