/**
 * The form in which the network room saves its records: arrays by name, and a header of JSON in the
 * metadata, sealed with a checksum that is required, so that a damaged file is refused.
 */
import type { NamedArrays } from "../numerics/arrays.ts";
import type { NormalizedCatalog } from "../features/dataset.ts";

/** Arrays and text by name, the content of a safetensors file. */
export interface SavedArrays {
  /** Row-major arrays by name. */
  readonly arrays: NamedArrays;
  /** Text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Raised whenever the form of a saved record changes. */
const VERSION = "1";

/** Adds the kind of record, its header and a checksum of everything to the arrays. */
export function sealArrays(kind: string, header: unknown, arrays: NamedArrays): SavedArrays {
  const text = JSON.stringify(header);
  return {
    arrays,
    metadata: { kind, version: VERSION, header: text, checksum: checksumOf(text, arrays) },
  };
}

/**
 * The header of arrays that {@linkcode sealArrays} sealed, after its checks.
 *
 * @throws {SyntaxError} If they are of another kind or version, or do not match the checksum
 */
export function openArrays(kind: string, saved: SavedArrays): unknown {
  const { metadata, arrays } = saved;
  const found = `${metadata.kind ?? "of no kind"}, version ${metadata.version ?? "none"}`;
  const expected = `${kind}, version ${VERSION}`;
  if (found !== expected) {
    throw new SyntaxError(`Cannot read ${kind}: the file is ${found}, expected ${expected}`);
  }
  const text = metadata.header ?? "";
  const checksum = checksumOf(text, arrays);
  if (metadata.checksum !== checksum) {
    throw new SyntaxError(
      `Cannot read ${kind}: its checksum is ${metadata.checksum}, its contents give ${checksum}`,
    );
  }
  return JSON.parse(text);
}

/** The arrays under a prefix, by the rest of their names. */
export function arraysUnder(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

/** The arrays with a prefix added to their names. */
export function prefixArrays(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [prefix + name, array]),
  );
}

/** A fingerprint of catalogs: 64 bits, in hexadecimal. */
export function fingerprintCatalogs(catalogs: readonly NormalizedCatalog[]): string {
  const sum = newChecksum();
  for (const { count, label, pixels, supplementary, tie } of catalogs) {
    addWords(sum, Uint32Array.of(count));
    addWords(sum, wordsOf(Float64Array.of(label)));
    addWords(sum, wordsOf(pixels));
    addWords(sum, wordsOf(supplementary));
    addWords(sum, wordsOf(tie));
  }
  return checksumText(sum);
}

/** A fingerprint of weights: 64 bits, in hexadecimal. */
export function fingerprintWeights(weights: NamedArrays): string {
  return checksumOf("", weights);
}

/** Checksum of a header and arrays, whose order does not count: a file format may change it. */
function checksumOf(header: string, arrays: NamedArrays): string {
  const sum = newChecksum();
  addWords(sum, codesOf(header));
  for (const name of Object.keys(arrays).sort()) {
    const { shape, data } = arrays[name]!;
    addWords(sum, codesOf(`${name} ${data.constructor.name} ${shape.join("x")}`));
    addWords(sum, wordsOf(data));
  }
  return checksumText(sum);
}

interface Checksum {
  low: number;
  high: number;
}

function newChecksum(): Checksum {
  return { low: 0x811c9dc5, high: 0x9e3779b9 }; // FNV's offset, and the golden ratio's bits
}

/** FNV-1a on 32-bit words in two lanes; each lane alone finds every change of a single word. */
function addWords(sum: Checksum, words: Uint32Array): void {
  let { low, high } = sum;
  for (let i = 0; i < words.length; i++) {
    low = Math.imul(low ^ words[i]!, 0x01000193);
    high = Math.imul(high ^ words[i]!, 0x85ebca6b) ^ (low >>> 15);
  }
  sum.low = low;
  sum.high = high;
}

function wordsOf(values: ArrayBufferView): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

function codesOf(text: string): Uint32Array {
  return Uint32Array.from(text, (letter) => letter.codePointAt(0)!);
}

function checksumText({ low, high }: Checksum): string {
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
