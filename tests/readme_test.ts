/**
 * The command lines of the README as a shell runs them, with the permissions that are written there.
 * Where a line would take long, it has fewer catalogs or a smaller network here.
 */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { readFolder, SMALL } from "./cli_process.ts";
import { BACKEND, DESIGN, NETWORK } from "./cli_runs.ts";

const README = Deno.readTextFileSync(new URL("../README.md", import.meta.url));
const REPOSITORY = new URL("..", import.meta.url).pathname;
const PERMISSIONS = "--allow-read --allow-write=runs";

const folder = Deno.makeTempDirSync({ prefix: "terse_readme_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

// The README: "`terse` stands for".
Deno.writeTextFileSync(
  `${folder}/terse`,
  `#!/bin/sh\nexec '${Deno.execPath()}' run ${PERMISSIONS} '${REPOSITORY}cli/main.ts' "$@"\n`,
  { mode: 0o755 },
);

/** Runs lines in a shell, without a terminal that could be asked for a permission. */
async function type(lines: string, where: string): Promise<string> {
  Deno.mkdirSync(where, { recursive: true });
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-e", "-c", lines],
    cwd: where,
    env: { PATH: `${folder}:${Deno.env.get("PATH")}`, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${lines}\n${text(stdout)}${text(stderr)}`);
  return text(stdout);
}

/** The lines of the block of the README that begins with some text, without their comments. */
function blockOf(start: string): string[] {
  const block = README.split("```").find((text) => text.startsWith(`sh\n${start}`));
  assert(block, `the README has no block that begins with ${start}`);
  return block.split("\n").slice(1, -1).map((line) => line.replace(/\s+# .*/, ""));
}

const FRESH = "--fresh-test=2";

/** What makes each line of the tour a short one; cli_predict_test.ts is about predict. */
const SHORTER: Readonly<Record<string, (line: string) => string>> = {
  "terse reproduce": (line) => [line, ...DESIGN, ...NETWORK, BACKEND, FRESH].join(" "),
  "terse interpret": (line) => `${line} ${BACKEND}`,
  "terse table4 --limit-catalogs 400": (line) => `${line.replace("400", "2")} ${BACKEND} ${FRESH}`,
  "terse report": (line) => `${line} ${BACKEND}`,
  "terse reproduce --preset paper --epochs 1 --out runs/paper": (line) =>
    [line, ...SMALL, BACKEND, FRESH].join(" "),
};

Deno.test("The lines of the README's tour run one after the other with the permissions there", async () => {
  assertStringIncludes(README, `\`terse\` stands for \`deno run ${PERMISSIONS} cli/main.ts\``);
  const tour = blockOf("terse reproduce").filter((line) => !line.startsWith("terse predict"));
  assertEquals(tour, Object.keys(SHORTER));
  for (const line of tour) assertNotEquals(await type(SHORTER[line]!(line), `${folder}/tour`), "");
});

Deno.test("The README's config of the paper's network with Adam runs, on fewer catalogs", async () => {
  const config = README.split("```").find((text) => text.startsWith("json\n"))!.slice(5);
  assertEquals(JSON.parse(config).schedule.optimizer, { kind: "adam" });
  const where = `${folder}/adam`;
  Deno.mkdirSync(where);
  Deno.writeTextFileSync(`${where}/adam.json`, config);
  const [line] = blockOf("terse reproduce --preset paper --config");
  await type([line, ...SMALL, "--epochs=1", BACKEND, FRESH].join(" "), where);
  const { schedule, architecture } = JSON.parse(
    Deno.readTextFileSync(`${where}/runs/adam/experiment.json`),
  );
  assertEquals([schedule.batches, architecture.encoder[0]], [8, 2048]);
});

Deno.test("The two lines for Deno in the README run with the permissions there", async () => {
  const [reproduce, demo] = blockOf("deno run");
  const out = `${folder}/out`;
  const short = [reproduce!.replaceAll("OUT", out), ...SMALL, ...NETWORK, BACKEND, FRESH].join(" ");
  await type(short, REPOSITORY);
  assert("weights.safetensors" in readFolder(out));
  assertStringIncludes(await type(demo!, REPOSITORY), "sigma8");
});

const hasParallel = new Deno.Command("sh", { args: ["-c", "command -v parallel"], stdout: "null" })
  .outputSync().success;

Deno.test({
  name: "The README's line for GNU parallel gives the files of one run, byte for byte",
  ignore: !hasParallel && !(Deno.env.get("TERSE_REQUIRE") ?? "").includes("parallel"),
  fn: async () => {
    const where = `${folder}/parallel`;
    await type(blockOf("parallel").join("\n"), where);
    await type("terse simulate --out=runs/whole", where);
    const files = readFolder(`${where}/runs`);
    for (const name of ["experiment.json", "base_sample.fits", "catalogs.fits"]) {
      assertEquals(files[`standard/${name}`], files[`whole/${name}`], name);
    }
    assert("standard/shards/8_of_8/catalogs_shard.fits" in files);
  },
});
