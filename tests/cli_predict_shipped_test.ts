/** The networks that ship, on tables that have what they read, and what leaving out a cluster changes. */
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeFits, formatTable } from "../src/formats/mod.ts";
import { assertRefused, documentOf, makeTestFolder, terse } from "./cli_process.ts";
import { drawMockTable } from "./mock_table.ts";

const folder = makeTestFolder("shipped");

const SPT = new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url).pathname;
const ENGINE = ["--backend=core", "--threads=1", "--quiet"];

interface Found {
  readonly catalogs: readonly {
    readonly sigma8: number;
    readonly verdict: string;
    readonly used: number;
  }[];
}

Deno.test("The network of luminosity, temperature and gas mass refuses SPT's clusters, found by their columns' names", async () => {
  const args = ["predict", `--catalog=${SPT}`, "--columns=auto", "--h=0.7", ...ENGINE];
  const found = documentOf(await terse(folder, ...args, "--network=global", "--json"));
  const [catalog] = (found as unknown as Found).catalogs;
  assertEquals([catalog!.verdict, catalog!.used], ["do not apply", 8]);
  // The first network needs columns that the table does not have.
  assertRefused(await terse(folder, ...args), 1, "logGasMassProfile", "logWeakLensingMass");
});

Deno.test("predict writes what sigma8 changes by without each cluster, and the prediction itself stays", async () => {
  const path = `${folder}/mock.csv`;
  Deno.writeTextFileSync(path, [...formatTable(drawMockTable({ seed: 3, catalogs: 1 }))].join(""));
  const args = ["predict", `--catalog=${path}`, ...ENGINE, "--json"];
  const plain = documentOf(await terse(folder, ...args));
  const to = [`--to=${folder}/terse.fits`, "--leave-one-out"];
  const found = documentOf(await terse(folder, ...args, ...to));
  assertEquals(found, plain);
  const [whole] = (found as unknown as Found).catalogs;
  assertEquals(whole!.verdict, "consistent");
  const [table] = decodeFits(Deno.readFileSync(`${folder}/terse.fits`)).tables;
  assertEquals(table!.columns.map(({ name }) => name), ["row", "terse", "change", "refused"]);
  const change = table!.columns[2]!.data as Float32Array;
  // Leaving out a row by hand.
  for (const row of [0, 17]) {
    const lines = Deno.readTextFileSync(path).split("\n");
    lines.splice(1 + row, 1);
    Deno.writeTextFileSync(`${folder}/without.csv`, lines.join("\n"));
    const without = [`--catalog=${folder}/without.csv`, ...ENGINE, "--json"];
    const [left] = (documentOf(await terse(folder, "predict", ...without)) as unknown as Found)
      .catalogs;
    assertAlmostEquals(left!.sigma8 - whole!.sigma8, change[row]!, 1e-6);
  }
});

Deno.test("predict gives no sigma8, and a reason, where the network's output is not a distribution", async () => {
  const path = `${folder}/many.csv`;
  const line = (i: number) =>
    [1 + i % 97 / 10, 0.1 + i % 89 / 9, 1 + i % 83].map((x) => Math.log10(x).toFixed(4));
  const rows = Array.from({ length: 50_000 }, (_, i) => {
    const [temperature, luminosity, gas] = line(i);
    return `${temperature},${luminosity},${Number(gas) + 11.85}`;
  });
  Deno.writeTextFileSync(path, ["logTemperature,logLuminosity,logGasMass", ...rows].join("\n"));
  const args = [`--catalog=${path}`, "--network=global", ...ENGINE];
  const to = [`--to=${folder}/many_terse.csv`, "--leave-one-out"];
  const found = await terse(folder, "predict", ...args, ...to);
  assertEquals(found.code, 0, found.stderr);
  assertStringIncludes(found.stdout, "sigma8 not predicted");
  assertStringIncludes(found.stdout, "Is it safe to apply? do not apply");
  assertStringIncludes(found.stdout, "The network gives no finite sigma8");
});

Deno.test("predict takes one network, and leaves out clusters only for a table that it writes", async () => {
  const refused = async (word: string, ...args: string[]) =>
    assertRefused(await terse(folder, "predict", `--catalog=${SPT}`, ...args), 2, word);
  await refused("--run and --network", "--run=x", "--network=global");
  await refused("--to FILE", "--leave-one-out");
  await refused("compact, global", "--network=best");
  const survey = await terse(
    folder,
    "predict",
    `--catalog=${SPT}`,
    "--survey=x",
    "--network=global",
  );
  assertStringIncludes(survey.stderr, "--network is given, --survey goes without it");
});
