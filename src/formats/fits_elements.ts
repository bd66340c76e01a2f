/**
 * Elements of FITS columns: the kinds of value a binary table holds, and their bytes, big-endian
 * (FITS standard 4.0, section 7.3.3).
 */

/**
 * Values of a column, row after row. The kind of array decides the column's format:
 * Float64Array D, Float32Array E, BigInt64Array K, Int32Array J, Int16Array I, Uint8Array B;
 * BigUint64Array, Uint32Array, Uint16Array and Int8Array are K, J, I and B with the TZERO that the
 * standard gives for them; text is A, logicals are L with null for "undefined".
 */
export type ColumnData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | readonly string[]
  | readonly (boolean | null)[];

/** How one element of a column lies in the file. */
export interface ElementFormat {
  /** The letter of TFORM. */
  readonly letter: string;
  /** Bytes of one element; 1 for text, which has its width as repeat. */
  readonly bytes: number;
  /** What is added to the stored number. */
  readonly zero: number | bigint;
  /** An array for this many elements. */
  create(length: number): ColumnData;
  /** Reads element `i` into `data`. */
  get(view: DataView, at: number, data: ColumnData, i: number): void;
  /** Writes element `i` of `data`. */
  set(view: DataView, at: number, data: ColumnData, i: number): void;
}

type NumberArray = Exclude<ColumnData, readonly unknown[] | BigInt64Array | BigUint64Array>;
type BigArray = BigInt64Array | BigUint64Array;
type Logicals = (boolean | null)[];

function numberFormat(
  letter: string,
  bytes: number,
  zero: number,
  create: (length: number) => NumberArray,
  get: (view: DataView, at: number) => number,
  set: (view: DataView, at: number, value: number) => void,
): ElementFormat {
  return {
    letter,
    bytes,
    zero,
    create,
    get: (view, at, data, i) => (data as NumberArray)[i] = get(view, at) + zero,
    set: (view, at, data, i) => set(view, at, (data as NumberArray)[i]! - zero),
  };
}

function bigFormat(zero: bigint, create: (length: number) => BigArray): ElementFormat {
  return {
    letter: "K",
    bytes: 8,
    zero,
    create,
    get: (view, at, data, i) => (data as BigArray)[i] = view.getBigInt64(at) + zero,
    set: (view, at, data, i) => view.setBigInt64(at, (data as BigArray)[i]! - zero),
  };
}

const LOGICAL_BYTES: ReadonlyMap<number, boolean | null> = new Map([
  [0x54, true],
  [0x46, false],
  [0x00, null],
]);

/** Numeric and logical formats by the kind of array that holds them; text is handled apart. */
export const FORMATS: Readonly<Record<string, ElementFormat>> = {
  Float64Array: numberFormat(
    "D",
    8,
    0,
    (length) => new Float64Array(length),
    (view, at) => view.getFloat64(at),
    (view, at, value) => view.setFloat64(at, value),
  ),
  Float32Array: numberFormat(
    "E",
    4,
    0,
    (length) => new Float32Array(length),
    (view, at) => view.getFloat32(at),
    (view, at, value) => view.setFloat32(at, value),
  ),
  Int32Array: numberFormat(
    "J",
    4,
    0,
    (length) => new Int32Array(length),
    (view, at) => view.getInt32(at),
    (view, at, value) => view.setInt32(at, value),
  ),
  Uint32Array: numberFormat(
    "J",
    4,
    2147483648,
    (length) => new Uint32Array(length),
    (view, at) => view.getInt32(at),
    (view, at, value) => view.setInt32(at, value),
  ),
  Int16Array: numberFormat(
    "I",
    2,
    0,
    (length) => new Int16Array(length),
    (view, at) => view.getInt16(at),
    (view, at, value) => view.setInt16(at, value),
  ),
  Uint16Array: numberFormat(
    "I",
    2,
    32768,
    (length) => new Uint16Array(length),
    (view, at) => view.getInt16(at),
    (view, at, value) => view.setInt16(at, value),
  ),
  Uint8Array: numberFormat(
    "B",
    1,
    0,
    (length) => new Uint8Array(length),
    (view, at) => view.getUint8(at),
    (view, at, value) => view.setUint8(at, value),
  ),
  Int8Array: numberFormat(
    "B",
    1,
    -128,
    (length) => new Int8Array(length),
    (view, at) => view.getUint8(at),
    (view, at, value) => view.setUint8(at, value),
  ),
  BigInt64Array: bigFormat(0n, (length) => new BigInt64Array(length)),
  BigUint64Array: bigFormat(9223372036854775808n, (length) => new BigUint64Array(length)),
  logicals: {
    letter: "L",
    bytes: 1,
    zero: 0,
    create: (length) => new Array<boolean | null>(length).fill(null),
    get: (view, at, data, i) => {
      const value = LOGICAL_BYTES.get(view.getUint8(at));
      if (value === undefined) {
        throw new SyntaxError(
          `Cannot read FITS: byte ${at} is ${
            view.getUint8(at)
          } in a logical column, should be T, F or 0`,
        );
      }
      (data as Logicals)[i] = value;
    },
    set: (view, at, data, i) => {
      const value = (data as Logicals)[i];
      view.setUint8(at, value === null ? 0 : value ? 0x54 : 0x46);
    },
  },
};

/** Text of a fixed width; shorter text ends in NUL, and trailing blanks are not kept. */
export function textFormat(width: number): ElementFormat {
  return {
    letter: "A",
    bytes: width,
    zero: 0,
    create: (length) => new Array<string>(length).fill(""),
    get: (view, at, data, i) => {
      let text = "";
      for (let b = 0; b < width; b++) {
        const byte = view.getUint8(at + b);
        if (byte === 0) break; // NUL ends a string before its width
        if (byte < 32 || byte > 126) {
          throw new SyntaxError(
            `Cannot read FITS: byte ${
              at + b
            } is ${byte} in a text column, should be printable ASCII`,
          );
        }
        text += String.fromCharCode(byte);
      }
      (data as string[])[i] = text.trimEnd();
    },
    set: (view, at, data, i) => {
      const text = (data as readonly string[])[i]!;
      for (let b = 0; b < width; b++) view.setUint8(at + b, text.charCodeAt(b) || 0);
    },
  };
}

/** The format that holds these values without loss. */
export function formatOf(data: ColumnData, name: string): ElementFormat {
  if (!Array.isArray(data)) return FORMATS[data.constructor.name]!;
  if (data.some((value) => typeof value === "string")) {
    const width = data.reduce<number>((most, text) => Math.max(most, String(text).length), 1);
    const bad = data.findIndex((text) => typeof text !== "string" || !/^[ -~]*$/.test(text));
    if (bad >= 0) {
      throw new RangeError(
        `Cannot write FITS: ${name}[${bad}] is ${
          JSON.stringify(data[bad])
        }, should be printable ASCII`,
      );
    }
    return textFormat(width);
  }
  return FORMATS["logicals"]!;
}

/** Array kinds by TFORM letter, the plain one first, then the one with the standard's TZERO. */
export const KINDS: Readonly<Record<string, readonly string[]>> = {
  L: ["logicals"],
  B: ["Uint8Array", "Int8Array"],
  I: ["Int16Array", "Uint16Array"],
  J: ["Int32Array", "Uint32Array"],
  K: ["BigInt64Array", "BigUint64Array"],
  E: ["Float32Array"],
  D: ["Float64Array"],
};
