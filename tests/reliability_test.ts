/**
 * What may happen to a run: it is killed, the disk is full, it may do next to nothing. TERSE_KILLS sets
 * how many times each stage is killed.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { loadCommands } from "../cli/commands.ts";
import type { JsonSchema } from "../mod.ts";
import { configSchema, createRandom } from "../mod.ts";
import {
  assertRefused,
  command,
  decode,
  documentOf,
  readFolder,
  SMALL,
  terse,
  terseAlone,
} from "./cli_process.ts";
import { DESIGN, FEW_CATALOGS, FEW_CLUSTERS, NETWORK, ONE_COLUMN, ONE_THREAD } from "./cli_runs.ts";
import { testWith } from "./tools.ts";

const COMMANDS = await loadCommands();

const KILLS = Number(Deno.env.get("TERSE_KILLS") ?? 3);
const SEED = 23;

const folder = Deno.makeTempDirSync({ prefix: "terse_reliability_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** The files of a folder that a stage left whole. */
function wholeFiles(path: string): Record<string, Uint8Array> {
  const files = Object.entries(readFolder(path)).filter(([name]) => !name.endsWith(".part"));
  return Object.fromEntries(files);
}

/**
 * Kills a command at random moments of its run, each time in a fresh copy of a folder, and runs it
 * again to its end.
 *
 * @param start The folder it begins with; made empty if it is not there
 * @returns How many of the processes were killed before their end
 */
async function killAndResume(start: string, ...args: string[]): Promise<number> {
  const copy = (name: string) => {
    new Deno.Command("cp", { args: ["-r", start, `${folder}/${name}`] }).outputSync();
    return `${folder}/${name}`;
  };
  const whole = copy(`${args[0]}_whole`);
  const began = performance.now();
  documentOf(decode(await command(folder, ...args, `--out=${whole}`, "--json").output()));
  const milliseconds = performance.now() - began;
  const expected = wholeFiles(whole);
  let killed = 0;
  for (let i = 0; i < KILLS; i++) {
    const out = copy(`${args[0]}_${i}`);
    const process = command(folder, ...args, `--out=${out}`, "--json").spawn();
    const output = process.output();
    const moment = createRandom(SEED).fork(args[0]!, i).uniform() * milliseconds;
    await new Promise((resolve) => setTimeout(resolve, moment));
    try {
      process.kill("SIGKILL");
    } catch {
      // It has come to its end.
    }
    if (decode(await output).code !== 0) killed++;
    documentOf(await terse(folder, ...args, `--out=${out}`, "--json"));
    assertEquals(wholeFiles(out), expected, `killed after ${moment} ms`);
    Deno.removeSync(out, { recursive: true });
  }
  return killed;
}

