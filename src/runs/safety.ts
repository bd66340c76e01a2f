/** The safety reference of a run: what its network does on mock catalogs of its own experiment. */
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { SafetyReference } from "../interpretation/safety/reference.ts";
import { buildSafetyReference } from "../interpretation/safety/reference.ts";
import { drawReferenceCatalogs } from "../interpretation/safety/reference_catalogs.ts";
import type { Model } from "../model.ts";
import { openStream } from "./streams.ts";

/**
 * Measures a network on fresh mock catalogs of its own experiment, for the verdict on catalogs that
 * `predictTable` is given.
 *
 * @param base What the catalogs of the run were drawn from
 * @throws {RangeError} If the experiment's catalogs are too small for a verdict
 */
export function measureReference(
  model: Pick<Model, "encode" | "regress">,
  { catalog, features, seed }: Experiment,
  base: BaseSample,
): Promise<SafetyReference> {
  const random = openStream(seed, "safety");
  const catalogs = drawReferenceCatalogs(base, catalog, random.fork("catalogs"));
  const { h } = base.cosmology;
  return buildSafetyReference(model, features, catalogs, { h, random: random.fork("rows") });
}
