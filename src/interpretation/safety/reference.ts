/**
 * The safety reference: what the statistics of catalogs like those of the training are, small
 * enough to be saved beside a network's weights (some 60 kB for the standard columns).
 *
 * Half of the reference catalogs say what is usual, the other half how far from it a sound catalog
 * comes: a catalog that helped to fit a range cannot say how often others leave it.
 *
 * @module
 */
import type { Catalog } from "../../catalogs/catalog.ts";
import type { ObservedClusters } from "../../clusters/cluster_table.ts";
import type { FeatureArray, FeatureSpec } from "../../features/features.ts";
import { buildFeatures } from "../../features/features.ts";
import type { ObservedField } from "../../catalogs/column_mapping.ts";
import { fieldsRead } from "../../features/fields_read.ts";
import type { Model } from "../../model.ts";
import type { Random } from "../../numerics/random.ts";
import { mean, quantile, standardDeviation } from "../../numerics/statistics.ts";
import type { Whitening } from "../../numerics/whitening.ts";
import { fitWhitening, whiten } from "../../numerics/whitening.ts";
import { predictWithout } from "../omission.ts";
import { FEWEST_CATALOGS, judgeOverspecialization } from "../overspecialization.ts";
import { encodeCatalog } from "../terse_table.ts";
import type { CatalogFaultName } from "./faults.ts";
import { CATALOG_FAULTS } from "./faults.ts";
import type { UsualRange } from "./scaling.ts";
import { deviationOf, fitUsualRange } from "./scaling.ts";
import type { TestDistribution, UsualStatistic } from "./scores.ts";
import { leastProbability, scoreCatalog } from "./scores.ts";
import type { Pool, Quantity, Statistic } from "./statistics.ts";
import { listQuantities, measureStatistics, poolQuantity } from "./statistics.ts";

/** Where the terse values of the reference clusters lie; in these units all networks look alike. */
export interface TerseScale {
  /** The mean of the reference clusters. */
  readonly offset: number;
  /** Their root mean square deviation. */
  readonly scale: number;
}

/** What leaving out one cluster usually does to the predicted sigma8. */
export interface UsualStability {
  /** 68% of the changes are smaller, either sign. */
  readonly halfWidth: UsualRange | null;
  /** The largest change, either sign. */
  readonly largest: UsualRange | null;
}

/** What the network itself showed on the reference catalogs, whose sigma8 is known. */
export interface NetworkFindings {
  /** r(terse, sigma8) at fixed true mass (App. B); `null` if it is not defined. */
  readonly partial: number | null;
  /** Why single clusters tell it sigma8; empty for a sound network. */
  readonly reasons: readonly string[];
}

/** A direction in whitened statistics, of length 1. */
export interface FaultDirection {
  /** What was planted. */
  readonly fault: CatalogFaultName;
  /** [joint statistics] */
  readonly direction: Float64Array;
}

/** What an observed catalog is compared with; see {@linkcode buildSafetyReference}. */
export interface SafetyReference {
  /** The columns of the network. */
  readonly spec: FeatureSpec;
  /** The fields they are read from; no other is looked at. */
  readonly fields: readonly ObservedField[];
  /** `null` if the terse value does not vary. */
  readonly terse: TerseScale | null;
  /** One a quantity. */
  readonly pools: readonly Pool[];
  /** The statistics that vary; ln N is the first. */
  readonly usual: readonly UsualStatistic[];
  /** Of the joint statistics' deviations. */
  readonly whitening: Whitening;
  /** Those of the faults that the network's fields can have. */
  readonly directions: readonly FaultDirection[];
  /** One a test: its score for each catalog of the second half, ascending. */
  readonly tests: readonly TestDistribution[];
  /** The least probability over all tests for each catalog of the second half, ascending. */
  readonly least: Float64Array;
  /** Of predictions that lack one cluster. */
  readonly stability: UsualStability;
  /** What the network showed. */
  readonly network: NetworkFindings;
}

/** Fewest clusters of a catalog that can be judged: below it a line's scatter says nothing. */
export const FEWEST_JUDGED = 8;

