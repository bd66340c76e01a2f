/** Images: FITS with several units and kinds of pixel, and PNG. */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import type { FitsImage, PixelData } from "../src/formats/mod.ts";
import {
  crc32,
  decodeFits,
  decodeFitsImages,
  encodeFits,
  encodeFitsImages,
} from "../src/formats/mod.ts";
import { encodePng } from "../src/formats/mod.ts";
import { testWith } from "./tools.ts";

function image(name: string, data: PixelData, shape: readonly number[]): FitsImage {
  return { name, shape, data, header: [{ keyword: "BUNIT", value: "count" }] };
}

/** One of every kind of pixel, the extremes of each among them. */
const IMAGES: readonly FitsImage[] = [
  image("J", Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1, 4, 5, 6), [2, 3]),
  image("B", Uint8Array.of(0, 255, 7), [3]),
  image("SB", Int8Array.of(-128, 127), [1, 2]),
  image("I", Int16Array.of(-32768, 32767), [2, 1]),
  image("UI", Uint16Array.of(0, 65535), [1, 2]),
  image("UJ", Uint32Array.of(0, 4294967295), [1, 2]),
  image("K", BigInt64Array.of(-(2n ** 63n), 5n), [2]),
  image("UK", BigUint64Array.of(0n, 2n ** 64n - 1n), [2]),
  image("E", Float32Array.of(NaN, -0.5), [1, 1, 2]),
  image("", Float64Array.of(0.1, Infinity), [2]),
];

Deno.test("FITS images of every kind of pixel come back with their bits, shapes and cards", () => {
  const bytes = encodeFitsImages(IMAGES);
  assertEquals(bytes.length % 2880, 0);
  assertEquals(decodeFitsImages(bytes), [...IMAGES]);
  assertEquals(decodeFits(bytes).tables, []);
});

Deno.test("A file of tables has no images", () => {
  const columns = [{ name: "X", shape: [], data: Uint8Array.of(1, 2) }];
  assertEquals(decodeFitsImages(encodeFits([{ name: "T", count: 2, columns, header: [] }])), []);
});

Deno.test("An image with another BZERO is scaled, with NaN where it is BLANK", () => {
  const bytes = encodeFitsImages([{ ...IMAGES[4]!, data: Uint16Array.of(32769, 32771) }]);
  const text = new TextDecoder("latin1").decode(bytes)
    .replace("BZERO   =                32768", "BZERO   =                 10.5")
    .replace("BUNIT   = 'count   '          ", "BLANK   =                    3")
    .replaceAll(/(CHECK|DATA)SUM ?/g, "XXXXXXXX");
  const [scaled] = decodeFitsImages(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  assertEquals(scaled!.data, Float64Array.of(11.5, NaN));
});

Deno.test("An image that is damaged, cut short or of another shape is refused", () => {
  const bytes = encodeFitsImages(IMAGES.slice(0, 1));
  const damaged = bytes.slice();
  damaged[2880]! ^= 1;
  assertThrows(() => decodeFitsImages(damaged), SyntaxError, "the file is damaged");
  assertThrows(() => decodeFitsImages(bytes.subarray(0, 2890)), SyntaxError, "ends at byte 5760");
  const wrong = { ...IMAGES[0]!, shape: [2, 2] };
  assertThrows(() => encodeFitsImages([wrong]), RangeError, "has 6 pixels, its shape is [2 x 2]");
  assertThrows(() => encodeFitsImages([]), RangeError, "there are 0 images");
  const header = [{ keyword: "BZERO", value: 1 }];
  assertThrows(() => encodeFitsImages([{ ...IMAGES[0]!, header }]), RangeError, "BZERO is given");
});

const PYTHON = "/usr/bin/python3";

function run(program: string, ...args: string[]): string {
  const { stdout, stderr, success } = new Deno.Command(program, { args }).outputSync();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

await testWith(
  ["fitsverify", "astropy"],
  "fitsverify finds no fault in our images, and astropy reads the pixels that we wrote",
  () => {
    const path = Deno.makeTempFileSync({ suffix: ".fits" });
    Deno.writeFileSync(path, encodeFitsImages(IMAGES));
    assertStringIncludes(run("fitsverify", path), "found 0 warning(s) and 0 error(s)");
    const program = `
import sys
from astropy.io import fits
with fits.open(sys.argv[1], checksum=True) as file:
    file.verify("exception")
    print(file[0].data.tolist(), file[0].header["BUNIT"])
    for name in ["B", "SB", "UI", "UJ", "K", "UK", "E"]:
        print(file[name].data.tolist())
`;
    assertEquals(run(PYTHON, "-c", program, path).trim().split("\n"), [
      "[[-2147483648, 0, 2147483647], [4, 5, 6]] count",
      "[0, 255, 7]",
      "[[-128, 127]]",
      "[[0, 65535]]",
      "[[0, 4294967295]]",
      "[-9223372036854775808, 5]",
      "[0, 18446744073709551615]",
      "[[[nan, -0.5]]]",
    ]);
    Deno.removeSync(path);
  },
);

Deno.test("A PNG holds the picture's bytes in chunks with the right sums", async () => {
  const rgb = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => 14 * i);
  const png = await encodePng({ width: 2, height: 3, rgb });
  const view = new DataView(png.buffer);
  const chunks: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const name = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    chunks[name] = png.slice(at + 8, at + 8 + length);
    assertEquals(crc32(png.subarray(at + 4, at + 8 + length)), view.getUint32(at + 8 + length));
    at += 12 + length;
  }
  assertEquals(Object.keys(chunks), ["IHDR", "IDAT", "IEND"]);
  assertEquals([...chunks.IHDR!], [0, 0, 0, 2, 0, 0, 0, 3, 8, 2, 0, 0, 0]);
  const inflated = new Blob([chunks.IDAT!]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  const rows = new Uint8Array(await new Response(inflated).arrayBuffer());
  assertEquals([rows[0], rows[7], rows[14]], [0, 0, 0]);
  assertEquals([...rows].filter((_, i) => i % 7 !== 0), [...rgb]);
});

Deno.test("A picture whose bytes are not three a pixel is refused", async () => {
  const picture = { width: 2, height: 2, rgb: new Uint8Array(11) };
  await assertRejects(() => encodePng(picture), RangeError, "2 x 2 pixels need 12");
  await assertRejects(() => encodePng({ width: 0, height: 2, rgb: new Uint8Array(0) }), RangeError);
});
