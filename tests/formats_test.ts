import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { FitsColumn, FitsFile, FitsTable } from "../src/formats/mod.ts";
import { createRandom } from "../mod.ts";
import {
  decodeFits,
  decodeNpy,
  decodeNpz,
  decodeSafetensors,
  encodeFits,
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
  headerValue,
} from "../src/formats/mod.ts";
import { encodeChecksum, onesComplementSum } from "../src/formats/fits_checksum.ts";
import { testWith } from "./tools.ts";

const random = createRandom(11).fork("formats");

/** A table with every kind of column. */
const COLUMNS: readonly FitsColumn[] = [
  { name: "D", unit: "Msun/h", shape: [], data: Float64Array.of(1e14, -0.1, 5e-324) },
  { name: "E", unit: "keV", shape: [2], data: Float32Array.of(1, 2, 3, NaN, -Infinity, 6) },
  { name: "K", shape: [], data: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n) },
  { name: "UK", shape: [], data: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n) },
  { name: "J", shape: [], data: Int32Array.of(-2147483648, 0, 2147483647), nullValue: 0 },
  { name: "UJ", shape: [], data: Uint32Array.of(0, 5, 4294967295), nullValue: 4294967295 },
  { name: "I", shape: [2, 1], data: Int16Array.of(-32768, 1, 2, 3, 4, 32767) },
  { name: "UI", shape: [1], data: Uint16Array.of(0, 1, 65535) },
  { name: "B", shape: [], data: Uint8Array.of(0, 127, 255) },
  { name: "SB", shape: [], data: Int8Array.of(-128, 0, 127) },
  { name: "L", shape: [], data: [true, false, null] },
  { name: "A", shape: [], data: ["ACT-CL J0102", "", "it's"] },
  { name: "AV", shape: [2], data: ["a", "bcd", "", "e f", "g", "h"] },
];
const HEADER: FitsFile["header"] = [
  { keyword: "SEED", value: 7, comment: "of the random streams" },
  { keyword: "SIGMA8", value: 0.809 },
  { keyword: "TINY", value: -1.5e-300 },
  { keyword: "BIG", value: 9223372036854775808n },
  { keyword: "OK", value: true },
  { keyword: "NOTHING", value: null },
  { keyword: "QUOTE", value: "O'Neil's / not a comment" },
  { keyword: "LONG", value: "an 'experiment' of many words ".repeat(9) + "end" },
  { keyword: "QUOTES", value: "'".repeat(200) + "&" },
  { keyword: "COMMENT", value: "a comment" },
  { keyword: "HISTORY", value: "a step" },
];
const TABLE: FitsTable = { name: "CLUSTERS", count: 3, columns: COLUMNS, header: HEADER };

Deno.test("A FITS table with every kind of column and card reads back as it was written", () => {
  const bytes = encodeFits([TABLE, { ...TABLE, name: "AGAIN" }], HEADER);
  assertEquals(bytes.length % 2880, 0);
  assertEquals(decodeFits(bytes), { header: HEADER, tables: [TABLE, { ...TABLE, name: "AGAIN" }] });
});

Deno.test("A FITS file without rows or without tables reads back", () => {
  const empty = { name: "E", count: 0, columns: [{ ...COLUMNS[0]!, data: new Float64Array() }] };
  assertEquals(decodeFits(encodeFits([{ ...empty, header: [] }])).tables, [
    { ...empty, header: [] },
  ]);
  assertEquals(decodeFits(encodeFits([])), { header: [], tables: [] });
});

Deno.test("Every header-data unit of a FITS file adds up to minus zero", () => {
  const bytes = encodeFits([TABLE]);
  assertEquals(onesComplementSum(bytes.subarray(0, 2880)), 0xffffffff);
  assertEquals(onesComplementSum(bytes), 0xffffffff);
});

