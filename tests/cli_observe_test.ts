/** `simulate --profiles observed` and `observe` as their users run them, on a few clusters. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { exists } from "../cli/program/files.ts";
import { observationCards, saveObservations } from "../cli/storage/observed_file.ts";
import { observeOne } from "../src/runs/observing.ts";
import { openUnobserved } from "../cli/stages/report_facts.ts";
import { observeExamples } from "../src/runs/report_examples.ts";
import { experiment as namedExperiment } from "../mod.ts";
import { SHELLS } from "../src/clusters/mod.ts";
import { decodeFits, decodeFitsImages } from "../src/formats/mod.ts";
import { densityProfile, exampleClusters } from "../src/xray/mod.ts";
import {
  assertRefused,
  command,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";

const EXPERIMENT = namedExperiment("standard", "compact");
const folder = makeTestFolder("observe");

/** The real simulation's table, 56 clusters above the mass limit. */
const TABLE = new URL("../fixtures/magneticum_table.csv", import.meta.url).pathname;
const [HEADINGS, ...ROWS] = Deno.readTextFileSync(TABLE).trim().split("\n");

/** Rows of clusters with a masked neighbor, with none, and with one near the pointing. */
const FAINT: readonly number[] = [1, 3, 12];

/** A table of some clusters; the luminosity of rows `faint` is 1e36 erg/s, which is no photon. */
function writeTable(name: string, count: number, faint: readonly number[] = []): string {
  const luminosity = HEADINGS!.split(",").indexOf("Lx[1e44erg/s]");
  const massive = ROWS.filter((row) => Number(row.split(",")[0]) > 10 ** 13.6).slice(0, count);
  const rows = massive.map((row, i) =>
    faint.includes(i) ? row.split(",").with(luminosity, "1e-8").join(",") : row
  );
  const path = `${folder}/${name}.csv`;
  Deno.writeTextFileSync(path, [HEADINGS, ...rows, ""].join("\n"));
  return path;
}

const TWELVE = writeTable("twelve", 12);

function simulate(out: string, table: string, ...args: string[]) {
  const paths = [`--out=${folder}/${out}`, `--base-sample=${table}`];
  return terse(folder, "simulate", ...paths, ...SMALL, ...args);
}

function tableOf(file: string, index = 0) {
  return decodeFits(Deno.readFileSync(`${folder}/${file}`)).tables[index]!;
}

function columnOf(file: string, name: string, index = 0): ArrayLike<unknown> {
  return tableOf(file, index).columns.find((column) => column.name === name)!.data;
}

Deno.test("simulate observes once or again, to the same bits", async () => {
  const one = await simulate("one", TWELVE, "--profiles=observed", "--threads=1", "--json");
  const { profiles, baseClusters, observed } = documentOf(one);
  assertEquals([profiles, baseClusters], ["observed", 12]);
  const counts = Object.values(observed as Record<string, number>);
  assertEquals(counts.reduce((a, b) => a + b), 12);
  assertStringIncludes(one.stderr, "Observing: 12 clusters");

  const before = readFolder(`${folder}/one`);
  const again = await simulate("one", TWELVE, "--json"); // the folder knows that they are observed
  assertEquals(documentOf(again), documentOf(one));
  assert(!again.stderr.includes("Observing"), again.stderr);
  assertEquals(readFolder(`${folder}/one`), before);
});

Deno.test("simulate that is killed goes on from the clusters it has observed, with two threads to the bits of one", async () => {
  const clusters = 12; // the first is saved when it has been observed
  const paths = [`--out=${folder}/two`, `--base-sample=${TWELVE}`];
  const args = ["simulate", ...paths, ...SMALL, "--profiles=observed", "--threads=2"];
  const process = command(folder, ...args).spawn();
  let hasEnded = false;
  const output = process.output().finally(() => hasEnded = true);
  const file = "two/observed_profiles.fits";
  while (!hasEnded && !exists(`${folder}/${file}`)) {
    await new Promise((done) => setTimeout(done, 20));
  }
  process.kill("SIGKILL");
  await output;
  const { count } = tableOf(file);
  assertGreater(count, 0);
  assertLess(count, clusters);
  const finished = await terse(folder, ...args);
  assertEquals(finished.code, 0, finished.stderr);
  assertStringIncludes(
    finished.stderr,
    `${count} ${count === 1 ? "cluster is" : "clusters are"} observed, ${clusters - count} to do`,
  );
  assertEquals(Array.from(columnOf(file, "row") as Int32Array), [...Array(clusters).keys()]);
  assertEquals(readFolder(`${folder}/two`), readFolder(`${folder}/one`));
});

