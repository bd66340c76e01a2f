/** Tables in the core's memory that are the same for all draws: mass bins, neighbors, rows. */
import { binCenter, MASS_BIN, smoothingKernel } from "../abundance.ts";
import type { CatalogMaker } from "../catalog.ts";
import type { CoreMemory } from "./core_memory.ts";
import type { Job } from "./job.ts";
import { tabulateNeighbors } from "./neighbor_intervals.ts";
import type { QuantityRecipe } from "./quantities.ts";
import type { RowLayout } from "./row_layout.ts";
import { LANES, packRows } from "./row_layout.ts";

type AbundanceField =
  | "bins"
  | "allBins"
  | "binWidth"
  | "span"
  | "flux"
  | "kernel"
  | "reach"
  | "counts"
  | "sums";
type NeighborField = "cells" | "guide" | "ends" | "ranges";
type RowField =
  | "rows"
  | "rowBytes"
  | "slopes"
  | "sources"
  | "termEnds"
  | "pixelVectors"
  | "supplementaryVectors"
  | "pixelWidth"
  | "supplementaryWidth"
  | "byLuminosity";

/** The fields of a job that are the same for all draws, and the volume's counts by sigma8. */
export interface CoreTables {
  /** Fields that all jobs have in common. */
  readonly fields: Pick<Job, AbundanceField | NeighborField | RowField>;
  /** Addresses by sigma8. */
  readonly volumes: ReadonlyMap<number, number>;
}

/** Writes all tables into the core's memory. */
export function placeTables(
  core: CoreMemory,
  maker: CatalogMaker,
  recipe: QuantityRecipe,
  layout: RowLayout,
): CoreTables {
  const rows = placeRows(core, maker, recipe, layout);
  return {
    fields: {
      ...placeAbundance(core, maker),
      ...placeNeighbors(core, maker, recipe, rows),
      ...rows,
    },
    volumes: new Map(
      maker.sigma8.map((value, i) => [value, placeVolume(core, maker.volumeCounts[i]!)]),
    ),
  };
}

/** Clusters in the volume by bin, the heaviest first, padded with zeros. */
export function placeVolume(core: CoreMemory, counts: Float64Array): number {
  const padded = new Float64Array(Math.ceil(counts.length / LANES) * LANES);
  padded.set(counts.toReversed());
  return core.placeFloats(padded);
}

function placeAbundance(core: CoreMemory, { bins, plan }: CatalogMaker): Pick<Job, AbundanceField> {
  const { logMassMin, slope, smoothing } = plan.survey;
  const all = bins.count + bins.below;
  const flux = new Float64Array(Math.ceil(all / LANES) * LANES);
  for (let i = 0; i < all; i++) {
    flux[i] = 10 ** (slope * (binCenter(bins, bins.count - 1 - i) - logMassMin));
  }
  const kernel = smoothing === 0 ? new Float64Array([1]) : smoothingKernel(smoothing);
  const reach = (kernel.length - 1) / 2;
  const margin = Math.ceil((reach + LANES) / LANES) * LANES;
  const counts = core.placeFloats(new Float64Array(flux.length + 2 * margin));
  return {
    bins: bins.count,
    allBins: flux.length,
    binWidth: MASS_BIN,
    span: bins.count * MASS_BIN,
    flux: core.placeFloats(flux),
    kernel: core.placeFloats(kernel),
    reach,
    counts: counts + margin * 4,
    sums: core.placeFloats(new Float64Array(bins.count + 1 + 3 * LANES)),
  };
}

function placeNeighbors(
  core: CoreMemory,
  { bins }: CatalogMaker,
  recipe: QuantityRecipe,
  { rows, rowBytes }: Pick<Job, RowField>,
): Pick<Job, NeighborField> {
  const { ends, ranges, cells, guide } = tabulateNeighbors(
    bins.logMassMin,
    bins.count * MASS_BIN,
    recipe.changes,
    recipe.findRange,
  );
  return {
    cells,
    guide: core.placeIntegers(guide),
    ends: core.placeFloats([...ends, ...Array<number>(LANES).fill(Infinity)]),
    ranges: core.placeIntegers(
      ranges.map((value, i) => i % 2 === 0 ? rows + value * rowBytes : value),
    ),
  };
}

function placeRows(
  core: CoreMemory,
  { source }: CatalogMaker,
  { offsets }: QuantityRecipe,
  layout: RowLayout,
): Pick<Job, RowField> {
  const packed = packRows(source, offsets, layout);
  const { pixelVectors, supplementaryVectors } = packed;
  return {
    rows: core.placeFloats(packed.rows),
    rowBytes: (1 + pixelVectors + supplementaryVectors) * LANES * 4,
    slopes: core.placeFloats(packed.slopes),
    sources: core.placeIntegers(packed.sources.map((quantity) => quantity * 4)),
    termEnds: core.placeIntegers(packed.termEnds),
    pixelVectors,
    supplementaryVectors,
    pixelWidth: layout.pixels.length,
    supplementaryWidth: layout.supplementary.length,
    byLuminosity: layout.order === "luminosity" ? 1 : 0,
  };
}
