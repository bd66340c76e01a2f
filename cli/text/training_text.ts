/** What `train` prints for people. */
import { counted } from "../../src/numerics/counted.ts";
import type { Schedule } from "../../src/model.ts";
import { formatSeconds } from "../program/progress.ts";
import type { TrainingSummary } from "../stages/training_run.ts";

/** What a network was trained on, in words. */
const CATALOGS: Readonly<Record<Schedule["catalogs"], string>> = {
  "fixed": "fixed catalog",
  "fresh": "fresh catalog",
  "fresh clusters": "fresh catalog",
};

/** One line about a training. */
export function formatTraining(found: TrainingSummary): string {
  const { backend, parameters, catalogs, catalogsAre, epochs, seconds } = found;
  const clusters = catalogsAre === "fresh clusters" ? " of fresh clusters" : "";
  return `${counted(epochs, "epoch")} over ${
    counted(catalogs, CATALOGS[catalogsAre])
  }${clusters}, ` +
    `${counted(parameters, "parameter")}, ` +
    `${formatSeconds(seconds.train)} on ${backend}: epoch ${found.selectedEpoch} selected, ` +
    `validation error ${found.validationMse.toPrecision(4)} (scaled, squared)`;
}
