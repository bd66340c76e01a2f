/** What the report says of a survey on the sky whose catalog does not exist yet. */
import type { SkyExpectation } from "../catalogs/sky/abundance.ts";
import type { SkyCosmologyName } from "../evaluation/sky/coverage.ts";
import type { Figure } from "../report/figure.ts";
import type { SkySection } from "../report/sky_page.ts";

/** Clusters that a survey is expected to find, and widths of its posteriors. */
export interface SkyForecast {
  readonly expectation: SkyExpectation;
  readonly figure: Figure;
  /** Mean width of the network's posteriors of mocks at the fiducial parameters. */
  readonly widths: Readonly<Record<SkyCosmologyName, number>>;
}

const LABELS: readonly (readonly [SkyCosmologyName, string])[] = [
  ["S8", "S_8"],
  ["omegaM", "Ω_m"],
  ["sigma8", "σ_8"],
];

/** Reports what the survey is expected to find, and how well a network would measure S8 and omegaM. */
export function reportForecast({ expectation, figure, widths }: SkyForecast): SkySection {
  const { expected, meanRedshift, meanLnMass } = expectation;
  return {
    tables: [],
    missing: "",
    title: "Forecast",
    words: [
      `At S_8 = 0.75 and Ω_m = 0.3 the survey finds ${
        expected.toFixed(1)
      } clusters at a mean redshift ` +
      `of ${meanRedshift.toFixed(3)}, of 10^{${
        (meanLnMass / Math.LN10).toFixed(2)
      }} M_⊙/h on average. ` +
      `Posteriors of such catalogs are ${
        LABELS.map(([name, label]) => `${widths[name].toFixed(3)} wide in ${label}`).join(", ")
      }.`,
    ],
    figures: [{ figure, caption: "Expected clusters by redshift, flux and mass, and selection." }],
  };
}
