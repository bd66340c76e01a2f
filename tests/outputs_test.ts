/**
 * What a command may write, and what it leaves behind: nothing outside of its folder, nothing over an
 * input or a run's file, nothing beside another process, nothing of a command that was refused.
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { loadCommands } from "../cli/commands.ts";
import { exists, readText } from "../cli/program/files.ts";
import { holdFolder, releaseFolders } from "../cli/program/folder_lock.ts";
import { dropHeld, holdFile, writeFile, writeFiles } from "../cli/program/outputs.ts";
import { closeLedger, openLedger } from "../cli/program/targets.ts";
import { assertRefused, command, decode, documentOf, readFolder, terse } from "./cli_process.ts";
import { DESIGN, makeRun, ONE_THREAD } from "./cli_runs.ts";

const COMMANDS = await loadCommands();
const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "terse_outputs_" }));
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const RUN = `${folder}/run`;
await makeRun(folder, RUN);

/** A folder with a file outside of it, and the folder as a command's place. */
function withPlace(kind: "run" | "export", action: (place: string, outside: string) => void): void {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "terse_place_" }));
  const [place, outside] = [`${root}/out`, `${root}/outside`];
  Deno.mkdirSync(place);
  Deno.mkdirSync(outside);
  Deno.writeTextFileSync(`${outside}/file`, "kept");
  openLedger({ places: [{ folder: place, kind }], inputs: new Map(), runFiles: new Map() });
  try {
    action(place, outside);
    assertEquals(Object.keys(readFolder(outside)), ["file"]);
    assertEquals(Deno.readTextFileSync(`${outside}/file`), "kept");
  } finally {
    closeLedger("failed");
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("A link that leads out of the folder is refused, whatever kind of link it is", () => {
  for (const kind of ["run", "export"] as const) {
    withPlace(kind, (place, outside) => {
      const refuse = (name: string, ...words: string[]) => {
        const { message } = assertThrows(
          () => writeFile(`${place}/${name}`, "new"),
          Error,
        );
        for (const word of [`Cannot write ${place}/${name}`, ...words]) {
          assertStringIncludes(message, word);
        }
      };
      Deno.symlinkSync(`${outside}/file`, `${place}/link`);
      refuse("link", "is a link to", "outside of");
      Deno.symlinkSync("../outside/file", `${place}/relative`);
      refuse("relative", "is a link to");
      Deno.symlinkSync(`${place}/link`, `${place}/chain`);
      refuse("chain", "is a link to");
      Deno.symlinkSync(`${outside}/new`, `${place}/dangling`);
      refuse("dangling", "leads nowhere");
      Deno.linkSync(`${outside}/file`, `${place}/hard`);
      refuse("hard", "2 names");
      Deno.removeSync(`${place}/hard`);
      Deno.symlinkSync(outside, `${place}/figures`);
      refuse("figures/a.csv", "figures is a link to");
      refuse("figures/deeper/a.csv", "figures is a link to");
      Deno.symlinkSync("/dev/null", `${place}/device`);
      refuse("device", "/dev/null");
      Deno.mkdirSync(`${place}/inner`);
      refuse("inner", "is a folder, device or pipe");
    });
  }
});

Deno.test("A link within the folder is replaced by the file, and its target stays as it was", () => {
  withPlace("run", (place) => {
    Deno.writeTextFileSync(`${place}/goal`, "goal");
    Deno.symlinkSync("goal", `${place}/link`);
    writeFile(`${place}/link`, "new");
    assertEquals([readText(`${place}/goal`), readText(`${place}/link`)], ["goal", "new"]);
  });
});

Deno.test("Files are written all or none, and folders that were made for them are taken back", () => {
  withPlace("run", (place) => {
    Deno.writeTextFileSync(`${place}/first`, "old");
    Deno.mkdirSync(`${place}/taken`);
    assertThrows(() =>
      writeFiles([[`${place}/first`, "new"], [`${place}/a/b/c`, "new"], [`${place}/taken`, "new"]])
    );
    closeLedger("failed");
    assertEquals(Object.keys(readFolder(place)), ["first"]);
    assertEquals(readText(`${place}/first`), "old");
    assert(!exists(`${place}/a`));
  });
});

Deno.test("A file that is kept back is read as if it was there, and written with the first result", () => {
  withPlace("run", (place) => {
    holdFile(`${place}/experiment`, "mine");
    assertEquals(readText(`${place}/experiment`), "mine");
    assertEquals(readFolder(place), {});
    dropHeld();
    assert(!exists(`${place}/experiment`));
    holdFile(`${place}/experiment`, "mine");
    writeFile(`${place}/deeper/result`, "new");
    assertEquals(Object.keys(readFolder(place)).sort(), ["deeper/result", "experiment"]);
    dropHeld();
    assertEquals(readText(`${place}/experiment`), "mine");
  });
});

Deno.test("What a killed process left half written is removed, but not while its writer lives", () => {
  withPlace("run", (place) => {
    const [dead, alive] = [1, 2].map((n) => `${place}/.terse-0000000${n}-aa.part`) as [
      string,
      string,
    ];
    Deno.writeTextFileSync(dead, "half");
    Deno.writeTextFileSync(alive, "half");
    using writer = Deno.openSync(alive, { read: true, write: true });
    assert(writer.tryLockSync(true));
    writeFile(`${place}/result`, "new");
    assertEquals([exists(dead), exists(alive)], [false, true]);
  });
});

/** The bytes of every file, with links as what they lead to. */
function snapshot(): Record<string, Uint8Array | string> {
  const links = [...Deno.readDirSync(folder)].filter(({ isSymlink }) => isSymlink)
    .map(({ name }) => [name, Deno.readLinkSync(`${folder}/${name}`)] as const);
  for (const [name] of links) Deno.removeSync(`${folder}/${name}`);
  const files = readFolder(folder);
  for (const [name, goal] of links) Deno.symlinkSync(goal, `${folder}/${name}`);
  return { ...files, ...Object.fromEntries(links) };
}

/** Runs a command in the run folder, or in a copy; it must be refused and leave all as it was. */
async function refuse(code: 1 | 2, words: string[], ...args: string[]): Promise<void> {
  const before = snapshot();
  assertRefused(await terse(folder, ...args), code, ...words);
  const after = snapshot();
  assertEquals(Object.keys(after).sort(), Object.keys(before).sort(), args.join(" "));
  for (const [name, bytes] of Object.entries(after)) {
    assertEquals(bytes, before[name]!, `${name} after ${args.join(" ")}`);
  }
}

const CATALOG = `${folder}/my.csv`;
Deno.writeTextFileSync(CATALOG, "z,T\n0.07,5\n");

Deno.test("No output is an input or a file that a run owns, by any of its names", async () => {
  const predict = (to: string, ...words: string[]) =>
    refuse(1, [to, ...words], "predict", `--catalog=${CATALOG}`, `--run=${RUN}`, `--to=${to}`);
  const names = "is the file that --catalog names";
  await predict(CATALOG, names);
  await predict(`${folder}/run/../my.csv`, names);
  Deno.symlinkSync(CATALOG, `${folder}/link.csv`);
  await predict(`${folder}/link.csv`, names);
  Deno.linkSync(CATALOG, `${folder}/hard.csv`);
  await predict(`${folder}/hard.csv`, names);
  Deno.removeSync(`${folder}/hard.csv`);
  await predict(`${RUN}/weights.safetensors`, "a file of the run folder");
  await predict(`${RUN}/checkpoints/other.csv`, "a file of the run folder");
  Deno.linkSync(`${RUN}/history.csv`, `${folder}/hard.csv`);
  await predict(`${folder}/hard.csv`, "a file of the run folder");
  Deno.removeSync(`${folder}/hard.csv`);
  Deno.symlinkSync(RUN, `${folder}/alias`);
  await refuse(
    1,
    ["a file of the run folder"],
    "export",
    `--run=${RUN}`,
    `--out=${folder}/alias`,
    "--format=safetensors",
  );
  Deno.removeSync(`${folder}/alias`);
  const owned = ["export", `--run=${RUN}`, `--out=${RUN}`];
  await refuse(1, ["a file of the run folder"], ...owned, "--format=safetensors");
  await refuse(1, ["a file of the run folder"], ...owned, "--what=catalogs", "--format=fits");
});

Deno.test("A base sample or config in the run folder's place is not overwritten", async () => {
  const out = `${folder}/own`;
  Deno.mkdirSync(out);
  Deno.copyFileSync(`${RUN}/base_sample.fits`, `${out}/catalogs.fits`);
  const base = `--base-sample=${out}/catalogs.fits`;
  await refuse(
    1,
    ["is the file that --base-sample names"],
    "simulate",
    `--out=${out}`,
    base,
    ...DESIGN,
  );
  Deno.writeTextFileSync(`${out}/experiment.json`, Deno.readTextFileSync(`${RUN}/experiment.json`));
  const config = [`--config=${out}/experiment.json`, "--set=schedule.learningRate=0.5"];
  await refuse(1, ["is the file that --config names"], "simulate", `--out=${out}`, ...config);
});

Deno.test("A folder in which another process works is refused with who works there since when", async () => {
  const lock = `${RUN}/.terse.lock`;
  Deno.writeTextFileSync(lock, `{"process":4711,"host":"node7","since":"2026-01-02T03:04:05Z"}\n`);
  {
    using file = Deno.openSync(lock, { read: true, write: true });
    assert(file.tryLockSync(true));
    const who = ["process 4711 on node7", "2026-01-02T03:04:05Z"];
    for (const verb of ["train", "evaluate", "simulate", "interpret", "robustness"]) {
      await refuse(1, who, verb, `--out=${RUN}`);
    }
    const read = [
      "export",
      `--run=${RUN}`,
      "--what=catalogs",
      `--out=${folder}/exported`,
      "--json",
    ];
    documentOf(await terse(folder, ...read));
  }
  // Its holder is gone, which gives the lock back.
  documentOf(
    await terse(folder, "evaluate", `--out=${RUN}`, "--fresh-test=2", ...ONE_THREAD, "--json"),
  );
  assert(!exists(lock));
  Deno.symlinkSync(CATALOG, lock);
  await refuse(1, [".terse.lock is a link"], "evaluate", `--out=${RUN}`);
  Deno.removeSync(lock);
});

Deno.test("A lock says who holds it, may be held again by its holder, and is removed at the end", () => {
  const own = `${folder}/held`;
  holdFolder(own);
  holdFolder(`${own}/`);
  const { process, since } = JSON.parse(Deno.readTextFileSync(`${own}/.terse.lock`));
  assertEquals(process, Deno.pid);
  assert(Math.abs(Date.parse(since) - Date.now()) < 60_000);
  releaseFolders();
  assertEquals(readFolder(own), {});
});

Deno.test("Of two processes that begin at once, one works and the other is refused or follows it", async () => {
  const outs = [`${folder}/two`, `${folder}/one`];
  const start = (out: string) =>
    command(folder, "simulate", `--out=${out}`, ...DESIGN, "--json").output().then(decode);
  const [one, ...both] = await Promise.all([start(outs[1]!), start(outs[0]!), start(outs[0]!)]);
  documentOf(one);
  const done = both.filter(({ code }) => code === 0);
  assert(done.length > 0, both.map(({ stderr }) => stderr).join("\n"));
  for (const other of both.filter(({ code }) => code !== 0)) assertRefused(other, 1, "process ");
  assertEquals(readFolder(outs[0]!), readFolder(outs[1]!));
});

Deno.test("A command that is refused leaves the folder as it was", async () => {
  const out = `${folder}/fresh`;
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...DESIGN, "--json"));
  const train = ["train", `--out=${out}`];
  await refuse(2, ["--tile"], ...train, "--backend=wasm", "--tile=wide", "--epochs=3");
  await refuse(1, ["volumeFraction"], ...train, "--set=catalog.survey.volumeFraction=0.3");
  await refuse(2, ["schedule.epochs"], ...train, "--set=schedule.epochs=0");
  await refuse(1, ["shards"], "simulate", `--out=${out}`, "--merge");
  await refuse(1, ["shards"], "simulate", `--out=${folder}/nothing`, "--merge");
  await refuse(1, ["test catalogs"], "exact", `--out=${folder}/nothing`, "--catalogs=5000");
  await refuse(1, ["no experiment.json"], "evaluate", `--out=${folder}/nothing`);
});

