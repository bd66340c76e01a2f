/**
 * The answer of a sky survey's likelihood to somebody's table.
 *
 * @module
 */
import { createRandom } from "../../src/numerics/random.ts";
import { parseMapping } from "../../src/observed/column_mapping.ts";
import { readSkyCatalog } from "../../src/observed/sky_catalog.ts";
import { convertSkyTable, SKY_TARGETS, SURVEY_COSMOLOGY } from "../../src/observed/sky_units.ts";
import { refuseFluxGap } from "../../src/evaluation/sky/flux_gap.ts";
import type { SkyPrediction } from "../../src/runs/sky_prediction.ts";
import { predictSky } from "../../src/runs/sky_prediction.ts";
import type { CatalogValues } from "../program/catalog_options.ts";
import { sourceOptions } from "../program/catalog_options.ts";
import { inFile, UsageError } from "../program/errors.ts";
import type { Progress } from "../program/progress.ts";
import type { SkyValues } from "../program/sky_options.ts";
import { openSkySurvey } from "../storage/sky_files.ts";
import { readSourceTable } from "../storage/source_table.ts";

/** The catalog, its columns and its survey. */
export interface SkyPredictValues extends CatalogValues, SkyValues {
  /** Path of the table. */
  readonly catalog: string;
  /** A preset's name or a file. */
  readonly survey: string;
  /** A mapping, "target=expression, ...". */
  readonly columns: string | undefined;
  /** For networks only. */
  readonly run: string | undefined;
  /** For networks only. */
  readonly mapping: string | undefined;
  /** For networks only. */
  readonly "catalog-id": string | undefined;
  /** For networks only. */
  readonly to: string | undefined;
  /** For networks only. */
  readonly network: string | undefined;
}

/** The answer, and what was done to the table. */
export interface ConvertedPrediction extends SkyPrediction {
  /** The survey, as it was named. */
  readonly survey: string;
  /** One line for each conversion. */
  readonly conversions: readonly string[];
  /** The network's answer: there is no network of sky surveys yet. */
  readonly network: null;
}

/** The seed of all sampling: the same catalog has the same answer. */
const SEED = 1;

/** Options that only a network knows. */
const NETWORK_OPTIONS = ["run", "network", "mapping", "catalog-id", "to"] as const;

/**
 * Reads, converts and predicts.
 *
 * @throws {UsageError} If an option does not go with a survey or is out of range
 */
export function predictWithSurvey(
  values: SkyPredictValues,
  progress: Progress,
): ConvertedPrediction {
  const { survey: name, catalog: path, columns, h = SURVEY_COSMOLOGY.h } = values;
  const { "source-omega-m": omegaM } = values;
  const refused = NETWORK_OPTIONS.find((option) => values[option] !== undefined);
  if (refused !== undefined) {
    throw new UsageError(`Cannot predict: --${refused} is given, --survey goes without it`);
  }
  if (!(h > 0.1 && h < 2)) {
    throw new UsageError(`Cannot convert masses: --h is ${h}, should be from 0.1 to 2`);
  }
  if (!(omegaM > 0 && omegaM <= 1)) {
    throw new UsageError(
      `Cannot convert masses: --source-omega-m is ${omegaM}, should be above 0, up to 1 for ` +
        "Einstein and de Sitter's universe",
    );
  }
  const survey = openSkySurvey(name);
  const mapping = columns === undefined ? {} : parseMapping(columns, SKY_TARGETS);
  const source = readSourceTable(path, values.table, sourceOptions(values));
  const { table, notes } = inFile(path, () => convertSkyTable(source, mapping, { h, omegaM }));
  const catalog = inFile(path, () => readSkyCatalog(table, survey, "leave out"));
  refuseFluxGap(catalog.clusters, survey);
  progress.say(`Sampling the posterior of ${catalog.clusters.redshift.length} clusters`);
  const prediction = predictSky(survey, catalog, createRandom(SEED));
  return { survey: name, conversions: notes, ...prediction, network: null };
}
