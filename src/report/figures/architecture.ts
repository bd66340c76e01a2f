/**
 * The network of an {@linkcode Architecture} (Fig. 5): from the side, with the path of a single
 * cluster, and from above, where the bottleneck shows.
 */
import { text } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { Architecture, InputWidths } from "../../model.ts";
import { CONVOLUTION_ROWS } from "../../model.ts";
import type { ColorName } from "../palette.ts";
import { fill } from "../palette.ts";
import { element, svgDocument } from "../svg.ts";

/** One layer of the drawing. */
interface Layer {
  readonly name: string;
  /** Values per row, or per catalog after the pooling over clusters. */
  readonly width: number;
  /** Share of the catalog's rows that remain; 0 after the pooling over clusters. */
  readonly rows: number;
  readonly part: "input" | "encoder" | "terse" | "supplementary" | "regression" | "output";
}

const PART_COLORS: Readonly<Record<Layer["part"], ColorName>> = {
  input: "yellow",
  encoder: "lime",
  terse: "purple",
  supplementary: "yellow",
  regression: "teal",
  output: "navy",
};

/** All layers, in the order in which data meets them. */
function listLayers(architecture: Architecture, inputs: InputWidths): Layer[] {
  const { encoder, dense, outputs } = architecture;
  const layers: Layer[] = [
    { name: "2D input", width: inputs.pixels, rows: 1, part: "input" },
    ...encoder.map((width): Layer => ({ name: "repeated", width, rows: 1, part: "encoder" })),
    { name: "terse", width: 1, rows: 1, part: "terse" },
  ];
  if (inputs.supplementary > 0) {
    layers.push({
      name: "supplementary",
      width: inputs.supplementary,
      rows: 1,
      part: "supplementary",
    });
  }
  layers.push(
    ...architecture.regression === "set"
      ? listSetLayers(architecture, inputs)
      : listConvolutions(architecture, inputs),
  );
  dense.forEach((width) => layers.push({ name: "dense", width, rows: 0, part: "regression" }));
  layers.push({
    name: "σ_8",
    width: outputs === "value" ? 1 : outputs === "mean and log variance" ? 2 : 5,
    rows: 0,
    part: "output",
  });
  return layers;
}

/** Layers from one row per cluster over convolutions to the global pooling. */
function listConvolutions(architecture: Architecture, inputs: InputWidths): Layer[] {
  const { convolution, pooling, globalPooling } = architecture;
  const last = convolution.at(-1) ?? 1 + inputs.supplementary;
  const pooled = globalPooling === "mean+max" ? 2 * last : last;
  const layers = convolution.map((width, i): Layer => ({
    name: `${CONVOLUTION_ROWS}×1 conv., 2×1 ${pooling}`,
    width,
    rows: 0.5 ** (i + 1),
    part: "regression",
  }));
  return [...layers, {
    name: `global ${globalPooling}`,
    width: pooled,
    rows: 0,
    part: "regression",
  }];
}

/** Layers from each cluster and its deviation from the catalog to the mean over clusters. */
function listSetLayers(
  { cluster, context, frequencies }: Architecture,
  inputs: InputWidths,
): Layer[] {
  const seen = 1 + inputs.supplementary;
  const joined = 2 * seen + 2 * frequencies.length + (context.at(-1) ?? 0);
  const repeated = (name: string, width: number): Layer => ({
    name,
    width,
    rows: 1,
    part: "regression",
  });
  return [
    ...context.map((width, i): Layer =>
      i < context.length - 1
        ? repeated("context", width)
        : { name: "context, mean", width, rows: 0, part: "regression" }
    ),
    repeated("with deviations", joined),
    ...cluster.map((width) => repeated("repeated", width)),
    { name: "mean, N, means", width: cluster.at(-1)! + 2 + seen, rows: 0, part: "regression" },
  ];
}

const LEFT = 60;
const STEP = 44;
const BAR = 26;
const SIDE_TOP = 62;
const SIDE_HEIGHT = 190;
const ABOVE_TOP = 350;
const ABOVE_HEIGHT = 220;
/** Rows of the side view, whatever the number of clusters. */
const ROWS = 16;
const CHOSEN_ROW = 5;

