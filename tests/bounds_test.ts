/**
 * What the machine cannot hold is refused before anything is made, in one line with the number; what it
 * can hold is not.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { requireRoom, roomHere } from "../cli/program/machine.ts";
import { createProgress } from "../cli/program/progress.ts";
import { requireWork } from "../cli/stages/needed_room.ts";
import { gridCount, gridValues } from "../src/catalogs/grid.ts";
import { designCount, designParameters } from "../src/catalogs/priors.ts";
import { mostClusters } from "../src/catalogs/catalog.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import type { ExperimentName, PresetName } from "../src/experiments/experiments.ts";
import { experiment, EXPERIMENTS, PRESETS } from "../src/experiments/experiments.ts";
import { BACKENDS } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { drawDesign } from "../src/runs/catalogs.ts";
import { needsOf } from "../src/runs/needs.ts";
import {
  assertRefused,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { loadCommands } from "../cli/commands.ts";
import { BACKEND, makeRun } from "./cli_runs.ts";

const COMMANDS = await loadCommands();
const folder = makeTestFolder("bounds");

const RUN = `${folder}/run`;
await makeRun(folder, RUN);

/** Runs a command that nothing can hold; it ends at once, in one line, and writes nothing. */
async function refuse(
  code: 1 | 2,
  words: string[],
  verb: string,
  ...args: string[]
): Promise<void> {
  const before = readFolder(folder);
  const began = performance.now();
  const takesBackend = verb in COMMANDS && "backend" in COMMANDS[verb]!.options;
  const own = takesBackend && !args.join().includes("--backend") ? [BACKEND] : [];
  assertRefused(await terse(folder, verb, ...args, ...own), code, ...words);
  assert(performance.now() - began < 60_000, `${verb} ${args}`);
  assertEquals(readFolder(folder), before, `${verb} ${args}`);
}

const NEW = `--out=${folder}/new`;

Deno.test("Catalogs that no memory holds are refused by every command that draws them", async () => {
  const fine = "--set=catalog.priors.sigma8.step=1e-9";
  const deep = "--set=catalog.survey.volumeFraction=200";
  for (const verb of ["simulate", "reproduce", "table4"]) {
    await refuse(1, ["475200", "MB"], verb, NEW, fine);
    await refuse(1, ["catalogs of up to", "clusters", "MB"], verb, NEW, deep);
  }
  await refuse(1, ["MB"], "simulate", NEW, fine, "--shard=1/2");
  await refuse(1, ["MB"], "exact", NEW, fine);
});

Deno.test("Counts that no memory holds are refused by every command that takes one", async () => {
  const run = `--out=${RUN}`;
  for (const verb of ["evaluate", "report"]) {
    await refuse(1, ["catalogs of up to", "MB"], verb, run, "--fresh-test=1e9");
  }
  for (const verb of ["reproduce", "table4"]) {
    await refuse(1, ["catalogs of up to", "MB"], verb, NEW, "--fresh-test=1e9");
  }
  await refuse(1, ["1000000000 catalogs", "MB"], "demo", "--catalogs=1e9");
  await refuse(1, ["100000000 posteriors", "MB"], "limit", NEW, "--catalogs=1e8");
  await refuse(1, ["100000000 posteriors", "MB"], "limit", run, "--catalogs=1e8", "--shard=1/2");
  await refuse(1, ["100000000 posteriors", "MB"], "table4", NEW, "--limit-catalogs=1e8");
  await refuse(1, ["exact answers for 1000000000 catalogs"], "exact", run, "--catalogs=1e9");
  await refuse(1, ["catalogs of up to", "MB"], "robustness", run, "--catalogs=1e9");
  for (const more of [[], ["--shard=1/2"], ["--merge"]]) {
    await refuse(1, ["1000000000 networks", "MB"], "interpret", run, "--seeds=1e9", ...more);
  }
  await refuse(2, ["--threads", "1 to 256"], "limit", run, "--threads=1e9");
  const last = `--out=${folder}/last`;
  documentOf(await terse(folder, "simulate", last, ...SMALL, "--seed=9007199254740991", "--json"));
  for (const verb of ["interpret", "calibrate"]) {
    await refuse(1, ["at most 9007199254740991"], verb, last, "--seeds=2");
  }
});

Deno.test("Networks that no memory holds are refused on every backend", async () => {
  const deep = `--set=architecture.encoder=[${Array(20000).fill(1)}]`;
  await refuse(2, ["a list of 20000", "1 to 1000"], "train", `--out=${RUN}`, deep);
  const wide = "--set=architecture.encoder=[300000]";
  const squares = "--set=architecture.encoder=[30000,30000]";
  for (const backend of ["core", "wasm", "cpu"]) {
    const args = [NEW, `--backend=${backend}`];
    await refuse(1, ["units", "MB"], "reproduce", ...args, wide, "--set=schedule.batches=500");
    await refuse(1, ["weights", "MB"], "reproduce", ...args, squares);
  }
  await refuse(1, ["epochs", "MB of text"], "reproduce", NEW, "--epochs=1e9");
  await refuse(1, ["MB"], "reproduce", NEW, "--set=schedule.shards=1e9");
});

