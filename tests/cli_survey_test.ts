/** The command `survey`: what a flux-limited survey finds, and what a catalog of it says. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { assertRefused, documentOf, makeTestFolder, terse } from "./cli_process.ts";

const MOCK = new URL("../fixtures/sky_mock.csv", import.meta.url).pathname;
const SURVEY = { area: 8.14, redshiftMin: 0.01, redshiftMax: 0.25, fluxLimit: 20, fluxError: 0.05 };

const folder = makeTestFolder("survey");

/** A folder with a survey, parameters and whatever else is given, by file name. */
function makeFolder(files: Record<string, unknown> = {}): string {
  const place = Deno.makeTempDirSync({ dir: folder });
  const all = { "survey.json": SURVEY, "parameters.json": FIDUCIAL_SKY, ...files };
  for (const [name, content] of Object.entries(all)) {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    Deno.writeTextFileSync(`${place}/${name}`, text);
  }
  return place;
}

function survey(place: string, ...args: string[]) {
  return terse(
    folder,
    "survey",
    `--survey=${place}/survey.json`,
    `--parameters=${place}/parameters.json`,
    ...args,
  );
}

Deno.test("survey prints expectations, likelihood and posterior as JSON and writes nothing", async () => {
  const place = makeFolder();
  const before = [...Deno.readDirSync(place)].length;
  const plain = documentOf(await survey(place, "--json"));
  assertEquals(Object.keys(plain), ["expected", "meanRedshift", "meanLnRedshift", "meanLnMass"]);
  assertAlmostEquals(plain.expected as number, 72.768, 0.01);
  assertAlmostEquals(plain.meanRedshift as number, 0.04945, 0.0001);
  assertAlmostEquals(plain.meanLnMass as number, 32.8804, 0.002);
  const found = documentOf(await survey(place, `--catalog=${MOCK}`, "--posterior", "--json"));
  assertAlmostEquals(found.lnLikelihood as number, 326.784, 0.03);
  const posterior = found.posterior as Record<string, number[]>;
  assertEquals(Object.keys(posterior), ["sigma8", "omegaM", "S8"]);
  for (const quantiles of Object.values(posterior)) {
    assertEquals(quantiles.length, 5);
    assertEquals(quantiles.toSorted((a, b) => a - b), quantiles);
  }
  assertAlmostEquals(posterior.S8![2]!, 0.7284, 0.004);
  assertEquals([...Deno.readDirSync(place)].length, before);
});

Deno.test("survey writes a figure and its numbers, with the catalog in the same bins", async () => {
  const place = makeFolder();
  const { code, stdout, stderr } = await survey(
    place,
    `--catalog=${MOCK}`,
    "--posterior",
    `--out=${place}/out`,
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "72.8 clusters expected");
  assertStringIncludes(stdout, "65 clusters in the catalog, ln likelihood 326.7");
  assert(Deno.readTextFileSync(`${place}/out/survey.svg`).startsWith("<svg"));
  const [header, ...rows] = Deno.readTextFileSync(`${place}/out/redshift.csv`).trim().split("\n");
  assertEquals(header, "from,to,expected,catalog");
  const sum = (column: number) =>
    rows.reduce((total, row) => total + Number(row.split(",")[column]), 0);
  assertAlmostEquals(sum(2), 72.768, 0.02);
  assertEquals(sum(3), 65);
  assert(Deno.readTextFileSync(`${place}/out/posterior.svg`).includes("S"));
  const points = Deno.readTextFileSync(`${place}/out/posterior.csv`).trim().split("\n");
  assertEquals(points[0], "omega_m,sigma8,weight");
  const weights = points.slice(1).map((point) => Number(point.split(",")[2]));
  assertAlmostEquals(weights.reduce((total, weight) => total + weight, 0), 1, 1e-5);
});

Deno.test("survey takes presets, a table of detection probabilities and rows without T or Mgas", async () => {
  const place = makeFolder({
    "detection.csv": "flux,z,probability\n20,0.1,0.5\n2000,0.1,0.5\n",
    "gaps.csv": "name,z,flux,T,Mgas\na,0.05,30,4,0.4\nb,0.03,22,,0.2\nc,0.08,45,6,\n",
  });
  const half = documentOf(
    await survey(place, `--detection=${place}/detection.csv`, "--json"),
  );
  assertAlmostEquals(half.expected as number, 72.768 / 2, 0.01);
  const gaps = documentOf(await survey(place, `--catalog=${place}/gaps.csv`, "--json"));
  assert(Number.isFinite(gaps.lnLikelihood));
  const preset = documentOf(await terse(folder, "survey", "--survey=reflex-like", "--json"));
  assertAlmostEquals(preset.expected as number, 526, 2);
});

