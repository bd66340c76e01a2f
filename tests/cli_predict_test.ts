import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { weightsChecksum } from "../cli/storage/run_folder.ts";
import type { FitsTable } from "../src/formats/mod.ts";
import type { RefusalCount } from "../src/observed/mod.ts";
import { createRandom, drawBaseSample, drawCatalog, EXPERIMENTS, prepareCatalogs } from "../mod.ts";
import { drawParameters } from "../src/catalogs/mod.ts";
import {
  decodeFits,
  decodeSafetensors,
  encodeFits,
  encodeSafetensors,
} from "../src/formats/mod.ts";
import { assertRefused, documentOf, makeTestFolder, SMALL, terse } from "./cli_process.ts";
import { FEW_CLUSTERS, ONE_COLUMN, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("predict");

const SPT = new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url).pathname;
const PAGE = Deno.readTextFileSync(
  new URL("../src/interpretation/safety/README.md", import.meta.url),
);
/** As the page's worked example maps them. */
const SPT_COLUMNS = /xmm_spt_bulbul_chiu_2019\.fits \\\s+--columns "([^"]*)"/.exec(PAGE)![1]!;
/** As the page trains on them. */
const SPT_BLOCK = PAGE.split("```").find((block) => block.includes("--out runs/global"))!;
const SPT_SETS = Array.from(SPT_BLOCK.matchAll(/--set '([^']*)'/g), ([, text]) => text!);
const ENGINE = ["--backend=core", "--threads=1", "--quiet", "--json"];

/** Simulates mocks in a folder, and trains a tiny network on some columns of them. */
async function trainRun(out: string, priors: readonly string[], columns: readonly string[]) {
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...priors, "--quiet", "--json"));
  const args = [`--out=${out}`, ...columns, ...TINY, "--epochs=4", ...ENGINE];
  const found = documentOf(await terse(folder, "train", ...args));
  assertEquals(found.backend, "core");
  return out;
}

/** A tiny network that sees L_X, T and M_gas of each cluster, trained on mocks of these columns. */
let trained: Promise<string> | undefined;
function trainedRun(): Promise<string> {
  assertEquals(SPT_SETS.length, 2);
  return trained ??= trainRun(`${folder}/run`, PRIORS, SPT_SETS.map((text) => `--set=${text}`));
}

const TINY: readonly string[] = [
  "--set=architecture.encoder=[8,4]",
  "--set=architecture.cluster=[4,4]",
  "--set=architecture.dense=[8,4]",
];

/** 96 catalogs, with biases. */
const PRIORS: readonly string[] = [
  SMALL[0]!,
  ...["luminosityBias", "temperatureBias", "gasMassBias"].flatMap((name) => [
    `--set=catalog.priors.${name}.min=0.8`,
    `--set=catalog.priors.${name}.max=1.3`,
    `--set=catalog.priors.${name}.step=0.5`,
  ]),
];

interface Found {
  readonly catalogs: readonly {
    readonly id: string;
    readonly rows: number;
    readonly used: number;
    readonly refused: readonly RefusalCount[];
    readonly sigma8: number | null;
    readonly error: number | null;
    readonly verdict: string;
    readonly reasons: readonly string[];
  }[];
}

async function predict(...args: string[]): Promise<Found["catalogs"]> {
  const run = await trainedRun();
  const found = await terse(folder, "predict", `--run=${run}`, ...args, ...ENGINE);
  return (documentOf(found) as unknown as Found).catalogs;
}

/** Mock clusters under other names and units: two catalogs, one row broken. */
function mockTable(): FitsTable {
  const random = createRandom(40);
  const plan = EXPERIMENTS.standard.catalog;
  const maker = prepareCatalogs(drawBaseSample(random.fork("other")), plan);
  const two = drawParameters(plan.priors, 2, random).map((parameters, i) =>
    drawCatalog(maker, parameters, random.fork("catalog", i)).clusters
  );
  const join = (name: "logLuminosity" | "logTemperature" | "logGasMass") =>
    Float64Array.from(two.flatMap((clusters) => [...clusters[name]]), (value) => 10 ** value);
  const temperature = join("logTemperature");
  temperature[3] = NaN;
  const count = temperature.length;
  const field = two.flatMap(({ count }, i) =>
    new Array<string>(count).fill(["north", "south"][i]!)
  );
  const column = <T>(name: string, data: T, unit?: string) => ({
    name,
    shape: [],
    data,
    ...(unit && { unit }),
  });
  return {
    name: "SURVEY",
    count,
    columns: [
      column("field", field),
      column("T spec", temperature, "keV"),
      column("L", join("logLuminosity").map((value) => value * 1e44), "erg/s"),
      column("Mg", join("logGasMass").map((value) => value / 0.7), "Msun"),
    ],
    header: [],
  };
}

