/**
 * CRC-32 as zip, gzip and PNG have it (ISO 3309; reflected polynomial 0xEDB88320).
 *
 * @module
 */

const POLYNOMIAL = 0xedb88320;

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  return value;
});

/**
 * The CRC-32 of some bytes, or of bytes that follow others.
 *
 * @example The check value of the standard, in one piece and in two
 * ```ts
 * import { crc32 } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("123456789");
 * assertEquals(crc32(bytes), 0xcbf43926);
 * assertEquals(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4))), 0xcbf43926);
 * ```
 *
 * @param bytes The bytes to add
 * @param start The CRC-32 of the bytes before them; 0 if there are none
 */
export function crc32(bytes: Uint8Array, start = 0): number {
  let crc = ~start;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}