Deno.test("A checksum is 16 letters and digits that stand for the sum's complement", () => {
  // The standard's own example: a sum of 868229149 is written "hcHjjc9ghcEghc9g".
  assertEquals(encodeChecksum(868229149), "hcHjjc9ghcEghc9g");
  for (let i = 0; i < 500; i++) {
    const sum = random.words()[0]!;
    const text = encodeChecksum(sum);
    assert(/^[0-9A-Za-z]{16}$/.test(text), text);
    // At its place, one byte before a word's start, the text is worth the complement and 16 zeros.
    const bytes = new TextEncoder().encode(`   ${text} `);
    const zeros = new TextEncoder().encode(`   ${"0".repeat(16)} `);
    const difference = onesComplementSum(bytes) - onesComplementSum(zeros);
    assertEquals(((difference % 4294967295) + 4294967295) % 4294967295, (~sum >>> 0) % 4294967295);
  }
});

Deno.test("FITS columns with TSCAL and TZERO are scaled, and TNULL becomes NaN", () => {
  const raw: FitsColumn = { name: "X", shape: [], data: Int16Array.of(1, -99, 3), nullValue: -99 };
  const bytes = encodeFits([{ name: "T", count: 3, columns: [raw], header: [] }]);
  const text = new TextDecoder("latin1").decode(bytes)
    .replace(/CHECKSUM= .{70}/g, "TSCAL1  =                  0.5".padEnd(80))
    .replace(/DATASUM = .{70}/g, "TZERO1  =                   10".padEnd(80));
  const scaled = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  assertEquals(decodeFits(scaled).tables[0]!.columns[0]!.data, Float64Array.of(10.5, NaN, 11.5));
});

Deno.test("FITS text that has no place in a file is refused", () => {
  const column = (data: FitsColumn["data"]) => ({ name: "X", shape: [], data });
  const table = (data: FitsColumn["data"]) => [
    { name: "T", count: 2, columns: [column(data)], header: [] },
  ];
  assertThrows(() => encodeFits(table(["σ", "b"])), RangeError, "X[0]");
  assertThrows(() => encodeFits(table(Float64Array.of(1))), RangeError, "X has 1 value,");
  const card = (keyword: string, value: number | string) => () =>
    encodeFits([], [{ keyword, value }]);
  assertThrows(card("sigma8", 1), RangeError, "sigma8");
  assertThrows(card("SIGMA8", NaN), RangeError, "SIGMA8 is NaN");
  assertThrows(card("NAXIS", 1), RangeError, "NAXIS");
  assertThrows(card("NAME", "line\nbreak"), RangeError, "NAME");
});

Deno.test("The published XMM-SPT table is read: 68 clusters, their names, units and values", () => {
  const path = new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url);
  const [table] = decodeFits(Deno.readFileSync(path)).tables;
  assertEquals(table!.count, 68);
  assertEquals(table!.columns.length, 32);
  const column = (name: string) => table!.columns.find((column) => column.name === name)!;
  assertEquals(column("Mgas").unit, "Msun");
  const redshift = column("redshift").data as Float64Array;
  // The authors' numbers went through single precision.
  assertEquals(Math.fround(Math.min(...redshift)), Math.fround(0.055));
  assertEquals(Math.fround(Math.max(...redshift)), Math.fround(1.478));
});

Deno.test("Files that are not FITS tables say what is wrong, where, and what is needed", () => {
  const good = encodeFits([TABLE]);
  const edit = (from: string, to: string): Uint8Array => {
    const text = new TextDecoder("latin1").decode(good).replaceAll(
      /(CHECK|DATA)SUM ?/g,
      "XXXXXXXX",
    );
    assertStringIncludes(text, from);
    return Uint8Array.from(text.replace(from, to.padEnd(from.length)), (c) => c.charCodeAt(0));
  };
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(), `HDU 1 at byte 0 begins with ""`],
    [new TextEncoder().encode("mass,temperature\n1,2"), `begins with "mass,tem", "SIMPLE"`],
    [good.subarray(0, 300), "the header of HDU 1 has no END"],
    [good.subarray(0, 2000), "HDU 1 ends at byte 2880, the file has 2000"],
    [good.subarray(0, 4000), "the header of HDU 2 has no END"],
    [good.subarray(0, good.length - 1), "HDU 2 (CLUSTERS) ends at byte"],
    [edit("'1D ", "'1Q "), `TFORM1 of HDU 2 (CLUSTERS) is "1Q"`],
    [edit("'1D ", "'9D "), "NAXIS1 of HDU 2 (CLUSTERS)"],
    [edit("NAXIS2  =                    3", "NAXIS2  =      900000000000000"), "ends at byte"],
    [edit("NAXIS2  =                    3", "NAXIS2  =                   -3"), "is -3"],
    [edit("NAXIS2  =                    3", "NAXIS2  =                    x"), "card 5 of HDU 2"],
    [edit("TDIM7   = '(1,2)", "TDIM7   = '(9,9)"), "TDIM7 of HDU 2 (CLUSTERS)"],
    [edit("TFIELDS =                   13", "TFIELDS =                   14"), "TFORM14"],
    [edit("'BINTABLE'", "'BINTABLE"), "card 1 of HDU 2 (XTENSION)"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => decodeFits(bytes), SyntaxError, message);
});