Deno.test("A network that a device cannot hold is refused before the device is opened", async () => {
  const { webgpu } = BACKENDS;
  let opened = 0;
  const open = () => {
    opened++;
    return Promise.reject(new Error("Cannot open a device: there is none here"));
  };
  Object.assign(BACKENDS, { webgpu: { ...webgpu, open } });
  const run = (verb: string, ...args: string[]) =>
    COMMANDS[verb]!.run([...args, "--backend=webgpu", "--quiet"], {
      progress: createProgress("none"),
      loadCommands,
    });
  try {
    const squares = "--set=architecture.encoder=[30000,30000]";
    const counts: readonly (readonly string[])[] = [
      ["train", `--out=${folder}/webgpu`, squares],
      ["reproduce", NEW, squares],
      ["table4", NEW, "--fresh-test=1e9"],
      ["evaluate", `--out=${RUN}`, "--fresh-test=1e9"],
      ["report", `--out=${RUN}`, "--fresh-test=1e9"],
      ["robustness", `--out=${RUN}`, "--catalogs=1e9"],
      ["calibrate", `--out=${RUN}`, "--catalogs=1e9", "--explicit=0"],
      ["interpret", `--out=${RUN}`, "--seeds=1e9"],
      ["interpret", `--out=${RUN}`, "--seeds=1e9", "--shard=1/2"],
    ];
    documentOf(
      await terse(folder, "simulate", `--out=${folder}/webgpu`, ...SMALL, squares, "--json"),
    );
    for (const [verb, ...args] of counts) {
      const { message } = await assertRejects(() => run(verb!, ...args), Error);
      assert(/MB (of memory|for objects|of text)/.test(message), `${verb}: ${message}`);
      assertEquals(opened, 0, verb);
    }
    // What fits is refused by the device alone.
    await assertRejects(() => run("evaluate", `--out=${RUN}`), Error, "there is none here");
    assertEquals(opened, 1);
  } finally {
    Object.assign(BACKENDS, { webgpu });
  }
});

Deno.test("A device has a limit of its own below that of the process", () => {
  const base = drawBaseSample(createRandom(1));
  const { architecture } = experiment("standard", "compact");
  const wide = experiment("standard", "compact", {
    architecture: { ...architecture, encoder: [11_000, 11_000] },
  });
  const work = { action: "train", network: "trained" } as const;
  for (const backend of ["webgpu", "core", "wasm"] as const) {
    const most = backend === "wasm" ? "2147 MB" : "4295 MB";
    const { message } = assertThrows(() => requireWork(wide, base, { ...work, backend }), Error);
    assertStringIncludes(message, `backend ${backend}`);
    assertStringIncludes(message, most);
  }
});

Deno.test("A table whose rows all have different catalog ids is refused", async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `A${i},0.05,0.3,0.1,13.1`);
  const path = `${folder}/names.csv`;
  Deno.writeTextFileSync(
    path,
    ["name,z,logTemperature,logLuminosity,logGasMass", ...rows].join("\n"),
  );
  const args = [`--catalog=${path}`, "--network=global", "--catalog-id=name"];
  await refuse(1, ["60000 catalogs, as many as name has entries", "MB"], "predict", ...args);
});

Deno.test("Priors whose observables would overflow are refused with the field and its range", async () => {
  const wide = ["max=1e300", "step=1e299"].map((end) =>
    `--set=catalog.priors.luminosityBias.${end}`
  );
  await refuse(2, ["luminosityBias", "1e+300"], "simulate", NEW, ...wide);
  const small = "--set=catalog.priors.gasMassBias";
  const tiny = [`${small}.min=1e-300`, `${small}.max=1e-300`];
  await refuse(2, ["gasMassBias", "1e-300", "0.000001 or more"], "simulate", NEW, ...tiny);
  await refuse(
    2,
    ["weakLensingScatter", "1000000"],
    "simulate",
    NEW,
    "--set=catalog.priors.weakLensingScatter.max=1e200",
  );
});

Deno.test("Every named experiment with every preset fits in 2 GB, and its counts are the design's", () => {
  const base = drawBaseSample(createRandom(1));
  const room = { bytes: 2e9, objects: 1e9, characters: 5e8 };
  for (const name of Object.keys(EXPERIMENTS) as ExperimentName[]) {
    for (const preset of Object.keys(PRESETS) as PresetName[]) {
      const needs = needsOf(experiment(name, preset), base, {
        design: "catalogs",
        fresh: 3000,
        posteriors: 400,
        networks: 10,
        network: "trained",
        workers: 2,
      });
      requireRoom(`${name} ${preset}`, needs, room);
    }
  }
  const { catalog } = experiment("standard", "compact");
  assertEquals(
    designCount(catalog.priors),
    designParameters(catalog.priors, createRandom(1)).length,
  );
  assertEquals(gridCount(catalog.priors.sigma8), gridValues(catalog.priors.sigma8).length);
});

Deno.test("The most clusters that are expected are more than nearly all catalogs hold, and not by far", () => {
  const choices = experiment("standard", "compact");
  const base = drawBaseSample(createRandom(1));
  const most = mostClusters(base, choices.catalog);
  const counts = [...drawDesign(choices, base, { from: 4900, to: 4968 })]
    .map(({ clusters }) => clusters.count);
  assert(counts.filter((count) => count > most + 4 * Math.sqrt(most)).length === 0, `${most}`);
  assert(Math.max(...counts) > 0.5 * most);
});

Deno.test("The largest need is named, with what it takes and what is possible", () => {
  const need = { what: "5 elephants", bytes: 3e9, objects: 0, characters: 0 };
  const small = { ...need, what: "a mouse", bytes: 1 };
  const room = { bytes: 1e9, objects: 1e9, characters: 1e9 };
  const { message } = assertThrows(() => requireRoom("pack", [small, need], room), Error);
  assertStringIncludes(
    message,
    "Cannot pack: it needs 3000 MB of memory, with 5 elephants; 1000 MB",
  );
  requireRoom("pack", [small], room);
  assert(roomHere().bytes > 1e9);
  assertAlmostEquals(roomHere().characters, 2 ** 29, 100);
});
