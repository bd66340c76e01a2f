/**
 * Builds the network that ships with the package: `deno task build:pretrained` trains the standard
 * experiment with the compact preset, in a folder that it removes, measures the network's safety
 * reference, and writes src/pretrained/compact.ts (weights and results) and compact_reference.ts.
 * With a run folder as argument, it continues from what that folder has.
 */
import config from "../deno.json" with { type: "json" };
import { validateExperiment } from "../src/experiments/validation.ts";
import { decodeFits } from "../src/formats/fits_reader.ts";
import { decodeSafetensors } from "../src/formats/safetensors.ts";
import { openModel, trainingRunFromArrays } from "../src/network/trained_model.ts";
import { baseSampleFromTables } from "../src/runs/cluster_tables.ts";
import type { Results } from "../src/runs/evaluation.ts";
import { measureReference } from "../src/runs/safety.ts";
import { crc32 } from "../src/formats/crc32.ts";
import { openEngine } from "../src/network/backends.ts";
import { packBytes } from "../src/pretrained/packing.ts";
import type { Provenance } from "../src/pretrained/packing.ts";
import { encodeReference } from "../src/pretrained/reference_file.ts";

const ROOT = new URL("..", import.meta.url);
const NETWORK = new URL("src/pretrained/compact.ts", ROOT);
const REFERENCE = new URL("src/pretrained/compact_reference.ts", ROOT);
/** The first seed: networks of other seeds differ by less than their errors. */
const COMMAND = "reproduce --experiment=standard --preset=compact --seed=1 --fresh-test=3000";
const BACKEND = "core";
/** What the package may grow by. */
const MOST_BYTES = 300_000;
/** Characters of a line of base64. */
const LINE = 4000;

const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "terse_pretrained_" });
await train(folder);
const weights = await Deno.readFile(`${folder}/weights.safetensors`);
const results: Results = JSON.parse(await Deno.readTextFile(`${folder}/results.json`));
const network = describeNetwork(results, await packBytes(weights));
const reference = describeReference(await packBytes(await measure(folder, weights)));
if (Deno.args[0] === undefined) await Deno.remove(folder, { recursive: true });
const bytes = network.length + reference.length;
if (bytes > MOST_BYTES) {
  throw new RangeError(`Cannot ship the network: it takes ${bytes} bytes, up to ${MOST_BYTES}`);
}
await Deno.writeTextFile(NETWORK, network);
await Deno.writeTextFile(REFERENCE, reference);
await run("fmt", "--quiet", NETWORK.pathname, REFERENCE.pathname);

async function train(folder: string): Promise<void> {
  const args = [...COMMAND.split(" "), `--backend=${BACKEND}`, `--out=${folder}`];
  await run("run", "--allow-read", `--allow-write=${folder}`, "cli/main.ts", ...args);
}

async function run(...args: string[]): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" });
  const { code } = await command.spawn().status;
  if (code !== 0) Deno.exit(code);
}

async function measure(folder: string, weights: Uint8Array): Promise<Uint8Array> {
  const run = trainingRunFromArrays(decodeSafetensors(weights), validateExperiment);
  const base = baseSampleFromTables(
    decodeFits(await Deno.readFile(`${folder}/base_sample.fits`)).tables,
  );
  const engine = await openEngine(BACKEND);
  const model = await openModel(engine, run);
  const reference = await measureReference(model, run.experiment, base);
  engine.close();
  return encodeReference({ weights: crc32(weights), reference });
}

function describeNetwork({ test, fresh, backend }: Results, packed: string): string {
  const { bins: _test, ...onTest } = test;
  const { bins: _fresh, ...onFresh } = fresh;
  const provenance: Provenance = {
    command: `terse ${COMMAND} --backend=${BACKEND}`,
    version: config.version,
    backend,
    test: onTest,
    fresh: onFresh,
  };
  return `/**
 * The standard experiment's network with the compact preset. Made by \`deno task build:pretrained\`.
 *
 * @module
 */
import type { ShippedNetwork } from "./packing.ts";

/** The network and where it comes from. */
export const COMPACT: ShippedNetwork = {
  provenance: ${JSON.stringify(provenance)},
  weights: \`
${breakLines(packed)}
\`,
};
`;
}

function describeReference(packed: string): string {
  return `/**
 * The safety reference of the network in compact.ts. Made by \`deno task build:pretrained\`.
 *
 * @module
 */

/** \`safety.safetensors\` of its run folder, packed. */
export const COMPACT_REFERENCE = \`
${breakLines(packed)}
\`;
`;
}

function breakLines(text: string): string {
  return text.match(new RegExp(`.{1,${LINE}}`, "g"))!.join("\n");
}
