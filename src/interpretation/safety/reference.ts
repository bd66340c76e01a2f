/**
 * The safety reference: what the statistics of catalogs like those of the training are, small
 * enough to be saved next to a network's weights (some 60 kB for the standard columns).
 *
 * Half of the reference catalogs say what is usual, the other half how far from it a sound catalog
 * comes: a catalog that helped to fit a range cannot say how often others leave it.
 */
import type { Catalog } from "../../catalogs/catalog.ts";
import type { FeatureArray, FeatureSpec } from "../../features/features.ts";
import { buildFeatures } from "../../features/features.ts";
import { fieldsRead } from "../../features/fields_read.ts";
import type { Model } from "../../model.ts";
import type { Random } from "../../numerics/random.ts";
import { fitWhitening } from "../../numerics/whitening.ts";
import type { FaultDirection, ReferenceScale } from "./directions.ts";
import { findDirections } from "./directions.ts";
import type { NetworkFindings, UsualStability } from "./network_findings.ts";
import { examineNetwork, measureStability } from "./network_findings.ts";
import { fitUsualRange } from "./scaling.ts";
import type { TestDistribution, UsualStatistic } from "./scores.ts";
import { jointDeviations, leastProbability, scoreCatalog } from "./scores.ts";
import type { Statistic } from "./statistics.ts";
import { listQuantities, measureStatistics, poolQuantity } from "./statistics.ts";
import { encodeInOrder, FEWEST_JUDGED, fitTerseScale, scaleTerse } from "./view.ts";

/** What an observed catalog is compared with; see {@linkcode buildSafetyReference}. */
export interface SafetyReference extends ReferenceScale {
  /** Directions of the faults that the network's fields can have. */
  readonly directions: readonly FaultDirection[];
  /** Score of each test for each catalog of the second half, ascending. */
  readonly tests: readonly TestDistribution[];
  /** The least probability over all tests for each catalog of the second half, ascending. */
  readonly least: Float64Array;
  /** Usual stability of predictions when one cluster is left out. */
  readonly stability: UsualStability;
  /** Findings about the network itself. */
  readonly network: NetworkFindings;
}

/** Fewest catalogs in each half. */
const FEWEST_OF_HALF = 60;

/** Number of catalogs from which clusters are left out; each takes N predictions. */
const LEFT_OUT_FROM = 80;

/** Added to the variances, which are 1: twice the rounding and noise of near-equal statistics. */
const RIDGE = 0.02;

/** Options of a reference, in addition to its catalogs. */
export interface SafetyReferenceOptions {
  /** The Hubble parameter, the factor by which masses in Msun are wrong. */
  readonly h: number;
  /** Orders rows, and mixes those of planted faults. */
  readonly random: Random;
}

/**
 * Measures reference catalogs with a network.
 *
 * @param model The network, of which `encode` and `regress` are used
 * @param spec Columns on which the network was trained
 * @param catalogs From {@linkcode drawReferenceCatalogs}, in random order
 * @throws {RangeError} If fewer than 120 catalogs have {@linkcode FEWEST_JUDGED} clusters, or a
 * terse value is not finite
 */
export async function buildSafetyReference(
  model: Pick<Model, "encode" | "regress">,
  spec: FeatureSpec,
  catalogs: readonly Catalog[],
  { h, random }: SafetyReferenceOptions,
): Promise<SafetyReference> {
  const usable = catalogs.filter(({ clusters }) => clusters.count >= FEWEST_JUDGED);
  if (usable.length < 2 * FEWEST_OF_HALF) {
    throw new RangeError(
      `Cannot build a safety reference: ${usable.length} catalogs have ${FEWEST_JUDGED} clusters ` +
        `or more, at least ${2 * FEWEST_OF_HALF} are needed`,
    );
  }
  const encoded: Float64Array[] = [];
  const features: FeatureArray[] = [];
  for (const [c, catalog] of usable.entries()) {
    features.push(buildFeatures(catalog, spec, random.fork("rows", c)));
    encoded.push(await encodeInOrder(model, features[c]!, c));
  }
  const view = { spec, fields: fieldsRead(spec), terse: fitTerseScale(encoded) };
  const quantities = usable.map(({ clusters }, c) =>
    listQuantities(clusters, view.fields, scaleTerse(encoded[c]!, view.terse))
  );
  const pools = quantities[0]!.map(({ name }, q) =>
    poolQuantity(name, quantities.map((of) => of[q]!.values))
  );
  const half = Math.floor(usable.length / 2);
  const measured = quantities.map((of) => measureStatistics(of, pools));
  const usual = fitUsual(measured.slice(0, half));
  const rows = measured.slice(0, half).map((statistics) => jointDeviations(usual, statistics));
  const scale = { ...view, pools, usual, whitening: fitWhitening(rows, RIDGE) };
  const directions = await findDirections(model, scale, usable.slice(0, half), { h, random });
  const parts = { ...scale, directions };
  const scores = measured.slice(half).map((statistics) => scoreCatalog(parts, statistics));
  const tests = scores[0]!.map(({ name }, t) => ({
    name,
    scores: Float64Array.from(scores, (of) => of[t]!.score).sort(),
  }));
  return {
    ...parts,
    tests,
    least: Float64Array.from(scores, (of) => leastProbability(tests, of)).sort(),
    stability: await measureStability(model, features.slice(0, LEFT_OUT_FROM)),
    network: examineNetwork(usable, encoded),
  };
}

function fitUsual(measured: readonly (readonly Statistic[])[]): UsualStatistic[] {
  const counts = Float64Array.from(measured, ([lnCount]) => Math.exp(lnCount!.value));
  return measured[0]!.flatMap((statistic, place) => {
    const values = Float64Array.from(measured, (of) => of[place]!.value);
    // N itself is compared with all N; the other statistics with those of catalogs of as many
    // clusters.
    const isCount = place === 0;
    const range = fitUsualRange(values, isCount ? counts.map(() => 1) : counts);
    const { value: _, ...rest } = statistic;
    return range === null ? [] : [{ ...rest, isCount, place, range }];
  });
}
