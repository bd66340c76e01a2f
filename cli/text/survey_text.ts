/** What `survey` prints for people and programs. */
import { counted } from "../../src/numerics/counted.ts";
import { SKY_PRESETS } from "../../src/catalogs/sky/presets.ts";
import type { SurveyFindings } from "../stages/sky_survey.ts";

/** What the help of `survey` explains, by paragraph. */
export const SURVEY_DETAILS: readonly string[] = [
  `--survey is ${
    Object.keys(SKY_PRESETS).join(", ")
  }, or a JSON file with area [sr], redshiftMin, ` +
  "redshiftMax (0.001 to 0.3), fluxLimit [1e-12 erg/s/cm2, 0.1-2.4 keV] and fluxError (standard " +
  "deviation of ln flux; also temperatureError 0.05 and gasMassError 0.1).",
  "A survey whose clusters have weak lensing masses has lensing: fraction of the clusters (above " +
  "fluxMin, from redshiftMin to redshiftMax, if given), scatter of ln M_WL about ln M500 (projection; " +
  "error 0 for the noise of mocks), and biasError, the prior of a bias that all of them share.",
  "--parameters is a JSON file with S8, omegaM, lnL, slopeL, lnT, slopeT, lnG, slopeG (the relations " +
  "at M500 = 4e14 Msun, h = 0.7), scatterL, scatterT, scatterG (of ln), pLT, pLG, pTG; lensingBias " +
  "may be left out.",
  "--catalog has the columns z, flux, T [keV], Mgas [1e14 Msun], e_lnL, e_lnT, e_lnMgas; T and Mgas " +
  "may be missing; with lensing also M_WL [1e14 Msun], e_lnMWL, blank where there is none. Its " +
  "likelihood is at the parameters; --posterior frees them all, in some seconds.",
  "Without --json, writes a figure and the numbers in it as CSV to --out; with --posterior, its " +
  "contours and points, too.",
];

/** The document of `--json`. */
export function describeSurvey(
  { expectation, catalog, posterior }: SurveyFindings,
): Readonly<Record<string, unknown>> {
  return {
    ...expectation,
    ...(catalog && { lnLikelihood: catalog.lnLikelihood }),
    ...(catalog?.lensingMasses !== undefined && { lensingMasses: catalog.lensingMasses }),
    ...(posterior && {
      posterior: Object.fromEntries(
        posterior.summaries.map(([name, { quantiles }]) => [name, quantiles]),
      ),
      effectiveSamples: posterior.effectiveSamples,
    }),
  };
}

/** What was found, a line per fact. */
export function formatSurvey({ expectation, catalog, posterior }: SurveyFindings): string {
  const { expected, meanRedshift, meanLnMass } = expectation;
  return [
    `${expected.toFixed(1)} clusters expected, mean z ${meanRedshift.toFixed(4)}, mean ln M500 ` +
    `${meanLnMass.toFixed(3)} [Msun/h]`,
    ...(catalog
      ? [
        `${counted(catalog.count, "cluster")} in the catalog, ln likelihood ${
          catalog.lnLikelihood.toFixed(3)
        }`,
        ...(catalog.lensingMasses === undefined
          ? []
          : [`${catalog.lensingMasses} of them have a lensing mass`]),
      ]
      : []),
    ...(posterior?.summaries ?? []).map(([name, { mean, deviation, quantiles }]) =>
      `${name.padEnd(6)} ${mean.toFixed(3)} +- ${deviation.toFixed(3)}, 95% ` +
      `${quantiles[0]!.toFixed(3)} to ${quantiles[4]!.toFixed(3)}`
    ),
  ].join("\n");
}