const MOCK_COLUMNS = "logTemperature=log10(T spec[keV]),logLuminosity=log10(L)-44," +
  "logGasMass=log10(Mg*h)";

Deno.test("predict finds real SPT clusters unlike the low-redshift survey, and says why", async () => {
  const out = `--to=${folder}/spt.csv`;
  const [all] = await predict(`--catalog=${SPT}`, `--columns=${SPT_COLUMNS}`, "--h=0.7", out);
  assertEquals([all!.rows, all!.verdict], [68, "do not apply"]);
  assert(all!.error! > 0 && all!.error! < 0.08); // at most about the prior's own
  assertEquals(all!.used + all!.refused.reduce((sum, { rows }) => sum + rows, 0), 68);
  assert(all!.used > 50 && Number.isFinite(all!.sigma8));
  // Whatever the network makes of them: no faint clusters are among them.
  assert(all!.reasons.some((line) => /^lowest 5% of logGasMass is 13\.34\b/.test(line)));
  const lines = Deno.readTextFileSync(`${folder}/spt.csv`).trimEnd().split("\n");
  assertEquals([lines[0], lines.length], ["row,terse,refused", 69]);

  const columns = `--columns=${SPT_COLUMNS}, redshift=redshift`;
  const [near] = await predict(`--catalog=${SPT}`, columns, "--h=0.7");
  assertEquals(near!.refused[0]!.reason, "redshift is above 0.17");
  assertEquals(near!.refused[0]!.rows, 60);
  assertAlmostEquals(near!.refused[0]!.values!.max, 1.478, 1e-6); // the farthest cluster
  assertStringIncludes(near!.reasons[0]!, "60 of 68 clusters lie outside");
  assertEquals(near!.verdict, "do not apply");
});

Deno.test("predict reads FITS, CSV and ASCII with the same result, by catalog, with every row accounted for", async () => {
  const table = mockTable();
  const fits = `${folder}/mock.fits`;
  Deno.writeFileSync(fits, encodeFits([table]));
  const names = table.columns.map(({ name, unit }) => unit ? `${name}[${unit}]` : name);
  const rows = Array.from(
    { length: table.count },
    (_, row) => table.columns.map(({ data }) => String(data[row])).join(","),
  );
  Deno.writeTextFileSync(`${folder}/mock.csv`, [names.join(","), ...rows, ""].join("\n"));
  const mapping = `${folder}/mapping.json`;
  Deno.writeTextFileSync(
    mapping,
    JSON.stringify({
      logTemperature: "log10(T spec[keV])",
      logLuminosity: "log10(L[erg/s] / 1e44)",
      logGasMass: "log10(Mg[Msun]) + log10(h)",
    }),
  );
  const options = ["--catalog-id=field", "--h=0.7", `--to=${folder}/terse.fits`];
  const first = await predict(`--catalog=${fits}`, `--columns=${MOCK_COLUMNS}`, ...options);
  const second = await predict(
    `--catalog=${folder}/mock.csv`,
    `--mapping=${mapping}`,
    ...options,
  );
  assertEquals(second.map(({ sigma8 }) => sigma8), first.map(({ sigma8 }) => sigma8));
  for (const [ending, separator] of [["tsv", "\t"], ["txt", ";"]] as const) {
    const path = `${folder}/mock.${ending}`;
    const text = [names, ...rows.map((row) => row.split(","))].map((row) => row.join(separator));
    Deno.writeTextFileSync(path, text.join("\n"));
    assertEquals(await predict(`--catalog=${path}`, `--mapping=${mapping}`, ...options), second);
  }
  const plain = `${folder}/mock.dat`;
  const quoted = names.map((name) => `"${name}"`).join(" ");
  const lines = rows.map((row) => row.replaceAll(",", "  "));
  Deno.writeTextFileSync(plain, ["# mock clusters", `# ${quoted}`, ...lines].join("\n"));
  assertEquals(await predict(`--catalog=${plain}`, `--mapping=${mapping}`, ...options), second);
  assertEquals(first.map(({ id }) => id), ["north", "south"]);
  const [north, south] = first;
  assertEquals(north!.refused, [{ reason: "logTemperature: T spec is not a number", rows: 1 }]);
  assertEquals([north!.used, south!.refused], [north!.rows - 1, []]);
  assertEquals(first.map(({ verdict }) => verdict), ["consistent", "consistent"]);

  const [written] = decodeFits(Deno.readFileSync(`${folder}/terse.fits`)).tables;
  const columnOf = (name: string) => written!.columns.find((column) => column.name === name)!.data;
  assertEquals(written!.count, table.count);
  assertEquals((columnOf("catalog") as string[]).at(-1), "south");
  const values = columnOf("terse") as Float32Array;
  assertEquals(values.findIndex(Number.isNaN), 3);
  assertEquals(values.filter(Number.isNaN).length, 1);
  // The last call was that of the CSV file, whose columns have their units in their names.
  const reason = "logTemperature: T spec[keV] is not a number";
  assertEquals((columnOf("refused") as string[])[3], reason);
});

