import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { BACKENDS } from "../src/network/backends.ts";
import { VERSION } from "../cli/program/version.ts";
import { loadCommands } from "../cli/commands.ts";
import { judgeError } from "../cli/program/errors.ts";
import { COMMON_OPTIONS } from "../cli/program/options.ts";
import { describeCommand, describeProgram } from "../cli/program/help_text.ts";
import { createProgress, formatSeconds } from "../cli/program/progress.ts";
import { wrapText } from "../cli/program/terminal.ts";
import { computeMassFunction } from "../src/cosmology/mod.ts";
import {
  assertRefused,
  command,
  decode,
  documentOf,
  makeTestFolder,
  readFolder,
  SMALL,
  terse,
} from "./cli_process.ts";
import { FEW_CLUSTERS, ONE_THREAD } from "./cli_runs.ts";

const COMMANDS = await loadCommands();

const MAIN = new URL("../cli/main.ts", import.meta.url).pathname;

const folder = makeTestFolder("cli");

Deno.test("mass-function prints the library's numbers as one JSON document", async () => {
  const found = documentOf(
    await terse(
      folder,
      ..."mass-function --fit tinker08 --definition 500c --omega-m 0.24 --omega-b 0.052 --h 0.74"
        .split(" "),
      ..."--ns 0.98 --sigma8 0.83 --redshift 0.12 --log-mass 13.1,14.2 --json".split(" "),
    ),
  );
  const cosmology = { omegaM: 0.24, omegaB: 0.052, h: 0.74, ns: 0.98, sigma8: 0.83 };
  const plan = { cosmology, fit: "tinker08", definition: "500c", redshift: 0.12 } as const;
  const { sigma, dndlnM } = computeMassFunction(plan, [13.1, 14.2]);
  assertEquals(found, { log10MassMsunH: [13.1, 14.2], sigma: [...sigma], dndlnM: [...dndlnM] });
});

Deno.test("mass-function without options prints a table of the simulation's universe", async () => {
  const { code, stdout } = await terse(folder, "mass-function");
  assertEquals(code, 0);
  assertEquals(stdout.trim().split("\n").length, 5);
  assertStringIncludes(stdout, "log10 M [Msun/h]");
});

Deno.test("help names every command, and each command's help every option with its default", async () => {
  const { code, stdout } = await terse(folder, "help");
  assertEquals(code, 0);
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    assertStringIncludes(stdout, name);
    assertStringIncludes(unwrapped(stdout), summary);
  }
  for (const [name, { options, details }] of Object.entries(COMMANDS)) {
    const { code, stdout, stderr } = await terse(folder, name, "--help");
    assertEquals([code, stderr], [0, ""]);
    const text = unwrapped(stdout);
    for (const paragraph of details) assertStringIncludes(text, unwrapped(paragraph));
    for (const [name, option] of Object.entries({ ...options, ...COMMON_OPTIONS })) {
      assertStringIncludes(text, `--${name}`);
      assertStringIncludes(text, option.description);
      const { fallback, fallbackText = fallback } = option;
      if (option.placeholder === "" || fallbackText === undefined) continue;
      assertStringIncludes(text, `default ${fallbackText}`);
    }
  }
});

/** A text with one blank between words, however its lines were broken. */
const unwrapped = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

Deno.test("help wraps to the terminal's width, and leaves the lines of an example whole", () => {
  for (const width of [60, 80, 120]) {
    const texts = Object.entries(COMMANDS)
      .map(([name, command]) => describeCommand(name, command, width));
    const lines = [describeProgram(COMMANDS, width), ...texts].join("\n").split("\n");
    const wide = lines.filter((line) => line.length > width);
    // A word that is longer than its column, or an example, which begins with two blanks.
    for (const line of wide) assert(/^ +\S+$|^ {2,4}\S/.test(line), line);
    assert(width < 80 || wide.length <= 2, wide.join("\n"));
    assertEquals(lines.filter((line) => line !== line.trimEnd()), []);
  }
  assertEquals(wrapText("one two three", 7), ["one two", "three"]);
});

Deno.test("A former spelling of an option is refused by one line that names the new one", async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [
      ["predict", "--catalog=x.fits", `--out=${folder}/x.csv`],
      "there is no option --out here, it is --to",
    ],
    [["export", `--to=${folder}/exported`], "there is no option --to here, it is --out"],
    [["train", "--fresh"], "there is no option --fresh here, it is --fresh-training"],
  ];
  for (const [args, words] of cases) assertRefused(await terse(folder, ...args), 2, words);
});

