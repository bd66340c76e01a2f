/**
 * Builds the network that ships with the package: `deno task build:pretrained` trains the standard
 * experiment with the compact preset, in a folder that it removes, and writes weights and results as
 * src/pretrained/compact.ts. With a run folder as argument it goes on from what that folder has.
 */
import type { Results } from "../cli/evaluation.ts";
import { FILES } from "../cli/run_folder.ts";
import { VERSION } from "../cli/version.ts";
import type { Provenance } from "../src/pretrained/pretrained.ts";

const ROOT = new URL("..", import.meta.url);
const TARGET = new URL("src/pretrained/compact.ts", ROOT);
/** Seed 3: of 1 to 3 the one whose terse value follows mass most closely, at no cost in sigma8. */
const COMMAND = "reproduce --experiment=standard --preset=compact --seed=3 --fresh-test=3000";
const BACKEND = "core";
/** What the package may grow by. */
const MOST_BYTES = 300_000;
const LINE = 96;

const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "terse_pretrained_" });
await train(folder);
const text = describe(
  JSON.parse(await Deno.readTextFile(`${folder}/${FILES.results}`)),
  await compress(await Deno.readFile(`${folder}/${FILES.weights}`)),
);
if (Deno.args[0] === undefined) await Deno.remove(folder, { recursive: true });
if (text.length > MOST_BYTES) {
  throw new RangeError(`Cannot ship the network: it takes ${text.length} bytes, ${MOST_BYTES}`);
}
await Deno.writeTextFile(TARGET, text);
await run("fmt", "--quiet", TARGET.pathname);

async function train(folder: string): Promise<void> {
  const args = [...COMMAND.split(" "), `--backend=${BACKEND}`, `--out=${folder}`];
  await run("run", "--allow-read", `--allow-write=${folder}`, "cli/main.ts", ...args);
}

async function run(...args: string[]): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" });
  const { code } = await command.spawn().status;
  if (code !== 0) Deno.exit(code);
}

async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function describe({ test, fresh, backend }: Results, weights: Uint8Array): string {
  const { bins: _test, ...onTest } = test;
  const { bins: _fresh, ...onFresh } = fresh;
  const provenance: Provenance = {
    command: `terse ${COMMAND} --backend=${BACKEND}`,
    version: VERSION,
    backend,
    test: onTest,
    fresh: onFresh,
  };
  const base64 = btoa(Array.from(weights, (byte) => String.fromCharCode(byte)).join(""));
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, "g"))!;
  return `/**
 * The standard experiment's network with the compact preset. Made by \`deno task build:pretrained\`.
 *
 * @module
 */
import type { ShippedNetwork } from "./pretrained.ts";

/** The network and where it comes from. */
export const COMPACT: ShippedNetwork = {
  provenance: ${JSON.stringify(provenance)},
  weights: \`
${lines.join("\n")}
\`,
};
`;
}
