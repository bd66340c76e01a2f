/**
 * The bytes of a file that a user chose: refused before it is read if it is not a table, unpacked
 * if it was packed with gzip, and never more than a page can hold.
 */
import { HEAD_BYTES, recognize } from "../../observed/recognize.ts";
import type { Step } from "../protocol.ts";

/** Largest table of the page in bytes; for larger ones the command line has more memory. */
const LARGEST = 2 ** 28;

const MEGABYTE = 2 ** 20;

/**
 * Reads a file.
 *
 * @throws {SyntaxError} If it has a form that is not read, or cannot be unpacked
 * @throws {RangeError} If it is too large
 */
export async function readFile(
  file: Blob,
  report: (step: Step) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (head.length === 0) throw new SyntaxError("Cannot read catalog: the file is empty");
  const isPacked = recognize(head) === "gzip";
  if (file.size > LARGEST) throw tooLarge("the file");
  let read = 0;
  const what = isPacked ? "Unpacking the file" : "Reading the file";
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      const before = read;
      read += piece.length;
      if (Math.floor(before / MEGABYTE) !== Math.floor(read / MEGABYTE)) {
        report({ what, done: read, all: file.size });
      }
      controller.enqueue(piece);
    },
  });
  const counted = file.stream().pipeThrough(counter);
  if (!isPacked) return await collect(counted, file.size);
  try {
    return await collect(counted.pipeThrough(new DecompressionStream("gzip")), 4 * file.size);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new SyntaxError(
      "Cannot read catalog: it cannot be unpacked with gzip, because it is damaged or packed in several " +
        "parts; unpack it first",
    );
  }
}

function tooLarge(what: string): RangeError {
  return new RangeError(
    `Cannot read catalog: ${what} has more than ${
      LARGEST / MEGABYTE
    } MB, which is the most that this ` +
      "page takes; terse predict takes 1024 MB",
  );
}

async function collect(
  pieces: ReadableStream<Uint8Array<ArrayBuffer>>,
  expected: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(LARGEST, expected));
  let length = 0;
  const reader = pieces.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (length + value.length > LARGEST) {
      await reader.cancel();
      throw tooLarge("unpacked it");
    }
    if (length + value.length > bytes.length) {
      const grown = new Uint8Array(Math.min(LARGEST, 2 * (length + value.length)));
      grown.set(bytes);
      bytes = grown;
    }
    bytes.set(value, length);
    length += value.length;
  }
}
