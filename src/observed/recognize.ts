/**
 * Recognizes a file by its first bytes, before anything is read: a form that this toolkit reads, or
 * a form that it does not read, with advice.
 */
import { isFits } from "../formats/fits_reader.ts";

/** Forms that the toolkit reads. */
export type SourceForm = "FITS" | "VOTable" | "text" | "UTF-16 text" | "gzip";

/** Number of first bytes that are examined. */
export const HEAD_BYTES = 65536;

/** Forms that are not read: how they begin, what they are, and what to do. */
const UNREAD: readonly (readonly [beginning: string, what: string, todo: string])[] = [
  ["\x89HDF\r\n\x1a\n", "an HDF5 file", "write the table as FITS or CSV, with h5py and astropy"],
  ["PK\x03\x04", "a zip archive", "unpack it and give one of the tables in it"],
  ["%PDF", "a PDF document", "take the table from the journal's or VizieR's machine-readable copy"],
  ["BZh", "compressed with bzip2", "unpack it with bunzip2"],
  ["\xfd7zXZ\0", "compressed with xz", "unpack it with unxz"],
  ["\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it with unzstd"],
  ["\x1f\x9d", "compressed with compress", "unpack it with uncompress or gunzip"],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give one of the tables in it"],
  ["Rar!", "a RAR archive", "unpack it and give one of the tables in it"],
  ["PAR1", "a Parquet file", "write the table as FITS or CSV"],
  ["ARROW1", "an Arrow file", "write the table as FITS or CSV"],
  ["\x93NUMPY", "a NumPy array", "write it with numpy.savetxt and a header that names the columns"],
  ["\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"],
  ["SQLite format 3\0", "an SQLite database", "export the table as CSV"],
  ["\x89PNG", "a PNG image", "give the table that it shows"],
  ["\xff\xd8\xff", "a JPEG image", "give the table that it shows"],
  ["SR\0\x04", "an IDL save file", "write the table as FITS from IDL"],
  ["#ASDF", "an ASDF file", "write the table as FITS or ECSV with astropy"],
  ["CDF\x01", "a NetCDF file", "write the table as FITS or CSV"],
  ["%!PS", "a PostScript document", "take the table from the journal's machine-readable copy"],
  ["\x80\x02", "a Python pickle", "write the table as FITS or ECSV with astropy"],
  ["\x80\x03", "a Python pickle", "write the table as FITS or ECSV with astropy"],
  ["\x80\x04", "a Python pickle", "write the table as FITS or ECSV with astropy"],
  ["\x80\x05", "a Python pickle", "write the table as FITS or ECSV with astropy"],
];

/** Text forms that are not read, by a pattern near their beginning. */
const UNREAD_TEXTS: readonly (readonly [pattern: RegExp, what: string, todo: string])[] = [
  [
    /\\documentclass|\\begin\s*\{|\\startdata|\\tablehead|\\hline/,
    "a LaTeX table",
    "take the journal's machine-readable table, or convert it with astropy",
  ],
  [/^\s*(<!doctype html|<html|<table|<head)/i, "an HTML page", "save the table as CSV or VOTable"],
  [/^\s*[[{]\s*("|\{|\[|\])/, "JSON", "write the table as CSV"],
  [/^\s*<HEADER>[\s\S]*\b(field|table_name)\b/i, "a HEASARC TDAT file", "download it as FITS"],
  [
    /^#K\s+IRAF|^#N\s+.*\\\s*$/m,
    "a DAOPHOT file of IRAF",
    "write it as FITS with IRAF's tables package or with astropy",
  ],
  [/^# ?FIELD::/m, "a file of VOTable-Simple", "write the table as VOTable, FITS or CSV"],
  [/^ *(READ [ST]ERR|!.*\n *READ [ST]ERR)/i, "a QDP file", "write the table as CSV"],
  [/^\s*\+(-+\+)+\s*\n\s*\|/, "a table of reStructuredText", "write the table as CSV"],
  [/^\s*(={2,} +)+={2,}\s*\n/, "a table of reStructuredText", "write the table as CSV"],
];

/**
 * The form of a file.
 *
 * @param head The file's first bytes, up to {@linkcode HEAD_BYTES}
 * @throws {SyntaxError} If the form is not read, with its name and what to do
 */
export function recognize(head: Uint8Array): SourceForm {
  const latin = new TextDecoder("latin1").decode(head.subarray(0, HEAD_BYTES));
  if (isFits(head)) return "FITS";
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (/^(\xff\xfe|\xfe\xff)/.test(latin.slice(0, 2))) return "UTF-16 text";
  const zip = latin.startsWith("PK\x03\x04") ? nameZip(latin) : null;
  if (zip) throw refuse(...zip);
  const unread = UNREAD.find(([beginning]) => latin.startsWith(raw(beginning)));
  if (unread) throw refuse(unread[1], unread[2]);
  if (isUtf16(head)) return "UTF-16 text";
  checkText(head);
  const text = latin.replace(/^\xef\xbb\xbf/, "");
  if (/^\s*<(\?xml|!--|VOTABLE\b|[\w.-]+:VOTABLE\b)/i.test(text)) return nameXml(text);
  const named = UNREAD_TEXTS.find(([pattern]) => pattern.test(text));
  if (named) throw refuse(named[1], named[2]);
  return "text";
}

const refuse = (what: string, todo: string): SyntaxError =>
  new SyntaxError(`Cannot read catalog: the file is ${what}, which is not read; ${todo}`);

/** TextDecoder's "latin1" is windows-1252: the beginnings are examined as it decodes them. */
const raw = (beginning: string): string =>
  new TextDecoder("latin1").decode(Uint8Array.from(beginning, (char) => char.charCodeAt(0)));

function nameZip(latin: string): [what: string, todo: string] | null {
  if (/(^|[^\w])xl\//.test(latin)) return ["an Excel workbook", "save the sheet as CSV"];
  if (/opendocument\.spreadsheet/.test(latin)) {
    return ["an OpenDocument spreadsheet", "save the sheet as CSV"];
  }
  if (/\.npy/.test(latin)) {
    return ["an archive of NumPy arrays", "write the columns with numpy.savetxt and a header"];
  }
  return null;
}

function nameXml(text: string): "VOTable" {
  if (/<([\w.-]+:)?VOTABLE\b/i.test(text)) return "VOTable";
  if (/<(html|!doctype html)\b/i.test(text)) throw refuse("an HTML page", "save the table as CSV");
  throw refuse("XML but not a VOTable", "write the table as VOTable, FITS or CSV");
}

/** Whether every other byte is zero, as in UTF-16 without a byte order mark. */
function isUtf16(head: Uint8Array): boolean {
  const seen = head.subarray(0, 512);
  if (seen.length < 4) return false;
  const zeros = [0, 1].map((odd) => seen.filter((byte, i) => i % 2 === odd && byte === 0).length);
  return Math.max(...zeros) > 0.4 * seen.length && Math.min(...zeros) < 0.02 * seen.length;
}

/** Throws unless all bytes may occur in text: blanks, line ends, form feeds, 32 and above. */
function checkText(head: Uint8Array): void {
  const bad = head.findIndex((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 26));
  if (bad < 0) return;
  throw new SyntaxError(
    `Cannot read catalog: byte ${bad} of the file is ${
      head[bad]
    }, which no text has, and the file ` +
      `is not FITS, VOTable or gzip; write the table as FITS or CSV`,
  );
}