Deno.test("predict says what error to expect of its network, and that redshifts were not checked", async () => {
  const run = await trainedRun();
  const args = ["predict", `--run=${run}`, `--catalog=${SPT}`, ...ONE_THREAD, "--quiet"];
  const columns = `--columns=${SPT_COLUMNS}`;
  const bare = await terse(folder, ...args, columns);
  assertStringIncludes(bare.stdout, "Redshifts were not checked");
  assertStringIncludes(bare.stdout, "the network is for 0 to 0.17");
  assert(!bare.stdout.includes("scatter on fresh"), bare.stdout);
  const weights = weightsChecksum(run);
  const results = { fresh: { scatter: 0.0321 }, weights };
  Deno.writeTextFileSync(`${run}/results.json`, JSON.stringify(results));
  const told = await terse(folder, ...args, `${columns}, redshift=redshift`);
  Deno.removeSync(`${run}/results.json`);
  assertStringIncludes(told.stdout, "(scatter on fresh mock catalogs 0.0321)");
  assert(!told.stdout.includes("not checked"), told.stdout);
  assertStringIncludes(told.stdout, "60 refused: redshift is above 0.17 (0.");
});

Deno.test("predict gives no sigma8 where every row is outside the range of training", async () => {
  const fits = `${folder}/kelvin.fits`;
  Deno.writeFileSync(fits, encodeFits([mockTable()]));
  const columns = MOCK_COLUMNS.replace("log10(T spec[keV])", "log10(T spec*1.16e7)");
  const [found] = await predict(`--catalog=${fits}`, `--columns=${columns}`, "--h=0.7");
  assertEquals([found!.used, found!.sigma8, found!.verdict], [0, null, "do not apply"]);
  assertStringIncludes(found!.refused[0]!.reason, "logTemperature is above");
});