Deno.test("An option or a field that is given twice is refused", async () => {
  const twice = (words: string[], ...args: string[]) =>
    refuse(2, words, "simulate", `--out=${folder}/no`, ...args);
  await twice(["--seed", "2 times", '"1" and then "2"'], "--seed=1", "--seed", "2");
  await twice(["--out", "2 times"], `--out=${folder}/other`);
  await twice(["--quiet", "2 times"], "--quiet", "--quiet");
  await twice(
    ["schedule.epochs is given twice"],
    "--set=schedule.epochs=2",
    "--set=schedule.epochs=3",
  );
  await twice(
    ["schedule.epochs is given twice", "--epochs"],
    "--set=schedule.epochs=2",
    "--epochs=3",
  );
  await twice(
    ["schedule.batches.random is given twice"],
    '--set=schedule.batches={"random":4}',
    "--set=schedule.batches.random=8",
  );
});

Deno.test("A column that a network's features name twice is refused, except a column of ones", async () => {
  for (const list of ["pixels", "supplementary"]) {
    const names = ["logTemperature", "one", "logTemperature"];
    const set = `--set=features.${list}=${JSON.stringify(names)}`;
    const words = `features.${list} names logTemperature twice`;
    assertRefused(await terse(folder, "simulate", `--out=${folder}/twice`, set), 2, words);
  }
  assert(!exists(`${folder}/twice`));
});

