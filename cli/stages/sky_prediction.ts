/** The answers of a sky survey's likelihood and of its network to somebody's table. */
import { counted } from "../../src/numerics/counted.ts";
import type { SkyClusters } from "../../src/catalogs/sky/sky_clusters.ts";
import type { SkyCosmologyName } from "../../src/evaluation/sky/coverage.ts";
import { createRandom } from "../../src/numerics/random.ts";
import { parseMapping } from "../../src/observed/column_mapping.ts";
import { readSkyCatalog } from "../../src/observed/sky_catalog.ts";
import { convertSkyTable, SKY_TARGETS, SURVEY_COSMOLOGY } from "../../src/observed/sky_units.ts";
import { refuseFluxGap } from "../../src/evaluation/sky/flux_gap.ts";
import { refuseLensingUnit } from "../../src/evaluation/sky/lensing_offsets.ts";
import type { SkyPrediction } from "../../src/runs/sky_prediction.ts";
import { predictSky } from "../../src/runs/sky_prediction.ts";
import {
  answerOfNetwork,
  distanceOfAnswers,
  type SkyNetworkAnswer,
} from "../../src/runs/sky_network_answer.ts";
import { type SkyRun, whyNotAsked } from "../../src/runs/sky_network.ts";
import { hasSkyNetwork, loadSkyNetwork } from "../../src/pretrained/sky.ts";
import type { SkySurvey } from "../../src/catalogs/sky/survey.ts";
import type { CatalogValues } from "../program/catalog_options.ts";
import { sourceOptions } from "../program/catalog_options.ts";
import { inFile, RunError, UsageError } from "../program/errors.ts";
import { openBackend } from "../program/backend_options.ts";
import type { BackendValues } from "../program/backend_options.ts";
import type { Progress } from "../program/progress.ts";
import type { SkyValues } from "../program/sky_options.ts";
import { checkHubble, checkOmegaM } from "../program/sky_options.ts";
import { openSkySurvey } from "../storage/sky_files.ts";
import { findSkyRun, refuseOtherSurvey, SKY_FILES } from "../storage/sky_network_files.ts";
import { readSourceTable } from "../storage/source_table.ts";

/** The catalog, its columns and its survey. */
export interface SkyPredictValues extends CatalogValues, SkyValues, BackendValues {
  /** Path of the table. */
  readonly catalog: string;
  /** A preset's name or a file. */
  readonly survey: string;
  /** A mapping, "target=expression, ...". */
  readonly columns: string | undefined;
  /** Folder of a network of `train-survey`; undefined for the one that ships, if there is one. */
  readonly run: string | undefined;
  /** For networks only. */
  readonly mapping: string | undefined;
  /** For networks only. */
  readonly "catalog-id": string | undefined;
  /** For networks only. */
  readonly to: string | undefined;
  /** For networks only. */
  readonly network: string | undefined;
  /** For networks only. */
  readonly ensemble: readonly string[];
}

/** The answer, and what was done to the table. */
export interface ConvertedPrediction extends SkyPrediction {
  /** The survey, as it was named. */
  readonly survey: string;
  /** One line for each conversion. */
  readonly conversions: readonly string[];
  /** The network's answer, or why there is none. */
  readonly network: SkyNetworkAnswer | { readonly missing: string };
  /** Network's mean less the likelihood's, in the likelihood's widths; null without a network. */
  readonly distance: Readonly<Record<SkyCosmologyName, number>> | null;
}

/** The seed of all sampling: the same catalog has the same answer. */
const SEED = 1;

/** Options that only networks of the paper's survey know. */
const OTHER_OPTIONS = ["network", "mapping", "catalog-id", "to"] as const;

/**
 * Reads, converts and predicts.
 *
 * @throws {UsageError} If an option does not go with a survey or is out of range
 */
export async function predictWithSurvey(
  values: SkyPredictValues,
  progress: Progress,
): Promise<ConvertedPrediction> {
  const { survey: name, catalog: path, columns, h = SURVEY_COSMOLOGY.h } = values;
  const { "source-omega-m": omegaM } = values;
  const refused = OTHER_OPTIONS.find((option) => values[option] !== undefined) ??
    (values.ensemble.length > 0 ? "ensemble" : undefined);
  if (refused !== undefined) {
    throw new UsageError(`Cannot predict: --${refused} is given, --survey goes without it`);
  }
  checkHubble(h);
  checkOmegaM(omegaM);
  const survey = openSkySurvey(name);
  const mapping = columns === undefined ? {} : parseMapping(columns, SKY_TARGETS);
  const source = readSourceTable(path, values.table, sourceOptions(values));
  const { table, notes } = inFile(path, () => convertSkyTable(source, mapping, { h, omegaM }));
  const catalog = inFile(path, () => readSkyCatalog(table, survey, "leave out"));
  refuseFluxGap(catalog.clusters, survey);
  refuseLensingUnit(catalog.clusters, survey);
  progress.say(`Sampling the posterior of ${counted(catalog.clusters.redshift.length, "cluster")}`);
  const found = await findNetwork(values, survey);
  const prediction = predictSky(survey, catalog, createRandom(SEED));
  const network = await askNetwork(found, catalog.clusters, values, progress);
  const distance = "missing" in network ? null : distanceOfAnswers(network, prediction.likelihood);
  return { survey: name, conversions: notes, ...prediction, network, distance };
}

type Missing = { readonly missing: string };

/** The network of a survey, or why there is none. */
async function findNetwork(
  { run: folder, survey: name }: SkyPredictValues,
  survey: SkySurvey,
): Promise<SkyRun | Missing> {
  if (folder === undefined) {
    if (hasSkyNetwork(name)) return await loadSkyNetwork(name);
    return { missing: `no network of ${name} ships, train-survey makes one for --run` };
  }
  const run = findSkyRun(folder);
  if (run === null) {
    throw new RunError(
      `Cannot predict with ${folder}: it has no ${SKY_FILES.network}, run "train-survey" first`,
    );
  }
  refuseOtherSurvey(folder, run.recipe.survey, survey, name);
  return run;
}

async function askNetwork(
  run: SkyRun | Missing,
  clusters: SkyClusters,
  values: BackendValues,
  progress: Progress,
): Promise<SkyNetworkAnswer | Missing> {
  if ("missing" in run) return run;
  const missing = whyNotAsked(clusters, run.recipe.survey);
  if (missing !== null) return { missing };
  const engine = await openBackend(values, progress);
  const answer = await answerOfNetwork(engine, run, clusters);
  engine.close();
  return answer;
}
