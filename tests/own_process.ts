/** Programs of a test that need a process of their own. */
import { assertEquals } from "@std/assert";

/** Runs TypeScript in a process of its own, with the repository's imports; the JSON that its last line is. */
export async function runForJson(source: string): Promise<unknown> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, source);
  const config = new URL("../deno.json", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `--config=${config}`, file],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(file);
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
}