Deno.test("--version prints the version of deno.json", async () => {
  const { stdout } = await terse(folder, "--version");
  const config = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));
  assertEquals(stdout, `${config.version}\n`);
});

Deno.test("A wrong command line is refused with one line and exit code 2", async () => {
  const out = `--out=${folder}/usage`;
  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[], ["no command"]],
    [["trian"], ["trian", "did you mean train"]],
    [["frobnicate"], ["expected one of demo, reproduce"]],
    [["simulate", out, "--sead", "1"], ["--sead", "did you mean --seed"]],
    [["simulate", out, "extra"], ["extra"]],
    [["simulate", out, "--seed"], ["--seed", "has no value", "a whole number from 0 on"]],
    [["simulate", out, "--seed", "1.5"], ["--seed", '"1.5"', "a whole number from 0 on"]],
    [["simulate", out, "--seed", "seven"], ["--seed", '"seven"']],
    [["simulate", out, "--preset", "huge"], ["--preset", '"huge"', "one of paper, compact"]],
    [["simulate", out, "--experiment", "std"], ["--experiment", "shuffled"]],
    [["simulate", out, "--epochs", "0"], ["--epochs", "a whole number from 1 on"]],
    [["train", out, "--fresh-training=3000"], ["--fresh-training", '"3000"', "expected nothing"]],
    [["evaluate", out, "--fresh", "3000"], ["--fresh", "did you mean --fresh-test"]],
    [["simulate", out, "--set", "schedule.catalogs=new"], [
      "schedule.catalogs",
      '"fixed", "fresh"',
    ]],
    [["simulate", out, "--set", "nonsense"], ["--set", '"nonsense"', "PATH=VALUE"]],
    [["simulate", out, "--set", "schedule.epoch=3"], ["schedule.epoch"]],
    [["simulate", out, "--set", "schedule.learningRate=fast"], ["schedule.learningRate", "fast"]],
    [["simulate", out, "--set", "no.such.field=1"], ["no.such.field"]],
    [["simulate", out, "--set", "catalog.survey.volumeFraction=-1"], ["volumeFraction", "-1"]],
    [["train", out, "--backend", "gpu"], ["--backend", '"gpu"', "one of auto"]],
    [["train", out, "--threads", "0"], ["--threads", "a whole number from 1 to 256"]],
    [["mass-function", "--fit", "tinker"], ["--fit", "tinker08"]],
    [["mass-function", "--log-mass", "13,x"], ["--log-mass", '"13,x"', "numbers with commas"]],
    [["mass-function", "--h", "NaN"], ["--h", '"NaN"', "a number"]],
    [["mass-function", "--redshift", "-1"], ["-1 is not an option", "--NAME=-1"]],
    [["help", "trian"], ["trian", "did you mean train"]],
  ];
  for (const [args, words] of cases) assertRefused(await terse(folder, ...args), 2, ...words);
  assertEquals(readFolder(folder), {});
});

Deno.test("A process that runs several commands says of each what one of its own says", async () => {
  const cases: readonly (readonly [number, readonly string[]])[] = [
    [0, ["mass-function", "--log-mass=14", "--json"]],
    [1, ["mass-function", "--log-mass=3"]],
    [2, ["simulate", `--out=${folder}/usage`, "--seed=seven"]],
    [0, ["schema"]],
  ];
  for (const [code, args] of cases) {
    const alone = decode(await command(folder, ...args).output());
    assertEquals([alone.code, await terse(folder, ...args)], [code, alone]);
  }
});

Deno.test("A value that physics refuses is one line and exit code 1", async () => {
  const refused = async (words: string[], ...args: string[]) =>
    assertRefused(await terse(folder, "mass-function", ...args), 1, ...words);
  await refused(["omegaM is -1"], "--omega-m=-1");
  await refused(["log mass is 3"], "--log-mass=3");
  await refused(["z is 99"], "--redshift=99");
  await refused(["sigma8 is 0"], "--sigma8=0");
});

