/** Work in shards: whatever their number, the merged files are those of one run, byte for byte. */
import { assert, assertEquals } from "@std/assert";
import { findShards, shardRange } from "../cli/storage/shards.ts";
import { FEW_CLUSTERS, makeRun, ONE_COLUMN, ONE_THREAD } from "./cli_runs.ts";
import {
  assertRefused,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";

const folder = makeTestFolder("shards");

/** The files of a run folder, without those of its shards. */
function mergedFiles(out: string): Record<string, Uint8Array> {
  const files = Object.entries(readFolder(`${folder}/${out}`));
  return Object.fromEntries(files.filter(([name]) => !name.startsWith("shards/")));
}

/** Runs all shards of a command, those of two at the same time, then merges them. */
async function inShards(of: number, out: string, ...args: string[]): Promise<void> {
  const [verb, ...rest] = args;
  const run = (...more: string[]) =>
    terse(folder, verb!, `--out=${folder}/${out}`, ...rest, ...more, "--json", "--quiet");
  const shard = async (place: number) => documentOf(await run(`--shard=${place}/${of}`));
  const places = Array.from({ length: of }, (_, i) => i + 1);
  if (of === 2) await Promise.all(places.map(shard));
  else for (const place of places) await shard(place);
  documentOf(await run("--merge"));
}

Deno.test("simulate in 1, 2, 3 or 12 shards gives the files of one run, byte for byte", async () => {
  const args = ["simulate", ...SMALL, "--seed=4"];
  documentOf(await terse(folder, ...args, `--out=${folder}/whole`, "--json"));
  const whole = mergedFiles("whole");
  assertEquals(Object.keys(whole).sort(), ["base_sample.fits", "catalogs.fits", "experiment.json"]);
  for (const count of [1, 2, 3, 12]) {
    await inShards(count, `in${count}`, ...args);
    assertEquals(mergedFiles(`in${count}`), whole, `${count} shards`);
  }
});

Deno.test("limit in shards gives the file of one run, byte for byte", async () => {
  const args = ["limit", FEW_CLUSTERS, "--catalogs=3", "--threads=1"];
  documentOf(await terse(folder, ...args, `--out=${folder}/limit`, "--json"));
  await inShards(2, "limit2", ...args);
  assertEquals(mergedFiles("limit2"), mergedFiles("limit"));
});

Deno.test("Networks of several seeds trained in shards are those that interpret trains, byte for byte", async () => {
  const out = `${folder}/seeds`;
  await makeRun(folder, out, ...ONE_COLUMN);
  const copy = `${folder}/seeds2`;
  new Deno.Command("cp", { args: ["-r", out, copy] }).outputSync();
  const interpret = (out: string, ...args: string[]) =>
    terse(folder, "interpret", `--out=${out}`, "--seeds=3", "--json", ...ONE_THREAD, ...args);
  const whole = documentOf(await interpret(out));
  const early = await interpret(copy, "--merge");
  assertRefused(early, 1, `Cannot merge ${copy}/seeds`, "seeds 2, 3 are missing");
  const shards = await Promise.all([
    interpret(copy, "--shard=1/2"),
    interpret(copy, "--shard=2/2"),
  ]);
  assertEquals(
    shards.map((shard) =>
      (documentOf(shard).networks as { seed: number }[]).map(({ seed }) => seed)
    ),
    [[2], [3]],
  );
  const merged = documentOf(await interpret(copy, "--merge"));
  assertEquals(merged, { ...whole, out: copy, seconds: merged.seconds });
  assertEquals(readFolder(`${copy}/seeds`), readFolder(`${out}/seeds`));
  assertRefused(await interpret(copy, "--shard=1/3"), 1, "there are 2 to share");
  assertRefused(await interpret(copy, "--shard=1/2", "--merge"), 2, "--shard with --merge");
});

Deno.test("Shards that are missing, damaged, unfinished or of another experiment are not merged", async () => {
  const out = `--out=${folder}/refused`;
  const simulate = (...args: string[]) => terse(folder, "simulate", out, ...SMALL, ...args);
  assertRefused(await simulate("--merge"), 1, "shards are missing");
  assertRefused(await simulate("--shard=1/2", "--merge"), 2, "--shard with --merge");
  for (const wrong of ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"]) {
    assertRefused(await simulate(`--shard=${wrong}`), 2, "--shard", "I/N with I from 1 to N");
  }
  assertRefused(await simulate("--shard=1/13"), 1, "there are 12 to share");
  documentOf(await simulate("--shard=1/3", "--json"));
  documentOf(await simulate("--shard=3/3", "--json"));
  assertRefused(await simulate("--merge"), 1, "2/3 of catalogs_shard.fits missing");
  documentOf(await simulate("--shard=2/3", "--seed=2", "--json"));
  assertRefused(
    await simulate("--merge"),
    1,
    "2_of_3",
    "another experiment",
    "seed is 2, expected 1",
  );
  assertEquals(Object.keys(mergedFiles("refused")).includes("catalogs.fits"), false);
  Deno.removeSync(`${folder}/refused/shards/2_of_3`, { recursive: true });
  documentOf(await simulate("--shard=2/3", "--json"));
  const path = (place: number) => `${folder}/refused/shards/${place}_of_3/catalogs_shard.fits`;
  const bytes = Deno.readFileSync(path(2));
  Deno.copyFileSync(path(1), path(2));
  assertRefused(await simulate("--merge"), 1, "SHARD is 1/3, expected 2/3");
  bytes[bytes.length - 4000]! ^= 1;
  Deno.writeFileSync(path(2), bytes);
  assertRefused(await simulate("--merge"), 1, "2_of_3", "Cannot read FITS");
});

Deno.test("limit does not merge a shard that has not come to its end", async () => {
  const args = [FEW_CLUSTERS, "--threads=1"];
  const out = `--out=${folder}/unfinished`;
  for (const place of [1, 2]) {
    const shard = `--shard=${place}/2`;
    documentOf(await terse(folder, "limit", out, ...args, "--catalogs=2", shard, "--json"));
  }
  const merged = await terse(folder, "limit", out, ...args, "--catalogs=4", "--merge");
  assertRefused(merged, 1, "Cannot merge shard 1/2: it has 1 of 2 posteriors");
});

Deno.test("Shards share all items, each once, and their sizes differ by at most one", () => {
  for (const total of [1, 7, 12, 4968]) {
    for (const n of [1, 2, 3, 7, 12, 100].filter((n) => n <= total)) {
      const ranges = Array.from(
        { length: n },
        (_, i) => shardRange({ place: i + 1, of: n }, total),
      );
      const sizes = ranges.map(([from, to]) => to - from);
      assert(Math.max(...sizes) - Math.min(...sizes) <= 1);
      assertEquals(ranges.map(([from]) => from), [0, ...ranges.map(([, to]) => to)].slice(0, -1));
      assertEquals(ranges.at(-1)![1], total);
    }
  }
});

Deno.test("Shards of different totals in one folder are refused", () => {
  const mixed = `${folder}/mixed`;
  for (const name of ["1_of_1", "1_of_2", "2_of_2", "notes"]) {
    Deno.mkdirSync(`${mixed}/shards/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${mixed}/shards/${name}/file`, "");
  }
  let message = "";
  try {
    findShards(mixed, "file");
  } catch (error) {
    message = (error as Error).message;
  }
  assert(/shards are of [12] and of [12]/.test(message), message);
});
