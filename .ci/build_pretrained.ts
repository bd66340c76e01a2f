/**
 * Builds the networks that ship with the package: `deno task build:pretrained` trains each with the
 * compact preset, in a folder that it removes, measures its safety reference, and writes
 * src/pretrained/NAME.ts (weights and results) and NAME_reference.ts. With names as arguments, it builds
 * those; with NAME=DIR, it continues from what that run folder has.
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
import type { PretrainedName } from "../src/pretrained/pretrained.ts";
import { encodeReference } from "../src/pretrained/reference_file.ts";
import { runDeno } from "./run_deno.ts";

const ROOT = new URL("..", import.meta.url);
/** The first seed: networks of other seeds differ by less than their errors. */
const COMMON = "--preset=compact --seed=1 --fresh-test=3000";

/** A network that ships. */
interface Recipe {
  readonly title: string;
  readonly args: readonly string[];
}

const RECIPES: Readonly<Record<PretrainedName, Recipe>> = {
  compact: {
    title: "The standard experiment's network with the compact preset",
    args: ["--experiment=standard"],
  },
  // Without weak lensing, a network reads sigma8 off the shape of the mass distribution; profiles add
  // nothing to that.
  global: {
    title: "A network of luminosity, temperature and gas mass with the compact preset",
    args: ["--experiment=noWeakLensing", '--set=features.pixels=["logTemperature","logGasMass"]'],
  },
};
const BACKEND = "core";
/** What the package may grow by, for each. */
const MOST_BYTES = 300_000;
/** Characters of a line of base64. */
const LINE = 4000;

for (const argument of Deno.args.length > 0 ? Deno.args : Object.keys(RECIPES)) {
  const [name, folder] = argument.split("=");
  if (!Object.hasOwn(RECIPES, name!)) throw new RangeError(`Cannot build ${name}: no such network`);
  await build(name as PretrainedName, folder);
}

async function build(name: PretrainedName, given: string | undefined): Promise<void> {
  const { title, args } = RECIPES[name];
  const command = ["reproduce", ...args.slice(0, 1), ...COMMON.split(" "), ...args.slice(1)];
  const folder = given ?? await Deno.makeTempDir({ prefix: "terse_pretrained_" });
  const where = ["--allow-read", `--allow-write=${folder}`, "cli/main.ts"];
  await runDeno("run", ...where, ...command, `--backend=${BACKEND}`, `--out=${folder}`);
  const weights = await Deno.readFile(`${folder}/weights.safetensors`);
  const results: Results = JSON.parse(await Deno.readTextFile(`${folder}/results.json`));
  const provenance = describeProvenance(results, command);
  const network = describeNetwork({ name, title }, provenance, await packBytes(weights));
  const reference = describeReference(name, await packBytes(await measure(folder, weights)));
  if (given === undefined) await Deno.remove(folder, { recursive: true });
  const bytes = network.length + reference.length;
  if (bytes > MOST_BYTES) {
    throw new RangeError(`Cannot ship ${name}: it takes ${bytes} bytes, up to ${MOST_BYTES}`);
  }
  const files = ["", "_reference"].map((end) => `${ROOT.pathname}src/pretrained/${name}${end}.ts`);
  await Deno.writeTextFile(files[0]!, network);
  await Deno.writeTextFile(files[1]!, reference);
  await runDeno("fmt", "--quiet", ...files);
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

function describeProvenance(
  { test, fresh, backend }: Results,
  command: readonly string[],
): Provenance {
  const { bins: _test, ...onTest } = test;
  const { bins: _fresh, ...onFresh } = fresh;
  return {
    command: `terse ${command.join(" ")} --backend=${BACKEND}`,
    version: config.version,
    backend,
    test: onTest,
    fresh: onFresh,
  };
}

function describeNetwork(
  { name, title }: { readonly name: string; readonly title: string },
  provenance: Provenance,
  packed: string,
): string {
  return `/**
 * ${title}. Made by \`deno task build:pretrained\`.
 *
 * @module
 */
import type { ShippedNetwork } from "./packing.ts";

/** The network and where it comes from. */
export const ${name.toUpperCase()}: ShippedNetwork = {
  provenance: ${JSON.stringify(provenance)},
  weights: \`
${breakLines(packed)}
\`,
};
`;
}

function describeReference(name: string, packed: string): string {
  return `/**
 * The safety reference of the network in ${name}.ts. Made by \`deno task build:pretrained\`.
 *
 * @module
 */

/** \`safety.safetensors\` of its run folder, packed. */
export const ${name.toUpperCase()}_REFERENCE = \`
${breakLines(packed)}
\`;
`;
}

function breakLines(text: string): string {
  return text.match(new RegExp(`.{1,${LINE}}`, "g"))!.join("\n");
}
