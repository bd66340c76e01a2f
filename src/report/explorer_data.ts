/** Clusters for the page's linked views, packed: columns of 16 bits, saliency maps of 8 bits. */
import type { Columns } from "../interpretation/columns.ts";
import { isGap } from "../interpretation/exact/gap.ts";
import type { FaithfulnessDetails } from "../interpretation/faithfulness/faithfulness.ts";
import type { Interpretation } from "../interpretation/interpretation.ts";
import type { SaliencyMap } from "../interpretation/saliency.ts";
import type { TerseTable } from "../interpretation/terse_table.ts";
import { COLUMN_LABELS, pixelLabel } from "./labels.ts";
import { RAMP_STEPS, rampColor } from "./palette.ts";
import { extentOf } from "./scale.ts";
import { labelHtml, labelText } from "./svg.ts";

/** A column of the linked views: value = min + (max - min) x word / {@linkcode LARGEST_WORD}. */
export interface PackedColumn {
  /** The column's name. */
  readonly name: string;
  /** Name and unit of the column in HTML. */
  readonly label: string;
  /** Name and unit of the column without markup. */
  readonly text: string;
  /** The value of word 0. */
  readonly min: number;
  /** The value of the largest word. */
  readonly max: number;
  /** Little-endian words in base64, one per cluster; {@linkcode MISSING_WORD} if missing. */
  readonly words: string;
}

/** A saliency map of the linked views: saliency = max x byte / 255. */
export interface PackedMap {
  /** Index of the catalog. */
  readonly catalog: number;
  /** The saliency of byte 255. */
  readonly max: number;
  /** Bytes in base64, [clusters of the catalog x pixels]. */
  readonly bytes: string;
}

/** The data that the page's script reads. */
export interface ExplorerData {
  /** Number of clusters that are shown: those of the first catalogs, each catalog whole. */
  readonly count: number;
  /** Number of clusters in all catalogs. */
  readonly total: number;
  /** Number of clusters in each catalog that is shown. */
  readonly catalogs: readonly number[];
  /** The terse value, log mass, observables, and the leave-one-out change. */
  readonly columns: readonly PackedColumn[];
  /** Labels of the maps' columns in HTML. */
  readonly pixels: readonly string[];
  /** Maps of the catalogs whose maps were kept. */
  readonly maps: readonly PackedMap[];
  /** Color scales of points and of saliencies, from the least to the largest value. */
  readonly ramps: { readonly points: readonly string[]; readonly saliency: readonly string[] };
}

/** The word of the largest value: a column is good to 1 / 65534 of its range. */
export const LARGEST_WORD = 65534;

/** The word of a missing value. */
export const MISSING_WORD = 65535;

/** Most clusters of a page: 24 bytes each in base64, and a canvas draws them at once. */
export const MOST_CLUSTERS = 60_000;

/** Bytes of saliency maps that a page holds at most, before base64. */
const MOST_MAP_BYTES = 800_000;

/** Packs the clusters of an interpretation. */
export function packExplorer(
  interpretation: Interpretation,
  details?: Pick<FaithfulnessDetails, "leaveOneOut">,
): ExplorerData {
  const { terseTable, saliency } = interpretation;
  const catalogs = shownCatalogs(terseTable);
  const count = catalogs.reduce((sum, clusters) => sum + clusters, 0);
  const names = Object.keys(COLUMN_LABELS) as (keyof typeof COLUMN_LABELS)[];
  const change = joinChanges(interpretation, count);
  return {
    count,
    total: terseTable.count,
    catalogs,
    columns: [
      ...names.map((name) =>
        packColumn(name, COLUMN_LABELS[name], terseTable[name].subarray(0, count))
      ),
      packColumn("change", "leave-one-out Δσ_8", change),
      ...details && !isGap(details.leaveOneOut)
        ? [
          packColumn(
            "exact",
            "exact Δσ_8",
            joinExact(terseTable, details.leaveOneOut.columns).subarray(0, count),
          ),
        ]
        : [],
    ],
    pixels: saliency.pixels.map((pixel) => labelHtml(pixelLabel(pixel))),
    maps: chooseMaps(saliency.maps, catalogs.length).map(packMap),
    ramps: { points: listRamp("viridis"), saliency: listRamp("blues") },
  };
}

/** Number of clusters of each catalog that fits, from the first on. */
function shownCatalogs({ catalog, count }: TerseTable): number[] {
  const clusters: number[] = [];
  for (let i = 0; i < count; i++) {
    clusters[catalog[i]!] = (clusters[catalog[i]!] ?? 0) + 1;
  }
  let sum = 0;
  const end = clusters.findIndex((number) => (sum += number) > MOST_CLUSTERS);
  return clusters.slice(0, end < 0 ? clusters.length : Math.max(1, end));
}

/** The leave-one-out change of each cluster of the table; NaN for a catalog's only cluster. */
function joinChanges(
  { terseTable, leaveOneOut }: Interpretation,
  count: number,
): Float64Array {
  const changes = new Float64Array(count).fill(NaN);
  let j = 0;
  for (let i = 0; i < count && j < leaveOneOut.count; i++) {
    const isSame = leaveOneOut.catalog[j] === terseTable.catalog[i] &&
      leaveOneOut.row[j] === terseTable.row[i];
    if (isSame) changes[i] = leaveOneOut.change[j++]!;
  }
  return changes;
}

/** The exact change of each cluster of the table; NaN if it was not computed. */
function joinExact({ catalog, row, count }: TerseTable, columns: Columns): Float64Array {
  const known = new Map<string, number>();
  const [catalogs, rows, exact] = [columns["catalog"]!, columns["row"]!, columns["exact"]!];
  for (let i = 0; i < exact.length; i++) known.set(`${catalogs[i]} ${rows[i]}`, exact[i]!);
  return Float64Array.from(
    { length: count },
    (_, i) => known.get(`${catalog[i]} ${row[i]}`) ?? NaN,
  );
}

function packColumn(name: string, label: string, values: Float64Array): PackedColumn {
  const [min, max] = extentOf(values) ?? [0, 0];
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    const position = max > min ? (value - min) / (max - min) : 0;
    const word = Number.isFinite(value) ? Math.round(position * LARGEST_WORD) : MISSING_WORD;
    view.setUint16(2 * i, word, true);
  });
  return {
    name,
    label: labelHtml(label),
    text: labelText(label),
    min,
    max,
    words: encodeBase64(bytes),
  };
}

/** Maps of the catalogs that are shown, from the first on, as many as fit. */
function chooseMaps(maps: readonly SaliencyMap[], catalogs: number): SaliencyMap[] {
  let bytes = 0;
  return maps.filter(({ catalog, saliency }) =>
    catalog < catalogs && (bytes += saliency.length) <= MOST_MAP_BYTES
  );
}

function packMap({ catalog, saliency }: SaliencyMap): PackedMap {
  const max = extentOf(saliency)?.[1] ?? 0;
  const bytes = Uint8Array.from(saliency, (value) => max > 0 ? Math.round(255 * value / max) : 0);
  return { catalog, max, bytes: encodeBase64(bytes) };
}

function listRamp(ramp: "viridis" | "blues"): string[] {
  return Array.from({ length: RAMP_STEPS }, (_, i) => rampColor(ramp, (i + 0.5) / RAMP_STEPS));
}

/** Bytes that are converted to characters in one call, which takes some ten thousand arguments. */
const BASE64_CHUNK = 8192;

function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += BASE64_CHUNK) {
    text += String.fromCharCode(...bytes.subarray(i, i + BASE64_CHUNK));
  }
  return btoa(text);
}