Deno.test("observed profiles replace the drawn ones and nothing else", async () => {
  const drawn = documentOf(await simulate("drawn", TWELVE, "--profiles=drawn", "--json"));
  assertEquals([drawn.profiles, drawn.observed], ["drawn", null]);
  const [before, after] = ["drawn/base_sample.fits", "one/base_sample.fits"];
  for (const name of ["logMass", "logLuminosity", "logTemperature", "logGasMass"]) {
    assertEquals(columnOf(after, name), columnOf(before, name));
  }
  for (const name of ["logGasMassProfile", "gasSlopeProfile"]) {
    assertNotEquals(columnOf(after, name), columnOf(before, name));
    const seen = columnOf("one/observed_profiles.fits", name, 1);
    assertEquals(columnOf(after, name), seen as Float64Array);
  }
  const shells = columnOf(after, "logGasMassProfile") as Float64Array;
  const truth = columnOf(before, "logGasMassProfile") as Float64Array;
  const off = shells.map((value, i) => Math.abs(value - truth[i]!)).toSorted();
  assertLess(off[42]!, 0.02); // the median of 84 shells
  const stored = JSON.parse(Deno.readTextFileSync(`${folder}/one/experiment.json`));
  assertEquals(stored.base.profiles, "observed");
});

Deno.test("a folder of drawn profiles refuses observed ones, and the other way around", async () => {
  const before = readFolder(folder);
  const refused = async (out: string, profiles: string, ...words: string[]) =>
    assertRefused(await simulate(out, TWELVE, `--profiles=${profiles}`), 1, out, ...words);
  await refused("one", "drawn", "experiment.json", "base.profiles");
  await refused("drawn", "observed", "experiment.json", "base.profiles");
  assertRefused(await simulate("one", TWELVE, "--profiles=real"), 2, '"real"', "drawn, observed");
  assertEquals(readFolder(folder), before);
});

Deno.test("observations of other clusters, or damaged ones, are refused", async () => {
  const path = `${folder}/one/observed_profiles.fits`;
  const bytes = Deno.readFileSync(path);
  const other = await simulate("one", writeTable("eleven", 11));
  assertRefused(other, 1, "observed_profiles.fits", "other clusters", "BASECRC");
  Deno.writeFileSync(path, bytes.with(bytes.length - 2880, bytes.at(-2880)! ^ 1));
  assertRefused(await simulate("one", TWELVE), 1, "observed_profiles.fits", "damaged");
  Deno.writeFileSync(path, bytes);
});

Deno.test("clusters too faint to measure are left out, counted, and listed with the reason", async () => {
  const observed = ["--profiles=observed", "--threads=1"];
  const finished = await simulate("faint", writeTable("faint", 13, FAINT), ...observed);
  assertEquals(finished.code, 0, finished.stderr);
  assertStringIncludes(finished.stdout, "from 10 base clusters");
  assertStringIncludes(finished.stdout, "1 no photons (left out), 1 too few photons (left out)");
  assertStringIncludes(finished.stdout, "1 off center (left out)");
  const file = "faint/observed_profiles.fits";
  const [qualities, reasons] = [columnOf(file, "quality"), columnOf(file, "reason")];
  assertEquals(FAINT.map((row) => qualities[row]), [
    "too few photons",
    "no photons",
    "off center",
  ]);
  assertStringIncludes(String(reasons[FAINT[0]!]), "fewer photons inside R500");
  assertStringIncludes(String(reasons[FAINT[2]!]), "not where the telescope points");
  const measured = Array.from(columnOf(file, "row", 1) as Int32Array);
  assertEquals(measured, [...Array(13).keys()].filter((row) => !FAINT.includes(row)));
  const dark = [...Array(10).keys()]; // they take no time
  const few = await simulate("few", writeTable("few", 12, dark), ...observed);
  assertRefused(few, 1, "2 of 12", "at least 10", "(left out)");
});

interface Measured {
  readonly value: number;
  readonly error: number;
  readonly truth: number;
}

Deno.test("observe shows the cluster that simulate saw, its image, mask, profile and fit", async () => {
  const args = ["--cluster=5", `--out=${folder}/one`, `--base-sample=${TWELVE}`];
  const found = documentOf(await terse(folder, "observe", ...args, "--json"));
  const files = readFolder(`${folder}/one/cluster_5`);
  assertEquals(Object.keys(files).toSorted(), [
    "fit.json",
    "image.fits",
    "image.png",
    "profile.csv",
    "profile.svg",
  ]);

  const observations = "one/observed_profiles.fits";
  assertEquals(found.quality, columnOf(observations, "quality")[5]);
  assertEquals(found.photons, columnOf(observations, "photons")[5]);
  const { value, error, truth } = found.logGasMass as Measured;
  assertEquals([value, error], [
    columnOf(observations, "logGasMass", 1)[5] as number,
    columnOf(observations, "logGasMassError", 1)[5] as number,
  ]);
  assertAlmostEquals(value, truth, 0.03);
  const shells = found.shells as readonly { logGasMass: Measured; slope: Measured }[];
  assertEquals(shells.length, 7);
  const total = shells.reduce((sum, { logGasMass }) => sum + 10 ** logGasMass.truth, 0);
  assertAlmostEquals(Math.log10(total), truth, 1e-12);

  const [counts, mask] = decodeFitsImages(files["image.fits"]!);
  assertEquals([counts!.name, mask!.name, counts!.shape], ["COUNTS", "MASK", [420, 420]]);
  const sum = (data: Iterable<number | bigint>) => Array.from(data, Number).reduce((a, b) => a + b);
  assertEquals(sum(counts!.data), found.photons);
  assertAlmostEquals(sum(mask!.data) / 420 ** 2, found.maskedShare as number, 1e-12);

  const [headings, ...lines] = new TextDecoder().decode(files["profile.csv"]!).trim().split("\n");
  const rows = lines.map((line) => {
    const cells = line.split(",").map(Number);
    return Object.fromEntries(headings!.split(",").map((name, i) => [name, cells[i]!]));
  });
  assertGreater(rows.length, 20);
  for (const { counts, area, brightness, brightnessError, fit, truth } of rows) {
    assertAlmostEquals(brightness! * area!, counts!, 1e-6);
    assertAlmostEquals(brightnessError! * area!, Math.sqrt(Math.max(1, counts!)), 1e-6);
    assertLess(Math.abs(fit! - truth!), 0.5 * truth!);
  }
  const stored = JSON.parse(new TextDecoder().decode(files["fit.json"]!));
  assertEquals(stored.logGasMass, found.logGasMass);
  assertEquals(stored.origin.cluster, 5);
  assertEquals(files["image.png"]!.slice(0, 4), Uint8Array.of(137, 80, 78, 71));

  assertStringIncludes(new TextDecoder().decode(files["profile.svg"]!), "cluster 5");

  const again = await terse(folder, "observe", ...args);
  assertEquals(again.code, 0, again.stderr);
  assertStringIncludes(again.stdout, "Cluster 5: 10^");
  assertEquals(readFolder(`${folder}/one/cluster_5`), files);
});

