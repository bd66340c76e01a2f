/** Predicted against true sigma8 (Figs. 8 and 19). */
import { counted } from "../../numerics/counted.ts";
import type { Sigma8Errors } from "../../evaluation/errors.ts";
import { createPanel, drawPanel } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { drawLegend } from "../legend.ts";
import type { Range, SeriesStyle } from "../marks.ts";
import { drawErrorBars, drawLine, drawPoints, zipPoints } from "../marks.ts";
import { domainOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

/** The test catalogs of a network. */
export interface Predictions {
  /** Predicted sigma8, one value per catalog. */
  readonly predicted: ArrayLike<number>;
  /** True sigma8, one value per catalog. */
  readonly truth: ArrayLike<number>;
  /** Errors of the predictions, with Fig. 8's bins. */
  readonly errors: Sigma8Errors;
}

const CATALOGS: SeriesStyle = { color: "sky", opacity: 0.75 };
const BINS: SeriesStyle = { color: "navy" };
const ONE_TO_ONE: SeriesStyle = { color: "lime", dash: "dashed", width: 2 };

/**
 * Draws every catalog, and the median and middle 68% of the predictions in bins of true sigma8.
 *
 * @param name Prefix of ids: "figure-8" or "figure-19"
 */
export function drawPredictions(name: string, predictions: Predictions): Figure {
  const { predicted, truth, errors } = predictions;
  const domain = domainOf([predicted, truth], 0.05);
  const panel = createPanel(
    name,
    { x: 78, y: 20, width: 400, height: 400 },
    { label: "σ_8, true", domain },
    { label: "σ_8, predicted", domain },
  );
  const { bins } = errors;
  const ranges = bins.map(({ sigma8, low, high }): Range => [sigma8, low, high]);
  const marks = [
    drawPoints(panel, zipPoints(truth, predicted), CATALOGS, { radius: 1.8 }),
    drawLine(panel, [[domain[0], domain[0]], [domain[1], domain[1]]], ONE_TO_ONE),
    drawErrorBars(panel, ranges, BINS),
    drawPoints(panel, bins.map(({ sigma8, median }) => [sigma8, median] as const), BINS, {
      radius: 3.4,
    }),
  ];
  const legend = drawLegend(panel, [
    { label: counted(errors.count, "catalog"), style: CATALOGS, sample: "dot" },
    { label: "median, middle 68%", style: BINS, sample: "dot" },
    { label: "one to one", style: ONE_TO_ONE },
    {
      label: `Δσ_8 = ${errors.scatter.toFixed(4)} ± ${errors.scatterError.toFixed(4)}`,
      style: { color: "sheet" },
    },
  ], "top left");
  return {
    svg: svgDocument(
      { width: 510, height: 480 },
      "Predicted against true sigma8 of the test catalogs",
      [drawPanel(panel, marks, { over: [legend] })],
    ),
    columns: {
      catalogs: { truth, predicted },
      bins: {
        sigma8: bins.map(({ sigma8 }) => sigma8),
        catalogs: bins.map(({ count }) => count),
        low: bins.map(({ low }) => low),
        median: bins.map(({ median }) => median),
        high: bins.map(({ high }) => high),
      },
    },
  };
}
