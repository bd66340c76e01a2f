/**
 * The expected clusters of a survey on the sky: redshifts, fluxes, masses and the selection
 * function.
 */
import type { SkyDistributions, SkyHistogram } from "../../evaluation/sky/distributions.ts";
import { createPanel, drawPanel } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { drawLegend } from "../legend.ts";
import { drawLine, drawSteps, type SeriesStyle, zipPoints } from "../marks.ts";
import { domainFromZero, formatNumber } from "../scale.ts";
import { svgDocument } from "../svg.ts";

const EXPECTED: SeriesStyle = { color: "blue", width: 2 };
const OBSERVED: SeriesStyle = { color: "yellow", width: 2, dash: "dashed" };

const CURVES: readonly SeriesStyle[] = [
  { color: "purple", width: 2 },
  { color: "blue", width: 2, dash: "dashed" },
  { color: "teal", width: 2, dash: "dotted" },
  { color: "lime", width: 2 },
];

/** Values of a catalog's clusters, which are drawn over the expected distributions. */
export interface SkyFound {
  /** Redshifts. */
  readonly redshift: ArrayLike<number>;
  /** log10 of the observed fluxes [1e-12 erg/s/cm2]. */
  readonly logFlux: ArrayLike<number>;
}

/** Numbers of a catalog's clusters in the bins of a histogram. */
function count({ edges }: SkyHistogram, values: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  for (const value of Array.from(values)) {
    const bin = edges.findLastIndex((edge) => edge <= value);
    if (bin >= 0 && bin < counts.length) counts[bin]!++;
  }
  return counts;
}

/** Draws the expected distributions, with those of a catalog if one is given. */
export function drawSkySurvey(distributions: SkyDistributions, found?: SkyFound): Figure {
  const { redshift, logFlux, logMass, selectionLogMass, selection } = distributions;
  const histogram = (
    id: string,
    x: number,
    label: string,
    bins: SkyHistogram,
    values?: ArrayLike<number>,
  ): string => {
    const counts = values === undefined ? [] : count(bins, values);
    const panel = createPanel(
      `sky-${id}`,
      { x, y: 24, width: 220, height: 230 },
      { label, domain: [bins.edges[0]!, bins.edges.at(-1)!], ticks: 5 },
      { label: "clusters per bin", domain: domainFromZero([bins.expected, counts]) },
    );
    const marks = [drawSteps(panel, bins.edges, bins.expected, EXPECTED)];
    if (values !== undefined) marks.push(drawSteps(panel, bins.edges, counts, OBSERVED));
    const entries = values === undefined
      ? []
      : [{ label: "expected", style: EXPECTED }, { label: "catalog", style: OBSERVED }];
    return drawPanel(panel, marks, { over: [drawLegend(panel, entries, "top right")] });
  };
  const panel = createPanel(
    "sky-selection",
    { x: 970, y: 24, width: 220, height: 230 },
    { label: "log_{10} M_{500} [M_⊙/h]", domain: [12.8, 15.8], ticks: 5 },
    { label: "probability to be found", domain: [0, 1.55], tickValues: [0, 0.2, 0.4, 0.6, 0.8, 1] },
  );
  const curves = selection.map(({ probability }, c) =>
    drawLine(panel, zipPoints(selectionLogMass, probability), CURVES[c]!)
  );
  const legend = selection.map(({ redshift }, c) => ({
    label: `z = ${formatNumber(redshift, 2)}`,
    style: CURVES[c]!,
  }));
  const columns = ({ edges, expected }: SkyHistogram, values?: ArrayLike<number>) => ({
    from: edges.subarray(0, expected.length),
    to: edges.subarray(1),
    expected,
    ...(values === undefined ? {} : { catalog: count({ edges, expected }, values) }),
  });
  return {
    svg: svgDocument({ width: 1210, height: 310 }, "What a survey on the sky expects to find", [
      histogram("redshift", 70, "redshift", redshift, found?.redshift),
      histogram("flux", 370, "log_{10} flux [10^{-12} erg/s/cm^2]", logFlux, found?.logFlux),
      histogram("mass", 670, "log_{10} M_{500} [M_⊙/h]", logMass),
      drawPanel(panel, curves, { over: [drawLegend(panel, legend, "top left")] }),
    ]),
    columns: {
      redshift: columns(redshift, found?.redshift),
      log_flux: columns(logFlux, found?.logFlux),
      log_mass: columns(logMass),
      selection: {
        log_mass: selectionLogMass,
        ...Object.fromEntries(
          selection.map(({ redshift, probability }) => [
            `z_${formatNumber(redshift, 3)}`,
            probability,
          ]),
        ),
      },
    },
  };
}
