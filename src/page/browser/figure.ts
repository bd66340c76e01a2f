/**
 * Small figures as SVG elements: a frame with ticks and labels, and marks in its coordinates.
 * Colors come from the page's style by class.
 */
/// <reference lib="dom" />

/** A range of an axis. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A figure's axes and what it shows. */
export interface FrameOptions {
  readonly x: Range;
  readonly y: Range;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Description for people who do not see the figure. */
  readonly description: string;
}

const WIDTH = 460;
const HEIGHT = 300;
const MARGIN = { left: 62, right: 12, top: 12, bottom: 46 };
const SPACE = "http://www.w3.org/2000/svg";

/** An SVG element. */
export function draw(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (SVGElement | string)[]
): SVGElement {
  const element = document.createElementNS(SPACE, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** A frame that marks are added to. */
export interface Frame {
  readonly svg: SVGElement;
  x(value: number): number;
  y(value: number): number;
}

/** An empty figure. */
export function makeFrame({ x, y, xLabel, yLabel, description }: FrameOptions): Frame {
  const width = WIDTH - MARGIN.left - MARGIN.right;
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  const placeX = (value: number) => MARGIN.left + width * (value - x.min) / (x.max - x.min);
  const placeY = (value: number) => MARGIN.top + height * (1 - (value - y.min) / (y.max - y.min));
  const svg = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": description,
    class: "plot",
  });
  const bottom = MARGIN.top + height;
  for (const tick of ticksOf(x)) {
    const at = placeX(tick);
    svg.append(
      draw("line", { class: "grid", x1: at, x2: at, y1: MARGIN.top, y2: bottom }),
      draw("text", { class: "tick", x: at, y: bottom + 16, "text-anchor": "middle" }, word(tick)),
    );
  }
  for (const tick of ticksOf(y)) {
    const at = placeY(tick);
    svg.append(
      draw("line", { class: "grid", x1: MARGIN.left, x2: MARGIN.left + width, y1: at, y2: at }),
      draw(
        "text",
        { class: "tick", x: MARGIN.left - 6, y: at + 4, "text-anchor": "end" },
        word(tick),
      ),
    );
  }
  svg.append(
    draw("rect", { class: "frame", x: MARGIN.left, y: MARGIN.top, width, height }),
    draw(
      "text",
      { class: "label", x: MARGIN.left + width / 2, y: HEIGHT - 8, "text-anchor": "middle" },
      xLabel,
    ),
    draw("text", {
      class: "label",
      transform: `translate(14 ${MARGIN.top + height / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }, yLabel),
  );
  return { svg, x: placeX, y: placeY };
}

const word = (value: number): string => String(Number(value.toPrecision(6))).replace("-", "\u2212");

/** Round numbers within a range, about five. */
export function ticksOf({ min, max }: Range): number[] {
  const rough = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** The range of values with some room on either side; never empty. */
export function rangeOf(values: ArrayLike<number>, room = 0.05): Range {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) return { min: 0, max: 1 };
  const span = max - min || Math.abs(max) * 0.1 || 1;
  return { min: min - room * span, max: max + room * span };
}

/** A line through points, or the area below it. */
export function drawLine(
  frame: Frame,
  points: readonly (readonly [number, number])[],
  style: string,
): void {
  const path = points.map(([x, y]) => `${frame.x(x).toFixed(2)} ${frame.y(y).toFixed(2)}`);
  frame.svg.append(draw("path", { class: style, d: `M${path.join("L")}` }));
}

/** A dot for each cluster, named where it is pointed at. */
export function drawDots(
  frame: Frame,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  nameOf: (i: number) => string,
): void {
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    const at = { cx: frame.x(x[i]!).toFixed(2), cy: frame.y(y[i]!).toFixed(2), r: 3 };
    frame.svg.append(draw("circle", { class: "dot", ...at }, draw("title", {}, nameOf(i))));
  }
}