Deno.test("train measures its network, and predict once more only where that is missing or of other weights", async () => {
  // It sees one column of few clusters, so that measuring it again and again takes little time.
  const run = await trainRun(`${folder}/measured`, [...PRIORS, FEW_CLUSTERS], ONE_COLUMN);
  const path = `${run}/safety.safetensors`;
  const before = Deno.statSync(path);
  const args = ["predict", `--run=${run}`, `--catalog=${SPT}`, `--columns=${SPT_COLUMNS}`];
  const again = await terse(`${folder}/nowhere`, ...args, "--backend=core", "--threads=1");
  assertEquals([again.code, again.stderr], [0, ""]);
  assertStringIncludes(again.stdout, "Is it safe to apply? do not apply");
  assertEquals(Deno.statSync(path).mtime, before.mtime);

  Deno.removeSync(path);
  const readOnly = await terse(`${folder}/nowhere`, ...args, "--backend=core", "--threads=1");
  assertEquals(readOnly.code, 0, readOnly.stderr);
  assertStringIncludes(readOnly.stderr, "the next call will measure again");
  assertEquals(readOnly.stdout, again.stdout);

  // The folder of an older version, then one whose network has been replaced.
  documentOf(await terse(folder, ...args, ...ENGINE));
  const written = Deno.readFileSync(path);
  const weights = Deno.readFileSync(`${run}/weights.safetensors`);
  const { arrays, metadata } = decodeSafetensors(weights);
  const renamed = encodeSafetensors(arrays, { ...metadata, note: "the same network" });
  Deno.writeFileSync(`${run}/weights.safetensors`, renamed);
  const replaced = await terse(folder, ...args, ...ONE_THREAD);
  assertStringIncludes(replaced.stderr, "Measuring the network");
  assertNotEquals(Deno.readFileSync(path), written);
  Deno.writeFileSync(`${run}/weights.safetensors`, weights);
  documentOf(await terse(folder, ...args, ...ENGINE));
  assertEquals(Deno.readFileSync(path), written);

  Deno.writeFileSync(path, new Uint8Array(100).fill(7));
  assertRefused(await terse(folder, ...args, ...ENGINE), 1, path);
  Deno.writeFileSync(path, written);
});

Deno.test("train leaves a network without a reference where its catalogs are too small for a verdict", async () => {
  const out = `--out=${folder}/small`;
  // Some five clusters a catalog: of the few of the training none is empty, of a thousand some are.
  const small = ["volumeFraction=0.1", "min=0.7", "max=0.72", "step=0.01"].map((text, i) =>
    `--set=catalog.${i === 0 ? "survey" : "priors.sigma8"}.${text}`
  );
  const rest = PRIORS.slice(1); // the step of sigma8 is given anew
  documentOf(await terse(folder, "simulate", out, ...rest, ...small, "--quiet", "--json"));
  const args = [out, ...TINY, "--epochs=1", "--backend=core", "--threads=1"];
  const trained = await terse(folder, "train", ...args);
  assertEquals(trained.code, 0, trained.stderr);
  assertStringIncludes(trained.stderr, "it came out empty");
  assertStringIncludes(trained.stderr, "predict will have no verdict");
});

Deno.test("evaluate and interpret work on a network with three columns", async () => {
  const out = `--out=${await trainedRun()}`;
  const results = documentOf(await terse(folder, "evaluate", out, "--fresh-test=20", ...ENGINE));
  const { scatter } = results.fresh as { scatter: number };
  assert(Number.isFinite(scatter) && scatter > 0);
  const found = documentOf(await terse(folder, "interpret", out, ...ENGINE));
  assert(Object.keys(found.headlines as object).length > 5);
});

Deno.test("predict mixes the posteriors of several run folders, and refuses what does not fit", async () => {
  const run = await trainedRun();
  documentOf(await terse(folder, "interpret", `--out=${run}`, "--seeds=2", ...ENGINE));
  const other = `${run}/seeds/2`;
  // To be asked alone, it needs what the first one was trained on.
  Deno.copyFileSync(`${run}/base_sample.fits`, `${other}/base_sample.fits`);
  const read = [`--catalog=${SPT}`, `--columns=${SPT_COLUMNS}`];
  const [own] = await predict(...read);
  const alone = await terse(folder, "predict", `--run=${other}`, ...read, ...ENGINE);
  const [second] = (documentOf(alone) as unknown as Found).catalogs;
  const [both] = await predict(...read, `--ensemble=${other}`);
  assertAlmostEquals(both!.sigma8!, (own!.sigma8! + second!.sigma8!) / 2, 1e-12);
  const within = (own!.error! ** 2 + second!.error! ** 2) / 2;
  const between = ((own!.sigma8! - second!.sigma8!) / 2) ** 2;
  assertAlmostEquals(both!.error!, Math.sqrt(within + between), 1e-12);
  const args = ["predict", `--run=${run}`, ...read, "--backend=core", "--threads=1", "--quiet"];
  const told = await terse(folder, ...args, `--ensemble=${other}`);
  assertStringIncludes(told.stdout, "of the posteriors of 2 networks with equal weights");

  const refused = async (words: string[], ...folders: string[]) =>
    assertRefused(
      await terse(folder, ...args, ...folders.map((path) => `--ensemble=${path}`)),
      1,
      ...words,
    );
  await refused(["weights of the first network"], run);
  await refused([`weights of ${other}`], other, other);
  await refused([`${folder}/none`, "experiment.json"], `${folder}/none`);
  const strange = `${folder}/strange`;
  documentOf(await terse(folder, "simulate", `--out=${strange}`, ...PRIORS, "--quiet", "--json"));
  const columns = SPT_SETS.map((text) => `--set=${text.replace('"logGasMass"', '"logYx"')}`);
  const wanted = [`--out=${strange}`, ...columns, ...TINY, "--epochs=1", ...ENGINE];
  documentOf(await terse(folder, "train", ...wanted));
  await refused([strange, "features.", '"logYx"'], strange);
});