/** Draws Fig. 5 of an architecture with inputs of the given widths. */
export function drawArchitecture(architecture: Architecture, inputs: InputWidths): Figure {
  const layers = listLayers(architecture, inputs);
  const width = 2 * LEFT + layers.length * STEP;
  return {
    svg: svgDocument(
      { width, height: ABOVE_TOP + ABOVE_HEIGHT + 130 },
      "The network: an encoder of single clusters, the terse layer, and a regression over all clusters",
      [
        text("From the side: a cluster's path through the encoder", LEFT, 24, {
          "font-weight": "bold",
        }),
        text("N_{cluster} rows", 0, 0, {
          transform: `translate(${LEFT - 22} ${SIDE_TOP + SIDE_HEIGHT / 2}) rotate(-90)`,
          "text-anchor": "middle",
        }),
        ...layers.map((layer, i) => drawFromSide(layer, LEFT + i * STEP)),
        drawLegend(LEFT, SIDE_TOP + SIDE_HEIGHT + 34),
        text("From above: filters a layer", LEFT, ABOVE_TOP - 14, { "font-weight": "bold" }),
        ...layers.map((layer, i) => drawFromAbove(layer, LEFT + i * STEP, layers)),
      ],
    ),
    columns: {
      layers: {
        layer: layers.map((_, i) => i),
        width: layers.map((layer) => layer.width),
        shareOfRows: layers.map(({ rows }) => rows),
      },
    },
  };
}

/** The rows of a layer; those of one cluster alone, up to the terse layer, are opaque. */
function drawFromSide({ rows, part }: Layer, x: number): string {
  const color = PART_COLORS[part];
  const middle = SIDE_TOP + SIDE_HEIGHT / 2;
  if (rows === 0) {
    return element("rect", { x, y: middle - 8, width: BAR, height: 16, rx: 2, ...fill(color) });
  }
  const count = Math.max(1, Math.round(ROWS * rows));
  const pitch = SIDE_HEIGHT / ROWS;
  const top = middle - count * pitch / 2;
  return Array.from({ length: count }, (_, row) => {
    const isSingle = rows === 1;
    const opacity = isSingle ? (row === CHOSEN_ROW ? 1 : 0.28) : 0.75;
    return element("rect", {
      x,
      y: top + row * pitch,
      width: BAR,
      height: pitch - 2,
      ...fill(color, opacity),
    });
  }).join("");
}

/** A bar whose height is the logarithm of the width, with width and name. */
function drawFromAbove(layer: Layer, x: number, layers: readonly Layer[]): string {
  const largest = Math.max(...layers.map(({ width }) => width));
  const height = 8 + (ABOVE_HEIGHT - 8) * Math.log2(layer.width) / Math.max(1, Math.log2(largest));
  const middle = ABOVE_TOP + 16 + ABOVE_HEIGHT / 2;
  const center = x + BAR / 2;
  return element("rect", {
    x,
    y: middle - height / 2,
    width: BAR,
    height,
    rx: 2,
    ...fill(PART_COLORS[layer.part]),
  }) +
    text(String(layer.width), center, middle - height / 2 - 5, {
      "font-size": "11",
      "text-anchor": "middle",
    }) +
    text(layer.name, 0, 0, {
      transform: `translate(${center + 4} ${middle + ABOVE_HEIGHT / 2 + 12}) rotate(-40)`,
      "font-size": "11",
      "text-anchor": "end",
    });
}

const LEGEND: readonly (readonly [Layer["part"], string])[] = [
  ["input", "inputs"],
  ["encoder", "encoder"],
  ["terse", "terse layer"],
  ["regression", "regression"],
  ["output", "output"],
];

function drawLegend(x: number, y: number): string {
  let at = x;
  return LEGEND.map(([part, label]) => {
    const start = at;
    at += 34 + 7 * label.length;
    return element("rect", {
      x: start,
      y: y - 10,
      width: 14,
      height: 12,
      ...fill(PART_COLORS[part]),
    }) + text(label, start + 20, y);
  }).join("");
}
