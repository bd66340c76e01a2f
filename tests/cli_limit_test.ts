/** `limit` as its users run it, on a survey of few clusters so that a posterior takes no time. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { exists } from "../cli/program/files.ts";
import {
  assertRefused,
  command,
  documentOf,
  makeTestFolder,
  readFolder,
  terse,
} from "./cli_process.ts";

const folder = makeTestFolder("limit");

/** Some 50 clusters a catalog. */
const FEW = "--set=catalog.survey.volumeFraction=0.3";

function limit(out: string, ...args: string[]) {
  return terse(folder, "limit", `--out=${folder}/${out}`, FEW, ...args);
}

function readText(path: string): string {
  return Deno.readTextFileSync(`${folder}/${path}`);
}

Deno.test("limit gives the same bits by one thread or two, at once or in two goes", async () => {
  const whole = documentOf(await limit("whole", "--catalogs=3", "--threads=1", "--json"));
  const first = await limit("parts", "--catalogs=2", "--threads=2", "--json");
  assertEquals(documentOf(first).count, 2);
  const second = await limit("parts", "--catalogs=3", "--threads=2", "--json");
  const { seconds, ...parts } = documentOf(second);
  assertEquals({ ...parts, out: whole.out, seconds: whole.seconds }, { ...whole });
  assert(typeof seconds === "object");
  assertStringIncludes(second.stderr, "2 posteriors are there, 1 to do");
  assertEquals(readText("parts/limit.json"), readText("whole/limit.json"));

  const { posteriors } = JSON.parse(readText("whole/limit.json"));
  assertEquals(posteriors.map(({ catalog }: { catalog: number }) => catalog), [0, 1, 2]);
  const fewer = documentOf(await limit("parts", "--catalogs=2", "--json"));
  assertEquals(fewer, { ...documentOf(first), seconds: fewer.seconds });
  assertEquals(JSON.parse(readText("parts/limit.json")).posteriors.length, 3);
});

Deno.test("limit without weak lensing is wider, on the same catalogs and in a file of its own", async () => {
  const args = ["--catalogs=3", "--json", "--quiet"];
  const seen = documentOf(await limit("whole", ...args));
  const { width, weakLensing } = documentOf(await limit("whole", ...args, "--weak-lensing=no"));
  assertEquals([seen.weakLensing, weakLensing], ["with weak lensing", "without weak lensing"]);
  assertGreater(width as number, seen.width as number);
  const truth = (file: string) =>
    JSON.parse(readText(file)).posteriors.map(({ sigma8 }: { sigma8: number }) => sigma8);
  assertEquals(truth("whole/limit_no_wl.json"), truth("whole/limit.json"));
  const blind = documentOf(
    await limit("blind", "--catalogs=2", "--experiment=noWeakLensing", "--json"),
  );
  assertEquals(blind.weakLensing, "without weak lensing"); // as its network sees it
});

Deno.test("limit resumes from the posteriors that it saved before it was killed", async () => {
  const path = `${folder}/killed/limit.json`;
  const out = `--out=${folder}/killed`;
  const process = command(folder, "limit", out, FEW, "--catalogs=5000", "--threads=1").spawn();
  let hasEnded = false;
  const output = process.output().finally(() => hasEnded = true);
  while (!hasEnded && !exists(`${folder}/killed/limit.json`)) {
    await new Promise((done) => setTimeout(done, 50));
  }
  assert(!hasEnded, "limit ended before it saved anything");
  process.kill("SIGKILL");
  await output;
  const before = JSON.parse(Deno.readTextFileSync(path)).posteriors;
  assertGreater(before.length, 0);
  const { stderr, code } = await limit("killed", `--catalogs=${before.length + 1}`);
  assertEquals(code, 0, stderr);
  const { length } = before;
  assertStringIncludes(
    stderr,
    length === 1 ? "1 posterior is there" : `${length} posteriors are there`,
  );
  const after = JSON.parse(Deno.readTextFileSync(path)).posteriors;
  const { posteriors } = JSON.parse(readText("whole/limit.json"));
  const count = Math.min(posteriors.length, after.length);
  assertEquals(after.slice(0, count), posteriors.slice(0, count));
  for (const record of before) assertEquals(after[record.catalog] ?? record, record);
});

Deno.test("limit refuses a file of another experiment, and one that is damaged", async () => {
  const path = `${folder}/whole/limit.json`;
  const text = Deno.readTextFileSync(path);
  const refused = async (edited: string, ...words: string[]) => {
    Deno.writeTextFileSync(path, edited);
    assertRefused(await limit("whole", "--catalogs=3"), 1, "limit.json", ...words);
    assertEquals(Deno.readTextFileSync(path), edited);
  };
  await refused(text.replace('"seed": 1', '"seed": 2'), "another experiment", "seed is 2");
  await refused(text.replace('"smoothing": 0', '"smoothing": 0.1'), "survey.smoothing is 0.1");
  await refused(text.slice(0, text.length / 2), "not JSON");
  await refused("null", "another experiment");
  await refused(text.replace(/"mean": [\d.]+/, '"mean": null'), "posterior 0");
  await refused(text.replace(/"sigma8": [\d.]+,\n\s+"mean"/, '"sigma8": 1,"mean"'), "posterior 0");
  await refused(text.replace('"catalog": 1', '"catalog": 0'), "posterior 1");
  Deno.writeTextFileSync(path, text);
  const other = await limit("whole", "--seed=2");
  assertRefused(other, 1, "another experiment", "seed is 1, expected 2");
});

Deno.test("limit refuses what has no posterior, and writes nothing", async () => {
  const refused = async (code: 1 | 2, words: string[], ...args: string[]) =>
    assertRefused(await terse(folder, "limit", `--out=${folder}/no`, ...args), code, ...words);
  await refused(2, ["--catalogs", "from 2 on"], "--catalogs=1");
  await refused(2, ["--threads", "from 1 to 256"], "--threads=0");
  await refused(2, ["--weak-lensing", "one of yes, no"], "--weak-lensing=maybe");
  await refused(1, ["at least 1"], "--set=catalog.survey.volumeFraction=1e-6");
  await refused(1, ['only "neighbor"'], "--experiment=overspecialized");
  const point = ["min", "max"].map((end) => `--set=catalog.priors.sigma8.${end}=0.8`);
  await refused(1, ["a prior of some width"], ...point);
  assert(!Object.keys(readFolder(folder)).some((path) => path.startsWith("no/")));
});