Deno.test("survey refuses what it cannot use in one line each", async () => {
  const mock = Deno.readTextFileSync(MOCK).split("\n").filter((line) => !line.startsWith("#"));
  const change = (row: number, column: number, text: string) =>
    mock.map((line, i) =>
      i === row ? line.split(",").map((field, c) => c === column ? text : field).join(",") : line
    ).join("\n");
  const scaled = (factor: number) =>
    mock.map((line, i) =>
      i === 0 || line === ""
        ? line
        : line.split(",").map((field, c) => c === 1 ? String(Number(field) * factor) : field)
          .join(",")
    ).join("\n");
  const named = (names: string[]) =>
    "name,z,flux,T,Mgas\n" +
    names.map((name, i) => `${name},0.0${i + 3},${25 + i},4,0.3`).join("\n");
  const cases: [Record<string, unknown>, string[], 1 | 2, string[]][] = [
    [{ "parameters.json": { ...FIDUCIAL_SKY, omegaM: 0.1 } }, [], 1, [
      "omegaM is 0.1",
      "0.15625",
      "Tinker",
    ]],
    [{ "survey.json": { ...SURVEY, redshiftMin: 0 } }, [], 1, [
      "redshiftMin is 0",
      "from 0.001 to 0.3",
    ]],
    [{ "survey.json": { ...SURVEY, redshiftMax: 0.4 } }, [], 1, [
      "redshiftMax is 0.4",
      "K-correction",
    ]],
    [{ "survey.json": { ...SURVEY, fluxError: -0.05 } }, [], 1, ["fluxError is -0.05"]],
    [{ "survey.json": { ...SURVEY, fluxlimit: 3 } }, [], 1, [
      "fluxlimit",
      "did you mean fluxLimit",
    ]],
    [{ "survey.json": "{" }, [], 1, ["survey.json"]],
    [{ "c.csv": change(3, 0, "0") }, ["c.csv"], 1, ["redshift of row 3 is 0", "0.01 to 0.25"]],
    [{ "c.csv": change(2, 1, "12") }, ["c.csv"], 1, [
      "flux of row 2 is 12.00e-12",
      "limit of 20e-12",
    ]],
    [{ "c.csv": change(2, 5, "-0.05") }, ["c.csv"], 1, ["e_lnT of row 2 is -0.05"]],
    [{ "c.csv": change(2, 5, "5") }, ["c.csv"], 1, ["e_lnT of row 2 is 5", "0.05 for 5%"]],
    [{ "c.csv": change(2, 2, "4000") }, ["c.csv"], 1, ["T of row 2 is 4000", "[keV]"]],
    [{ "c.csv": change(2, 3, "3e13") }, ["c.csv"], 1, ["Mgas of row 2 is 3", "[1e14 Msun]"]],
    [{ "c.csv": change(2, 4, "150") }, ["c.csv"], 1, ["e_lnL of row 2 is 150", "from 0 to 2"]],
    [{ "c.csv": change(2, 1, "1e9") }, ["c.csv"], 1, ["flux of row 2 is 1000000000", "unit"]],
    [{ "c.csv": change(0, 6, "T") }, ["c.csv"], 1, ["there are 2 columns T, should be one"]],
    [{ "c.csv": named(["A85", "A 119", "a119"]) }, ["c.csv"], 1, [
      "rows 2 and 3 are the same cluster, a119",
    ]],
    [{ "survey.json": "// a comment\n{}" }, [], 1, ["survey.json", "it is not JSON"]],
    [
      { "parameters.json": { ...FIDUCIAL_SKY, S8: 0.2, lnL: -5, slopeL: 0.2, scatterL: 0.001 } },
      ["c.csv"],
      1,
      ["Cannot take likelihood", "masses that no cluster has"],
    ],
    [{ "c.csv": change(2, 2, "-4") }, ["c.csv"], 1, ["T of row 2 is -4, should be above 0"]],
    [{ "c.csv": scaled(10) }, ["c.csv"], 1, ["faintest flux is 10", "1e-12 erg/s/cm2"]],
    [{ "c.csv": scaled(1e-12) }, ["c.csv"], 1, [
      "flux of row 1",
      "limit of 20e-12",
      "may be in erg/s/cm2",
    ]],
    [{ "c.csv": named(["A85", "A119", "A85"]) }, ["c.csv"], 1, [
      "rows 1 and 3 are the same cluster, A85",
    ]],
    [{ "c.csv": "z,T\n0.1,4\n" }, ["c.csv"], 1, ["no column of numbers flux", "z, T"]],
    [{}, ["missing.csv"], 1, ["missing.csv"]],
  ];
  for (const [files, catalog, code, words] of cases) {
    const place = makeFolder({ "c.csv": mock.join("\n"), ...files });
    const args = catalog.map((name) => `--catalog=${place}/${name}`);
    assertRefused(await survey(place, "--json", ...args), code, ...words);
  }
  const place = makeFolder({
    "blank.csv": named(["", "A85", ""]),
    "huge.csv": change(2, 5, "1e300"),
  });
  // Rows without a name are no duplicates, and an error beyond measure is no measurement.
  for (const name of ["blank", "huge"]) {
    const found = documentOf(await survey(place, "--json", `--catalog=${place}/${name}.csv`));
    assert(Number.isFinite(found.lnLikelihood), name);
  }
  assertRefused(await survey(place, "--json", "--posterior"), 2, "--catalog FILE is needed");
  assertRefused(
    await terse(folder, "survey", "--survey=hiflux", "--json"),
    1,
    "hiflux",
    "hiflugcs",
  );
});

Deno.test("editors and shells know a survey's file, its ranges and the surveys that have names", async () => {
  const place = makeFolder();
  const schema = documentOf(await terse(folder, "schema", "--of=survey", "--json")) as {
    properties: Record<string, { minimum?: number; maximum?: number }>;
    required: string[];
  };
  assertEquals(schema.required, ["area", "redshiftMin", "redshiftMax", "fluxLimit", "fluxError"]);
  const { minimum, maximum } = schema.properties.redshiftMax!;
  assertEquals([minimum, maximum], [0.001, 0.3]);
  const named = makeFolder({ "survey.json": { $schema: "./survey.schema.json", ...SURVEY } });
  const plain = documentOf(await survey(place, "--json"));
  assertEquals(documentOf(await survey(named, "--json")).expected, plain.expected);
  const { stdout } = await terse(folder, "completion", "bash");
  assert(/"survey --survey"\).*hiflugcs reflex-like erass1-like"/.test(stdout), stdout);
});
