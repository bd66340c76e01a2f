/** What the report of a survey on the sky shows of lensing masses. */
import { counted } from "../numerics/counted.ts";
import { printable } from "../observed/printable.ts";
import type { SkySection } from "../report/sky_page.ts";
import type { LensingAnswer } from "./sky_lensing_answer.ts";
import { EMPTY, quote, share, signed } from "./sky_words.ts";

/** Their bias and the scale of mass, how they fit, and what each cluster's measurements do. */
export function reportLensing(
  { masses, bias, biasPrior, massScale, residuals, clusters }: LensingAnswer,
): SkySection {
  const cell = (value: number | null) => value === null ? "" : signed(value);
  return {
    ...EMPTY,
    title: "Lensing masses",
    words: [
      `${counted(masses, "cluster")} ${
        masses === 1 ? "has" : "have"
      } a lensing mass. Their bias ln M_{WL} − ln M_{500} is ${quote(bias)}, ` +
      `before the catalog 0 ± ${biasPrior}; M_{500} E(z) of a cluster of 5 keV is ` +
      `${quote(massScale)} × 10^{14} M_⊙.`,
    ],
    tables: [
      {
        caption: "Lensing masses among mock catalogs of the posterior, least probable first",
        columns: ["statistic", "catalog", "median of mocks", "probability"],
        rows: residuals.map(({ name, value, median, probability }) => [
          name,
          signed(value, 3),
          signed(median, 3),
          share(probability),
        ]),
      },
      {
        caption:
          "Change of S_8 [widths]: without the cluster's lensing mass, and per unit of ln of each " +
          "measurement",
        columns: ["cluster", "without M_{WL}", "ln flux", "ln T", "ln M_{gas}", "ln M_{WL}"],
        rows: clusters.map(({ name, withoutLensing, slopes }) => [
          printable(name),
          cell(withoutLensing),
          ...[slopes.flux, slopes.temperature, slopes.gasMass, slopes.lensingMass].map(cell),
        ]),
      },
    ],
  };
}
