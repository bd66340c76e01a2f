/**
 * Results that must not be taken as right: clusters twice, universes outside of training, a stranger's
 * text that looks like output, files of another network or base sample.
 */
import {
  assert,
  assertEquals,
  assertGreater,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { computeMassFunction } from "../src/cosmology/mass_function.ts";
import { EXPERIMENTS } from "../src/experiments/experiments.ts";
import { prepareCatalogs } from "../src/catalogs/catalog.ts";
import { drawCatalog } from "../src/catalogs/catalog.ts";
import { drawParameters } from "../src/catalogs/priors.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { createRandom } from "../src/numerics/random.ts";
import { OBSERVED_FIELDS } from "../src/observed/column_mapping.ts";
import { findRepeatedKey } from "../cli/program/json_keys.ts";
import { assertRefused, documentOf, makeTestFolder, SMALL, terse } from "./cli_process.ts";
import { FEW_CLUSTERS } from "./cli_runs.ts";

const folder = makeTestFolder("mistaken");

interface Found {
  readonly scatter: number | null;
  readonly catalogs: readonly {
    readonly id: string;
    readonly used: number;
    readonly repeated: number;
    readonly sigma8: number;
    readonly verdict: string;
    readonly reasons: readonly string[];
  }[];
}

const ENGINE = ["--backend=core", "--threads=1", "--quiet", "--json"];

/** A mock catalog as CSV: a line of names and one line per cluster. */
const [NAMES, ...ROWS] = (() => {
  const random = createRandom(7);
  const plan = EXPERIMENTS.standard.catalog;
  const maker = prepareCatalogs(drawBaseSample(random.fork("base")), plan);
  const [parameters] = drawParameters(
    { ...plan.priors, sigma8: { min: 0.8, max: 0.8, step: 1 } },
    1,
    random,
  );
  const { clusters } = drawCatalog(maker, parameters!, random.fork("catalog"));
  const { count } = clusters;
  const columns = OBSERVED_FIELDS.flatMap((field) => {
    const width = clusters[field].length / count;
    return Array.from({ length: width }, (_, i) => ({
      name: width === 1 ? field : `${field}_${i}`,
      values: Array.from({ length: count }, (_, row) => clusters[field][row * width + i]!),
    }));
  });
  const rows = Array.from(
    { length: count },
    (_, row) => columns.map(({ values }) => values[row]!).join(","),
  );
  return [columns.map(({ name }) => name).join(","), ...rows];
})();

async function predict(lines: readonly string[], ...args: string[]): Promise<Found> {
  const path = `${folder}/catalog.csv`;
  Deno.writeTextFileSync(path, lines.join("\n") + "\n");
  const found = await terse(folder, "predict", `--catalog=${path}`, ...args, ...ENGINE);
  return documentOf(found) as unknown as Found;
}

Deno.test("Rows that repeat others are counted and named, and never consistent", async () => {
  const [once] = (await predict([NAMES!, ...ROWS])).catalogs;
  assertEquals([once!.repeated, once!.verdict], [0, "consistent"]);
  const [twice] = (await predict([NAMES!, ...ROWS, ...ROWS])).catalogs;
  assertEquals([twice!.repeated, twice!.verdict], [once!.used, "do not apply"]);
  assert(
    /^\d+ of \d+ rows repeat another row exactly \(rows \d+ and \d+ are/.test(twice!.reasons[0]!),
  );
  const [single] = (await predict([NAMES!, ...ROWS, ROWS[3]!])).catalogs;
  assertEquals([single!.repeated, single!.verdict], [1, "caution"]);
});

Deno.test("A prediction outside of the prior of training is never consistent", async () => {
  // Two surveys in one table: each cluster once more, a little displaced.
  const moved = [1e-5, 2e-5, 3e-5, 4e-5].flatMap((shift) =>
    ROWS.map((row) => row.split(",").map((text) => Number(text) + shift).join(","))
  );
  const [joined] = (await predict([NAMES!, ...ROWS, ...moved])).catalogs;
  // The posterior ends at the edge of the prior, or beyond where a network gives a value alone.
  assertGreater(joined!.sigma8, 0.9);
  assert(joined!.verdict !== "consistent");
  assert(
    joined!.reasons.some((reason) => /the range of training, 0\.7 to 0\.92/.test(reason)),
  );
});

Deno.test("Text of a file cannot add a line to what is printed", async () => {
  const forged = '"A\nsigma8 0.8100\nIs it safe to apply? consistent\u202e"';
  const path = `${folder}/forged.csv`;
  Deno.writeTextFileSync(
    path,
    [`${NAMES},id`, ...ROWS.map((row) => `${row},${forged}`), ""].join("\n"),
  );
  const { code, stdout } = await terse(
    folder,
    "predict",
    `--catalog=${path}`,
    "--catalog-id=id",
    "--quiet",
  );
  assertEquals(code, 0);
  assertStringIncludes(
    stdout,
    "Catalog A\\nsigma8 0.8100\\nIs it safe to apply? consistent\\u202e\n",
  );
  assertEquals(stdout.split("\n").filter((line) => line.startsWith("sigma8 ")).length, 1);
  const odd = "T\u202e\u009b31m[keV]";
  Deno.writeTextFileSync(`${folder}/odd.csv`, `z,${odd}\n0.07,5\n0.08,6\n`);
  const listed = await terse(folder, "columns", `${folder}/odd.csv`, "--json");
  assertEquals(/[\u0080-\u009f\u202e]/.test(listed.stdout), false);
  assertStringIncludes(JSON.stringify(documentOf(listed)), JSON.stringify(odd).slice(1, -1));
  const named = await terse(
    folder,
    "predict",
    `--catalog=${path}`,
    "--columns=log\x1b[31mT=a",
  );
  assertRefused(named, 1, "\\x1b[31m");
  const long = await terse(
    folder,
    "predict",
    `--catalog=${folder}/${"x".repeat(200)}\n${"y".repeat(40)}`,
  );
  assertRefused(long, 1);
  assert(long.stderr.trimEnd().length <= 300 + "terse: ".length);
});

Deno.test("A scatter is quoted of the weights that are used, and an exchanged base sample is refused", async () => {
  const out = `${folder}/run`;
  const few = [...SMALL, FEW_CLUSTERS];
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...few, "--quiet", "--json"));
  const tiny = ["encoder=[4,2]", "cluster=[4]", "dense=[2]"]
    .map((text) => `--set=architecture.${text}`);
  const columns = [
    '--set=features.pixels=["logLuminosity","logTemperature"]',
    "--set=features.supplementary=[]",
  ];
  const train = ["train", `--out=${out}`, ...tiny, ...columns, "--epochs=1", ...ENGINE];
  documentOf(await terse(folder, ...train));
  const evaluate = ["evaluate", `--out=${out}`, "--fresh-test=8", ...ENGINE];
  const { fresh } = documentOf(await terse(folder, ...evaluate)) as { fresh: { scatter: number } };
  const run = `--run=${out}`;
  assertEquals((await predict([NAMES!, ...ROWS], run)).scatter, fresh.scatter);

  const path = `${out}/results.json`;
  const results = JSON.parse(Deno.readTextFileSync(path));
  Deno.writeTextFileSync(
    path,
    JSON.stringify({ ...results, weights: (results.weights ^ 1) >>> 0 }),
  );
  assertEquals((await predict([NAMES!, ...ROWS], run)).scatter, null);
  Deno.writeTextFileSync(path, JSON.stringify({ ...results, fresh: { scatter: "0.1" } }));
  const catalog = `--catalog=${folder}/catalog.csv`;
  assertRefused(
    await terse(folder, "predict", run, catalog),
    1,
    'fresh.scatter is "0.1"',
    "results.json",
  );
  Deno.removeSync(path);

  const other = `${folder}/other`;
  documentOf(
    await terse(folder, "simulate", `--out=${other}`, ...few, "--seed=2", "--quiet", "--json"),
  );
  Deno.copyFileSync(`${other}/base_sample.fits`, `${out}/base_sample.fits`);
  for (const command of [["predict", run, catalog], evaluate]) {
    assertRefused(await terse(folder, ...command), 1, "base_sample.fits was exchanged");
  }
});

