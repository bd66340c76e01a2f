/** What helps at the keyboard: the schema of config files and the completion of shells. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadCommands } from "../cli/commands.ts";
import { COMMON_OPTIONS } from "../cli/program/options.ts";
import { VERSION } from "../cli/program/version.ts";
import type { JsonSchema } from "../mod.ts";
import { configSchema, experiment, mergeExperiment, PRESETS } from "../mod.ts";
import { assertRefused, documentOf, makeTestFolder, SMALL, terse } from "./cli_process.ts";
import { testWith } from "./tools.ts";

const COMMANDS = await loadCommands();

const folder = makeTestFolder("editors");

/** Whether a value is as a schema says, for the keywords that ours has; any other is a fault. */
function accepts(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, limit]) => {
    const check = KEYWORDS[keyword];
    assert(check, `the schema has an unknown keyword ${keyword}`);
    return check(limit as never, value, schema);
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const TYPES: Record<string, (value: unknown) => boolean> = {
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: isRecord,
};
const KEYWORDS: Record<string, (limit: never, value: unknown, schema: JsonSchema) => boolean> = {
  $schema: () => true,
  title: () => true,
  type: (name: string, value) => TYPES[name]!(value),
  minimum: (least: number, value) => !(value as number < least),
  exclusiveMinimum: (least: number, value) => !(value as number <= least),
  maximum: (most: number, value) => !(value as number > most),
  exclusiveMaximum: (most: number, value) => !(value as number >= most),
  enum: (names: unknown[], value) => names.includes(value),
  items: (schema: JsonSchema, value) =>
    !Array.isArray(value) || value.every((item) => accepts(schema, item)),
  maxItems: (most: number, value) => !Array.isArray(value) || value.length <= most,
  minItems: (least: number, value) => !Array.isArray(value) || value.length >= least,
  anyOf: (schemas: JsonSchema[], value) => schemas.some((schema) => accepts(schema, value)),
  properties: (schemas: Record<string, JsonSchema>, value) =>
    !isRecord(value) ||
    Object.entries(value).every(([name, inner]) =>
      !Object.hasOwn(schemas, name) || accepts(schemas[name]!, inner)
    ),
  required: (names: string[], value) =>
    !isRecord(value) || names.every((name) => Object.hasOwn(value, name)),
  additionalProperties: (_: false, value, { properties }) =>
    !isRecord(value) ||
    Object.keys(value).every((name) => Object.hasOwn(properties as object, name)),
};

Deno.test("The schema accepts every preset, whole or in part, and a $schema", () => {
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    const whole = experiment("overspecialized", preset);
    assert(accepts(configSchema(), whole));
    assert(accepts(configSchema(), { schedule: { epochs: whole.schedule.epochs } }));
  }
  assert(accepts(configSchema(), { $schema: "./terse.schema.json", seed: 5 }));
  assert(accepts(configSchema(), {}));
});

Deno.test("The schema refuses what the program refuses, and accepts what it accepts", () => {
  const base = experiment("standard", "compact");
  const changes: readonly unknown[] = [
    { seed: -1 },
    { seed: 1.5 },
    { seed: "1" },
    { seed: 3 },
    { sed: 3 },
    [],
    null,
    "text",
    { schedule: { epochs: 0 } },
    { schedule: { epochs: 2, batches: "equal height" } },
    { schedule: { batches: "any" } },
    { schedule: { optimizer: { kind: "adam" } } },
    { schedule: { optimizer: { kind: "adamw" } } },
    { schedule: { optimizer: { kind: "sgd", weightDecay: 1 } } },
    { schedule: { learningRate: 0 } },
    { schedule: { gradientClip: null } },
    { schedule: { tie: { column: "one", weight: 1 } } },
    { architecture: { encoder: [] } },
    { architecture: { encoder: [4, 4] } },
    { architecture: { dropout: { encoder: 1 } } },
    { architecture: { pooling: "min" } },
    { features: { pixels: ["logYx", "one"] } },
    { features: { pixels: ["logMass"] } },
    { features: { supplementary: [] } },
    { catalog: { survey: { volumeFraction: 0 } } },
    { catalog: { exponents: { luminosity: 1, temperature: 0, gasMass: 0 } } },
  ];
  let accepted = 0;
  for (const change of changes) {
    let isMerged = true;
    try {
      mergeExperiment(base, change);
    } catch {
      isMerged = false;
    }
    assertEquals(accepts(configSchema(), change), isMerged, JSON.stringify(change));
    accepted += Number(isMerged);
  }
  assertEquals([accepted, changes.length], [8, 26]);
});

