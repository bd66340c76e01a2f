/**
 * FITS images (FITS standard 4.0, sections 4.4.1 and 7.1), as DS9, astropy and fitsverify read
 * them: the first one in the primary header-data unit, others in IMAGE extensions.
 */
import { sizeOf } from "../numerics/arrays.ts";
import type { ColumnData, ElementFormat } from "./fits_elements.ts";
import { FORMATS, KINDS } from "./fits_elements.ts";
import type { HeaderCard } from "./fits_header.ts";
import { headerValue } from "./fits_header.ts";
import type { FitsUnit } from "./fits_units.ts";
import {
  encodeUnit,
  freeCards,
  joinUnits,
  padToBlock,
  readUnits,
  wholeNumber,
  withoutLayout,
} from "./fits_units.ts";

/** Pixels of an image; the kind of array decides how they are stored, as it does for columns. */
export type PixelData = Exclude<ColumnData, readonly unknown[]>;

/** One image. */
export interface FitsImage {
  /** Name of the image (EXTNAME); "" if it has none. */
  readonly name: string;
  /** [rows x columns], or any other number of axes, the fastest last. */
  readonly shape: readonly number[];
  /** Row-major; the first row is the lowest where the image is shown. */
  readonly data: PixelData;
  /** The cards that do not describe the layout. */
  readonly header: readonly HeaderCard[];
}

/** BITPIX by the element's letter in {@linkcode KINDS}. */
const BITPIX: Readonly<Record<string, number>> = { B: 8, I: 16, J: 32, K: 64, E: -32, D: -64 };

/**
 * Images as the bytes of a FITS file, with DATASUM and CHECKSUM in every header.
 *
 * @example Write an image with its mask and read them back
 * ```ts
 * import { decodeFitsImages, encodeFitsImages } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { name: "COUNTS", shape: [2, 3], data: Int32Array.of(0, 4, 1, 2, 0, 0), header: [] };
 * const mask = { ...counts, name: "MASK", data: Uint8Array.of(0, 1, 0, 0, 0, 0) };
 * assertEquals(decodeFitsImages(encodeFitsImages([counts, mask])), [counts, mask]);
 * ```
 *
 * @param images One or more
 * @throws {RangeError} If there is no image, a shape is not that of the data, or a card has no place in FITS
 */
export function encodeFitsImages(images: readonly FitsImage[]): Uint8Array<ArrayBuffer> {
  if (images.length === 0) {
    throw new RangeError("Cannot write FITS: there are 0 images, at least 1 is needed");
  }
  return joinUnits(
    images.map((image, i) => encodeUnit(imageCards(image, i === 0), imageBytes(image))),
  );
}

function imageCards({ name, shape, data, header }: FitsImage, isPrimary: boolean): HeaderCard[] {
  if (shape.length === 0 || sizeOf(shape) !== data.length) {
    throw new RangeError(
      `Cannot write FITS: image ${name} has ${data.length} pixels, its shape is [${
        shape.join(" x ")
      }]`,
    );
  }
  const { letter, zero } = formatOfPixels(data);
  return [
    isPrimary
      ? { keyword: "SIMPLE", value: true, comment: "FITS standard 4.0" }
      : { keyword: "XTENSION", value: "IMAGE" },
    { keyword: "BITPIX", value: BITPIX[letter]! },
    { keyword: "NAXIS", value: shape.length },
    ...shape.toReversed().map((value, i) => ({ keyword: `NAXIS${i + 1}`, value })),
    ...(isPrimary
      ? [{ keyword: "EXTEND", value: true }]
      : [{ keyword: "PCOUNT", value: 0 }, { keyword: "GCOUNT", value: 1 }]),
    ...(zero ? [{ keyword: "BSCALE", value: 1 }, { keyword: "BZERO", value: zero }] : []),
    ...(name ? [{ keyword: "EXTNAME", value: name }] : []),
    ...freeCards(header),
  ];
}

function formatOfPixels(data: PixelData): ElementFormat {
  return FORMATS[data.constructor.name]!;
}

function imageBytes({ data }: FitsImage): Uint8Array {
  const format = formatOfPixels(data);
  const bytes = new Uint8Array(padToBlock(data.length * format.bytes));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) format.set(view, i * format.bytes, data, i);
  return bytes;
}

/**
 * The images of a FITS file; tables are skipped, and so are headers without pixels. Checksums
 * are verified where a header has them.
 *
 * An image with BSCALE or BZERO, other than the BZERO of unsigned numbers, becomes a Float64Array
 * of the scaled values, with NaN where the stored number is BLANK.
 *
 * @throws {SyntaxError} If the bytes are no FITS file, are cut short or do not match their checksum
 */
export function decodeFitsImages(bytes: Uint8Array): FitsImage[] {
  return [...readUnits(bytes)]
    .filter(({ number, cards, data }) =>
      data.length > 0 && (number === 1 || headerValue(cards, "XTENSION") === "IMAGE")
    )
    .map(readImage);
}

function readImage({ cards, data: bytes, place }: FitsUnit): FitsImage {
  const number = (keyword: string, fallback: number): number | bigint => {
    const value = headerValue(cards, keyword) ?? fallback;
    if (typeof value === "number" || typeof value === "bigint") return value;
    throw new SyntaxError(
      `Cannot read FITS: ${keyword} of ${place} is ${value}, should be a number`,
    );
  };
  const axes = wholeNumber(cards, "NAXIS", place);
  const shape = Array.from({ length: axes }, (_, i) => wholeNumber(cards, `NAXIS${i + 1}`, place))
    .reverse();
  const letter = Object.keys(BITPIX).find((l) => BITPIX[l] === headerValue(cards, "BITPIX"))!;
  const scale = Number(number("BSCALE", 1));
  const zero = number("BZERO", 0);
  const kinds = KINDS[letter]!;
  const kind = kinds.find((name) => scale === 1 && Number(FORMATS[name]!.zero) === Number(zero));
  const format = FORMATS[kind ?? kinds[0]!]!;
  const raw = format.create(sizeOf(shape)) as PixelData;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < raw.length; i++) format.get(view, i * format.bytes, raw, i);
  const name = headerValue(cards, "EXTNAME");
  return {
    name: typeof name === "string" ? name : "",
    shape,
    data: kind ? raw : applyScaling(raw, scale, Number(zero), headerValue(cards, "BLANK")),
    header: withoutLayout(cards),
  };
}

function applyScaling(raw: PixelData, scale: number, zero: number, blank: unknown): Float64Array {
  return Float64Array.from(
    raw as ArrayLike<number | bigint>,
    (value) => Number(value) === Number(blank ?? NaN) ? NaN : Number(value) * scale + zero,
  );
}
