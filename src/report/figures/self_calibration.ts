/**
 * sigma8 over the plane of cluster count and median Y_X (Fig. 14), and for a smaller and a larger
 * survey (Fig. 18). Bins with too few catalogs are left empty.
 */
import type {
  CalibrationCell,
  CalibrationRegion,
  SelfCalibration,
} from "../../interpretation/self_calibration.ts";
import { selfCalibrationColumns } from "../../interpretation/self_calibration.ts";
import type { FigureColumns } from "../../interpretation/columns.ts";
import { histogram } from "../../numerics/statistics.ts";
import type { Box, Panel } from "../chart.ts";
import { cornerText, createPanel, drawPanel, note, text } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { ColorScale } from "../heat_map.ts";
import { drawCells, drawColorBar } from "../heat_map.ts";
import { COUNT_LABEL, MEDIAN_YX_LABEL, SIGMA8_LABEL } from "../labels.ts";
import { drawSteps } from "../marks.ts";
import { stroke } from "../palette.ts";
import { domainFromZero, domainOf } from "../scale.ts";
import { element, svgDocument } from "../svg.ts";

const CONSTRAINT = { mean: "mean σ_8", scatter: "scatter of σ_8" } as const;

/** Draws Fig. 14: mean sigma8 in the plane, and its distributions in regions A and B above. */
export function drawSelfCalibration(calibration: SelfCalibration): Figure {
  const { regions } = calibration;
  const scale = cellScale([calibration], "mean");
  const edges = regionEdges(regions);
  return {
    svg: svgDocument(
      { width: 640, height: 690 },
      "Mean sigma8 against number of clusters and median Y_X",
      [
        ...(["A", "B"] as const).map((name, p) =>
          drawRegion(
            name,
            regions.find((region) => region.name === name),
            { x: 84 + 250 * p, y: 30, width: 205, height: 130 },
            edges,
          )
        ),
        drawPlane("figure-14", calibration, "mean", {
          scale,
          box: PLANE,
          outline: (panel) => outlineRegions(panel, regions),
        }),
        drawColorBar(
          "figure-14-bar",
          { x: 550, y: PLANE.y, width: 14, height: PLANE.height },
          scale,
        ),
      ],
    ),
    columns: selfCalibrationColumns(calibration),
  };
}

const PLANE: Box = { x: 84, y: 250, width: 455, height: 380 };

/** Width of the regions' histogram bins; values of sigma8 in the design are 0.01 apart. */
const SIGMA8_BIN = 0.01;

function regionEdges(regions: readonly CalibrationRegion[]): number[] {
  const [low, high] = domainOf(regions.map(({ sigma8 }) => sigma8), 0);
  const first = Math.round(low / SIGMA8_BIN) - 1;
  const last = Math.round(high / SIGMA8_BIN) + 2;
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i - 0.5) * SIGMA8_BIN);
}

function drawRegion(
  name: "A" | "B",
  region: CalibrationRegion | undefined,
  box: Box,
  edges: readonly number[],
): string {
  const counts = region ? histogram(region.sigma8, edges) : [];
  const panel = createPanel(
    `figure-14-${name}`,
    box,
    { label: SIGMA8_LABEL, domain: [edges[0]!, edges.at(-1)!], ticks: 4 },
    {
      label: "catalogs",
      domain: domainFromZero([counts], 0.25),
      ticks: Math.min(4, Math.max(1, ...counts)),
    },
  );
  if (!region) return drawPanel(panel, [note(panel, `no bin for region ${name}`)]);
  const color = name === "A" ? "purple" : "teal";
  return drawPanel(panel, [drawSteps(panel, edges, counts, { color, width: 2 })], {
    title: `region ${name}: ${region.mean.toFixed(3)} ± ${region.scatter.toFixed(3)}`,
  });
}

function cellScale(
  calibrations: readonly SelfCalibration[],
  value: keyof typeof CONSTRAINT,
): ColorScale {
  const values = calibrations.map(({ cells }) => cells.map((cell) => cell[value]));
  return { axis: { label: CONSTRAINT[value], domain: domainOf(values, 0) }, ramp: "viridis" };
}

/** The look of a plane; `outline` draws over it. */
interface PlaneLook {
  readonly scale: ColorScale;
  readonly box: Box;
  outline(panel: Panel): readonly string[];
}

/** Frames and names of the two highlighted bins. */
function outlineRegions(panel: Panel, regions: readonly CalibrationRegion[]): string[] {
  return regions.map((region) => {
    const [x, y] = [panel.x(region.countFrom), panel.y(region.logYxTo)];
    const width = panel.x(region.countTo) - x;
    const height = panel.y(region.logYxFrom) - y;
    return element("rect", { x, y, width, height, ...stroke("ink", 2.2) }) +
      text(region.name, x - 6, y + 3, { "font-weight": "bold", "text-anchor": "end" });
  });
}

function drawPlane(
  id: string,
  { cells, countEdges, logYxEdges }: SelfCalibration,
  value: keyof typeof CONSTRAINT,
  { scale, box, outline }: PlaneLook,
): string {
  const panel = createPanel(
    id,
    box,
    { label: COUNT_LABEL, domain: domainOf([countEdges], 0.02) },
    { label: MEDIAN_YX_LABEL, domain: domainOf([logYxEdges], 0.02) },
  );
  if (cells.length === 0) return drawPanel(panel, [note(panel, "too few catalogs in every bin")]);
  const toCell = (cell: CalibrationCell) => ({
    x0: cell.countFrom,
    x1: cell.countTo,
    y0: cell.logYxFrom,
    y1: cell.logYxTo,
    value: cell[value],
  });
  return drawPanel(panel, [drawCells(panel, cells.map(toCell), scale)], { over: outline(panel) });
}

/** A survey of Fig. 18. */
export interface SurveyCalibration {
  /** Title of the panel, as in "30% of the volume". */
  readonly title: string;
  /** Self-calibration that the panel shows. */
  readonly calibration: SelfCalibration;
}

/** Draws Fig. 18: mean (top) and in-bin scatter (bottom) of sigma8, one column per survey. */
export function drawSurveyCalibrations(surveys: readonly SurveyCalibration[]): Figure {
  const calibrations = surveys.map(({ calibration }) => calibration);
  const rows = (["mean", "scatter"] as const).map((value, row) => {
    const scale = cellScale(calibrations, value);
    const y = 34 + 390 * row;
    const planes = surveys.map(({ title, calibration }, column) => {
      const box = { x: 84 + 440 * column, y, width: 330, height: 300 };
      return drawPlane(`figure-18-${value}-${column}`, calibration, value, {
        scale,
        box,
        outline: () => [],
      }) +
        cornerText({ box }, title, "right");
    });
    const bar = { x: 84 + 440 * surveys.length - 90, y, width: 14, height: 300 };
    return planes.join("") + drawColorBar(`figure-18-${value}-bar`, bar, scale);
  });
  return {
    svg: svgDocument(
      { width: 84 + 440 * surveys.length + 10, height: 790 },
      "Mean and scatter of sigma8 against number of clusters and median Y_X, by survey volume",
      rows,
    ),
    columns: surveys.reduce<FigureColumns>((columns, { calibration }, s) => ({
      ...columns,
      [`survey_${s + 1}`]: selfCalibrationColumns(calibration)["cells"]!,
    }), {}),
  };
}
