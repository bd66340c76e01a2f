/**
 * Header-data units, of which a FITS file is made: a header, its data padded to whole blocks, and
 * the checksums of both (FITS standard 4.0, sections 3 and 4.4). Tables and images are built on it.
 */
import { encodeChecksum, onesComplementSum } from "./fits_checksum.ts";
import type { HeaderCard } from "./fits_header.ts";
import { decodeHeader, encodeHeader, FITS_BLOCK, headerValue } from "./fits_header.ts";

/** Keywords of cards that describe a unit's layout: they follow from it and cannot be given. */
const LAYOUT_KEYWORD: RegExp =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|TFIELDS|EXTNAME|BSCALE|BZERO|CHECKSUM|DATASUM|LONGSTRN|(TTYPE|TFORM|TUNIT|TDIM|TNULL|TSCAL|TZERO)\d+|END)$/;

/** Columns and axes past this cannot be numbered (TFORM999). */
export const MAX_NUMBERED = 999;

/** The length of this many bytes with the padding to whole blocks. */
export function padToBlock(size: number): number {
  return Math.ceil(size / FITS_BLOCK) * FITS_BLOCK;
}

/**
 * Cards that a caller may give.
 *
 * @throws {RangeError} If one describes the layout
 */
export function freeCards(cards: readonly HeaderCard[]): readonly HeaderCard[] {
  const bad = cards.find(({ keyword }) => LAYOUT_KEYWORD.test(keyword));
  if (bad) {
    throw new RangeError(`Cannot write FITS: ${bad.keyword} is given, it follows from the data`);
  }
  return cards;
}

/** Cards that do not describe the layout. */
export function withoutLayout(cards: readonly HeaderCard[]): HeaderCard[] {
  return cards.filter(({ keyword }) => !LAYOUT_KEYWORD.test(keyword));
}

/** A header with its checksums, and the data; the checksum is of the header as it is written. */
export function encodeUnit(cards: readonly HeaderCard[], data: Uint8Array): Uint8Array[] {
  return [encodeUnitHeader(cards, onesComplementSum(data)), data];
}

/**
 * A header with its checksums.
 *
 * @param sum Ones' complement sum of the data, {@linkcode onesComplementSum}
 */
export function encodeUnitHeader(cards: readonly HeaderCard[], sum: number): Uint8Array {
  const isLong = ({ value }: HeaderCard) => typeof value === "string" && value.length > 60;
  const withChecksum = (checksum: string) =>
    encodeHeader([
      ...cards,
      // Older readers need a note that CONTINUE is used.
      ...(cards.some(isLong) ? [{ keyword: "LONGSTRN", value: "OGIP 1.0" }] : []),
      { keyword: "CHECKSUM", value: checksum },
      { keyword: "DATASUM", value: String(sum) },
    ]);
  const unsigned = withChecksum("0".repeat(16));
  return withChecksum(encodeChecksum(onesComplementSum(unsigned, sum)));
}

/** Units as the bytes of a file. */
export function joinUnits(units: readonly (readonly Uint8Array[])[]): Uint8Array<ArrayBuffer> {
  const parts = units.flat();
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** One unit of a file, its checksums verified. */
export interface FitsUnit {
  /** 1 for the primary one. */
  readonly number: number;
  readonly cards: readonly HeaderCard[];
  /** The data without padding. */
  readonly data: Uint8Array;
  /** Name of the unit in messages: "HDU 2 (CLUSTERS)". */
  readonly place: string;
}

/**
 * The units of a file.
 *
 * @throws {SyntaxError} If the bytes are no FITS file, are cut short or do not match their checksum
 */
export function* readUnits(bytes: Uint8Array): Generator<FitsUnit, void, void> {
  let start = 0;
  for (let number = 1; start < bytes.length || number === 1; number++) {
    const first = number === 1 ? "SIMPLE" : "XTENSION";
    const found = new TextDecoder("latin1").decode(bytes.subarray(start, start + 8)).trimEnd();
    if (found !== first) {
      throw new SyntaxError(
        `Cannot read FITS: HDU ${number} at byte ${start} begins with ${
          JSON.stringify(found)
        }, "${first}" is needed`,
      );
    }
    const { cards, end } = decodeHeader(bytes, start, `HDU ${number}`);
    const name = headerValue(cards, "EXTNAME");
    const place = name ? `HDU ${number} (${name})` : `HDU ${number}`;
    const size = dataSize(cards, place);
    const next = end + padToBlock(size);
    // Written so that a size of NaN or infinity is refused too.
    if (!(next <= bytes.length)) {
      throw new SyntaxError(
        `Cannot read FITS: ${place} ends at byte ${next}, the file has ${bytes.length}`,
      );
    }
    verifyChecksums(bytes, cards, { start, end, next, place });
    yield { number, cards, data: bytes.subarray(end, end + size), place };
    start = next;
  }
}

/** A whole number from 0 on that a header must hold. */
export function wholeNumber(
  cards: readonly HeaderCard[],
  keyword: string,
  place: string,
  or?: number,
): number {
  const value = headerValue(cards, keyword) ?? or;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SyntaxError(
    `Cannot read FITS: ${keyword} of ${place} is ${
      value ?? "missing"
    }, should be a whole number from 0 on`,
  );
}

/** Bytes of data that a header announces, before padding (FITS standard, Eq. 2). */
export function dataSize(cards: readonly HeaderCard[], place: string): number {
  const bitpix = headerValue(cards, "BITPIX");
  if (typeof bitpix !== "number" || ![8, 16, 32, 64, -32, -64].includes(bitpix)) {
    throw new SyntaxError(
      `Cannot read FITS: BITPIX of ${place} is ${bitpix}, should be 8, 16, 32, 64, -32 or -64`,
    );
  }
  const axes = wholeNumber(cards, "NAXIS", place);
  if (axes === 0) return 0;
  if (axes > MAX_NUMBERED) {
    throw new SyntaxError(
      `Cannot read FITS: NAXIS of ${place} is ${axes}, should be at most ${MAX_NUMBERED}`,
    );
  }
  // Random groups say NAXIS1 = 0 and have the axes that follow (FITS standard, section 6).
  const hasGroups = headerValue(cards, "GROUPS") === true && headerValue(cards, "NAXIS1") === 0;
  let elements = 1;
  for (let axis = hasGroups ? 2 : 1; axis <= axes; axis++) {
    elements *= wholeNumber(cards, `NAXIS${axis}`, place);
  }
  const groups = wholeNumber(cards, "GCOUNT", place, 1);
  return (Math.abs(bitpix) / 8) * groups * (wholeNumber(cards, "PCOUNT", place, 0) + elements);
}

interface UnitPlace {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  readonly place: string;
}

const ALL_ONES = 0xffffffff;

function verifyChecksums(
  bytes: Uint8Array,
  cards: readonly HeaderCard[],
  { start, end, next, place }: UnitPlace,
): void {
  const recorded = headerValue(cards, "DATASUM");
  const checksum = headerValue(cards, "CHECKSUM");
  if (!recorded && !checksum) return;
  const sum = onesComplementSum(bytes.subarray(end, next));
  if (recorded && !(Number(recorded) === sum)) {
    throw new SyntaxError(
      `Cannot read FITS: the data of ${place} add up to ${sum}, DATASUM is ${recorded}: ` +
        `the file is damaged`,
    );
  }
  const total = onesComplementSum(bytes.subarray(start, end), sum);
  if (checksum && total !== ALL_ONES && total !== 0) {
    throw new SyntaxError(
      `Cannot read FITS: ${place} does not match its CHECKSUM ${checksum}: the file is damaged`,
    );
  }
}