/** Fewest catalogs of each half. */
const FEWEST_OF_HALF = 60;

/** Catalogs in which a fault is planted: its direction's error is a tenth of one catalog's. */
const PLANTED = 100;

/** Catalogs that clusters are left out of: an N-fold prediction each. */
const LEFT_OUT_FROM = 80;

/** Added to the unit variances: twice the rounding and sampling of statistics that nearly agree. */
const RIDGE = 0.02;

/** What the reference is made with, beside catalogs. */
export interface SafetyReferenceOptions {
  /** The Hubble parameter, which masses in Msun are off by. */
  readonly h: number;
  /** Orders rows, and mixes those of planted faults. */
  readonly random: Random;
}

/**
 * Measures reference catalogs with a network.
 *
 * @param model Its `encode` and `regress` are used
 * @param spec The columns that it was trained on
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
  const terse = fitTerseScale(encoded);
  const fields = fieldsRead(spec);
  const quantities = usable.map(({ clusters }, c) =>
    listQuantities(clusters, fields, scaleTerse(encoded[c]!, terse))
  );
  const pools = quantities[0]!.map(({ name }, q) =>
    poolQuantity(name, quantities.map((of) => of[q]!.values))
  );
  const measure = (of: readonly Quantity[]) => measureStatistics(of, pools);
  const half = Math.floor(usable.length / 2);
  const measured = quantities.map(measure);
  const usual = fitUsual(measured.slice(0, half));
  const rows = measured.slice(0, half).map((statistics) => jointDeviations(usual, statistics));
  const whitening = fitWhitening(rows, RIDGE);
  const plant = async (fault: CatalogFaultName) => {
    const shifts: Float64Array[] = [];
    for (const [c, catalog] of usable.slice(0, Math.min(PLANTED, half)).entries()) {
      const clusters = CATALOG_FAULTS[fault].plant(catalog.clusters, h, random.fork(fault, c));
      if (clusters.count < FEWEST_JUDGED) continue;
      const planted = buildFeatures({ ...catalog, clusters }, spec, random.fork(fault, "rows", c));
      const values = scaleTerse(await encodeInOrder(model, planted, c), terse);
      const statistics = measure(listQuantities(clusters, fields, values));
      shifts.push(whiten(whitening, jointDeviations(usual, statistics)));
    }
    return shifts;
  };
  const directions: FaultDirection[] = [];
  for (const fault of Object.keys(CATALOG_FAULTS) as CatalogFaultName[]) {
    if (!CATALOG_FAULTS[fault].fields.every((field) => fields.includes(field))) continue;
    const shifts = await plant(fault);
    if (shifts.length > 0) directions.push({ fault, direction: meanDirection(shifts) });
  }
  const parts = { usual, whitening, directions };
  const scores = measured.slice(half).map((statistics) => scoreCatalog(parts, statistics));
  const tests = scores[0]!.map(({ name }, t) => ({
    name,
    scores: Float64Array.from(scores, (of) => of[t]!.score).sort(),
  }));
  return {
    spec,
    fields,
    terse,
    pools,
    ...parts,
    tests,
    least: Float64Array.from(scores, (of) => leastProbability(tests, of)).sort(),
    stability: await measureStability(model, features.slice(0, LEFT_OUT_FROM)),
    network: examineNetwork(usable, encoded),
  };
}

/** Terse values of a catalog's clusters, in the order of the catalog. */
export async function encodeInOrder(
  model: Pick<Model, "encode">,
  features: FeatureArray,
  place: number,
): Promise<Float64Array> {
  const terse = await encodeCatalog(model, features, place);
  const ordered = new Float64Array(terse.length);
  features.rows.forEach((cluster, row) => ordered[cluster] = terse[row]!);
  return ordered;
}

function fitTerseScale(parts: readonly Float64Array[]): TerseScale | null {
  const means = parts.map(mean);
  const offset = mean(means);
  const scale = Math.sqrt(mean(parts.map((part) => mean(part.map((v) => (v - offset) ** 2)))));
  const varies = parts.every((part) => standardDeviation(part) > EQUAL * Math.abs(offset));
  return scale > 0 && varies ? { offset, scale } : null;
}

