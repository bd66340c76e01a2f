/** 2D histograms of the terse value against quantities that it may follow (Figs. 15 and 21). */
import { correlateIfVaried } from "../../interpretation/catalog_correlation.ts";
import type { Columns } from "../../interpretation/columns.ts";
import type { TerseCompanion } from "../../interpretation/terse_layer.ts";
import type { TerseTable } from "../../interpretation/terse_table.ts";
import type { Panel } from "../chart.ts";
import { createPanel, drawPanel, note } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { ColorScale, HexagonalBins } from "../heat_map.ts";
import { binHexagons, drawColorBar, drawHexagons, hexagonColumns } from "../heat_map.ts";
import { COLUMN_LABELS } from "../labels.ts";
import { domainOf, minusSign } from "../scale.ts";
import { svgDocument } from "../svg.ts";

/** Fig. 15's panels, row by row: masses, inputs, properties of the catalog. */
export const TERSE_PANELS: readonly TerseCompanion[] = [
  "logMass",
  "logWeakLensingMass",
  "logGasMass",
  "logTemperature",
  "clusterCount",
  "sigma8",
];

/** Panels of Fig. 21. */
export const OVERSPECIALIZED_PANELS: readonly TerseCompanion[] = ["logMass", "sigma8"];

const COLUMNS = 2;
const WIDTH = 350;
const HEIGHT = 270;
const X_STEP = 445;
const Y_STEP = 345;
/** Radius of a hexagon, from center to corner: some 40 hexagons across a panel. */
const RADIUS = 5;

interface Histogram {
  readonly name: TerseCompanion;
  readonly panel: Panel;
  readonly bins: HexagonalBins;
  readonly correlation: number | null;
}

/**
 * Draws the terse value against columns of the table: clusters per hexagon, Pearson's r in a
 * corner.
 *
 * @param name Prefix of ids: "figure-15" or "figure-21"
 */
export function drawTerseLayer(
  name: string,
  table: TerseTable,
  columns: readonly TerseCompanion[],
): Figure {
  const histograms = columns.map((column, i) => fillPanel(name, table, column, i));
  const largest = Math.max(
    2,
    ...histograms.flatMap(({ bins }) => bins.hexagons.map(({ count }) => count)),
  );
  const scale: ColorScale = {
    axis: { label: "clusters per hexagon", kind: "log", domain: [1, largest] },
    ramp: "viridis",
  };
  const rows = Math.ceil(columns.length / COLUMNS);
  const bar = {
    x: 78 + COLUMNS * X_STEP - 74,
    y: 30,
    width: 14,
    height: Y_STEP * (rows - 1) + HEIGHT,
  };
  return {
    svg: svgDocument(
      { width: 78 + COLUMNS * X_STEP + 20, height: rows * Y_STEP + 10 },
      "2D histograms of the terse value against properties of clusters and catalogs",
      [
        ...histograms.map(({ panel, bins, correlation }) =>
          drawPanel(
            panel,
            bins.hexagons.length === 0
              ? [note(panel, "not known for these clusters")]
              : [drawHexagons(panel, bins, scale)],
            correlation === null ? {} : { title: `r = ${minusSign(correlation.toFixed(2))}` },
          )
        ),
        drawColorBar(`${name}-bar`, bar, scale),
      ],
    ),
    columns: Object.fromEntries(
      histograms.map(({ name, bins }): [string, Columns] => [
        name,
        hexagonColumns(bins, "terse", name),
      ]),
    ),
  };
}

function fillPanel(
  name: string,
  table: TerseTable,
  column: TerseCompanion,
  place: number,
): Histogram {
  const box = {
    x: 78 + (place % COLUMNS) * X_STEP,
    y: 30 + Math.floor(place / COLUMNS) * Y_STEP,
    width: WIDTH,
    height: HEIGHT,
  };
  const panel = createPanel(
    `${name}-${place}`,
    box,
    { label: COLUMN_LABELS.terse, domain: domainOf([table.terse]) },
    { label: COLUMN_LABELS[column], domain: domainOf([table[column]]) },
  );
  return {
    name: column,
    panel,
    bins: binHexagons(panel, table.terse, table[column], RADIUS),
    correlation: correlateIfVaried(table.terse, table[column]),
  };
}
