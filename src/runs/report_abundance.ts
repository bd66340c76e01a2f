/**
 * The curves of Figs. 1 and 17: clusters in the simulation's volume and in surveys of a part of it.
 */
import { binCenter, MASS_BIN } from "../catalogs/abundance.ts";
import type { CatalogMaker } from "../catalogs/catalog.ts";
import { expectedCounts, prepareCatalogs, volumeCountsAt } from "../catalogs/catalog.ts";
import type { Survey } from "../catalogs/survey.ts";
import { LARGER_SURVEY, SMALLER_SURVEY } from "../catalogs/survey.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { AbundanceCurve, AbundancePanel } from "../report/figures/abundance.ts";
import type { ReportData } from "../report/report_data.ts";

/** Fig. 1's values, near the ends of the priors. */
const SIGMA8 = [0.93, 0.72] as const;
const LUMINOSITY_BIAS = [1.3, 0.8] as const;

/** Figs. 1 and 17 for an experiment's survey and those of App. A. */
export function describeAbundance(
  base: BaseSample,
  { catalog }: Experiment,
): Pick<ReportData, "abundance" | "surveyAbundance"> {
  const panel = (title: string, survey: Survey): AbundancePanel => ({
    title,
    curves: listCurves(prepareCatalogs(base, { ...catalog, survey })),
  });
  return {
    abundance: { panel: panel("", catalog.survey), binWidth: MASS_BIN },
    surveyAbundance: {
      panels: [SMALLER_SURVEY, LARGER_SURVEY].map((survey) => panel(nameSurvey(survey), survey)),
      binWidth: MASS_BIN,
    },
  };
}

/** A survey in words: "30% of the simulation volume". */
export function nameSurvey({ volumeFraction }: Survey): string {
  return `${Math.round(100 * volumeFraction)}% of the simulation volume`;
}

function listCurves(maker: CatalogMaker): AbundanceCurve[] {
  const { bins, plan: { survey } } = maker;
  const logMass = Float64Array.from({ length: bins.count }, (_, i) => binCenter(bins, i));
  const volume = SIGMA8.map((sigma8): AbundanceCurve => ({
    of: "volume",
    label: `volume, σ_8 = ${sigma8}`,
    logMass,
    counts: volumeCountsAt(maker, sigma8).subarray(bins.below)
      .map((count) => count / survey.volumeFraction),
  }));
  const selected = SIGMA8.flatMap((sigma8) =>
    LUMINOSITY_BIAS.map((luminosityBias): AbundanceCurve => ({
      of: "survey",
      label: `σ_8 = ${sigma8}, b_L = ${luminosityBias}`,
      logMass,
      counts: expectedCounts(maker, { sigma8, luminosityBias, luminositySlopeFactor: 1 }),
    }))
  );
  return [...volume, ...selected];
}
