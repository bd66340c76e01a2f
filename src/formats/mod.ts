/**
 * File formats, to bytes and back: FITS tables and images, CSV, NPY, NPZ, PNG and safetensors.
 * Imported alone as `@clusters/terse/formats`.
 *
 * @example One table as FITS and as CSV
 * ```ts
 * import { decodeFits, encodeFits, formatTable } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const T = { name: "T", unit: "keV", shape: [], data: Float64Array.of(5.1, 6.25) };
 * const table = { name: "CLUSTERS", count: 2, columns: [T], header: [] };
 * const [read] = decodeFits(encodeFits([table])).tables;
 * assertEquals(read!.columns, [T]);
 * assertEquals([...formatTable(read!)].join(""), "T\n5.1\n6.25\n");
 * ```
 *
 * @module
 */
export { crc32 } from "./crc32.ts";
export { formatCsv, formatTable, shortestFloat32 } from "./csv.ts";
export { decodeFits } from "./fits_reader.ts";
export {
  encodeFits,
  encodeFitsPieces,
  type FitsFile,
  type FitsTable,
  type WrittenData,
  type WrittenTable,
} from "./fits.ts";
export type { FitsColumn } from "./fits_columns.ts";
export {
  decodeFitsImages,
  encodeFitsImages,
  type FitsImage,
  type PixelData,
} from "./fits_image.ts";
export type { ColumnData } from "./fits_elements.ts";
export { type HeaderCard, type HeaderValue, headerValue } from "./fits_header.ts";
export { decodeNpy, encodeNpy } from "./npy.ts";
export { decodeNpz, encodeNpz } from "./npz.ts";
export { encodePng, type Picture } from "./png.ts";
export { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from "./safetensors.ts";
export { type OpenedFits, type OpenedTable, openFits } from "./fits_tables.ts";
export type { OddityReport, OpenedColumn } from "./fits_opened.ts";
export type { ChecksumFinding } from "./fits_scan.ts";
export { type OpenSink, parseVotable, type RowSink } from "./votable.ts";
export type { StreamCell, Votable, VotableField } from "./votable_table.ts";
