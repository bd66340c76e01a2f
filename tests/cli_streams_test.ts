/**
 * What the program does where nobody listens any more, or the disk under its output is full: it ends
 * with 0 only if the work is done.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decode, documentOf, SMALL, terse } from "./cli_process.ts";

const folder = Deno.makeTempDirSync({ prefix: "terse_streams_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const MAIN = new URL("../cli/main.ts", import.meta.url).pathname;
const hasFull = (() => {
  try {
    return Deno.statSync("/dev/full").isCharDevice === true;
  } catch {
    return false;
  }
})();

/** Runs the program through a shell, which puts its streams where `redirections` says. */
async function shell(redirections: string, ...args: string[]) {
  const words = [Deno.execPath(), "run", "--no-prompt", "--allow-read"];
  const quoted = [...words, `--allow-write=${folder}`, MAIN, ...args].map((word) => `'${word}'`);
  const command = new Deno.Command("bash", {
    args: ["-c", `${quoted.join(" ")} ${redirections}`],
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  return decode(await command.output());
}

Deno.test({
  name: "A full disk under stdout is one line and exit 1",
  ignore: !hasFull,
  fn: async () => {
    const { code, stderr } = await shell(">/dev/full", "mass-function");
    assertEquals(code, 1);
    assert(/^terse: Cannot write the result: [^\n]*\n$/.test(stderr), stderr);
  },
});

Deno.test({
  name: "A full disk under stderr silences progress, and the work is done",
  ignore: !hasFull,
  fn: async () => {
    const { code, stdout } = await shell(
      "2>/dev/full",
      "simulate",
      `--out=${folder}/full`,
      ...SMALL,
      "--json",
    );
    assertEquals(code, 0);
    JSON.parse(stdout);
    assert(Deno.statSync(`${folder}/full/catalogs.fits`).size > 0);
  },
});

Deno.test("A reader of stderr that is gone silences progress, and the work is done", async () => {
  const args = ["simulate", `--out=${folder}/gone`, ...SMALL, "--json"];
  const { code, stdout } = await shell("2> >(exec true)", ...args);
  assertEquals(code, 0);
  assertEquals(typeof JSON.parse(stdout), "object");
  const alone = documentOf(
    await terse(folder, "simulate", `--out=${folder}/alone`, ...SMALL, "--quiet", "--json"),
  );
  assertEquals(alone.catalogs, JSON.parse(stdout).catalogs);
  assertEquals(
    Deno.readFileSync(`${folder}/gone/catalogs.fits`),
    Deno.readFileSync(`${folder}/alone/catalogs.fits`),
  );
});

Deno.test("A wrong call does not end with 0 where its error has no reader", async () => {
  const { code } = await shell("2> >(exec true)", "mass-function", "--sigma8=x");
  assertEquals(code, 2);
  const { stderr } = await shell("| true; echo ${PIPESTATUS[0]} >&2", "mass-function");
  assertStringIncludes(stderr, "0\n");
});