/** Float32 values whose spread is this share of their size are all the same. */
const EQUAL = 1e-6;

/** Terse values in units of the reference clusters' spread. */
export function scaleTerse(terse: Float64Array, scale: TerseScale | null): Float64Array | null {
  return scale && terse.map((value) => (value - scale.offset) / scale.scale);
}

function fitUsual(measured: readonly (readonly Statistic[])[]): UsualStatistic[] {
  const counts = Float64Array.from(measured, ([lnCount]) => Math.exp(lnCount!.value));
  return measured[0]!.flatMap((statistic, place) => {
    const values = Float64Array.from(measured, (of) => of[place]!.value);
    // N itself is compared with all N; the others with those of catalogs that have as many.
    const isCount = place === 0;
    const range = fitUsualRange(values, isCount ? counts.map(() => 1) : counts);
    const { value: _, ...rest } = statistic;
    return range === null ? [] : [{ ...rest, isCount, place, range }];
  });
}

/** Deviations of the joint statistics, in the order of `usual`. */
function jointDeviations(
  usual: readonly UsualStatistic[],
  statistics: readonly Statistic[],
): Float64Array {
  const count = Math.exp(statistics[0]!.value);
  return Float64Array.from(
    usual.filter(({ isJoint }) => isJoint),
    ({ range, place, isCount }) =>
      deviationOf(range, statistics[place]!.value, isCount ? 1 : count),
  );
}

function meanDirection(shifts: readonly Float64Array[]): Float64Array {
  const direction = shifts[0]!.map((_, k) => mean(shifts.map((shift) => shift[k]!)));
  const length = Math.hypot(...direction);
  return direction.map((value) => value / length);
}

/** 68% of the changes are within the half width (section 5.1). */
const MIDDLE = 0.68;

/** How much the predicted sigma8 hangs on single clusters. */
export async function measureChanges(
  model: Pick<Model, "encode" | "regress">,
  features: readonly FeatureArray[],
): Promise<{ readonly halfWidth: number; readonly largest: number }[]> {
  return (await predictWithout(model, features)).map(({ whole, without }) => {
    const sizes = without.map((value) => Math.abs(value - whole));
    return { halfWidth: quantile(sizes, MIDDLE), largest: quantile(sizes, 1) };
  });
}

async function measureStability(
  model: Pick<Model, "encode" | "regress">,
  features: readonly FeatureArray[],
): Promise<UsualStability> {
  const changes = await measureChanges(model, features);
  const counts = Float64Array.from(features, ({ count }) => count);
  const fit = (name: "halfWidth" | "largest") =>
    fitUsualRange(Float64Array.from(changes, (of) => of[name]), counts);
  return { halfWidth: fit("halfWidth"), largest: fit("largest") };
}

/** App. B's question to the network itself. */
function examineNetwork(
  catalogs: readonly Catalog[],
  encoded: readonly Float64Array[],
): NetworkFindings {
  const join = (value: (clusters: ObservedClusters, i: number, c: number) => number) =>
    Float64Array.from(
      catalogs.flatMap(({ clusters }, c) =>
        Array.from({ length: clusters.count }, (_, i) => value(clusters, i, c))
      ),
    );
  const sigma8 = join((_, _i, c) => catalogs[c]!.parameters.sigma8);
  const known = sigma8.every((value) => Number.isFinite(value)) && new Set(sigma8).size > 1;
  if (!known || catalogs.length < FEWEST_CATALOGS) return { partial: null, reasons: [] };
  const { numbers, reasons } = judgeOverspecialization({
    terse: join((_, i, c) => encoded[c]![i]!),
    logMass: join((clusters, i) => clusters.logMass[i]!),
    catalog: Uint32Array.from(join((_, _i, c) => c)),
    count: sigma8.length,
    sigma8,
  });
  return { partial: numbers.partial?.correlation ?? null, reasons };
}