Deno.test("A network may see one value of each cluster, or twenty", async () => {
  const all = ["logTemperature", "logGasMassProfile", "gasSlopeProfile", "logLuminosity"];
  const sets: readonly (readonly [name: string, columns: readonly string[]])[] = [
    ["one", ["logTemperature"]],
    ["twenty", [...all, "logWeakLensingMass", "logGasMass", "logYx", "one"]],
  ];
  for (const [name, columns] of sets) {
    const out = `${folder}/${name}`;
    const args = [`--out=${out}`, "--quiet", "--json"];
    documentOf(await terse(folder, "simulate", ...args, ...PRIORS));
    const spec = [
      `--set=features.pixels=${JSON.stringify(columns)}`,
      "--set=features.supplementary=[]",
      "--set=features.order=shuffled", // which needs no luminosity
      ...TINY,
    ];
    const trained = await terse(folder, "train", `--out=${out}`, ...spec, "--epochs=1", ...ENGINE);
    documentOf(trained);
    // The run's own mocks have every column under the name of its target.
    const catalog = name === "one" ? `${folder}/temperatures.csv` : `${out}/catalogs.fits`;
    if (name === "one") {
      const lines = Array.from({ length: 30 }, (_, i) => 0.2 + 0.02 * i);
      Deno.writeTextFileSync(catalog, ["logTemperature", ...lines, ""].join("\n"));
    }
    const found = await terse(folder, "predict", `--run=${out}`, `--catalog=${catalog}`, ...ENGINE);
    const [catalogFound] = (documentOf(found) as unknown as Found).catalogs;
    const { used, sigma8 } = catalogFound!;
    assert(used >= 30 && Number.isFinite(sigma8), name);
  }
});

Deno.test("A wrong call of predict is one line that says what is needed", async () => {
  const run = `--run=${await trainedRun()}`;
  const refused = async (code: 1 | 2, words: string[], ...args: string[]) =>
    assertRefused(await terse(folder, "predict", run, ...args, "--quiet"), code, ...words);
  const catalog = `--catalog=${SPT}`;
  await refused(2, ["--catalog FILE is needed"]);
  await refused(1, ["/no.fits", "no such file"], "--catalog=/no.fits");
  await refused(2, ["--columns and --mapping"], catalog, "--columns=redshift=z", "--mapping=x");
  await refused(
    1,
    ["logLuminosity, logTemperature, logGasMass are read", "Txcin [keV], "],
    catalog,
  );
  const columns = (text: string) => `--columns=${SPT_COLUMNS.replace("Txcin[keV]", text)}`;
  await refused(1, ["no column Txin", "Txcin"], catalog, columns("Txin"));
  await refused(1, ["Txcin[K]", "the unit keV"], catalog, columns("Txcin[K]"));
  await refused(1, ["no function log,", "log10"], catalog, columns("log(Txcin)"));
  await refused(1, ["clusterName holds text"], catalog, columns("clusterName"));
  await refused(
    1,
    ["no column cluster,", "clusterName"],
    catalog,
    `--columns=${SPT_COLUMNS}`,
    "--catalog-id=cluster",
    "--backend=core",
  );
  Deno.writeTextFileSync(`${folder}/ragged.csv`, "a,b\n1,2\n3\n");
  await refused(1, ["ragged.csv"], `--catalog=${folder}/ragged.csv`);
  Deno.writeTextFileSync(`${folder}/empty.csv`, "");
  await refused(1, ["empty.csv"], `--catalog=${folder}/empty.csv`);
});
