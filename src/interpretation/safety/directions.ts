/** The direction in which a known fault moves a catalog's statistics, found by planting it. */
import type { Catalog } from "../../catalogs/catalog.ts";
import type { Model } from "../../model.ts";
import type { Random } from "../../numerics/random.ts";
import { mean } from "../../numerics/statistics.ts";
import type { Whitening } from "../../numerics/whitening.ts";
import { whiten } from "../../numerics/whitening.ts";
import type { CatalogFaultName } from "../../observed/faults.ts";
import { CATALOG_FAULTS } from "../../observed/faults.ts";
import type { UsualStatistic } from "./scores.ts";
import { jointDeviations } from "./scores.ts";
import type { Pool } from "./statistics.ts";
import { measureStatistics } from "./statistics.ts";
import type { CatalogView } from "./view.ts";
import { FEWEST_JUDGED, seeCatalog } from "./view.ts";

/** A direction in whitened statistics, of length 1. */
export interface FaultDirection {
  /** Name of the planted fault. */
  readonly fault: CatalogFaultName;
  /** Direction, [joint statistics]. */
  readonly direction: Float64Array;
}

/** Usual values of sound catalogs. */
export interface ReferenceScale extends CatalogView {
  /** Pooled reference clusters, one pool per quantity. */
  readonly pools: readonly Pool[];
  /** The statistics that vary; ln N is the first. */
  readonly usual: readonly UsualStatistic[];
  /** Whitening of the joint statistics' deviations. */
  readonly whitening: Whitening;
}

/** Catalogs in which a fault is planted; its direction's error is a tenth of one catalog's. */
const PLANTED = 100;

/**
 * The directions of the faults that catalogs with these fields can have.
 *
 * @param catalogs Sound catalogs
 * @param options The Hubble parameter, and the root of the planted rows
 */
export async function findDirections(
  model: Pick<Model, "encode">,
  scale: ReferenceScale,
  catalogs: readonly Catalog[],
  { h, random }: { readonly h: number; readonly random: Random },
): Promise<FaultDirection[]> {
  const directions: FaultDirection[] = [];
  for (const fault of Object.keys(CATALOG_FAULTS) as CatalogFaultName[]) {
    const { needs, plant } = CATALOG_FAULTS[fault];
    const isPossible = needs.every((group) => group.some((field) => scale.fields.includes(field)));
    if (!isPossible) continue;
    const shifts: Float64Array[] = [];
    for (const [c, catalog] of catalogs.slice(0, PLANTED).entries()) {
      const clusters = plant(catalog.clusters, h, random.fork(fault, c));
      if (clusters.count < FEWEST_JUDGED) continue;
      const rows = random.fork(fault, "rows", c);
      const { quantities } = await seeCatalog(model, scale, { ...catalog, clusters }, rows);
      const statistics = measureStatistics(quantities, scale.pools, "joint");
      shifts.push(whiten(scale.whitening, jointDeviations(scale.usual, statistics)));
    }
    if (shifts.length > 0) directions.push({ fault, direction: meanDirection(shifts) });
  }
  return directions;
}

function meanDirection(shifts: readonly Float64Array[]): Float64Array {
  const direction = shifts[0]!.map((_, k) => mean(shifts.map((shift) => shift[k]!)));
  const length = Math.hypot(...direction);
  return direction.map((value) => value / length);
}
