/**
 * Networks that ship with the package, so that sigma8 can be predicted without training. Each has
 * its bytes in a module of its own, which is loaded only when the network is asked for.
 *
 * @module
 */
import type { Sigma8Errors } from "../evaluation/errors.ts";
import type { Experiment } from "../experiments.ts";
import { validateExperiment } from "../experiments/validation.ts";
import { decodeSafetensors } from "../formats/safetensors.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { trainingRunFromArrays } from "../network/trained_model.ts";

/** Where a network comes from, and how good it is. */
export interface Provenance {
  /** The command that trains it; the same command, version and backend give the same bits. */
  readonly command: string;
  /** The version of the package that trained it. */
  readonly version: string;
  /** The backend it was trained on. */
  readonly backend: string;
  /** Its errors on the test catalogs of its design. */
  readonly test: Omit<Sigma8Errors, "bins">;
  /** Its errors on fresh catalogs of the same priors. */
  readonly fresh: Omit<Sigma8Errors, "bins">;
}

/** What a module with a network's bytes exports. */
export interface ShippedNetwork {
  /** Where it comes from. */
  readonly provenance: Provenance;
  /** `weights.safetensors` of its run folder, compressed by gzip, in base64. */
  readonly weights: string;
}

/** A network that ships with the package. */
export interface Pretrained {
  /** All that is needed to predict. */
  readonly run: TrainingRun<Experiment>;
  /** Where it comes from. */
  readonly provenance: Provenance;
}

/** The names of the networks that ship with the package. */
export type PretrainedName = "compact";

const NETWORKS: Readonly<Record<PretrainedName, () => Promise<ShippedNetwork>>> = {
  compact: async () => (await import("./compact.ts")).COMPACT,
};

/**
 * Loads a network that ships with the package: "compact" is the standard experiment's, trained with
 * the compact preset.
 *
 * @example sigma8 of a mock catalog, without training
 * ```ts
 * import {
 *   buildFeatures,
 *   createModel,
 *   createRandom,
 *   drawBaseSample,
 *   drawCatalog,
 *   drawParameters,
 *   inputWidths,
 *   loadPretrained,
 *   openEngine,
 *   prepareCatalogs,
 * } from "@clusters/terse";
 * import { assertLess } from "@std/assert";
 *
 * const { run: { experiment, weights, normalization }, provenance } = await loadPretrained("compact");
 * const { catalog: plan, features, architecture } = experiment;
 * const random = createRandom(2);
 * const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), plan);
 * const [parameters] = drawParameters(plan.priors, 1, random);
 * const catalog = drawCatalog(maker, parameters!, random.fork("catalog", 0));
 *
 * const engine = await openEngine("core");
 * const network = await engine.create(architecture, inputWidths(features), weights);
 * const model = createModel(network, normalization, architecture);
 * const [sigma8] = await model.predict([buildFeatures(catalog, features, random)]);
 * engine.close();
 * assertLess(Math.abs(sigma8! - parameters!.sigma8), 5 * provenance.fresh.scatter);
 * ```
 *
 * @throws {SyntaxError} If the bytes are damaged
 */
export async function loadPretrained(name: PretrainedName = "compact"): Promise<Pretrained> {
  const { provenance, weights } = await NETWORKS[name]();
  const file = decodeSafetensors(await decompress(decodeBase64(weights)));
  return { run: trainingRunFromArrays(file, validateExperiment), provenance };
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("\n", "")), (letter) => letter.charCodeAt(0));
}

async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
