/**
 * Panels of a figure: frame, axes with ticks and labels, and the marks inside, clipped to the
 * frame.
 */
import { fill, stroke } from "./palette.ts";
import type { Axis, Tick } from "./scale.ts";
import { mapAxis, ticksOf } from "./scale.ts";
import type { Attributes } from "./svg.ts";
import { element, labelSpans } from "./svg.ts";

/** A rectangle in pixels. */
export interface Box {
  /** Left edge of the box. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Width, to the right. */
  readonly width: number;
  /** Height, downwards. */
  readonly height: number;
}

/** A frame with two axes. */
export interface Panel {
  /** Unique in a page: figure and place, as in "figure-9-left". */
  readonly id: string;
  /** The frame; labels lie outside it. */
  readonly box: Box;
  /** The lower axis. */
  readonly xAxis: Axis;
  /** The left axis. */
  readonly yAxis: Axis;
  /** The pixel of a value on the lower axis. */
  x(value: number): number;
  /** The pixel of a value on the left axis, which rises upwards. */
  y(value: number): number;
}

const FONT = 12;
const TICK = 5;

/** A panel with the given axes over a frame. */
export function createPanel(id: string, box: Box, xAxis: Axis, yAxis: Axis): Panel {
  return {
    id,
    box,
    xAxis,
    yAxis,
    x: mapAxis(xAxis, box.x, box.x + box.width),
    y: mapAxis(yAxis, box.y + box.height, box.y),
  };
}

/** A piece of text, with sub- and superscripts. */
export function text(
  label: string,
  x: number,
  y: number,
  attributes: Attributes = {},
): string {
  const size = Number(attributes["font-size"] ?? FONT);
  return element("text", { x, y, ...fill("ink"), ...attributes }, labelSpans(label, size));
}

/** Optional parts of a panel. */
export interface PanelOptions {
  /** Title above the frame. */
  readonly title?: string;
  /** Marks that may reach beyond the frame, such as a legend. */
  readonly over?: readonly string[];
}

/** A panel with its marks, which are clipped at the frame. */
export function drawPanel(
  panel: Panel,
  marks: readonly string[],
  options: PanelOptions = {},
): string {
  const { box, id } = panel;
  const clip = `${id}-clip`;
  const rect = { x: box.x, y: box.y, width: box.width, height: box.height };
  return element(
    "g",
    {},
    element("clipPath", { id: clip }, element("rect", rect)),
    element("g", { "clip-path": `url(#${clip})` }, ...marks),
    element("rect", { ...rect, ...stroke("ink", 1) }),
    drawXAxis(panel),
    drawYAxis(panel),
    options.title === undefined
      ? ""
      : text(options.title, box.x + box.width / 2, box.y - 9, { "text-anchor": "middle" }),
    ...(options.over ?? []),
  );
}

function drawXAxis({ box, xAxis, x }: Panel): string {
  const bottom = box.y + box.height;
  const marks = ticksOf(xAxis).map((tick) =>
    drawTick(tick, `M${x(tick.value).toFixed(2)},${bottom}v${-tickLength(tick)}`) +
    (tick.label === ""
      ? ""
      : text(tick.label, x(tick.value), bottom + 17, { "text-anchor": "middle" }))
  );
  const middle = box.x + box.width / 2;
  return marks.join("") + text(xAxis.label, middle, bottom + 38, { "text-anchor": "middle" });
}

function drawYAxis({ box, yAxis, y }: Panel): string {
  const ticks = ticksOf(yAxis);
  const marks = ticks.map((tick) =>
    drawTick(tick, `M${box.x},${y(tick.value).toFixed(2)}h${tickLength(tick)}`) +
    (tick.label === ""
      ? ""
      : text(tick.label, box.x - 7, y(tick.value) + 4, { "text-anchor": "end" }))
  );
  const longest = Math.max(0, ...ticks.map(({ label }) => label.replace(/[\^{}]/g, "").length));
  const room = yAxis.label.includes("_") ? 4 : 0; // subscripts reach below the line
  const left = box.x - 18 - 6.6 * longest - room;
  const middle = box.y + box.height / 2;
  return marks.join("") + text(yAxis.label, 0, 0, {
    transform: `translate(${left.toFixed(2)} ${middle.toFixed(2)}) rotate(-90)`,
    "text-anchor": "middle",
  });
}

function drawTick(_: Tick, path: string): string {
  return element("path", { d: path, ...stroke("ink", 1) });
}

function tickLength({ label }: Tick): number {
  return label === "" ? TICK - 2 : TICK;
}

/** A message inside an empty panel that says why it is empty. */
export function note({ box }: Panel, message: string): string {
  return text(message, box.x + box.width / 2, box.y + box.height / 2, {
    ...fill("muted"),
    "text-anchor": "middle",
  });
}

/** A letter or a number in a corner of a panel. */
export function cornerText(
  { box }: Pick<Panel, "box">,
  label: string,
  corner: "left" | "right" = "left",
): string {
  return text(label, corner === "left" ? box.x + 9 : box.x + box.width - 9, box.y + 18, {
    "text-anchor": corner === "left" ? "start" : "end",
  });
}
