/**
 * Another program's FITS file, unit by unit, read as far as possible: a card is an error only where
 * it is needed, the last padding may be missing, and what follows the last unit is skipped. The
 * toolkit's own files are read by `fits_units.ts`, which accepts no fault.
 */
import { onesComplementSum } from "./fits_checksum.ts";
import type { DecodedHeader, HeaderCard, HeaderValue } from "./fits_header.ts";
import { decodeHeader, headerValue } from "./fits_header.ts";
import { dataSize, padToBlock } from "./fits_units.ts";

/** Most units of one file that are read. */
const MOST_UNITS = 5000;

/** The result of comparing a unit with its checksums. */
export type ChecksumFinding =
  | { readonly kind: "right" | "none" }
  | { readonly kind: "stale header" | "damaged"; readonly text: string };

/** One header-data unit of another program's file. */
export interface ScannedUnit {
  /** 0 for the primary one, 1 for the first extension, as astropy and the FTOOLS count. */
  readonly number: number;
  readonly cards: readonly HeaderCard[];
  /** Name of the unit in messages: "extension 1 (CLUSTERS)". */
  readonly place: string;
  /** The data without padding, as far as the file has them. */
  readonly data: Uint8Array;
  /** Bytes of data that the header announces. */
  readonly size: number;
  /** Compares the unit's bytes with its checksums; they are summed on this call only. */
  verify(): ChecksumFinding;
}

/** The units of a file, and notes on what was skipped. */
export interface FitsScan {
  readonly units: readonly ScannedUnit[];
  /** Sentences about the file's end; empty if nothing is unusual. */
  readonly notes: readonly string[];
}

/**
 * Finds the units of a FITS file.
 *
 * @throws {SyntaxError} If not even the primary header can be read
 */
export function scanUnits(bytes: Uint8Array): FitsScan {
  const units: ScannedUnit[] = [];
  let start = 0;
  while (start < bytes.length || units.length === 0) {
    const number = units.length;
    if (number === MOST_UNITS) {
      return { units, notes: [`${bytes.length - start} bytes after ${units.at(-1)!.place}`] };
    }
    if (number > 0 && !beginsExtension(bytes, start)) {
      return { units, notes: [`${bytes.length - start} bytes after ${units.at(-1)!.place}`] };
    }
    let found: Located;
    try {
      found = locate(bytes, start, number);
    } catch (error) {
      if (number === 0) throw error;
      return { units, notes: [(error as Error).message.replace("Cannot read FITS: ", "")] };
    }
    units.push(found.unit);
    start = found.next;
  }
  return { units, notes: [] };
}

/** A text card's value; undefined if it is missing, cannot be read or holds something else. */
export function textValue(cards: readonly HeaderCard[], keyword: string): string | undefined {
  const value = softValue(cards, keyword);
  return typeof value === "string" ? value.trim() : undefined;
}

/** A card's value; undefined if it is missing or cannot be read. */
export function softValue(cards: readonly HeaderCard[], keyword: string): HeaderValue | undefined {
  try {
    return headerValue(cards, keyword);
  } catch {
    return undefined;
  }
}

interface Located {
  readonly unit: ScannedUnit;
  readonly next: number;
}

function beginsExtension(bytes: Uint8Array, start: number): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(start, start + 8)) === "XTENSION";
}

function locate(bytes: Uint8Array, start: number, number: number): Located {
  const bare = number === 0 ? "the primary header" : `extension ${number}`;
  const header = decodeHeader(bytes, start, bare, { keepFaults: true });
  const { cards, end } = header;
  const name = textValue(cards, "EXTNAME");
  const place = name ? `${bare} (${name})` : bare;
  const size = dataSize(cards, place);
  if (!Number.isSafeInteger(size)) {
    throw new SyntaxError(`Cannot read FITS: ${place} announces ${size} bytes of data`);
  }
  const next = end + padToBlock(size);
  const data = bytes.subarray(end, Math.min(end + size, bytes.length));
  const verify = () => verifyUnit(bytes, header, start, size, place);
  return { unit: { number, cards, place, data, size, verify }, next };
}

const ALL_ONES = 0xffffffff;

function verifyUnit(
  bytes: Uint8Array,
  { cards, end }: DecodedHeader,
  start: number,
  size: number,
  place: string,
): ChecksumFinding {
  const recorded = softValue(cards, "DATASUM");
  const checksum = softValue(cards, "CHECKSUM");
  if (!recorded && !checksum) return { kind: "none" };
  const sum = onesComplementSum(paddedData(bytes, cards, end, size));
  const isRecorded = Boolean(recorded);
  if (isRecorded && Number(recorded) !== sum) {
    const text = `the data of ${place} add up to ${sum}, DATASUM is ${recorded}`;
    return { kind: "damaged", text };
  }
  if (!checksum) return { kind: "right" };
  const total = onesComplementSum(bytes.subarray(start, end), sum);
  if (total === ALL_ONES || total === 0) return { kind: "right" };
  const text = `${place} does not match its CHECKSUM ${checksum}`;
  return { kind: isRecorded ? "stale header" : "damaged", text };
}

/** The data with their padding: blanks for ASCII tables, zeros for all others, where it is missing. */
function paddedData(
  bytes: Uint8Array,
  cards: readonly HeaderCard[],
  end: number,
  size: number,
): Uint8Array {
  const padded = padToBlock(size);
  if (end + padded <= bytes.length) return bytes.subarray(end, end + padded);
  const isText = textValue(cards, "XTENSION") === "TABLE";
  const whole = new Uint8Array(padded).fill(isText ? 0x20 : 0);
  whole.set(bytes.subarray(end));
  return whole;
}
