/**
 * The stage of `report` for a survey on the sky: reads what was measured, asks likelihood and
 * network about a catalog, and joins it all.
 */
import { counted } from "../../src/numerics/counted.ts";
import { expectClusters } from "../../src/catalogs/sky/abundance.ts";
import { prepareSkyDrawing } from "../../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY } from "../../src/catalogs/sky/parameters.ts";
import type { SkySurvey } from "../../src/catalogs/sky/survey.ts";
import { SKY_COSMOLOGY } from "../../src/evaluation/sky/coverage.ts";
import { distributeSky } from "../../src/evaluation/sky/distributions.ts";
import { refuseFluxGap } from "../../src/evaluation/sky/flux_gap.ts";
import { refuseLensingUnit } from "../../src/evaluation/sky/lensing_offsets.ts";
import { jointPoints, type SkyCosmology } from "../../src/evaluation/sky/joint_posterior.ts";
import type { WeightedParameters } from "../../src/evaluation/sky/posterior.ts";
import { createRandom } from "../../src/numerics/random.ts";
import type { SkyCatalog } from "../../src/observed/sky_catalog.ts";
import { mean } from "../../src/numerics/statistics.ts";
import { drawSkySurvey } from "../../src/report/figures/sky_survey.ts";
import type { SkyCloud } from "../../src/report/figures/sky_posterior.ts";
import type { SkyReport } from "../../src/report/sky_page.ts";
import { concludeSky } from "../../src/runs/sky_conclusions.ts";
import { leaveEachOutOfNetwork } from "../../src/runs/sky_influence.ts";
import {
  openSkyNetwork,
  type SkyNetwork,
  type SkyRun,
  whyNotAsked,
} from "../../src/runs/sky_network.ts";
import { distanceOfAnswers, summarizePoints } from "../../src/runs/sky_network_answer.ts";
import { describeSkyCatalog } from "../../src/runs/sky_prediction.ts";
import { reportForecast, type SkyForecast } from "../../src/runs/sky_forecast.ts";
import {
  reportCatalog,
  type ReportedCatalog,
  reportNetwork,
  sayAnswer,
} from "../../src/runs/sky_report.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import type { Progress } from "../program/progress.ts";
import { VERSION } from "../program/version.ts";
import { openSkyCatalog } from "../storage/sky_files.ts";
import { loadMeasuredSurvey, saveSkyReport } from "../storage/sky_report_files.ts";

/** What a page is asked for. */
export interface SkyReportValues extends BackendValues {
  readonly out: string;
  /** Path of a catalog of the survey; undefined for none. */
  readonly catalog: string | undefined;
}

/** What was written, which is the document of `--json`. */
export interface WrittenSkyReport {
  readonly out: string;
  readonly backend: string;
  readonly page: string;
  readonly bytes: number;
  /** What the page lacks, with the command that computes it. */
  readonly missing: readonly string[];
  readonly seconds: number;
}

/** The seed of all sampling: the same catalog has the same page. */
const SEED = 1;

/** Mocks of the forecast's widths. */
const FORECAST_MOCKS = 100;

