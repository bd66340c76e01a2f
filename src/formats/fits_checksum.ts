/**
 * DATASUM and CHECKSUM of a FITS header-data unit (FITS standard 4.0, section 4.4.2.7 and
 * appendix J): a 32-bit ones' complement sum, and its complement written in 16 letters and digits
 * so that the whole unit adds up to minus zero.
 *
 * @module
 */

const WORD = 4294967296;

/** Bytes of 8192 words, whose halves add up to whole numbers of 31 bits; carries are folded in after each. */
const STRETCH = 4 * 8192;

/** The ones' complement sum of big-endian 32-bit words; the length is a multiple of 4. */
export function onesComplementSum(bytes: Uint8Array, start = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = start;
  for (let from = 0; from < bytes.length; from += STRETCH) {
    const end = Math.min(from + STRETCH, bytes.length);
    let [high, low] = [0, 0];
    for (let i = from; i < end; i += 4) {
      const word = view.getInt32(i);
      high += word >>> 16;
      low += word & 0xffff;
    }
    sum += 65536 * high + low;
    while (sum >= WORD) sum = (sum % WORD) + Math.floor(sum / WORD);
  }
  return sum;
}

/** Characters between "9" and "A" and between "Z" and "a", which the encoding avoids. */
const isPunctuation = (code: number): boolean =>
  (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60);
const ZERO = 48;

/**
 * The CHECKSUM value that makes a unit with this sum, computed with sixteen zeros in the value's
 * place, add up to minus zero.
 */
export function encodeChecksum(sum: number): string {
  const complement = ~sum >>> 0;
  const letters = new Uint8Array(16);
  for (let i = 0; i < 4; i++) {
    const byte = (complement >>> (24 - 8 * i)) & 0xff;
    // Four characters share the byte; pairs are moved apart until none is punctuation.
    const parts = [0, 1, 2, 3].map((part) => (byte >> 2) + ZERO + (part === 0 ? byte & 3 : 0));
    while (parts.some(isPunctuation)) {
      for (const pair of [0, 2]) {
        if (isPunctuation(parts[pair]!) || isPunctuation(parts[pair + 1]!)) {
          parts[pair]!++;
          parts[pair + 1]!--;
        }
      }
    }
    // The value begins at column 12 of its card, one byte before a word's start: rotate by one.
    for (let part = 0; part < 4; part++) letters[(4 * part + i + 1) % 16] = parts[part]!;
  }
  return String.fromCharCode(...letters);
}
