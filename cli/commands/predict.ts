/**
 * `predict`: sigma8 of observed catalogs, and whether to believe it (App. B).
 *
 * @module
 */
import { BACKEND_OPTIONS } from "../program/backend_options.ts";
import { CATALOG_OPTIONS } from "../program/catalog_options.ts";
import { type Command, defineCommand } from "../program/command.ts";
import { UsageError } from "../program/errors.ts";
import { textOption } from "../program/options.ts";
import { SKY_OPTIONS } from "../program/sky_options.ts";
import { predictFile } from "../stages/prediction.ts";
import { predictWithSurvey } from "../stages/sky_prediction.ts";
import { writeTable } from "../storage/export_files.ts";
import { formatPredictions, PREDICT_DETAILS } from "../text/prediction_text.ts";
import { formatSkyPrediction } from "../text/sky_text.ts";

/** The command `predict`. */
export const PREDICT: Command = defineCommand({
  summary: "predict sigma8 of an observed catalog, and judge whether that is safe (App. B)",
  details: PREDICT_DETAILS,
  options: {
    catalog: textOption("FILE", undefined, {
      description: "the observed clusters: FITS, VOTable, CSV, VizieR, CDS or text, also .gz",
      fallbackText: "none: it must be given",
    }),
    run: textOption("DIR", undefined, {
      description: "the run folder of the network",
      fallbackText: "the network that ships",
    }),
    columns: textOption("MAPPING", undefined, {
      description: "target=expression, separated by commas; auto takes what is certain",
      fallbackText: "columns named like the targets",
    }),
    mapping: textOption("FILE", undefined, { description: "the mapping, expressions in JSON" }),
    "catalog-id": textOption("COLUMN", undefined, {
      description: "the column that distinguishes several catalogs in one table",
      fallbackText: "none: all rows are one catalog",
    }),
    ...CATALOG_OPTIONS,
    ...SKY_OPTIONS,
    to: textOption("FILE", undefined, {
      description: "write the terse value of every cluster; FITS if it ends in .fits, else CSV",
    }),
    ...BACKEND_OPTIONS,
  },
  renamed: { out: "to" },
  async run({ catalog, to, survey, ...values }, { progress }) {
    if (catalog === undefined) {
      throw new UsageError("Cannot predict: there is no catalog, --catalog FILE is needed");
    }
    if (survey !== undefined) {
      const found = predictWithSurvey({ ...values, catalog, to, survey }, progress);
      return { json: found, text: formatSkyPrediction(found) };
    }
    const { found, clusters, proposed } = await predictFile({ ...values, catalog }, progress);
    if (to !== undefined) writeTable(to, clusters);
    return { json: found, text: formatPredictions(found, proposed) };
  },
});