/** Makes the page. */
export async function reportSurvey(
  run: SkyRun,
  values: SkyReportValues,
  progress: Progress,
): Promise<WrittenSkyReport> {
  const { out, catalog: path } = values;
  const { survey, seed } = run.recipe;
  const began = performance.now();
  const measured = loadMeasuredSurvey(out);
  const catalog = path === undefined ? undefined : openSkyCatalog(path, survey, "leave out");
  if (catalog !== undefined) {
    refuseFluxGap(catalog.clusters, survey);
    refuseLensingUnit(catalog.clusters, survey);
  }
  const engine = await openBackend(values, progress);
  const network = await openSkyNetwork(engine, run);
  const random = createRandom(seed).fork("sky report");
  progress.say("Drawing conclusions from mock catalogs");
  const agreement = measured.agreement?.S8 ?? null;
  const conclusions = await concludeSky(network, survey, agreement, random);
  const forecast = await forecastSurvey(network, survey, catalog);
  if (catalog !== undefined) {
    progress.say(
      `Sampling the posterior of ${counted(catalog.clusters.redshift.length, "cluster")}`,
    );
  }
  const reported = catalog && await askBoth(network, survey, catalog);
  network.dispose();
  engine.close();
  const report: SkyReport = {
    title: path === undefined
      ? "A flux-limited survey of galaxy clusters"
      : `Galaxy clusters of a flux-limited survey: ${path.split("/").at(-1)}`,
    answer: reported ? sayAnswer(reported) : "",
    sections: [
      ...(reported ? reportCatalog(reported) : []),
      ...reportNetwork({ ...measured, conclusions }),
      reportForecast(forecast),
    ],
    facts: [
      ...listFields(survey).map(([name, value]) => ({ name, value: String(value) })),
      { name: "seed of the network", value: String(seed) },
      { name: "backend", value: engine.name },
      { name: "version", value: VERSION },
    ],
  };
  const written = await saveSkyReport(out, report);
  const missing = [
    ...(path === undefined ? ["a catalog (report --catalog FILE)"] : []),
    ...(measured.evaluation ? [] : ["errors and calibration (calibrate)"]),
    ...(measured.agreement ? [] : ["explicit posteriors (calibrate)"]),
    ...(measured.robustness ? [] : ["what moves the answer (robustness)"]),
  ];
  const seconds = (performance.now() - began) / 1000;
  return { out, backend: engine.name, ...written, missing, seconds };
}

async function askBoth(
  network: SkyNetwork,
  survey: SkySurvey,
  catalog: SkyCatalog,
): Promise<ReportedCatalog> {
  const { prediction, posterior } = describeSkyCatalog(survey, catalog, createRandom(SEED));
  const { clusters, names } = catalog;
  const missing = clusters.redshift.length < 2
    ? "one cluster alone"
    : whyNotAsked(clusters, survey);
  if (missing !== null) {
    return { prediction, cloud: cloudOf(posterior), network: { missing } };
  }
  const [joint] = await network.posteriors([clusters]);
  const points = jointPoints(joint!);
  const answer = { ...summarizePoints(points), correlation: joint!.correlation };
  const influences = await leaveEachOutOfNetwork(network, clusters);
  const rowOf = new Map(
    influences.map((influence, row) => [names?.[row] ?? `row ${row + 1}`, influence]),
  );
  return {
    prediction,
    cloud: cloudOf(posterior),
    network: {
      answer,
      cloud: cloudOf(points),
      distance: distanceOfAnswers(answer, prediction.likelihood),
      influences: prediction.influences.map(({ name }) => rowOf.get(name)!),
    },
  };
}

function cloudOf<P extends SkyCosmology>({ parameters, weights }: WeightedParameters<P>): SkyCloud {
  return {
    omegaM: Float64Array.from(parameters, SKY_COSMOLOGY.omegaM),
    sigma8: Float64Array.from(parameters, SKY_COSMOLOGY.sigma8),
    weights,
  };
}

async function forecastSurvey(
  network: SkyNetwork,
  survey: SkySurvey,
  catalog: SkyCatalog | undefined,
): Promise<SkyForecast> {
  const drawer = prepareSkyDrawing(survey);
  const random = createRandom(SEED).fork("forecast");
  const mocks = Array.from(
    { length: FORECAST_MOCKS },
    (_, i) => drawer.draw(FIDUCIAL_SKY, random.fork("mock", i)),
  ).filter(({ redshift }) => redshift.length > 0);
  const answers = (await network.posteriors(mocks)).map((joint) =>
    summarizePoints(jointPoints(joint))
  );
  const width = (name: keyof typeof SKY_COSMOLOGY) =>
    mean(answers.map((answer) => answer[name].deviation));
  const found = catalog && {
    redshift: catalog.clusters.redshift,
    logFlux: catalog.clusters.lnFlux.map((ln) => ln / Math.LN10),
  };
  return {
    expectation: expectClusters(survey, FIDUCIAL_SKY),
    figure: drawSkySurvey(distributeSky(survey, FIDUCIAL_SKY), found),
    widths: { S8: width("S8"), omegaM: width("omegaM"), sigma8: width("sigma8") },
  };
}

/** The numbers of a survey by name, those of its lensing masses, too. */
function listFields({ lensing, ...survey }: SkySurvey): [string, unknown][] {
  const own = Object.entries(lensing ?? {})
    .map(([name, value]): [string, unknown] => [`lensing.${name}`, value]);
  return [...Object.entries(survey), ...own];
}
