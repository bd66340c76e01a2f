/**
 * The command lines of the README and its pages as a shell runs them, with the permissions that are
 * written there.
 * Where a line would take long, it has fewer catalogs or a smaller network here.
 */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { loadCommands } from "../cli/commands.ts";
import { readFolder, SMALL } from "./cli_process.ts";
import { DESIGN, FEW_CLUSTERS, NETWORK, ONE_THREAD } from "./cli_runs.ts";
import { testWith } from "./tools.ts";

const COMMANDS = await loadCommands();

const readPage = (path: string): string =>
  Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));
const README = readPage("README.md");
const COMMAND_LINE = readPage("cli/README.md");
const NETWORKS = readPage("src/network/README.md");
const REPOSITORY = new URL("..", import.meta.url).pathname;
const PERMISSIONS = "--allow-read --allow-write=runs";

const folder = Deno.makeTempDirSync({ prefix: "terse_readme_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

// cli/README.md: "`terse` below stands for".
Deno.writeTextFileSync(
  `${folder}/terse`,
  `#!/bin/sh\nexec '${Deno.execPath()}' run ${PERMISSIONS} '${REPOSITORY}cli/main.ts' "$@"\n`,
  { mode: 0o755 },
);

// Where npx started the tests, no `deno` is in the path.
Deno.symlinkSync(Deno.execPath(), `${folder}/deno`);

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

/** The lines of the block of a page that begins with some text, without their comments. */
function blockOf(page: string, start: string): string[] {
  const block = page.split("```").find((text) => text.startsWith(`sh\n${start}`));
  assert(block, `there is no block that begins with ${start}`);
  return block.split("\n").slice(1, -1).map((line) => line.replace(/\s+# .*/, ""));
}

const FRESH = "--fresh-test=2";
const ALONE = ONE_THREAD.join(" ");

/** Widths of a few hundred weights for the paper's network. */
const CONVOLUTIONS = ["encoder=[8,4]", "convolution=[4,4]", "dense=[4]"]
  .map((layers) => `--set=architecture.${layers}`);

/** What makes each line of the tour a short one; cli_predict_test.ts is about predict. */
const SHORTER: Readonly<Record<string, (line: string) => string>> = {
  "terse reproduce": (line) => [line, ...DESIGN, FEW_CLUSTERS, ...NETWORK, ALONE, FRESH].join(" "),
  "terse exact": (line) => `${line} --catalogs 2`,
  "terse interpret": (line) => `${line} ${ALONE}`,
  "terse table4 --limit-catalogs 400": (line) => `${line.replace("400", "2")} ${ALONE} ${FRESH}`,
  "terse report": (line) => `${line} ${ALONE} ${FRESH}`,
  "terse reproduce --preset paper --epochs 1 --out runs/paper": (line) =>
    [line, ...SMALL, FEW_CLUSTERS, ...CONVOLUTIONS, ALONE, FRESH].join(" "),
};

Deno.test("The lines of the tour run one after the other with the permissions there", async () => {
  assertStringIncludes(
    COMMAND_LINE,
    `\`terse\` below stands for \`deno run ${PERMISSIONS} cli/main.ts\``,
  );
  const tour = blockOf(COMMAND_LINE, "terse reproduce");
  assertEquals(tour, Object.keys(SHORTER));
  for (const line of tour) assertNotEquals(await type(SHORTER[line]!(line), `${folder}/tour`), "");
});

Deno.test("The config of the paper's network with Adam runs, on fewer catalogs", async () => {
  const config = NETWORKS.split("```").find((text) => text.startsWith("json\n"))!.slice(5);
  assertEquals(JSON.parse(config).schedule.optimizer, { kind: "adam" });
  const where = `${folder}/adam`;
  Deno.mkdirSync(where);
  Deno.writeTextFileSync(`${where}/adam.json`, config);
  const [line] = blockOf(NETWORKS, "terse reproduce --preset paper --config");
  const experimentOf = (run: string) =>
    JSON.parse(Deno.readTextFileSync(`${where}/runs/${run}/experiment.json`));
  const short = [line, ...SMALL, FEW_CLUSTERS, ...CONVOLUTIONS, "--epochs=1", ALONE, FRESH].join(
    " ",
  );
  await type(short, where);
  assertEquals(experimentOf("adam").schedule.batches, 8);
  // Its own widths are in the record without being trained.
  const drawn = line!.replace("reproduce", "simulate").replace("runs/adam", "runs/wide");
  assertNotEquals(drawn, line);
  await type([drawn, ...SMALL, FEW_CLUSTERS].join(" "), where);
  assertEquals(experimentOf("wide").architecture.encoder[0], 2048);
});

Deno.test("The README's two commands run with the permissions there", async () => {
  const [demo] = blockOf(README, "deno run cli");
  const [reproduce] = blockOf(README, "deno run --allow-read --allow-write=OUT");
  const out = `${folder}/out`;
  const short = [reproduce!.replaceAll("OUT", out), ...SMALL, ...NETWORK, ALONE, FRESH].join(" ");
  await type(short, REPOSITORY);
  assert("weights.safetensors" in readFolder(out));
  const printed = README.split("```").find((text) => text.startsWith("text\n"))!.slice(5);
  assertEquals(await type(demo!, REPOSITORY), printed);
});

Deno.test("The table of commands names every command", () => {
  for (const name of Object.keys(COMMANDS)) {
    assertStringIncludes(COMMAND_LINE, `| \`${name}\` `);
  }
});

Deno.test("The README is short, and its links lead to pages that are there", () => {
  const lines = README.trimEnd().split("\n").length;
  assert(lines <= 130, `the README has ${lines} lines`);
  for (const [page, text] of [["README.md", README], ["cli/README.md", COMMAND_LINE]] as const) {
    const links = Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, link]) => link!);
    assert(links.length > 1, page);
    for (const link of links) {
      assert(Deno.statSync(new URL(link, new URL(`../${page}`, import.meta.url))).isFile, link);
    }
  }
});

await testWith(
  ["parallel"],
  "The line for GNU parallel gives the files of one run, byte for byte",
  async () => {
    const where = `${folder}/parallel`;
    const fewer = (lines: string) =>
      lines.replaceAll("terse simulate", `terse simulate ${SMALL.join(" ")}`)
        .replace("/8", "/3").replace("seq 8", "seq 3");
    await type(fewer(blockOf(COMMAND_LINE, "parallel").join("\n")), where);
    await type(fewer("terse simulate --out=runs/whole"), where);
    const files = readFolder(`${where}/runs`);
    for (const name of ["experiment.json", "base_sample.fits", "catalogs.fits"]) {
      assertEquals(files[`standard/${name}`], files[`whole/${name}`], name);
    }
    assert("standard/shards/3_of_3/catalogs_shard.fits" in files);
  },
);