Deno.test("simulate, train and evaluate one by one give the numbers of reproduce, twice", async () => {
  const options = [...SMALL, FEW_CLUSTERS, "--seed=7", "--epochs=2"];
  const late = ["--fresh-test=40", ...ONE_THREAD, "--json", "--quiet"];
  const whole = await terse(folder, "reproduce", `--out=${folder}/whole`, ...options, ...late);
  const again = await terse(folder, "reproduce", `--out=${folder}/again`, ...options, ...late);
  const out = `--out=${folder}/parts`;
  documentOf(await terse(folder, "simulate", out, ...options, "--json"));
  const trained = documentOf(await terse(folder, "train", out, ...ONE_THREAD, "--json"));
  const evaluated = documentOf(await terse(folder, "evaluate", out, ...late));
  assertEquals(whole.stderr, "");
  const { seconds, ...results } = documentOf(whole);
  assertEquals(Object.keys(seconds as object), ["open", "simulate", "train", "evaluate"]);
  assertEquals({ ...documentOf(again), seconds }, { ...results, seconds });
  assertEquals({ ...evaluated, seconds }, { ...results, seconds });
  assertEquals([trained.epochs, trained.parameters, trained.backend], [2, 12291, "core"]);

  const names = ["experiment", "backend", "seed", "selectedEpoch", "test", "fresh"];
  assertEquals(Object.keys(results), [...names, "countBaseline"]);
  assertEquals([results.experiment, results.backend, results.seed], ["custom", "core", 7]);
  for (const [set, count] of [["test", 1], ["fresh", 40]] as const) {
    const errors = results[set] as Record<string, number>;
    assertEquals(errors.count, count);
    for (const name of ["scatter", "scatterError", "bias"]) {
      assert(Number.isFinite(errors[name]), name);
    }
  }
  const files = readFolder(`${folder}/whole`);
  const expected = ["base_sample.fits", "catalogs.fits", "checkpoints/last.safetensors"];
  const others = ["experiment.json", "history.csv", "results.json", "weights.safetensors"];
  assertEquals(Object.keys(files).sort(), [...expected, ...others]);
  const parts = readFolder(`${folder}/parts`);
  for (const name of Object.keys(files).filter((name) => name !== "results.json")) {
    assert(
      parts[name]!.length === files[name]!.length &&
        parts[name]!.every((b, i) => b === files[name]![i]),
      name,
    );
  }
  const history = new TextDecoder().decode(files["history.csv"]).trim().split("\n");
  assertEquals([history[0], history.length], ["epoch,trainMse,validationMse,selected", 3]);
});

Deno.test("A config file changes fields, --set changes them after it, and experiment.json has them", async () => {
  const config = `${folder}/config.json`;
  Deno.writeTextFileSync(config, '{ "seed": 5, "schedule": { "epochs": 3, "batches": 4 } }');
  const out = `${folder}/configured`;
  const args = [`--config=${config}`, "--set=schedule.epochs=9", "--set=architecture.pooling=max"];
  documentOf(await terse(folder, "simulate", `--out=${out}`, ...SMALL, ...args, "--json"));
  const { seed, schedule, architecture } = JSON.parse(
    Deno.readTextFileSync(`${out}/experiment.json`),
  );
  assertEquals([seed, schedule.epochs, schedule.batches], [5, 9, 4]);
  assertEquals(architecture.pooling, "max");

  Deno.writeTextFileSync(config, '{ "sched');
  const broken = await terse(folder, "simulate", `--out=${out}`, `--config=${config}`);
  assertRefused(broken, 1, config, "not JSON");
  Deno.writeTextFileSync(config, '{ "schedul": 1 }');
  const unknown = await terse(folder, "simulate", `--out=${out}`, `--config=${config}`);
  assertRefused(unknown, 2, config, "schedul");
  const missing = await terse(folder, "simulate", `--out=${out}`, "--config=/nowhere.json");
  assertRefused(missing, 1, "/nowhere.json", "no such file");
});

Deno.test("On a terminal a bar shows rate and time left; elsewhere a line every ten seconds", () => {
  let time = 0;
  let text = "";
  const write = (part: string) => text += part;
  const bars = createProgress("bar", write, () => time);
  const bar = bars.start("Simulating", 100, "catalogs");
  time = 1000;
  bar.update(25);
  assertStringIncludes(text, "Simulating  25/100 catalogs, 25/s, 3.0 s left");
  const drawn = text;
  time = 1050;
  bar.update(26);
  assertEquals(text, drawn); // within a tenth of a second nothing is drawn
  time = 4000;
  bar.end();
  assert(text.endsWith("\r\x1b[KSimulating: 100 catalogs in 4.0 s\n"));

  text = "";
  time = 0;
  const lines = createProgress("lines", write, () => time).start("Training", 10, "steps");
  time = 9000;
  lines.update(1);
  assertEquals(text, "");
  time = 10000;
  lines.update(2, "loss 0.1");
  assertEquals(text, "Training  2/10 steps, 5.0 s each, 40 s left  loss 0.1\n");

  text = "";
  const none = createProgress("none", write, () => time);
  none.start("Training", 10, "steps").update(5);
  none.say("a word");
  assertEquals(text, "");
});

