/**
 * `predict`: sigma8 of observed catalogs, and whether to believe it (App. B).
 */
import { formatPredictions } from "../../src/runs/prediction_text.ts";
import { type Command, defineCommand } from "../program/command.ts";
import { UsageError } from "../program/errors.ts";
import { PREDICT_OPTIONS } from "../program/predict_options.ts";
import { predictFile } from "../stages/prediction.ts";
import { predictWithSurvey } from "../stages/sky_prediction.ts";
import { writeTable } from "../storage/export_files.ts";
import { PREDICT_DETAILS } from "../text/prediction_text.ts";
import { formatSkyPrediction } from "../text/sky_text.ts";

/** The command `predict`. */
export const PREDICT: Command = defineCommand({
  summary: "predict sigma8 of an observed catalog, and judge whether that is safe (App. B)",
  details: PREDICT_DETAILS,
  options: PREDICT_OPTIONS,
  renamed: { out: "to" },
  async run({ catalog, to, survey, ...values }, { progress }) {
    if (catalog === undefined) {
      throw new UsageError("Cannot predict: there is no catalog, --catalog FILE is needed");
    }
    if (survey !== undefined) {
      const found = await predictWithSurvey({ ...values, catalog, to, survey }, progress);
      return { json: found, text: formatSkyPrediction(found) };
    }
    const { found, clusters, proposed } = await predictFile({ ...values, catalog, to }, progress);
    if (to !== undefined) writeTable(to, clusters);
    return { json: found, text: formatPredictions(found, proposed) };
  },
});
