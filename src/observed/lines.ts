/**
 * The lines of a text as it comes in bytes, decoded piece by piece: neither the whole text nor all of
 * its lines are in memory at once.
 *
 * @module
 */

/** Bytes that are decoded at once. */
const PIECE = 1048576;

/** Longer lines do not occur in a table of clusters. */
const LONGEST = PIECE;

/** Lines by which a form is recognized. */
const HEAD_LINES = 2000;

/** The lines of a text, which can be gone through any number of times. */
export interface Lines extends Iterable<string> {
  /** The first lines, by which the form of a table is recognized. */
  readonly head: readonly string[];
  /** Whether `head` is all of them. */
  readonly isWhole: boolean;
  /** Encoding of the text: "UTF-8", "UTF-16" or "Latin-1". */
  readonly encoding: string;
}

/**
 * The lines of a text; they end in LF, CR LF or CR. A mark of the byte order is not part of the text,
 * and what is not UTF-8 is taken as Latin-1.
 *
 * @param bytes UTF-8, Latin-1 or, if `isUtf16`, UTF-16 of either byte order
 * @throws {SyntaxError} On the way, if a line is longer than a table of clusters can have
 */
export function splitLines(bytes: Uint8Array, isUtf16: boolean): Lines {
  const text = isUtf16 ? new TextEncoder().encode(decodeUtf16(bytes)) : bytes;
  const isUtf8 = isUtf16 || isValidUtf8(text);
  const iterate = () => iterateLines(text, isUtf8 ? "utf-8" : "windows-1252");
  const head: string[] = [];
  let isWhole = true;
  for (const line of iterate()) {
    if (head.length === HEAD_LINES) {
      isWhole = false;
      break;
    }
    head.push(line);
  }
  const encoding = isUtf16 ? "UTF-16" : isUtf8 ? "UTF-8" : "Latin-1";
  return { head, isWhole, encoding, [Symbol.iterator]: iterate };
}

function decodeUtf16(bytes: Uint8Array): string {
  const isMarked = bytes[0] === 0xfe && bytes[1] === 0xff;
  const isBig = isMarked || (bytes[0] === 0 && bytes[1] !== 0);
  return new TextDecoder(isBig ? "utf-16be" : "utf-16le").decode(bytes);
}

/** Looks at the bytes in pieces that end where a character does. */
function isValidUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE) {
      decoder.decode(bytes.subarray(at, at + PIECE), { stream: at + PIECE < bytes.length });
    }
    return true;
  } catch {
    return false;
  }
}

const LF = 10;
const CR = 13;

function* iterateLines(bytes: Uint8Array, encoding: string): Generator<string, void, void> {
  const decoder = new TextDecoder(encoding);
  let number = 0;
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (start < bytes.length) {
    const end = endOfPiece(bytes, start, number);
    const lines = decoder.decode(bytes.subarray(start, end)).split(/\r\n?|\n/);
    // What follows the last line end is empty, but at the end of the file.
    if (lines.at(-1) === "") lines.pop();
    for (const line of lines) yield line;
    number += lines.length;
    start = end;
  }
}

/** The byte behind the last line end of a piece, or the end of the file. */
function endOfPiece(bytes: Uint8Array, start: number, number: number): number {
  if (bytes.length - start <= PIECE) return bytes.length;
  let end = start + PIECE;
  while (end > start && bytes[end - 1] !== LF && bytes[end - 1] !== CR) end--;
  if (end === start) {
    throw new SyntaxError(
      `Cannot read catalog: a line behind line ${number} is longer than ${LONGEST} bytes, ` +
        `one line per cluster is needed`,
    );
  }
  // CR LF is one line end.
  return bytes[end - 1] === CR && bytes[end] === LF ? end + 1 : end;
}
