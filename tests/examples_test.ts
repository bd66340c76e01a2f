/**
 * Every example of a doc comment or a page runs. Deno's `--doc` would load the package anew for each;
 * here they are modules that share it. `deno task check` checks their types.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
/** Where the examples stand. */
const PLACES = ["mod.ts", "README.md", "src/"];

const folder = Deno.makeTempDirSync({ prefix: "terse_examples_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

interface Example {
  /** The file, and the line of it that the example begins after. */
  readonly name: string;
  readonly code: string;
}

function listFiles(path: string): string[] {
  if (!path.endsWith("/")) return /\.(ts|md)$/.test(path) ? [path] : [];
  return [...Deno.readDirSync(new URL(path, ROOT))].flatMap(({ name, isDirectory }) =>
    listFiles(`${path}${name}${isDirectory ? "/" : ""}`)
  ).sort();
}

/** The blocks of TypeScript in a text that are not marked to be ignored. */
function examplesOf(path: string): Example[] {
  const text = Deno.readTextFileSync(new URL(path, ROOT));
  const [fence, margin] = path.endsWith(".md") ? [/^```/, /^/] : [/^ *\* ```/, /^ *\* ?/];
  const lines = text.split("\n");
  const fences = [...lines.keys()].filter((i) => fence.test(lines[i]!));
  return fences.flatMap((start, f) => {
    if (f % 2 > 0 || !/```ts *$/.test(lines[start]!)) return [];
    const code = lines.slice(start + 1, fences[f + 1]).map((line) => line.replace(margin, ""));
    // Files next to that of the example are imported from where they are.
    const placed = code.join("\n").replaceAll(
      /\bfrom "(\.\.?\/[^"]+)"/g,
      (_, file) => `from "${new URL(file, new URL(path, ROOT))}"`,
    );
    return [{ name: `${path}:${start + 1}`, code: placed }];
  });
}

const EXAMPLES = PLACES.flatMap(listFiles).flatMap(examplesOf);

Deno.test("There are examples in doc comments and on pages", () => {
  assertGreater(EXAMPLES.filter(({ name }) => name.includes(".ts:")).length, 80);
  assert(EXAMPLES.some(({ name }) => name.startsWith("README.md:")));
});

Deno.test("Every entry point of the library has an example", () => {
  const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const { "./cli": _, ...rooms } = exports as Record<string, string>;
  const without = Object.values(rooms).filter((path) =>
    !EXAMPLES.some(({ name }) => name.startsWith(`${path.replace("./", "")}:`))
  );
  assertEquals(without, []);
});

for (const [i, { name, code }] of EXAMPLES.entries()) {
  Deno.test(`The example at ${name} runs`, async () => {
    const path = `${folder}/example_${i}.ts`;
    Deno.writeTextFileSync(path, code);
    await import(`file://${path}`);
  });
}
