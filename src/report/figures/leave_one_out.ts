/** Leave-one-out (Fig. 9): changes of sigma8 by mass, and their cumulative distributions. */
import type { ChangeBand, LeaveOneOut } from "../../interpretation/leave_one_out.ts";
import { leaveOneOutColumns } from "../../interpretation/leave_one_out.ts";
import { createPanel, drawPanel, note } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { MASS_LABEL } from "../labels.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import { drawBand, drawLine, drawRule, drawSegment, interruptAtGaps, zipPoints } from "../marks.ts";
import type { Domain } from "../scale.ts";
import { domainOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

const CHANGE_LABEL = "σ_{8, one out} − σ_{8, original}";
const ZERO: SeriesStyle = { color: "muted", dash: "dotted", width: 1 };
const MEDIAN: SeriesStyle = { color: "navy", width: 2.2 };
const MIDDLE_68: SeriesStyle = { color: "sky", opacity: 0.75 };
const MIDDLE_95: SeriesStyle = { color: "sky", opacity: 0.35 };

/** Styles of the distributions, from all clusters to the most massive. */
const DISTRIBUTIONS: readonly SeriesStyle[] = [
  { color: "lime", width: 2 },
  { color: "yellow", dash: "dashed", width: 2 },
  { color: "teal", dash: "dashdot", width: 2 },
  { color: "blue", dash: "dotted", width: 2.4 },
  { color: "purple", width: 2 },
];

/** Draws Fig. 9; mass bins with too few clusters are gaps. */
export function drawLeaveOneOut(result: LeaveOneOut): Figure {
  const { bands, distributions } = leaveOneOutColumns(result);
  return {
    svg: svgDocument(
      { width: 960, height: 420 },
      "Change of the predicted sigma8 when a single cluster is left out, against its mass",
      [drawBands(result), drawDistributions(result)],
    ),
    columns: { bands: bands!, distributions: distributions! },
  };
}

function drawBands({ bands }: LeaveOneOut): string {
  const panel = createPanel(
    "figure-9-left",
    { x: 88, y: 20, width: 370, height: 340 },
    {
      label: MASS_LABEL,
      domain: domainOf([bands.map(({ from }) => from), bands.map(({ to }) => to)], 0),
    },
    {
      label: CHANGE_LABEL,
      domain: domainOf([bands.map(({ low95 }) => low95), bands.map(({ high95 }) => high95), [0]]),
    },
  );
  if (bands.length === 0) return drawPanel(panel, [note(panel, "too few clusters in every bin")]);
  const runs = interruptAtGaps(bands);
  const marks = [
    drawRange(runs, "low95", "high95", MIDDLE_95),
    drawRange(runs, "low68", "high68", MIDDLE_68),
    drawRule(panel, "y", 0, ZERO),
    drawLine(panel, runs.flatMap((band) => medianPoints(band, runs)), MEDIAN),
  ];
  return drawPanel(panel, marks, {
    over: [drawLegend(panel, [
      { label: "median", style: MEDIAN },
      { label: "middle 68%", style: MIDDLE_68, sample: "area" },
      { label: "middle 95%", style: MIDDLE_95, sample: "area" },
    ], "bottom left")],
  });

  function drawRange(
    some: readonly (ChangeBand | null)[],
    low: "low68" | "low95",
    high: "high68" | "high95",
    style: SeriesStyle,
  ): string {
    return drawBand(
      panel,
      some.flatMap((band) =>
        placesOf(band, some).map((x) =>
          band === null ? [x, NaN, NaN] as const : [x, band[low], band[high]] as const
        )
      ),
      style,
    );
  }
}

function medianPoints(
  band: ChangeBand | null,
  runs: readonly (ChangeBand | null)[],
): (readonly [number, number])[] {
  return placesOf(band, runs).map((x) => [x, band === null ? NaN : band.median]);
}

/** The middle of a bin; at the end of a run its outer edge as well, so that no bin is lost. */
function placesOf(band: ChangeBand | null, runs: readonly (ChangeBand | null)[]): number[] {
  if (band === null) return [NaN];
  const place = runs.indexOf(band);
  const places = [(band.from + band.to) / 2];
  if (!runs[place - 1]) places.unshift(band.from);
  if (!runs[place + 1]) places.push(band.to);
  return places;
}

function drawDistributions({ distributions }: LeaveOneOut): string {
  const styled = distributions.map((distribution, d) => ({
    ...distribution,
    style: DISTRIBUTIONS[d % DISTRIBUTIONS.length]!,
  }));
  const panel = createPanel(
    "figure-9-right",
    { x: 560, y: 20, width: 370, height: 340 },
    { label: CHANGE_LABEL, domain: centralDomain(styled.map(({ change }) => change)), ticks: 5 },
    { label: "CDF", domain: [0, 1] },
  );
  const marks = styled.map(({ change, probability, style }) =>
    drawLine(panel, zipPoints(change, probability), style)
  );
  const legend = styled.map(({ above, style }) => ({
    label: above === null ? "all clusters" : `log(M_{500}) > ${above}`,
    style,
  }));
  return drawPanel(panel, [
    drawRule(panel, "x", 0, ZERO),
    drawSegment(panel, [panel.xAxis.domain[0], 0.5], [panel.xAxis.domain[1], 0.5], ZERO),
    ...marks,
  ], { over: [drawLegend(panel, legend, "top left")] });
}

/** A domain of the central 98% of every distribution; extremes would squeeze the rest. */
function centralDomain(changes: readonly Float64Array[]): Domain {
  const ends = changes.flatMap((change) => [
    change[Math.round(0.01 * (change.length - 1))]!,
    change[Math.round(0.99 * (change.length - 1))]!,
  ]);
  return domainOf([ends, [0]]);
}