/** Prints a figure for cli/README.md where one was asked for. */
function report(line: string): void {
  if (Deno.env.has("TERSE_KILLS")) Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

Deno.test("simulate that is killed at any moment and run again leaves the bits of an unbroken run", async () => {
  const start = `${folder}/nothing`;
  Deno.mkdirSync(start);
  const killed = await killAndResume(start, "simulate", ...DESIGN);
  assertGreater(killed, 0);
  report(`simulate: ${KILLS} of ${KILLS} the same, ${killed} of them killed before their end`);
});

Deno.test("train that is killed at any moment and run again leaves the bits of an unbroken run", async () => {
  const start = `${folder}/simulated`;
  const args = [
    ...FEW_CATALOGS,
    ...ONE_COLUMN,
    FEW_CLUSTERS,
    ...NETWORK.slice(0, -1),
    "--epochs=12",
  ];
  documentOf(await terse(folder, "simulate", `--out=${start}`, ...args, "--json"));
  const killed = await killAndResume(start, "train", ...ONE_THREAD);
  assertGreater(killed, 0);
  report(`train: ${KILLS} of ${KILLS} the same, ${killed} of them killed before their end`);
});

Deno.test("A training killed between its last checkpoint and its history gets the last row when run again", async () => {
  const out = `${folder}/train_whole`;
  const expected = wholeFiles(out);
  const history = Deno.readTextFileSync(`${out}/history.csv`).trimEnd().split("\n");
  Deno.removeSync(`${out}/weights.safetensors`);
  Deno.writeTextFileSync(`${out}/history.csv`, `${history.slice(0, -1).join("\n")}\n`);
  documentOf(await terse(folder, "train", `--out=${out}`, ...ONE_THREAD, "--json"));
  assertEquals(wholeFiles(out), expected);
});

const DISK = `${folder}/disk`;
const run = (program: string, ...args: string[]): boolean =>
  new Deno.Command(program, { args, stderr: "null" }).outputSync().success;

/** Mounts a disk of 1 MB in memory; says whether that is permitted here. */
const mount = (): boolean => run("mount", "-t", "tmpfs", "-o", "size=1m", "terse", DISK);
Deno.mkdirSync(DISK);

await testWith(
  ["mount"],
  "A full disk is told in one line, earlier files are intact, and the run goes on when there is room",
  async () => {
    assert(mount(), "a disk cannot be mounted here");
    const out = `${DISK}/run`;
    const args = [...SMALL, ...NETWORK, ...ONE_COLUMN, FEW_CLUSTERS];
    try {
      documentOf(await terse(folder, "simulate", `--out=${out}`, ...args, "--json"));
      const before = readFolder(DISK);
      assert(!run("dd", "if=/dev/zero", `of=${DISK}/filler`, "bs=1k"), "the disk is not full");
      for (const verb of ["train", "simulate"]) {
        const full = await terse(folder, verb, `--out=${out}`, ...args);
        assertRefused(full, 1, "Cannot write", out, "No space left");
      }
      const other = await terse(folder, "simulate", `--out=${DISK}/other`, ...args);
      assertRefused(other, 1, `${DISK}/other`, "No space left");
      const { filler: _, ...after } = readFolder(DISK);
      assertEquals(after, before);
      Deno.removeSync(`${DISK}/filler`);
      documentOf(await terse(folder, "train", `--out=${out}`, ...args, ...ONE_THREAD, "--json"));
    } finally {
      run("umount", DISK);
    }
  },
);

/** Whether some part of a schema lets any text through. */
function allowsText(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const { type } = schema as { type?: unknown };
  return type === "string" || Object.values(schema).some(allowsText);
}

Deno.test("No field of a config holds free text, so that none can name a path to write to", async () => {
  const { $schema: _, ...properties } = configSchema().properties as JsonSchema;
  assert(!allowsText(properties));
  const elsewhere = `${folder}/elsewhere`;
  const config = `${folder}/config.json`;
  const cases: readonly (readonly [string, unknown])[] = [
    ["out", { out: elsewhere }],
    ["folder", { schedule: { folder: elsewhere } }],
    ["seed", { seed: elsewhere }],
    ["catalog.recipe", { catalog: { recipe: elsewhere } }],
    ["__proto__", JSON.parse(`{ "__proto__": { "out": "${elsewhere}" } }`)],
    ["features.pixels.0", { features: { pixels: [elsewhere] } }],
  ];
  for (const [field, json] of cases) {
    Deno.writeTextFileSync(config, JSON.stringify(json));
    const args = ["simulate", `--out=${folder}/in`, `--config=${config}`, ...SMALL];
    assertRefused(await terse(folder, ...args), 2, field);
  }
  const schema = JSON.stringify({ $schema: elsewhere });
  Deno.writeTextFileSync(config, schema);
  const args = [`--out=${folder}/in`, `--config=${config}`, ...SMALL, "--json"];
  documentOf(await terse(folder, "simulate", ...args));
  assertEquals(Object.keys(readFolder(folder)).filter((name) => name.startsWith("elsewhere")), []);
});

const RUN = `${folder}/run`;
const OUT = `--out=${RUN}`;

/** What each command is run with where it may read, and write to OUT alone. */
const WRITING: Readonly<Record<string, readonly string[]>> = {
  simulate: [OUT, ...DESIGN, ...NETWORK, ...ONE_COLUMN, FEW_CLUSTERS],
  train: [OUT, ...ONE_THREAD],
  evaluate: [OUT, ...ONE_THREAD, "--fresh-test=2"],
  interpret: [OUT, ...ONE_THREAD],
  robustness: [OUT, ...ONE_THREAD, "--catalogs=2"],
  export: [`--run=${RUN}`, `--out=${RUN}/export`, "--what=predictions", ...ONE_THREAD],
  reproduce: [`--out=${folder}/again`, ...DESIGN, ...NETWORK, ...ONE_THREAD, "--fresh-test=2"],
  limit: [`--out=${folder}/limit`, FEW_CLUSTERS, "--catalogs=2"],
  columns: [new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url).pathname],
};

/** What each command is run with where it may do nothing at all. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  "demo": [],
  "mass-function": [],
  "doctor": [],
  "schema": [],
  "completion": ["bash"],
  "help": ["train"],
};

/** Commands whose own tests run them with the permissions of `terse` in cli_process.ts. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  table4: "cli_table4_test.ts",
  report: "cli_report_test.ts",
  predict: "cli_predict_test.ts",
  calibrate: "cli_calibrate_test.ts",
  observe: "cli_observe_test.ts",
  survey: "cli_survey_test.ts",
  "train-survey": "cli_train_survey_test.ts",
  exact: "cli_exact_test.ts",
  page: "page_test.ts",
};

Deno.test("Every command is run with the least permissions by some test", () => {
  const named = Object.keys({ ...WRITING, ...PURE, ...ELSEWHERE });
  assertEquals(named.sort(), Object.keys(COMMANDS).sort());
  for (const [verb, file] of Object.entries(ELSEWHERE)) {
    const source = Deno.readTextFileSync(new URL(file, import.meta.url));
    const isRun = source.includes(`"${verb}"`) && /\bterse\(\s*folder,/.test(source);
    assert(isRun, `${file} does not run ${verb} by terse(folder, ...)`);
  }
});

for (const [verb, args] of Object.entries(PURE)) {
  Deno.test(`${verb} needs no permission`, async () => {
    documentOf(await terseAlone(verb, ...args, "--json", "--quiet"));
  });
}

Deno.test("Commands that write need to read, and to write to OUT, and nothing else", async () => {
  for (const [verb, args] of Object.entries(WRITING)) {
    documentOf(await terse(folder, verb, ...args, "--json", "--quiet"));
  }
});
