/** `table4` and `robustness` as their users run them, on tiny networks. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { ROBUSTNESS_VARIANTS, TABLE4_ROWS } from "../src/evaluation/mod.ts";
import {
  assertRefused,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { DESIGN, NETWORK, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("table4");

const RUN = `${folder}/run`;
const SHORT = [...ONE_THREAD, "--limit-catalogs=2", "--fresh-test=60"];

interface Row {
  readonly name: string;
  readonly test: { readonly measured: { readonly scatter: number } | null; reason: string | null };
  readonly fresh: Row["test"] & { readonly measured: { readonly count: number } | null };
}

function readText(path: string): string {
  return Deno.readTextFileSync(path);
}

Deno.test("table4 trains four networks on one set of catalogs and fills every row", async () => {
  const first = await terse(folder, "table4", `--out=${RUN}`, ...DESIGN, ...NETWORK, ...SHORT);
  assertEquals(first.code, 0, first.stderr);
  assertEquals(first.stdout.split("\n").filter((line) => line.startsWith("| ")).length, 10);
  for (const label of ["Standard", "Array of Ones", "Information limit, no WL"]) {
    assertStringIncludes(first.stdout, `| ${label} |`);
  }
  for (const word of ["| 0.0212 +- 0.0009 |", "not in the paper", "The paper's order"]) {
    assertStringIncludes(first.stdout, word);
  }
  const files = readFolder(RUN);
  for (const name of ["shuffled", "noWeakLensing", "ones"]) {
    assert(`${name}/weights.safetensors` in files, name);
    assert(!(`${name}/catalogs.fits` in files), name);
  }

  const second = await terse(folder, "table4", `--out=${RUN}`, ...SHORT, "--json");
  assert(first.stderr.includes("Epoch 1 of 2") && !second.stderr.includes("Epoch"), second.stderr);
  const found = documentOf(second);
  const rows = found.rows as Row[];
  assertEquals(rows.map(({ name }) => name), Object.keys(TABLE4_ROWS));
  for (const { name, test, fresh } of rows) {
    assertGreater(fresh.measured?.scatter ?? 0, 0.005, name);
    assertEquals(fresh.measured?.count, name.startsWith("limit") ? 2 : 60, name);
    assertEquals(test.measured === null, name.startsWith("limit"), name);
  }
  // A network of two epochs on an array of ones can know no more than counts tell; its posteriors end
  // at the prior, whose half width is 0.115.
  const ones = rows.find(({ name }) => name === "ones")!;
  const counts = rows.find(({ name }) => name === "countBaseline")!;
  assertGreater(ones.fresh.measured!.scatter, 0.8 * counts.fresh.measured!.scatter);
  assert(ones.fresh.measured!.scatter < 0.115);
  const saved = JSON.parse(readText(`${RUN}/table4.json`));
  assertEquals(saved, found);
  const { limit } = JSON.parse(readText(`${RUN}/limit.json`));
  assertEquals((found.limits as { limit: unknown }).limit, limit);
  const after = readFolder(RUN);
  for (const name of Object.keys(files).filter((name) => name !== "table4.json")) {
    assertEquals(after[name], files[name], name);
  }

  const evaluated = documentOf(
    await terse(folder, "evaluate", `--out=${RUN}`, ...ONE_THREAD, "--fresh-test=60", "--json"),
  );
  const standard = rows.find(({ name }) => name === "standard")!;
  for (const set of ["test", "fresh"] as const) {
    assertEquals(
      standard[set].measured!.scatter,
      (evaluated[set] as { scatter: number }).scatter,
    );
  }
});

Deno.test("table4 says in words which row has too few catalogs", async () => {
  const args = [`--out=${folder}/few`, ...SMALL, ...NETWORK, ...SHORT, "--json"];
  const rows = documentOf(await terse(folder, "table4", ...args)).rows as Row[];
  const { fresh } = rows.find(({ name }) => name === "summariesBaseline")!;
  assertEquals(fresh.measured, null);
  assertStringIncludes(fresh.reason!, "there are 10 catalogs, 78 are needed");
  assertEquals(rows[0]!.test.reason, "fewer than 2 catalogs");
});

Deno.test("table4 refuses an experiment whose columns are not Standard's", async () => {
  const out = `${folder}/ones`;
  const found = await terse(folder, "table4", `--out=${out}`, "--experiment=ones", ...SMALL);
  assertRefused(found, 2, "Cannot make Table 4", "features");
  assert(!Object.keys(readFolder(folder)).some((path) => path.startsWith("ones/")));
});

Deno.test("robustness measures a trained network on every variant, the same twice", async () => {
  const args = ["robustness", `--out=${RUN}`, ...ONE_THREAD, "--catalogs=40"];
  const found = documentOf(await terse(folder, ...args, "--json"));
  const rows = found.rows as { variant: { name: string }; scatter: number; bias: number }[];
  assertEquals(rows.map(({ variant }) => variant.name), ROBUSTNESS_VARIANTS.map((v) => v.name));
  assertEquals(new Set(rows.map(({ bias }) => bias)).size, rows.length);
  assertEquals(JSON.parse(readText(`${RUN}/robustness.json`)), found);
  const { stdout } = await terse(folder, ...args);
  const { rows: again } = JSON.parse(readText(`${RUN}/robustness.json`));
  assertEquals(again, rows);
  for (const { name } of ROBUSTNESS_VARIANTS) assertStringIncludes(stdout, `| ${name} |`);

  const none = `${folder}/untrained`;
  documentOf(await terse(folder, "simulate", `--out=${none}`, ...SMALL, "--json"));
  const refused = await terse(folder, "robustness", `--out=${none}`);
  assertRefused(refused, 1, "weights.safetensors", 'run "train" first');
});