Deno.test("Times are short and grow from seconds to hours", () => {
  assertEquals([0.04, 9.96, 75, 3600, 8100].map(formatSeconds), [
    "0.0 s",
    "10.0 s",
    "1 min 15 s",
    "1 h 00 min",
    "2 h 15 min",
  ]);
});

Deno.test("An unexpected error keeps its stack, so that it can be reported", () => {
  const { message, exitCode } = judgeError(new TypeError("x is not a function"));
  assertEquals(exitCode, 1);
  assertStringIncludes(message, "please report it");
  assertGreater(message.split("\n").length, 1);
  assertEquals(judgeError(new RangeError("Cannot draw catalog: sigma8 is 9")), {
    message: "Cannot draw catalog: sigma8 is 9",
    exitCode: 1,
  });
});

Deno.test("doctor lists every backend and what auto takes; auto says the same when it is used", async () => {
  const found = documentOf(await terse(folder, "doctor", "--json"));
  const { backends, choice, versions, advice } = found as {
    backends: { name: string; obstacle: string | null }[];
    choice: { name: string; reason: string };
    versions: Record<string, string>;
    advice: string[];
  };
  assertEquals(backends.map(({ name }) => name), Object.keys(BACKENDS));
  for (const { name, obstacle } of backends.filter(({ obstacle }) => obstacle !== null)) {
    assert(advice.some((line) => line.includes(name) && line.includes(obstacle!)), name);
  }
  assertEquals([versions.terse, versions.deno], [VERSION, Deno.version.deno]);
  const turbo = advice.find((line) => line.includes("deno task train:turbo"));
  assertEquals(turbo !== undefined, choice.name === "core" && Deno.build.arch === "x86_64");
  if (turbo) assertStringIncludes(turbo, "memory safety of all WASM");
  const { code, stdout, stderr } = await terse(folder, "doctor");
  // Without permission to read, tfjs's wasm backend cannot start; doctor reports that itself. And without
  // the folder of a desktop's session the graphics libraries would print lines of their own.
  const bare = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-env=XDG_RUNTIME_DIR", MAIN, "doctor"],
    env: { NO_COLOR: "1", XDG_RUNTIME_DIR: "" },
  }).output();
  assertStringIncludes(decode(bare).stdout, "needs permission to read tfjs's .wasm files");
  for (const text of [stderr, decode(bare).stderr]) assert(!/Aborted|NotCapable/.test(text), text);
  assert(!decode(bare).stderr.includes("XDG_RUNTIME_DIR"), decode(bare).stderr);
  assertEquals(code, 0);
  assertStringIncludes(stdout, `auto       ${choice.name}: ${choice.reason}`);

  const args = [`--out=${folder}/auto`, ...SMALL, "--epochs=1", "--fresh-test=5", "--json"];
  const used = await terse(folder, "reproduce", ...args);
  assertEquals(documentOf(used).backend, choice.name);
  assertStringIncludes(used.stderr, `Backend ${choice.name}: ${choice.reason}`);
});

Deno.test("Threads and tiles are the core's: they change no number, and other backends refuse them", async () => {
  const args = [...SMALL, "--epochs=1", "--fresh-test=5", "--json", "--quiet"];
  const on = (backend: string, option: string) =>
    terse(
      folder,
      "reproduce",
      ...args,
      `--out=${folder}/${backend}${option}`,
      `--backend=${backend}`,
      option,
    );
  const { seconds, ...one } = documentOf(await on("core", "--threads=1"));
  for (const option of ["--threads=2", "--tile=wide"]) {
    assertEquals({ ...documentOf(await on("core", option)), seconds }, { ...one, seconds }, option);
  }
  assertRefused(await on("wasm", "--threads=2"), 2, "--threads", "wasm");
  assertRefused(await on("wasm", "--tile=wide"), 2, "--tile", "wasm");
});
