/**
 * Networks that ship with the package, so that sigma8 can be predicted without training. Each has
 * its bytes in a module of its own, and those of its safety reference in another, which are loaded
 * only when they are asked for.
 */
import type { Experiment } from "../experiments/experiment.ts";
import { validateExperiment } from "../experiments/validation.ts";
import { decodeSafetensors } from "../formats/safetensors.ts";
import type { SafetyReference } from "../interpretation/safety/reference.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { trainingRunFromArrays } from "../network/trained_model.ts";
import type { Provenance, ShippedNetwork } from "./packing.ts";
import { unpackBytes } from "./packing.ts";
import { decodeReference } from "./reference_file.ts";

/** A network that ships with the package. */
export interface Pretrained {
  /** All that is needed to predict. */
  readonly run: TrainingRun<Experiment>;
  /** Where the network comes from, and its errors. */
  readonly provenance: Provenance;
}

/** The names of the networks that ship with the package. */
export type PretrainedName = "compact" | "global";

const NETWORKS: Readonly<Record<PretrainedName, () => Promise<ShippedNetwork>>> = {
  compact: async () => (await import("./compact.ts")).COMPACT,
  global: async () => (await import("./global.ts")).GLOBAL,
};

/** `safety.safetensors` of the networks' run folders, packed. */
const REFERENCES: Readonly<Record<PretrainedName, () => Promise<string>>> = {
  compact: async () => (await import("./compact_reference.ts")).COMPACT_REFERENCE,
  global: async () => (await import("./global_reference.ts")).GLOBAL_REFERENCE,
};

/**
 * Loads a network that ships with the package: "compact" is the standard experiment's, trained with
 * the compact preset; "global" reads luminosity, temperature and gas mass only.
 *
 * @example sigma8 of a mock catalog, without training
 * ```ts
 * import {
 *   buildFeatures,
 *   createRandom,
 *   drawBaseSample,
 *   drawCatalog,
 *   loadPretrained,
 *   openEngine,
 *   prepareCatalogs,
 * } from "@clusters/terse";
 * import { drawParameters } from "@clusters/terse/catalogs";
 * import { createModel, inputWidths } from "@clusters/terse/network";
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
  const file = decodeSafetensors(await unpackBytes(weights));
  return { run: trainingRunFromArrays(file, validateExperiment), provenance };
}

/**
 * The safety reference of a network that ships, with which {@linkcode judgeSafety} compares a
 * catalog: measured when the network was trained, on mock catalogs from its own base sample.
 *
 * @example Is it safe to apply the network that ships to a mock survey of another base sample?
 * ```ts
 * import {
 *   createRandom,
 *   drawBaseSample,
 *   drawCatalog,
 *   judgeSafety,
 *   loadPretrained,
 *   loadPretrainedReference,
 *   openEngine,
 *   prepareCatalogs,
 * } from "@clusters/terse";
 * import { drawParameters } from "@clusters/terse/catalogs";
 * import { createModel, inputWidths } from "@clusters/terse/network";
 * import { assertEquals } from "@std/assert";
 *
 * const { run: { experiment, weights, normalization } } = await loadPretrained("compact");
 * const { catalog: plan, features, architecture } = experiment;
 * const random = createRandom(2);
 * const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), plan);
 * const [parameters] = drawParameters(plan.priors, 1, random);
 * const catalog = drawCatalog(maker, parameters!, random.fork("catalog", 0));
 *
 * const engine = await openEngine("core");
 * const network = await engine.create(architecture, inputWidths(features), weights);
 * const model = createModel(network, normalization, architecture);
 * const reference = await loadPretrainedReference("compact");
 * const { verdict, reasons } = await judgeSafety(model, reference, catalog, random);
 * engine.close();
 * assertEquals(verdict, "consistent", reasons.join());
 * ```
 *
 * @throws {SyntaxError} If the bytes are damaged
 */
export async function loadPretrainedReference(
  name: PretrainedName = "compact",
): Promise<SafetyReference> {
  return decodeReference(await unpackBytes(await REFERENCES[name]())).reference;
}

/** A network and its reference as text, for a page that unpacks them itself. */
export async function loadPacked(
  name: PretrainedName,
): Promise<ShippedNetwork & { readonly reference: string }> {
  return { ...await NETWORKS[name](), reference: await REFERENCES[name]() };
}
