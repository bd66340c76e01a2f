/**
 * The lines of a text as it comes in bytes, decoded piece by piece: neither the whole text nor all
 * of its lines are in memory at once.
 */

/** Bytes that are decoded at a time. */
const PIECE = 1048576;

/** Longest line in bytes; tables of clusters have none longer. */
const LONGEST = PIECE;

/** Number of lines by which a form is recognized. */
const HEAD_LINES = 2000;

/** The lines of a text, which can be iterated any number of times. */
export interface Lines extends Iterable<string> {
  /** The first lines, by which the form of a table is recognized. */
  readonly head: readonly string[];
  /** Whether `head` holds all lines. */
  readonly isWhole: boolean;
  /** Encoding of the text: "UTF-8", "UTF-16" or "Latin-1". */
  readonly encoding: string;
}

/**
 * The lines of a text, which end in LF, CR LF or CR. A byte order mark is not part of the text, and
 * text that is not UTF-8 is read as Latin-1.
 *
 * @param bytes UTF-8, Latin-1 or, if `isUtf16`, UTF-16 of either byte order
 * @throws {SyntaxError} While lines are read, if one is longer than a table of clusters can have
 */
export function splitLines(bytes: Uint8Array, isUtf16: boolean): Lines {
  const text = isUtf16 ? toUtf8(bytes) : bytes;
  const isUtf8 = isUtf16 || isValidUtf8(text);
  const decoder = new TextDecoder(isUtf8 ? "utf-8" : "windows-1252");
  const first: string[] = [];
  let piece = { lines: [] as string[], end: startOf(text) };
  while (first.length < HEAD_LINES && piece.end < text.length) {
    piece = readPiece(text, piece.end, decoder, first.length);
    for (const line of piece.lines) first.push(line);
  }
  const head = first.slice(0, HEAD_LINES);
  const { end } = piece;
  const iterate = function* () {
    yield* first;
    let number = first.length;
    for (let start = end; start < text.length;) {
      const { lines, end } = readPiece(text, start, decoder, number);
      yield* lines;
      number += lines.length;
      start = end;
    }
  };
  const encoding = isUtf16 ? "UTF-16" : isUtf8 ? "UTF-8" : "Latin-1";
  const isWhole = first.length <= HEAD_LINES && end >= text.length;
  return { head, isWhole, encoding, [Symbol.iterator]: iterate };
}

/** UTF-16 as UTF-8, piece by piece: a file may be longer than a text can be. */
function toUtf8(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes[0] === 0xfe && bytes[1] === 0xff;
  const isBig = isMarked || (bytes[0] === 0 && bytes[1] !== 0);
  const decoder = new TextDecoder(isBig ? "utf-16be" : "utf-16le");
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    pieces.push(encoder.encode(decoder.decode(piece, { stream: at + PIECE < bytes.length })));
  }
  const text = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    text.set(piece, at);
    at += piece.length;
  }
  return text;
}

/** Whether the bytes are UTF-8, checked in pieces that end between characters. */
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

/** Index of the first byte of the text, after a byte order mark. */
function startOf(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** The lines of a piece that begins at `start`, after `number` others, and where the next one begins. */
function readPiece(
  bytes: Uint8Array,
  start: number,
  decoder: TextDecoder,
  number: number,
): { lines: string[]; end: number } {
  const end = endOfPiece(bytes, start, number);
  const lines = decoder.decode(bytes.subarray(start, end)).split(/\r\n?|\n/);
  // The text after the last line end is empty, except at the end of the file.
  if (lines.at(-1) === "") lines.pop();
  return { lines, end };
}

/** Index of the byte after the last line end of a piece, or the end of the file. */
function endOfPiece(bytes: Uint8Array, start: number, number: number): number {
  if (bytes.length - start <= PIECE) return bytes.length;
  let end = start + PIECE;
  while (end > start && bytes[end - 1] !== LF && bytes[end - 1] !== CR) end--;
  if (end === start) {
    throw new SyntaxError(
      `Cannot read catalog: a line after line ${number} is longer than ${LONGEST} bytes, ` +
        `one line per cluster is needed`,
    );
  }
  // CR LF is one line end.
  return bytes[end - 1] === CR && bytes[end] === LF ? end + 1 : end;
}
