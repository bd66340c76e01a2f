/** The idea of an autoencoder (Fig. 4): a signal, narrowed to a few terse values, and rebuilt. */
import { text } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { ColorName } from "../palette.ts";
import { fill, stroke } from "../palette.ts";
import { element, formatCoordinate, svgDocument } from "../svg.ts";

/** Number of values in each layer of the drawing. */
const LAYERS: readonly number[] = [12, 8, 5, 2, 5, 8, 12];
const TERSE_LAYER = 3;

const HEIGHT = 320;
const LEFT = 170;
const STEP = 75;
const CELL = 18;
const MIDDLE = 160;

/** A signal, and what a bottleneck of two numbers could keep of it. */
const SIGNAL: readonly number[] = [0.1, 0.3, 0.2, 0.55, 0.8, 0.95, 0.7, 0.75, 0.4, 0.35, 0.1, 0.15];
const REBUILT: readonly number[] = [
  0.1,
  0.2,
  0.3,
  0.5,
  0.75,
  0.87,
  0.83,
  0.68,
  0.48,
  0.3,
  0.17,
  0.1,
];

/** Draws Fig. 4; it needs no data. */
export function drawAutoencoder(): Figure {
  const x = (layer: number) => LEFT + layer * STEP;
  const links = LAYERS.slice(1).map((width, i) => drawLinks(x(i), LAYERS[i]!, x(i + 1), width));
  const blocks = LAYERS.map((width, layer) => drawBlock(x(layer), width, colorOf(layer)));
  const right = x(LAYERS.length - 1);
  const captions = [
    ["encoder", x(1), "lime"],
    ["terse", x(TERSE_LAYER), "purple"],
    ["decoder", x(5), "teal"],
  ] as const;
  return {
    svg: svgDocument(
      { width: right + LEFT, height: HEIGHT },
      "An encoder narrows a signal to a terse space, from which a decoder rebuilds it",
      [
        drawSignal(24, SIGNAL, "solid"),
        drawSignal(right + 42, REBUILT, "dashed"),
        ...links,
        ...blocks,
        ...captions.map(([label, at, color]) =>
          text(label, at, HEIGHT - 18, {
            ...fill(color),
            "font-weight": "bold",
            "text-anchor": "middle",
          })
        ),
        text("signal", 75, HEIGHT - 18, { "text-anchor": "middle" }),
        text("approximation", right + 93, HEIGHT - 18, { "text-anchor": "middle" }),
      ],
    ),
    columns: { layers: { layer: LAYERS.map((_, layer) => layer), values: LAYERS } },
  };
}

function colorOf(layer: number): ColorName {
  if (layer === 0 || layer === LAYERS.length - 1) return "blue";
  if (layer === TERSE_LAYER) return "purple";
  return layer < TERSE_LAYER ? "lime" : "teal";
}

function drawBlock(x: number, values: number, color: ColorName): string {
  const top = MIDDLE - values * CELL / 2;
  return Array.from({ length: values }, (_, i) =>
    element("rect", {
      x: x - CELL / 2,
      y: top + i * CELL,
      width: CELL - 2,
      height: CELL - 2,
      rx: 2,
      ...fill(color),
    })).join("");
}

function drawLinks(x0: number, from: number, x1: number, to: number): string {
  const reach = (values: number) => values * CELL / 2 - 1;
  const points = [
    [x0 + CELL / 2, MIDDLE - reach(from)],
    [x1 - CELL / 2, MIDDLE - reach(to)],
    [x1 - CELL / 2, MIDDLE + reach(to)],
    [x0 + CELL / 2, MIDDLE + reach(from)],
  ].map((point) => point.map(formatCoordinate).join(","));
  return element("polygon", { points: points.join(" "), ...fill("grid", 0.55) });
}

function drawSignal(x: number, values: readonly number[], dash: "solid" | "dashed"): string {
  const width = 102;
  const height = 90;
  const path = values.map((value, i) =>
    `${i === 0 ? "M" : "L"}${formatCoordinate(x + i * width / (values.length - 1))},` +
    formatCoordinate(MIDDLE + height / 2 - value * height)
  );
  return element("rect", {
    x,
    y: MIDDLE - height / 2 - 8,
    width,
    height: height + 16,
    ...stroke("muted", 1),
  }) + element("path", {
    d: path.join(""),
    ...stroke("blue", 2),
    "stroke-dasharray": dash === "dashed" ? "6 3" : undefined,
  });
}