const ARRAYS = {
  "encoder/0/kernel": { shape: [3, 2], data: Float32Array.of(1, -2, 3.5, 0, NaN, Infinity) },
  "moments": { shape: [2], data: Float64Array.of(Math.PI, -0.1) },
  "step": { shape: [], data: Int32Array.of(-5) },
  "rows": { shape: [1, 0, 2], data: new Uint32Array() },
  "key": { shape: [2], data: Uint32Array.of(4294967295, 0) },
};

Deno.test("Arrays of every type and shape read back from npy, npz and safetensors", () => {
  for (const array of Object.values(ARRAYS)) assertEquals(decodeNpy(encodeNpy(array)), array);
  assertEquals(decodeNpz(encodeNpz(ARRAYS)), ARRAYS);
  assertEquals(decodeNpz(encodeNpz({})), {});
  const metadata = { experiment: '{"seed":7}', note: "σ8" };
  assertEquals(decodeSafetensors(encodeSafetensors(ARRAYS, metadata)), {
    arrays: ARRAYS,
    metadata,
  });
  assertEquals(decodeSafetensors(encodeSafetensors({})), { arrays: {}, metadata: {} });
});

/** A .npy file of version 1.0 written by hand. */
function npy(header: string, data: ArrayLike<number>): Uint8Array {
  const text = Uint8Array.from(`\x93NUMPY\x01\x00`, (c) => c.charCodeAt(0));
  const body = new TextEncoder().encode(header);
  return Uint8Array.of(...text, body.length & 255, body.length >> 8, ...body, ...Array.from(data));
}

