/**
 * `survey`: what a flux-limited survey on the sky finds, and what a catalog of it says.
 *
 * @module
 */
import { expectClusters } from "../../src/catalogs/sky/abundance.ts";
import { FIDUCIAL_SKY, type SkyParameters } from "../../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../../src/catalogs/sky/presets.ts";
import type { SkySurvey } from "../../src/catalogs/sky/survey.ts";
import { SKY_COSMOLOGY } from "../../src/evaluation/sky/coverage.ts";
import { distributeSky } from "../../src/evaluation/sky/distributions.ts";
import { refuseFluxGap } from "../../src/evaluation/sky/flux_gap.ts";
import { prepareSkyLikelihood } from "../../src/evaluation/sky/likelihood.ts";
import {
  sampleSkyPosterior,
  type SkyPosterior,
  type SkySummary,
  summarizeSky,
} from "../../src/evaluation/sky/posterior.ts";
import { createRandom } from "../../src/numerics/random.ts";
import type { SkyCatalog } from "../../src/observed/sky_catalog.ts";
import { formatCsv } from "../../src/report/figure.ts";
import { drawSkySurvey } from "../../src/report/figures/sky_survey.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { UsageError } from "../program/errors.ts";
import { makeFolder, writeFile } from "../program/files.ts";
import { flag, textOption, wholeNumberOption } from "../program/options.ts";
import {
  openDetectionTable,
  openSkyCatalog,
  openSkyParameters,
  openSkySurvey,
} from "../storage/sky_files.ts";

/** The command `survey`. */
export const SURVEY: Command = defineCommand({
  summary: "show what a flux-limited survey on the sky finds, and what a catalog of it says",
  details: [
    `--survey is ${Object.keys(SKY_PRESETS).join(", ")}, or a JSON file with area [sr],`,
    "redshiftMin, redshiftMax (0.001 to 0.3), fluxLimit [1e-12 erg/s/cm2, 0.1-2.4 keV] and fluxError",
    "(standard deviation of ln flux; also temperatureError 0.05 and gasMassError 0.1).",
    "--parameters is a JSON file with S8, omegaM, lnL, slopeL, lnT, slopeT, lnG, slopeG (the relations",
    "at M500 = 4e14 Msun, h = 0.7), scatterL, scatterT, scatterG (of ln), pLT, pLG, pTG.",
    "--catalog has the columns z, flux, T [keV], Mgas [1e14 Msun], e_lnL, e_lnT, e_lnMgas; T and Mgas",
    "may be missing. Its likelihood is at the parameters; --posterior frees them all, in some seconds.",
    "Without --json, writes a figure and the numbers in it as CSV to --out.",
  ],
  options: {
    survey: textOption("FILE|NAME", "hiflugcs", { description: "the survey" }),
    parameters: textOption("FILE", undefined, {
      description: "cosmology and scaling relations",
      fallbackText: "S8 0.75, omegaM 0.3 and the middle of the priors",
    }),
    catalog: textOption("FILE", undefined, {
      description: "clusters that the survey found, FITS, CSV or ASCII",
      fallbackText: "none",
    }),
    posterior: flag("sample the catalog's posterior of sigma8, omegaM and S8"),
    detection: textOption("FILE", undefined, {
      description: "probability of detection above the limit: columns flux, z, probability",
      fallbackText: "1",
    }),
    seed: wholeNumberOption(0, 1, { description: "seed of the posterior's sampling" }),
    out: textOption("DIR", "runs/survey", { description: "folder of figure and CSV" }),
  },
  run(values) {
    if (values.posterior && values.catalog === undefined) {
      throw new UsageError(
        "Cannot sample posterior: there is no catalog, --catalog FILE is needed",
      );
    }
    const survey = openSkySurvey(values.survey);
    const parameters = values.parameters === undefined
      ? FIDUCIAL_SKY
      : openSkyParameters(values.parameters);
    const selection = values.detection === undefined
      ? {}
      : { detection: openDetectionTable(values.detection) };
    const catalog = values.catalog === undefined
      ? undefined
      : openSkyCatalog(values.catalog, survey);
    if (catalog !== undefined && values.detection === undefined) {
      refuseFluxGap(catalog.clusters, survey);
    }
    const expectation = expectClusters(survey, parameters, selection);
    const likelihood = catalog && prepareSkyLikelihood(survey, catalog.clusters, selection);
    const lnLikelihood = likelihood?.lnLikelihood(parameters);
    const posterior = values.posterior && likelihood !== undefined
      ? sampleSkyPosterior(likelihood, createRandom(values.seed))
      : undefined;
    const summaries = posterior && summarizeCosmology(posterior);
    const json = {
      ...expectation,
      ...(lnLikelihood === undefined ? {} : { lnLikelihood }),
      ...(summaries === undefined ? {} : {
        posterior: Object.fromEntries(
          summaries.map(([name, { quantiles }]) => [name, quantiles]),
        ),
        effectiveSamples: posterior!.effectiveSamples,
      }),
    };
    const lines = [
      `${expectation.expected.toFixed(1)} clusters expected, mean z ` +
      `${expectation.meanRedshift.toFixed(4)}, mean ln M500 ${
        expectation.meanLnMass.toFixed(3)
      } [Msun/h]`,
    ];
    if (catalog !== undefined) {
      lines.push(
        `${catalog.clusters.redshift.length} clusters in the catalog, ln likelihood ${
          lnLikelihood!.toFixed(3)
        }`,
      );
    }
    for (const [name, { mean, deviation, quantiles }] of summaries ?? []) {
      lines.push(
        `${name.padEnd(6)} ${mean.toFixed(3)} +- ${deviation.toFixed(3)}, 95% ${
          quantiles[0]!.toFixed(3)
        } to ${quantiles[4]!.toFixed(3)}`,
      );
    }
    if (!values.json) {
      writeFigure(values.out, survey, parameters, selection, catalog);
      lines.push(`Written to ${values.out}`);
    }
    return Promise.resolve({ json, text: lines.join("\n") });
  },
});

function summarizeCosmology(posterior: SkyPosterior): [string, SkySummary][] {
  const { sigma8, omegaM, S8 } = SKY_COSMOLOGY;
  return Object.entries({ sigma8, omegaM, S8 })
    .map(([name, quantity]) => [name, summarizeSky(posterior, quantity)]);
}

/** The figure as SVG and its panels as CSV. */
function writeFigure(
  folder: string,
  survey: SkySurvey,
  parameters: SkyParameters,
  selection: Parameters<typeof distributeSky>[2],
  catalog: SkyCatalog | undefined,
): void {
  const found = catalog && {
    redshift: catalog.clusters.redshift,
    logFlux: catalog.clusters.lnFlux.map((ln) => ln / Math.LN10),
  };
  const figure = drawSkySurvey(distributeSky(survey, parameters, selection), found);
  makeFolder(folder);
  writeFile(`${folder}/survey.svg`, figure.svg);
  for (const [panel, columns] of Object.entries(figure.columns)) {
    writeFile(`${folder}/${panel}.csv`, formatCsv(columns));
  }
}
