/** PNG images (ISO/IEC 15948): three bytes per pixel, no filter, compressed by the platform. */
import { crc32 } from "./crc32.ts";

/** A picture of 8-bit red, green and blue. */
export interface Picture {
  /** Pixels per row. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
  /** Red, green and blue, row-major from the top left, [height x width x 3] */
  readonly rgb: Uint8Array;
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
/** Bit depth 8, truecolor, deflate, adaptive filters, no interlace. */
const FORMAT: readonly number[] = [8, 2, 0, 0, 0];

/**
 * A picture as the bytes of a PNG file.
 *
 * @example
 * ```ts
 * import { encodePng } from "@clusters/terse/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const red = await encodePng({ width: 1, height: 1, rgb: Uint8Array.of(255, 0, 0) });
 * assertEquals(new TextDecoder().decode(red.subarray(1, 4)), "PNG");
 * ```
 *
 * @throws {RangeError} If there is no pixel, or `rgb` does not hold three bytes for each
 */
export async function encodePng(
  { width, height, rgb }: Picture,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!(width > 0 && height > 0 && rgb.length === width * height * 3)) {
    throw new RangeError(
      `Cannot write PNG: there are ${rgb.length} bytes, ${width} x ${height} pixels need ` +
        `${width * height * 3} and at least 3`,
    );
  }
  const head = new Uint8Array(8 + FORMAT.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set(FORMAT, 8);
  const rows = new Uint8Array(height * (1 + 3 * width)); // each begins with 0, for no filter
  for (let y = 0; y < height; y++) {
    rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (1 + 3 * width) + 1);
  }
  const parts = [
    SIGNATURE,
    chunk("IHDR", head),
    chunk("IDAT", await deflate(rows)),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** A chunk: length, name, data, and the CRC of name and data. */
function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
