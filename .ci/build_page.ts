/**
 * Builds the programs of the page: `deno task build:page` bundles src/page/browser/main.ts and worker.ts,
 * with all they import, into src/page/browser_code.ts, so that the package makes pages without a bundler.
 * With a path as argument it writes there, for the test that compares.
 */
const ROOT = new URL("..", import.meta.url);
const TARGET = Deno.args[0] ?? new URL("src/page/browser_code.ts", ROOT).pathname;
/** Characters of a line of base64. */
const LINE = 4000;

const program = await pack(await bundle("main.ts"));
const worker = await pack(await bundle("worker.ts"));
await Deno.writeTextFile(
  TARGET,
  `/**
 * The programs of the page, bundled. Made by \`deno task build:page\`.
 *
 * @module
 */

/** The program of the page: base64 of gzip, with line breaks. */
export const PROGRAM: string = \`
${breakLines(program)}
\`;

/** That of its worker, alike. */
export const WORKER: string = \`
${breakLines(worker)}
\`;
`,
);

function breakLines(text: string): string {
  return text.match(new RegExp(`.{1,${LINE}}`, "g"))!.join("\n");
}

async function bundle(name: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "terse_page_" });
  const out = `${folder}/${name}.js`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ..."bundle --quiet --platform=browser --format=iife --minify".split(" "),
      `--config=${ROOT.pathname}deno.json`,
      `--output=${out}`,
      `src/page/browser/${name}`,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    await Deno.stderr.write(stderr);
    Deno.exit(1);
  }
  const text = await Deno.readTextFile(out);
  await Deno.remove(folder, { recursive: true });
  // An inline script ends at such a tag, wherever it stands.
  if (/<\/script|<!--/i.test(text)) {
    throw new SyntaxError(`Cannot build ${name}: it has "</script"`);
  }
  return text.trim();
}

async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