Deno.test("Fig. 2 shows clusters as they are before any observation, or a gap", () => {
  const drawn = drawBaseSample(1);
  const experiment = {
    ...EXPERIMENT,
    base: { ...EXPERIMENT.base, profiles: "observed" as const },
  };
  const place = `${folder}/before`;
  Deno.mkdirSync(place);
  saveObservations(place, observationCards(drawn, 1), []);
  const flat = { ...drawn.clusters, gasSlopeProfile: drawn.clusters.gasSlopeProfile.map(() => -1) };
  const observed = { ...drawn, clusters: flat }; // whatever the folder's base sample is by now
  assertEquals(openUnobserved(place, experiment, observed), drawn);
  const own = { ...EXPERIMENT, base: { ...EXPERIMENT.base, profiles: "drawn" as const } };
  assertEquals(openUnobserved(place, own, observed), observed);
  assertEquals(openUnobserved(`${folder}/one`, experiment, observed), null); // of a file

  const profiles = observeExamples(drawn, experiment);
  const rows = exampleClusters(
    drawn.clusters.logMass,
    drawn.clusters.logMass.map((_, i) => drawn.clusters.gasSlopeProfile[i * SHELLS]!),
  );
  assertEquals(profiles.map(({ name }) => name), Object.keys(rows));
  const { observation } = observeOne({ ...drawn, seed: 1 }, rows["cool core"]);
  const { radii, squaredDensity } = densityProfile(observation);
  assertEquals(profiles[2]!.squaredDensity, squaredDensity); // what observe shows
  assertEquals(profiles[2]!.radii, radii);
});

Deno.test("observe says why a cluster could not be measured, and fills in nothing", async () => {
  const args = ["--cluster=3", `--out=${folder}/faint`, `--base-sample=${folder}/faint.csv`];
  const { code, stdout, stderr } = await terse(folder, "observe", ...args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "Quality: no photons, no photon was left to fit");
  const files = readFolder(`${folder}/faint/cluster_3`);
  assertEquals(Object.keys(files).toSorted(), ["fit.json", "image.fits", "image.png"]);
  const { logGasMass, fit } = JSON.parse(new TextDecoder().decode(files["fit.json"]!));
  assertEquals([logGasMass.value, logGasMass.error, fit], [null, null, null]);
});

Deno.test("observe refuses clusters and folders that are not there in one line", async () => {
  const observe = (...args: string[]) => terse(folder, "observe", `--out=${folder}/one`, ...args);
  const table = `--base-sample=${TWELVE}`;
  const before = readFolder(folder);
  assertRefused(await observe(table), 2, "--cluster N is needed");
  assertRefused(await observe(table, "--cluster=12"), 2, "cluster 12", "has 12", "from 0 to 11");
  assertRefused(await observe(table, "--cluster=-1"), 2, '"-1"', "a whole number from 0 on");
  assertRefused(await observe(table, "--cluster=1.5"), 2, '"1.5"');
  assertRefused(await observe(table, "--cluster=1", "--seed=9"), 1, "its seed is 1, expected 9");
  assertRefused(await observe("--cluster=1"), 1, "name its file with --base-sample");
  assertRefused(await observe("--cluster=1", "--base-sample=nowhere.csv"), 1, "nowhere.csv");
  assertEquals(readFolder(folder), before);

  const other = [`--out=${folder}/elsewhere`, "--cluster=1", table];
  assertEquals((await terse(folder, "observe", ...other)).code, 0);
  const refused = await terse(folder, "observe", ...other, "--seed=2");
  assertRefused(refused, 1, "fit.json", "its seed is 1, expected 2");
});
