/**
 * How a mock cluster takes its offsets from a neighbor in mass (Fig. 3): with the base relation,
 * and with a relation of changed slope, amplitude and scatter.
 */
import type { Panel } from "../chart.ts";
import { createPanel, drawPanel, text } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { MASS_LABEL } from "../labels.ts";
import { drawLegend } from "../legend.ts";
import type { Point } from "../marks.ts";
import { drawBand, drawLine, drawPoints, drawSegment } from "../marks.ts";
import { fill, stroke } from "../palette.ts";
import { domainOf } from "../scale.ts";
import { element, formatCoordinate, svgDocument } from "../svg.ts";

/** A power law of an observable X against mass: log X = slope log M + intercept, scatter [dex]. */
export interface PowerLaw {
  /** Table 2's alpha. */
  readonly slope: number;
  /** log10 X at M = 1 Msun/h. */
  readonly intercept: number;
  /** Root mean square offset [dex]. */
  readonly scatter: number;
}

/** The observable of one mock cluster from a neighbor's offset. */
export interface OffsetExample {
  /** The base sample's relation. */
  readonly base: PowerLaw;
  /** The catalog's relation; the base relation itself in the simple case. */
  readonly target: PowerLaw;
  /** Factor on the neighbor's offset. */
  readonly scatterFactor: number;
  /** The neighbor: mass and observable, log10. */
  readonly neighbor: { readonly logMass: number; readonly logValue: number };
  /** Mass of the mock cluster, log10 [Msun/h]. */
  readonly logMass: number;
}

/** The two steps that carry an offset. */
interface Translation {
  readonly neighbor: Point;
  readonly onBase: Point;
  readonly shifted: Point;
  readonly result: Point;
  readonly offset: number;
}

const evaluate = ({ slope, intercept }: PowerLaw, logMass: number): number =>
  slope * logMass + intercept;

function translate({ base, target, scatterFactor, neighbor, logMass }: OffsetExample): Translation {
  const offset = neighbor.logValue - evaluate(base, neighbor.logMass);
  return {
    neighbor: [neighbor.logMass, neighbor.logValue],
    onBase: [neighbor.logMass, evaluate(base, neighbor.logMass)],
    shifted: [logMass, evaluate(base, logMass) + offset],
    result: [logMass, evaluate(target, logMass) + scatterFactor * offset],
    offset,
  };
}

/** Half the mass range of a panel about the mock cluster [dex]. */
const REACH = 0.3;

/** Distance in log10 below which two places are one, so that no second arrow is drawn. */
const SAME = 1e-9;

/**
 * Draws Fig. 3.
 *
 * @param examples The simple case, then the complex one
 * @param observable Name of X on the axis, as in "log(T) [keV]"
 */
export function drawNeighborOffset(
  examples: readonly OffsetExample[],
  observable: string,
): Figure {
  const panels = examples.map((example, p) => drawExample(example, observable, p));
  const columns = examples.map((example, p) => {
    const { neighbor, shifted, result, offset } = translate(example);
    return [`panel_${p + 1}`, {
      neighborLogMass: [neighbor[0]],
      neighborLogX: [neighbor[1]],
      offset: [offset],
      logMass: [result[0]],
      shiftedLogX: [shifted[1]],
      logX: [result[1]],
    }] as const;
  });
  return {
    svg: svgDocument(
      { width: 560, height: 20 + 390 * examples.length },
      "The offset of a neighboring cluster from the scaling relation is carried to a new mass",
      panels,
    ),
    columns: Object.fromEntries(columns),
  };
}

function drawExample(example: OffsetExample, observable: string, place: number): string {
  const { base, target, logMass } = example;
  const { neighbor, onBase, shifted, result } = translate(example);
  const ends = [logMass - REACH, logMass + REACH] as const;
  const reach = (law: PowerLaw) =>
    ends.flatMap((m) => [evaluate(law, m) - law.scatter, evaluate(law, m) + law.scatter]);
  const panel = createPanel(
    `figure-3-${place}`,
    { x: 78, y: 20 + 390 * place, width: 460, height: 310 },
    { label: MASS_LABEL, domain: ends },
    {
      label: observable,
      domain: domainOf([reach(base), reach(target), [neighbor[1], shifted[1], result[1]]], 0.08),
    },
  );
  const changed = Math.abs(result[1] - shifted[1]) > SAME ||
    target.slope !== base.slope || target.intercept !== base.intercept;
  const relation = (law: PowerLaw, color: "yellow" | "lime") =>
    drawBand(
      panel,
      ends.map((m) => [m, evaluate(law, m) - law.scatter, evaluate(law, m) + law.scatter]),
      { color, opacity: 0.25 },
    ) +
    drawLine(panel, ends.map((m) => [m, evaluate(law, m)]), {
      color,
      dash: color === "lime" ? "dashed" : "solid",
    });
  const marks = [
    relation(base, "yellow"),
    changed ? relation(target, "lime") : "",
    drawSegment(panel, onBase, neighbor, { color: "blue", width: 3 }),
    drawTranslation(panel, neighbor, shifted, "1"),
    changed ? drawTranslation(panel, shifted, result, "2") : "",
    drawPoints(panel, [neighbor], { color: "blue" }, { radius: 5.5 }),
    drawPoints(panel, [result], { color: "purple" }, { symbol: "star", radius: 6 }),
  ];
  const legend = [
    { label: "base relation and scatter", style: { color: "yellow" } as const },
    ...(changed
      ? [{ label: "catalog's relation", style: { color: "lime", dash: "dashed" } as const }]
      : []),
    { label: "neighbor and its offset δ", style: { color: "blue" }, sample: "dot" } as const,
    { label: "new cluster", style: { color: "purple" }, sample: "star" } as const,
  ];
  return drawPanel(panel, marks, { over: [drawLegend(panel, legend, "top left")] });
}

/** An arrow from one place to another, with a number. */
function drawTranslation(panel: Panel, from: Point, to: Point, label: string): string {
  const [x0, y0] = [panel.x(from[0]), panel.y(from[1])];
  const [x1, y1] = [panel.x(to[0]), panel.y(to[1])];
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 12) return "";
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const end = { x: x1 - 9 * ux, y: y1 - 9 * uy };
  const corner = (side: number) =>
    `${formatCoordinate(end.x - 8 * ux - side * 4.5 * uy)},` +
    formatCoordinate(end.y - 8 * uy + side * 4.5 * ux);
  const tip = `${formatCoordinate(end.x)},${formatCoordinate(end.y)}`;
  const shaft = `M${formatCoordinate(x0 + 8 * ux)},${formatCoordinate(y0 + 8 * uy)}L` +
    `${formatCoordinate(end.x - 6 * ux)},${formatCoordinate(end.y - 6 * uy)}`;
  return element("path", { d: shaft, ...stroke("teal", 2) }) +
    element("polygon", { points: `${corner(1)} ${corner(-1)} ${tip}`, ...fill("teal") }) +
    text(label, (x0 + x1) / 2 + 12 * Math.abs(uy), (y0 + y1) / 2 - 8 * Math.abs(ux), {
      "font-weight": "bold",
      "text-anchor": "middle",
    });
}