Deno.test("NumPy arrays in column-major order, big-endian or of other whole numbers are read", () => {
  const header = (type: string, order: string, shape: string) =>
    `{'descr': '${type}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  assertEquals(decodeNpy(npy(header("|u1", "True", "(2, 3)"), [1, 4, 2, 5, 3, 6])), {
    shape: [2, 3],
    data: Uint32Array.of(1, 2, 3, 4, 5, 6),
  });
  assertEquals(decodeNpy(npy(header(">i2", "False", "(2,)"), [255, 254, 1, 0])), {
    shape: [2],
    data: Int32Array.of(-2, 256),
  });
  assertEquals(
    decodeNpy(npy(header("<i8", "False", "()"), [255, 255, 255, 255, 255, 255, 255, 255])),
    {
      shape: [],
      data: Float64Array.of(-1),
    },
  );
});

Deno.test("Files that are not NumPy arrays say what is wrong and what is needed", () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(), `begins with ""`],
    [npy(header, [0, 0, 0, 0]), "shape [2] takes 8 bytes, the file has 4"],
    [npy(header.replace("(2,)", "(999999999999999, 99)"), []), "takes"],
    [npy(header.replace("<f4", "<c8"), []), `the type is "<c8"`],
    [npy(header.replace("<f4", "|O"), []), `the type is "|O"`],
    [npy(header.replace("(2,)", "(2, x)"), []), "the header is"],
    [npy(header.replace("<f4", "<i8"), [0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 0, 0, 0, 0, 0, 0]), "2^53"],
    [npy(header, []).with(6, 9), "the version is 9.0"],
    [npy(header, []).with(9, 200), "the header takes"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => decodeNpy(bytes), SyntaxError, message);
  const zip = encodeNpz(ARRAYS);
  assertThrows(() => decodeNpz(zip.subarray(0, zip.length - 30)), SyntaxError, "it is cut short");
  assertThrows(() => decodeNpz(new Uint8Array()), SyntaxError, "it is cut short");
});

/** A safetensors file with this header and this many bytes of data. */
function safetensors(header: unknown, size: number): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + size);
  bytes[0] = json.length;
  bytes.set(json, 8);
  return bytes;
}

Deno.test("Files that are not safetensors say what is wrong, where, and what is needed", () => {
  const entry = (from: number, to: number, dtype = "F32") => ({
    dtype,
    shape: [(to - from) / 4],
    data_offsets: [from, to],
  });
  const good = encodeSafetensors(ARRAYS);
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(), "the file has 0 bytes"],
    [good.subarray(0, 100), "the header takes"],
    [good.subarray(0, good.length - 1), "of the data, the file has"],
    [safetensors("{", 0), "the header is not JSON"],
    [safetensors([1], 0), "an object is needed"],
    [safetensors({ a: entry(0, 4, "BF16") }, 4), `a has type "BF16"`],
    [safetensors({ a: entry(0, 8), b: entry(4, 12) }, 12), "b begins at byte 4 of the data, 8"],
    [safetensors({ a: entry(0, 4), b: entry(8, 12) }, 12), "b begins at byte 8 of the data, 4"],
    [safetensors({ a: entry(0, 4) }, 8), "the arrays take 4 bytes, the file has 8"],
    [safetensors({ a: { ...entry(0, 4), shape: [9] } }, 4), "F32 [9] takes 36"],
    [safetensors({ a: { ...entry(0, 4), shape: [-1] } }, 4), "a has shape [-1]"],
    [safetensors({ a: { dtype: "F32", shape: [1] } }, 4), "a has offsets"],
    [safetensors({ a: 1 }, 4), "a has type"],
    [safetensors({ "__metadata__": { a: 1 } }, 0), "text by name is needed"],
  ];
  for (const [bytes, message] of cases) {
    assertThrows(() => decodeSafetensors(bytes), SyntaxError, message);
  }
});

Deno.test("Python's safetensors without a checksum are read, and keep working when rewritten", () => {
  const offsets = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
  assertEquals(decodeSafetensors(safetensors({ a: offsets }, 4)).arrays, {
    a: { shape: [1], data: Float32Array.of(0) },
  });
  // The checksum does not depend on the layout of the header: indent ours and read it.
  const ours = encodeSafetensors({ a: { shape: [1], data: Float32Array.of(0) } }, { b: "c" });
  const header = JSON.parse(new TextDecoder().decode(ours.subarray(8, ours.length - 4)));
  assertEquals(
    decodeSafetensors(safetensors(JSON.stringify(header, null, 1), 4)),
    decodeSafetensors(ours),
  );
});

/** Some bytes changed, cut, repeated or inserted. */
function mutate(bytes: Uint8Array): Uint8Array {
  const kind = random.integer(4);
  const at = random.integer(bytes.length);
  const byte = random.integer(256);
  if (kind === 0) return bytes.subarray(0, at);
  if (kind === 1) return Uint8Array.of(...bytes.subarray(0, at), byte, ...bytes.subarray(at));
  if (kind === 2) return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1));
  return bytes.with(at, byte);
}

const MUTATIONS = 600;

/** Decodes mutated files: each must give the same values or an error that the reader intends. */
function survivesMutation(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  action: string,
): void {
  const expected = decode(bytes);
  let refused = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const mutated = mutate(bytes);
    let found: unknown;
    try {
      found = decode(mutated);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      assertStringIncludes(error.message, action);
      refused++;
      continue;
    }
    assertEquals(found, expected);
  }
  assertGreater(refused, MUTATIONS / 2);
}

Deno.test("A damaged FITS file is refused or gives the same columns", () => {
  const columnsOf = (bytes: Uint8Array) =>
    decodeFits(bytes).tables.map(({ columns }) => columns.map(({ data }) => data));
  survivesMutation(encodeFits([TABLE], HEADER), columnsOf, "Cannot read FITS: ");
});

Deno.test("A damaged npz archive is refused or gives the same arrays", () => {
  survivesMutation(encodeNpz(ARRAYS), decodeNpz, "Cannot read np");
});

Deno.test("A damaged safetensors file is refused or gives the same arrays", () => {
  const arraysOf = (bytes: Uint8Array) => decodeSafetensors(bytes).arrays;
  survivesMutation(encodeSafetensors(ARRAYS, { a: "b" }), arraysOf, "Cannot read safetensors: ");
});

Deno.test("A damaged FITS file without checksums is read or refused, and takes little memory", () => {
  const text = new TextDecoder("latin1").decode(encodeFits([TABLE]));
  const bare = Uint8Array.from(
    text.replaceAll(/(CHECK|DATA)SUM ?/g, "XXXXXXXX"),
    (letter) => letter.charCodeAt(0),
  );
  let read = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    try {
      decodeFits(mutate(bare));
      read++;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  assertGreaterOrEqual(read, 1);
});

const PYTHON = "/usr/bin/python3";

/** What an outside program prints; it must succeed if it is Python. */
function run(program: string, ...args: string[]): string {
  const { code, stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert(code === 0 || program !== PYTHON, text);
  return text;
}

await testWith(
  ["fitsverify", "astropy"],
  "fitsverify and astropy accept a FITS file with every kind of column",
  () => {
    const path = Deno.makeTempFileSync({ suffix: ".fits" });
    // A card without a value is allowed, but fitsverify warns of it; astropy 5 loses the quotes of
    // long strings, its own too.
    const unread = ["NOTHING", "LONG", "QUOTES"];
    const long = { keyword: "LONG", value: '{"seed":7} '.repeat(30) + "end" };
    const header = [...HEADER.filter(({ keyword }) => !unread.includes(keyword)), long];
    Deno.writeFileSync(path, encodeFits([{ ...TABLE, header }], header));
    const verdict = run("fitsverify", path);
    assertStringIncludes(verdict, "found 0 warning(s) and 0 error(s)");
    const program = `
import sys, warnings
warnings.simplefilter("error")
from astropy.io import fits
with fits.open(sys.argv[1], checksum=True) as file:
    file.verify("exception")
    data, header = file["CLUSTERS"].data, file[0].header
    print(data["D"].tolist(), data["K"].tolist(), data["UK"].tolist(), data["UJ"].tolist())
    print(data["UI"].tolist(), data["SB"].tolist(), data["I"].shape, data["A"].tolist())
    print(data["AV"].tolist(), header["SEED"], header["SIGMA8"], header["QUOTE"])
    print(len(header["LONG"]), header["OK"], data["L"].tolist())
    print(file["CLUSTERS"].columns["D"].unit)
`;
    const lines = run(PYTHON, "-c", program, path).trim().split("\n");
    assertEquals(lines, [
      "[100000000000000.0, -0.1, 5e-324] [-9223372036854775808, 0, 9223372036854775807] " +
      "[0, 1, 18446744073709551615] [0, 5, 4294967295]",
      "[[0], [1], [65535]] [-128.0, 0.0, 127.0] (3, 2, 1) ['ACT-CL J0102', '', \"it's\"]",
      "[['a', 'bcd'], ['', 'e f'], ['g', 'h']] 7 0.809 O'Neil's / not a comment",
      "333 True [True, False, False]",
      "Msun/h",
    ]);
    assertEquals(headerValue(HEADER, "SEED"), 7);
    Deno.removeSync(path);
  },
);

await testWith(["numpy"], "NumPy opens our archives, and we open NumPy's", () => {
  const path = Deno.makeTempFileSync({ suffix: ".npz" });
  Deno.writeFileSync(path, encodeNpz(ARRAYS));
  const program = `
import sys, numpy
arrays = dict(numpy.load(sys.argv[1]))
print([(name, str(a.dtype), a.shape) for name, a in arrays.items()])
arrays["order"] = numpy.asfortranarray(numpy.arange(6).reshape(2, 3))
numpy.savez(sys.argv[1], **arrays)
`;
  assertEquals(
    run(PYTHON, "-c", program, path).trim(),
    "[('encoder/0/kernel', 'float32', (3, 2)), ('moments', 'float64', (2,)), " +
      "('step', 'int32', ()), ('rows', 'uint32', (1, 0, 2)), ('key', 'uint32', (2,))]",
  );
  const order = { shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) };
  assertEquals(decodeNpz(Deno.readFileSync(path)), { ...ARRAYS, order });
  Deno.removeSync(path);
});
