/**
 * File formats, to bytes and back: FITS tables and images, CSV, NPY, NPZ, PNG and safetensors.
 * Imported alone as `@clusters/terse/formats`.
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