Deno.test("schema prints the schema, and a config file may name it", async () => {
  const { code, stdout } = await terse(folder, "schema");
  assertEquals(code, 0);
  assertEquals(JSON.parse(stdout), configSchema());
  const config = `${folder}/config.json`;
  Deno.writeTextFileSync(config, '{ "$schema": "./terse.schema.json", "seed": 9 }');
  const args = ["simulate", `--out=${folder}/named`, `--config=${config}`, ...SMALL, "--json"];
  assertEquals(documentOf(await terse(folder, ...args)).seed, 9);
});

for (const shell of ["bash", "zsh", "fish"] as const) {
  await testWith([shell], `${shell} finds no fault in its script`, async () => {
    const path = `${folder}/script.${shell}`;
    Deno.writeTextFileSync(path, await scriptFor(shell));
    const { success, stderr } = new Deno.Command(shell, { args: ["-n", path] }).outputSync();
    assert(success, new TextDecoder().decode(stderr));
  });
}

/** The script for a shell. */
async function scriptFor(shell: string): Promise<string> {
  const { code, stdout, stderr } = await terse(folder, "completion", shell);
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

Deno.test("Every shell's script has every command and every option", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = await scriptFor(shell);
    for (const [name, { options }] of Object.entries(COMMANDS)) {
      assertStringIncludes(script, name);
      for (const option of Object.keys({ ...options, ...COMMON_OPTIONS })) {
        assertStringIncludes(script, shell === "fish" ? `-l ${option} ` : `--${option}`);
      }
    }
  }
  assertRefused(await terse(folder, "completion", "tcsh"), 2, '"tcsh"', "bash, zsh, fish");
  assertRefused(await terse(folder, "completion"), 2, "bash, zsh, fish");
});

Deno.test("Bash completes commands, options and the values of options by the script", async () => {
  Deno.writeTextFileSync(`${folder}/terse.bash`, await scriptFor("bash"));
  const complete = (...words: string[]) => {
    const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _terse
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ["--norc", "-c", program, "bash", `${folder}/terse.bash`, ...words];
    const { stdout } = new Deno.Command("bash", { args, cwd: folder }).outputSync();
    return new TextDecoder().decode(stdout).trim().split("\n");
  };
  assertEquals(complete("terse", "sim"), ["simulate"]);
  assertEquals(complete("terse", "help", "trai"), ["train", "train-survey"]);
  assertEquals(complete("terse", "simulate", "--preset", "comp"), ["compact"]);
  assertEquals(complete("terse", "simulate", "--preset", "=", "comp"), ["compact"]);
  assertEquals(complete("terse", "simulate", "--preset", "="), Object.keys(PRESETS));
  assertEquals(complete("terse", "limit", "--weak"), ["--weak-lensing"]);
  assertEquals(complete("terse", "simulate", "--config", "terse.b"), ["terse.bash"]);
  assertEquals(complete("terse", "train", "--seed", ""), [""]);
});

await testWith(
  ["fish"],
  "Fish completes commands, options and the values of options by the script",
  async () => {
    Deno.writeTextFileSync(`${folder}/terse.fish`, await scriptFor("fish"));
    const complete = (line: string) => {
      const args = ["--no-config", "-c", "source $argv[1]; complete -C $argv[2]"];
      const options = { args: [...args, `${folder}/terse.fish`, line], env: { HOME: folder } };
      const { stdout } = new Deno.Command("fish", options).outputSync();
      const lines = new TextDecoder().decode(stdout).trim().split("\n");
      return lines.map((line) => line.split("\t")[0]!);
    };
    assertEquals(complete("terse sim"), ["simulate"]);
    assertEquals(complete("terse help trai"), ["train", "train-survey"]);
    assertEquals(complete("terse simulate --preset "), Object.keys(PRESETS).sort());
    assertEquals(complete("terse limit --weak"), ["--weak-lensing"]);
    assertEquals(complete("terse completion "), ["bash", "fish", "zsh"]);
  },
);

Deno.test("CITATION.cff and CHANGELOG.md are of the version in deno.json", () => {
  const read = (file: string) => Deno.readTextFileSync(new URL(`../${file}`, import.meta.url));
  assertStringIncludes(read("CITATION.cff"), `\nversion: ${VERSION}\n`);
  assertStringIncludes(read("CHANGELOG.md"), `\n## ${VERSION}\n`);
});
