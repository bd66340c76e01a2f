/**
 * Networks that ship as modules, and bytes as text in them. The first bytes of all numbers come
 * first, then the second bytes, and so on: signs and exponents of float32 are similar, and gzip
 * finds that only if they are adjacent.
 */

import type { Sigma8Errors } from "../evaluation/errors.ts";

/** The origin of a network, and its errors. */
export interface Provenance {
  /** The command that trains it; the same command, version and backend give the same bits. */
  readonly command: string;
  /** The version of the package that trained it. */
  readonly version: string;
  /** The backend it was trained on. */
  readonly backend: string;
  /** Errors on the test catalogs of the network's design. */
  readonly test: Omit<Sigma8Errors, "bins">;
  /** Errors on fresh catalogs of the same priors. */
  readonly fresh: Omit<Sigma8Errors, "bins">;
}

/** What a module with a network's bytes exports. */
export interface ShippedNetwork {
  /** Where the network comes from, and its errors. */
  readonly provenance: Provenance;
  /** `weights.safetensors` of its run folder, as `packBytes` packs it. */
  readonly weights: string;
}

/** Bytes per float32. */
const PLANES = 4;

/** Bytes as base64 of gzip of their planes. */
export async function packBytes(bytes: Uint8Array): Promise<string> {
  const packed = await pipe(splitPlanes(bytes), new CompressionStream("gzip"));
  return btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * The bytes that {@linkcode packBytes} packed; line breaks do not matter.
 *
 * @throws {TypeError} If the text is damaged
 */
export async function unpackBytes(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return joinPlanes(await unpack(text));
}

/**
 * The text that was compressed with gzip and encoded in base64; line breaks do not matter.
 *
 * @throws {TypeError} If it is damaged
 */
export async function unpackText(text: string): Promise<string> {
  return new TextDecoder().decode(await unpack(text));
}

function unpack(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(text.replaceAll("\n", "")), (letter) => letter.charCodeAt(0));
  return pipe(packed, new DecompressionStream("gzip"));
}

function splitPlanes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const planes = new Uint8Array(bytes.length);
  let at = 0;
  for (let plane = 0; plane < PLANES; plane++) {
    for (let i = plane; i < bytes.length; i += PLANES) planes[at++] = bytes[i]!;
  }
  return planes;
}

function joinPlanes(planes: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(planes.length);
  let at = 0;
  for (let plane = 0; plane < PLANES; plane++) {
    for (let i = plane; i < bytes.length; i += PLANES) bytes[i] = planes[at++]!;
  }
  return bytes;
}

async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
