/** `export` as its users run it; what it writes is read back, by us and by NumPy. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import type { FitsTable } from "../src/formats/mod.ts";
import type { NamedArrays } from "../src/numerics/mod.ts";
import { createRandom } from "../mod.ts";
import {
  decodeFits,
  decodeNpz,
  decodeSafetensors,
  formatTable,
  shortestFloat32,
} from "../src/formats/mod.ts";
import { assertRefused, documentOf, makeTestFolder, readFolder, terse } from "./cli_process.ts";
import { makeRun, ONE_THREAD } from "./cli_runs.ts";
import { testWith } from "./tools.ts";

const folder = makeTestFolder("export");
const RUN = `${folder}/run`;
await makeRun(folder, RUN);

/** The files that an export writes, by name. */
async function exported(what: string, format: string): Promise<Record<string, Uint8Array>> {
  const to = `${folder}/${what}_${format}`;
  const args = [`--run=${RUN}`, `--what=${what}`, `--format=${format}`, `--out=${to}`];
  const { files } = documentOf(await terse(folder, "export", ...args, ...ONE_THREAD, "--json"));
  const written = readFolder(to);
  assertEquals(Object.keys(written).sort(), (files as string[]).sort());
  return written;
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** The cells of a CSV file, by column. */
function parseColumns(csv: string): Record<string, string[]> {
  const [names, ...rows] = csv.trimEnd().split("\n").map((line) => line.split(","));
  return Object.fromEntries(names!.map((name, i) => [name, rows.map((row) => row[i]!)]));
}

/** A table's numbers by column, one array a vector's element, under the names that CSV has. */
function columnsOf({ columns, count }: FitsTable): Record<string, unknown[]> {
  return Object.fromEntries(columns.flatMap(({ name, shape, data }) => {
    const width = data.length / count;
    return Array.from({ length: width }, (_, k) => [
      shape.length === 0 ? name : `${name}_${k}`,
      Array.from({ length: count }, (_, row) => data[row * width + k]),
    ]);
  }));
}

for (const what of ["catalogs", "features", "predictions"]) {
  Deno.test(`The ${what} of a run have the same bits in FITS, CSV and NPZ`, async () => {
    const { tables } = decodeFits((await exported(what, "fits"))[`${what}.fits`]!);
    const csv = await exported(what, "csv");
    const npz = decodeNpz((await exported(what, "npz"))[`${what}.npz`]!);
    let arrays = 0;
    for (const table of tables) {
      const cells = parseColumns(text(csv[`${table.name.toLowerCase()}.csv`]));
      const expected = columnsOf(table);
      assertEquals(Object.keys(cells), Object.keys(expected));
      const isSingle = (name: string) =>
        table.columns.find((column) => name.replace(/_\d+$/, "") === column.name)!
          .data instanceof Float32Array;
      for (const [name, values] of Object.entries(expected)) {
        const found = name === "split"
          ? cells[name]
          : cells[name]!.map((cell) => isSingle(name) ? Math.fround(Number(cell)) : Number(cell));
        assertEquals(found, values);
      }
      for (const { name, shape, data } of table.columns) {
        const sets = ["train", "validation", "test"];
        const numbers = name === "split"
          ? Array.from(data as string[], (set) => sets.indexOf(set))
          : [...data];
        assertEquals(npz[name]!.shape, [table.count, ...shape]);
        assertEquals([...npz[name]!.data], numbers);
        arrays++;
      }
    }
    assertEquals(Object.keys(npz).length, arrays);
  });
}

Deno.test("Exported catalogs are catalogs.fits itself, and predictions have the scatter of the results", async () => {
  assertEquals(
    (await exported("catalogs", "fits"))["catalogs.fits"],
    Deno.readFileSync(`${RUN}/catalogs.fits`),
  );
  const npz = decodeNpz((await exported("predictions", "npz"))["predictions.npz"]!);
  const errors = Array.from(npz.predicted!.data, (value, i) => value - npz.sigma8!.data[i]!)
    .filter((_, i) => npz.split!.data[i] === 2);
  const results = JSON.parse(Deno.readTextFileSync(`${RUN}/results.json`));
  const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  assertEquals(errors.length, results.test.count);
  assert(Math.abs(bias - results.test.bias) < 1e-12);
});

Deno.test("The weights of a run are the same as safetensors and NPZ, and as a LayersModel by default", async () => {
  const bytes = (await exported("weights", "safetensors"))["weights.safetensors"]!;
  const own = decodeSafetensors(Deno.readFileSync(`${RUN}/weights.safetensors`));
  assertEquals(decodeSafetensors(bytes).arrays, own.arrays);
  assertEquals(decodeSafetensors(bytes).metadata["header"], own.metadata["header"]);
  const byName = (arrays: NamedArrays) => Object.entries(arrays).sort(([a], [b]) => a < b ? -1 : 1);
  const npz = decodeNpz((await exported("weights", "npz"))["weights.npz"]!);
  assertEquals(byName(npz), byName(decodeSafetensors(bytes).arrays));
  const to = `${folder}/shipped`;
  documentOf(await terse(folder, "export", `--out=${to}`, "--json"));
  const { "model.json": model, "weights.bin": weights } = readFolder(to);
  const { format, weightsManifest: [{ paths, weights: list }] } = JSON.parse(text(model));
  assertEquals([format, paths], ["layers-model", ["weights.bin"]]);
  const values = list.reduce(
    (sum: number, { shape }: { shape: number[] }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  assertEquals(weights!.length, 4 * values);
});

Deno.test("An export that cannot be is refused, and leaves nothing", async () => {
  const refused = async (code: 1 | 2, words: string[], ...args: string[]) =>
    assertRefused(await terse(folder, "export", `--out=${folder}/no`, ...args), code, ...words);
  await refused(2, ["weights as csv", "safetensors, npz, tfjs"], "--format=csv");
  await refused(
    2,
    ["catalogs as tfjs", "fits, csv, npz"],
    "--what=catalogs",
    "--format=tfjs",
    `--run=${RUN}`,
  );
  await refused(2, ["--run"], "--what=catalogs");
  await refused(1, ["simulate"], "--what=features", `--run=${folder}/nowhere`);
  assert(!Object.keys(readFolder(folder)).some((path) => path.startsWith("no/")));
});

Deno.test("The text of a Float32 is read as its own bits, and no shorter text is", () => {
  const bits = Uint32Array.of(0);
  const value = new Float32Array(bits.buffer);
  const random = createRandom(4);
  let digits = 0;
  for (let i = 0; i < 20000; i++) {
    bits[0] = random.uniform() * 2 ** 32;
    if (!Number.isFinite(value[0]!)) continue;
    const short = shortestFloat32(value[0]!);
    assertEquals(Math.fround(Number(short)), value[0]);
    const shown = short.replace(/e.*/, "").replace(/\D/g, "").replace(/^0+|0+$/g, "").length;
    if (shown > 1) {
      const shorter = Number(value[0]!.toPrecision(shown - 1));
      assert(Math.fround(shorter) !== value[0], `${short} for ${value[0]}`);
    }
    digits += shown;
  }
  assertGreater(20000 * 8, digits);
  assertEquals([0.1, 1e-9, 16777216, -0.5].map((x) => shortestFloat32(Math.fround(x))), [
    "0.1",
    "1e-9",
    "16777216",
    "-0.5",
  ]);
});

Deno.test("CSV quotes what has a comma, a quote or a line break, and leaves empty what is missing", () => {
  const columns = [
    { name: "a,b", shape: [], data: ['say "no"', "two\nlines", "plain"] },
    { name: "n", shape: [], data: Int32Array.of(1, -1, 3), nullValue: -1 },
    { name: "x", shape: [], data: Float64Array.of(NaN, 1e300, -0.1) },
    { name: "k", shape: [], data: BigInt64Array.of(2n ** 60n, 0n, 1n) },
  ];
  const csv = [...formatTable({ name: "", count: 3, columns, header: [] })].join("");
  assertEquals(
    csv,
    '"a,b",n,x,k\n"say ""no""",1,,1152921504606846976\n"two\nlines",,1e+300,0\nplain,3,-0.1,1\n',
  );
});

const PYTHON = "/usr/bin/python3";

await testWith(
  ["numpy"],
  "NumPy reads the features and the CSV, and finds the same numbers in both",
  async () => {
    await exported("features", "npz");
    await exported("features", "csv");
    const program = `
import numpy
arrays = numpy.load("features_npz/features.npz")
table = numpy.genfromtxt("features_csv/features.csv", delimiter=",", names=True)
pixels = numpy.stack([table[f"pixels_{k}"] for k in range(15)], axis=1).astype("f4")
print(arrays["pixels"].dtype, (pixels == arrays["pixels"]).all(), len(arrays["sigma8"]))
`;
    const options = { args: ["-c", program], cwd: folder };
    const { stdout, stderr } = await new Deno.Command(PYTHON, options).output();
    assertStringIncludes(text(stdout), "float32 True 414", text(stderr));
  },
);