Deno.test("Every option that takes a file or folder says what the command does with it", () => {
  for (const [name, { options }] of Object.entries(COMMANDS)) {
    for (const [option, { placeholder, role }] of Object.entries(options)) {
      const isPath = /\b(FILE|DIR)\b/.test(placeholder);
      assertEquals(isPath, role !== undefined, `${name} --${option}`);
    }
  }
});

Deno.test("Processes that make the same folders at the same time all have them", async () => {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "terse_together_" }));
  const targets = new URL("../cli/program/targets.ts", import.meta.url).href;
  const program = `
    import { closeLedger, makeFolder, openLedger } from ${JSON.stringify(targets)};
    openLedger({ places: [{ folder: ${
    JSON.stringify(root)
  }, kind: "run" }], inputs: new Map(), runFiles: new Map() });
    const start = Number(Deno.args[0]);
    await new Promise((done) => setTimeout(done, start - Date.now() - 20));
    while (Date.now() < start);
    for (let i = 0; i < 1000; i++) makeFolder(${JSON.stringify(root)} + "/" + i + "/in/it");
    closeLedger("done");`;
  const start = String(Date.now() + 1500);
  const commands = Array.from(
    { length: 4 },
    () => new Deno.Command(Deno.execPath(), { args: ["eval", program, start] }).output(),
  );
  for (const found of (await Promise.all(commands)).map(decode)) {
    assertEquals(found.code, 0, found.stderr);
  }
  assertEquals(Object.keys([...Deno.readDirSync(root)]).length, 1000);
  Deno.removeSync(root, { recursive: true });
});