Deno.test("The mass function is refused where sigma rises with mass, and never negative", () => {
  const edge = { omegaM: 0.94, omegaB: 0.885, h: 1.125, ns: 0.03, sigma8: 1.42 };
  const plan = { fit: "tinker08", definition: "200m", redshift: 0 } as const;
  const { message } = assertThrows(
    () => computeMassFunction({ ...plan, cosmology: edge }, [10]),
    RangeError,
  );
  assertStringIncludes(message, "sigma(M) rises at log mass 10");
  const random = createRandom(11);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  for (let i = 0; i < 100; i++) {
    const omegaM = between(0.3, 1);
    const cosmology = {
      omegaM,
      omegaB: omegaM * between(0.1, 0.97),
      h: between(0.5, 1.2),
      ns: between(0.02, 1),
      sigma8: between(0.5, 1.5),
    };
    try {
      const { dndlnM } = computeMassFunction({ ...plan, cosmology }, [9, 10, 12, 14, 16]);
      assert(dndlnM.every((value) => value >= 0), JSON.stringify(cosmology));
    } catch (error) {
      assert(/^Cannot [^\n]+$/.test((error as Error).message));
    }
  }
});

Deno.test("A key that a JSON file gives twice is refused by name", async () => {
  assertEquals(findRepeatedKey('{"a":{"b":1,"c":[{"b":2}]},"b":"a:\\"a\\""}'), null);
  assertEquals(findRepeatedKey('[{"a":1},{"b":{"c":1,"d":2,"c":3}}]'), "c");
  const path = `${folder}/twice.json`;
  Deno.writeTextFileSync(path, '{"logTemperature":"T","logTemperature":"U"}');
  Deno.writeTextFileSync(`${folder}/plain.csv`, "T,U\n1,2\n");
  const args = [`--catalog=${folder}/plain.csv`, `--mapping=${path}`];
  const found = await terse(folder, "predict", ...args);
  assertRefused(found, 1, '"logTemperature" is given twice', "twice.json");
});
