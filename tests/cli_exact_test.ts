/** `exact` and what reads its file, as their users run them, on a survey of few clusters. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { assertRefused, documentOf, makeTestFolder, terse } from "./cli_process.ts";
import { DESIGN, makeRun, ONE_THREAD } from "./cli_runs.ts";

const folder = makeTestFolder("exact");

/** Some 30 clusters a catalog. */
const FEW = "--set=catalog.survey.volumeFraction=0.2";

function exact(out: string, ...args: string[]) {
  return terse(folder, "exact", `--out=${folder}/${out}`, ...DESIGN, FEW, ...args);
}

function readText(path: string): string {
  return Deno.readTextFileSync(`${folder}/${path}`);
}

type Answers = { rank: number; place: number; clusters: number; sigma8: number }[];

Deno.test("exact gives the same bits by one thread or two, at once, in two goes or in shards", async () => {
  const whole = documentOf(await exact("whole", "--catalogs=3", "--threads=1", "--json"));
  assertEquals([whole.catalogs, whole.weakLensing], [3, "with weak lensing"]);
  assertEquals(documentOf(await exact("parts", "--catalogs=1", "--json")).catalogs, 1);
  const second = await exact("parts", "--catalogs=3", "--threads=2", "--json");
  const { seconds: _, ...parts } = documentOf(second);
  assertEquals({ ...parts, out: whole.out, seconds: whole.seconds }, { ...whole });
  assertStringIncludes(second.stderr, "1 answer is there, 2 to do");
  assertEquals(readText("parts/exact.json"), readText("whole/exact.json"));

  for (const shard of ["1/2", "2/2"]) {
    const args = ["--catalogs=3", `--shard=${shard}`, "--threads=1", "--json"];
    documentOf(await exact("shared", ...args));
  }
  documentOf(await exact("shared", "--catalogs=3", "--merge", "--json"));
  assertEquals(readText("shared/exact.json"), readText("whole/exact.json"));

  const answers: Answers = JSON.parse(readText("whole/exact.json")).answers;
  assertEquals(answers.map(({ rank }) => rank), [0, 1, 2]);
  // Catalogs are dealt from the whole design, not from its end of small sigma8.
  assert(answers.some(({ place }) => place > 10));
  const { everything, oneNumber, r } = whole as Record<string, { width: number }>;
  assert(everything!.width > 0.01 && everything!.width < 0.03);
  assert(oneNumber!.width > 0.01 && oneNumber!.width < 0.03);
  assertGreater(r as unknown as number, 0.8);
});

Deno.test("exact without weak lensing has a file of its own", async () => {
  const { stdout } = await exact("whole", "--catalogs=1", "--weak-lensing=no");
  assertStringIncludes(stdout, "Exact answers without weak lensing, 1 catalog,");
  assert(readText("whole/exact_no_wl.json").includes("without weak lensing"));
});

Deno.test("exact refuses files of another experiment, damaged ones, and more catalogs than there are", async () => {
  const path = `${folder}/whole/exact.json`;
  const text = Deno.readTextFileSync(path);
  const refused = async (edited: string, ...words: string[]) => {
    Deno.writeTextFileSync(path, edited);
    assertRefused(await exact("whole", "--catalogs=3"), 1, "exact.json", ...words);
    assertEquals(Deno.readTextFileSync(path), edited);
  };
  await refused(text.replace('"smoothing":0', '"smoothing":0.1'), "survey.smoothing is 0.1");
  await refused(text.slice(0, text.length / 2), "not JSON");
  await refused(text.replace('"rank":1', '"rank":0'), "answer 1 is not what was written");
  await refused(text.replace(/"change":\[[-\d.e]+,/, '"change":['), "answer 0");
  await refused(text.replace(/"sigma8":[\d.]+/, '"sigma8":0.5'), "answer 0");
  await refused(text.replace('"answers": [', '"answers": 3, "was": ['), "answers is not a list");
  Deno.writeTextFileSync(path, text);
  assertRefused(
    await exact("whole", "--catalogs=4000"),
    1,
    "Cannot answer for 4000 catalogs: the experiment has 42 test catalogs",
  );
  assertRefused(await exact("other", "--shard=1/2", "--merge"), 2, "--shard with --merge");
});

Deno.test("interpret judges a network by the exact answers, with the shape that its readers expect", async () => {
  const out = `${folder}/run`;
  await makeRun(folder, out, FEW);
  const before = documentOf(
    await terse(folder, "interpret", `--out=${out}`, ...ONE_THREAD, "--json"),
  );
  const unanswered = before.faithfulness as Record<string, Record<string, unknown>>;
  assertEquals(unanswered.leaveOneOut, {
    gap: "there are no exact answers for these catalogs",
  });
  documentOf(await exact("run", "--catalogs=3", "--threads=1", "--json"));
  const found = await terse(folder, "interpret", `--out=${out}`, ...ONE_THREAD, "--json");
  const faithfulness = documentOf(found).faithfulness as Record<string, Record<string, unknown>>;
  assertEquals(Object.keys(faithfulness), [
    "verdict",
    "leaveOneOut",
    "saliency",
    "proxy",
    "weights",
  ]);
  const names = (part: string) => Object.keys(faithfulness[part]!).sort();
  assertEquals(names("leaveOneOut"), ["bins", "exactRms", "networkRms", "noise", "r", "slope"]);
  assertEquals(names("saliency"), ["offManifold", "projectedCosine", "rawCosine"]);
  assertEquals(names("proxy"), ["line", "optimal", "rWithinCatalogs", "withinCatalogs"]);
  assertEquals(names("weights"), ["found", "optimal"]);
  const { r, exactRms } = faithfulness.leaveOneOut as { r: number; exactRms: number };
  assert(r >= -1 && r <= 1 && exactRms > 0.0005 && exactRms < 0.004);
  // Two epochs of a network of 200 weights.
  const verdict = faithfulness.verdict as { faithful: boolean; text: string };
  assertEquals(verdict.faithful, false);
  assert(verdict.text.startsWith("not faithful: the "));

  const record = JSON.parse(Deno.readTextFileSync(`${out}/interpretation.json`));
  assertEquals(record.faithfulness, faithfulness);
  const lines = (panel: string) =>
    Deno.readTextFileSync(`${out}/figures/faithfulness_${panel}.csv`).trim().split("\n");
  assertEquals(lines("gradient").length, 16);
  const { answers } = JSON.parse(readText("run/exact.json")) as { answers: Answers };
  const clusters = answers.reduce((sum, answer) => sum + answer.clusters, 0);
  assert(lines("leave_one_out").length > 0.95 * clusters);
  assert(lines("leave_one_out").length <= 1 + clusters);

  const { stdout } = await terse(folder, "interpret", `--out=${out}`, ...ONE_THREAD);
  assertStringIncludes(stdout, `Verdict: ${verdict.text}`);
  assertStringIncludes(stdout, "leave-one-out against exact, 3 catalogs");
  assertStringIncludes(stdout, "mass proxy best of T and Mgas");
});
