/**
 * The report: the paper's figures as SVG with their numbers as CSV, its tables as Markdown, and all
 * of it as one HTML page. An entry point of its own, `@clusters/terse/report`, because it loads d3's
 * modules, which the rest of the toolkit does not need.
 *
 * @example Predicted against true sigma8, as Fig. 8 draws them
 * ```ts
 * import { measureErrors } from "@clusters/terse";
 * import { drawPredictions } from "@clusters/terse/report";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const [truth, predicted] = [[0.74, 0.8, 0.88], [0.76, 0.79, 0.87]];
 * const errors = measureErrors(predicted, truth);
 * const { svg, columns } = drawPredictions("figure-8", { predicted, truth, errors });
 * assertStringIncludes(svg, "3 catalogs");
 * assertEquals(columns.catalogs, { truth, predicted });
 * ```
 *
 * @module
 */
export type { Comparison, FigureEntry } from "./figure_list/entry.ts";
export {
  type Attributes,
  element,
  escapeText,
  formatCoordinate,
  labelHtml,
  type LabelPiece,
  labelSpans,
  labelText,
  labelWidth,
  parseLabel,
  svgDocument,
} from "./svg.ts";
export {
  type ColorName,
  COLORS,
  type Dash,
  DASHES,
  fill,
  RAMP_STEPS,
  rampColor,
  type RampName,
  RAMPS,
  stroke,
} from "./palette.ts";
export {
  type Axis,
  type Domain,
  domainFromZero,
  domainOf,
  extentOf,
  formatNumber,
  mapAxis,
  minusSign,
  type Tick,
  ticksOf,
} from "./scale.ts";
export {
  type Box,
  cornerText,
  createPanel,
  drawPanel,
  note,
  type Panel,
  type PanelOptions,
  text,
} from "./chart.ts";
export {
  defineHatching,
  drawArrow,
  drawBand,
  drawErrorBars,
  drawLine,
  drawPoints,
  drawRectangle,
  drawRule,
  drawSegment,
  drawSteps,
  drawSymbol,
  interruptAtGaps,
  type Point,
  type Range,
  type SeriesStyle,
  type Symbol,
  zipPoints,
} from "./marks.ts";
export { type Corner, drawLegend, type LegendEntry } from "./legend.ts";
export {
  binHexagons,
  type Cell,
  colorOf,
  type ColorScale,
  drawCells,
  drawColorBar,
  drawHexagons,
  type Hexagon,
  type HexagonalBins,
  hexagonColumns,
} from "./heat_map.ts";
export {
  COLUMN_LABELS,
  columnLabel,
  COUNT_LABEL,
  MASS_LABEL,
  MEDIAN_YX_LABEL,
  pixelLabel,
  SIGMA8_LABEL,
} from "./labels.ts";
export type { Figure } from "./figure.ts";
export { type AbundanceCurve, type AbundancePanel, drawAbundance } from "./figures/abundance.ts";
export { type DensityProfileExample, drawDensityProfiles } from "./figures/density_profiles.ts";
export {
  drawNeighborOffset,
  type OffsetExample,
  type PowerLaw,
} from "./figures/neighbor_offset.ts";
export { drawAutoencoder } from "./figures/autoencoder.ts";
export { drawArchitecture } from "./figures/architecture.ts";
export { drawInputMatrices, drawSaliencyMaps, type InputMatrix } from "./figures/matrices.ts";
export {
  drawTrainingHistory,
  type HistoryOptions,
  selectedEpoch,
} from "./figures/training_history.ts";
export { drawPredictions, type Predictions } from "./figures/predictions.ts";
export { drawLeaveOneOut } from "./figures/leave_one_out.ts";
export {
  drawSaliencyComparison,
  drawSaliencyProfiles,
  type SaliencyPair,
} from "./figures/saliency.ts";
export { drawTransitionProxies } from "./figures/transition.ts";
export {
  drawSelfCalibration,
  drawSurveyCalibrations,
  type SurveyCalibration,
} from "./figures/self_calibration.ts";
export { drawTerseLayer, OVERSPECIALIZED_PANELS, TERSE_PANELS } from "./figures/terse_layer.ts";
export { drawMassProxies, type DrawnProxy } from "./figures/mass_proxy.ts";
export { formatHtml, formatMarkdown, type Table } from "./tables.ts";
export { type RelationRow, type Relations, tabulateRelations } from "./paper_tables.ts";
export { describeDifference, type SampleOrigin, type ScatterSetting } from "./scatter_reasons.ts";
export {
  describeOrder,
  formatScatter,
  type OrderStatement,
  tabulateScatter,
} from "./scatter_table.ts";
export type { Fact, OverspecializedRun, ReportData } from "./report_data.ts";
export { FIGURES } from "./figure_list.ts";
export { summarize, tabulateSeeds } from "./page_summary.ts";
export {
  type ExplorerData,
  LARGEST_WORD,
  MISSING_WORD,
  MOST_CLUSTERS,
  type PackedColumn,
  type PackedMap,
  packExplorer,
} from "./explorer_data.ts";
export { renderPage } from "./page.ts";
export { hashSource } from "./source_hash.ts";
