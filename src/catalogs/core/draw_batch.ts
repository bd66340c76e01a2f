/**
 * Mock catalogs drawn in WASM, many at once and straight into rows of network inputs: the fast
 * counterpart of `catalog.ts`, which stays the reference. Both draw the same distribution; their
 * random numbers differ.
 */
import type { Random } from "../../numerics/random.ts";
import type { CatalogMaker } from "../catalog.ts";
import { emptyCatalogError, volumeCountsAt } from "../catalog.ts";
import type { CatalogParameters } from "../priors.ts";
import { checkParameters } from "../priors.ts";
import { breakLogMass } from "../survey.ts";
import type { CoreMemory } from "./core_memory.ts";
import { keepFreedMemory, openMockCore } from "./core_memory.ts";
import type { CoreTables } from "./core_tables.ts";
import { placeTables, placeVolume } from "./core_tables.ts";
import type { Job } from "./job.ts";
import { moveJob, writeJob } from "./job.ts";
import type { QuantityRecipe } from "./quantities.ts";
import { QUANTITY_RECIPES } from "./quantities.ts";
import type { RowLayout } from "./row_layout.ts";
import { LANES } from "./row_layout.ts";

/** Rows of one drawn catalog, float32. */
export interface DrawnRows {
  /** Number of clusters. */
  readonly count: number;
  /** [count x pixels of the layout] */
  readonly pixels: Float32Array;
  /** [count x supplementary values of the layout] */
  readonly supplementary: Float32Array;
}

/** Draws catalogs as rows; see {@linkcode createBatchDrawer}. */
export interface BatchDrawer {
  /**
   * Draws one catalog for every entry of `parameters`; catalog i from the key of
   * `random.fork("catalog", first + i)`, so that it is the same bits alone or among others.
   *
   * @param parameters One entry per catalog
   * @param random Nothing is drawn from the stream itself
   * @param first Number of the first catalog; 0 if left out
   * @throws {RangeError} If a catalog comes out empty, or a parameter is out of range
   */
  draw(parameters: readonly CatalogParameters[], random: Random, first?: number): DrawnRows[];
}

/**
 * Whether rows are returned in "new" arrays, or in arrays "reused" from draw to draw. Reused arrays
 * are overwritten by the next draw, and save the cost of first use of memory.
 */
export type RowArrays = "new" | "reused";

/** The rows of one run. */
interface RowBuffers {
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly supplementary: Float32Array<ArrayBuffer>;
}

/** An instance of the core with its tables. */
interface Drawer {
  readonly core: CoreMemory;
  readonly maker: CatalogMaker;
  readonly recipe: QuantityRecipe;
  readonly tables: CoreTables;
  /** Buffers that are reused, one per run; null for new arrays. */
  readonly reused: RowBuffers[] | null;
}

/**
 * Prepares an instance of the core for one catalog maker and one layout of rows, for both recipes.
 *
 * Drawers share nothing, so that each worker may have its own. The core computes in float32 with
 * IEEE products and sums alone: the same bits on every machine.
 *
 * @param maker Makes catalogs by either recipe
 * @param layout The columns and order of the rows
 * @param arrays Where rows are returned; "new" if left out
 * @throws {RangeError} If a column of the layout is not finite, or the memory cannot be had
 */
export function createBatchDrawer(
  maker: CatalogMaker,
  layout: RowLayout,
  arrays: RowArrays = "new",
): BatchDrawer {
  const core = openMockCore();
  const recipe = QUANTITY_RECIPES[maker.plan.recipe](maker);
  const tables = placeTables(core, maker, recipe, layout);
  const reused = arrays === "reused" ? [] : null;
  if (!reused) keepFreedMemory();
  const drawer: Drawer = { core, maker, recipe, tables, reused };
  return {
    draw(parameters, random, first = 0) {
      const start = core.end;
      try {
        const terms = placeTerms(drawer, parameters, random.fork("catalog"), first);
        return drawRuns(drawer, parameters, terms);
      } finally {
        core.release(start);
      }
    },
  };
}

/** Words of a catalog's Terms in assembly/job.ts, and words before its four quantities. */
const TERMS_WORDS = 20;
const TERMS_HEAD = 4;

/** The largest float32. Shares are at most 1 in the end, but infinity times 0 would be NaN. */
const LARGEST_SELECTION = (2 - 2 ** -23) * 2 ** 127;

/** Writes the values of each catalog; returns the address of the first. */
function placeTerms(
  { core, maker, recipe, tables }: Drawer,
  parameters: readonly CatalogParameters[],
  streams: Random,
  first: number,
): number {
  const volumes = new Map(tables.volumes);
  for (const entry of parameters) {
    checkParameters(entry);
    if (volumes.has(entry.sigma8)) continue;
    volumes.set(entry.sigma8, placeVolume(core, volumeCountsAt(maker, entry.sigma8)));
  }
  const { survey } = maker.plan;
  const { luminosity } = maker.source.base.relations;
  const start = core.allocate(parameters.length * TERMS_WORDS * 4);
  const floats = core.floats(start, parameters.length * TERMS_WORDS);
  const integers = core.integers(start, parameters.length * TERMS_WORDS);
  for (const [i, entry] of parameters.entries()) {
    const at = i * TERMS_WORDS;
    const [key0, key1] = streams.fork(first + i).state.key;
    const logMassBreak = breakLogMass(survey, luminosity, entry);
    integers[at] = key0;
    integers[at + 1] = key1;
    integers[at + 2] = volumes.get(entry.sigma8)!;
    floats[at + 3] = Math.min(
      10 ** (survey.slope * (survey.logMassMin - logMassBreak)),
      LARGEST_SELECTION,
    );
    const { slope, constant, factor, noise } = recipe.terms(entry);
    for (let q = 0; q < 4; q++) {
      floats[at + TERMS_HEAD + q] = slope[q]!;
      floats[at + TERMS_HEAD + 4 + q] = constant[q]!;
      floats[at + TERMS_HEAD + 8 + q] = factor[q]!;
      floats[at + TERMS_HEAD + 12 + q] = noise[q]!;
    }
  }
  return start;
}

/** Rows per call of the core: few enough to stay in the second-level cache. */
const ROWS_A_RUN = 4096;

/** Draws all catalogs, as many per run as fit. */
function drawRuns(
  drawer: Drawer,
  parameters: readonly CatalogParameters[],
  terms: number,
): DrawnRows[] {
  const { core, maker } = drawer;
  const drawn: DrawnRows[] = [];
  const start = core.end;
  const layOut = (capacity: number): Job => {
    const room = placeRoom(drawer, capacity, parameters.length);
    const job = { ...drawer.tables.fields, ...room, catalogs: 0, terms };
    writeJob(core, job);
    return job;
  };
  let job = layOut(ROWS_A_RUN);
  let run = 0;
  while (drawn.length < parameters.length) {
    moveJob(core, {
      catalogs: parameters.length - drawn.length,
      terms: terms + drawn.length * TERMS_WORDS * 4,
    });
    const done = core.exports.draw();
    if (done > 0) {
      takeRows(drawer, job, { drawn, run: run++, catalogs: done });
    } else {
      core.release(start);
      job = layOut(2 * job.capacity);
    }
  }
  const empty = drawn.findIndex(({ count }) => count === 0);
  if (empty >= 0) throw emptyCatalogError(maker, parameters[empty]!);
  return drawn;
}

type RoomField =
  | "capacity"
  | "masses"
  | "massCells"
  | "numbers"
  | "quantities"
  | "tags"
  | "orderedQuantities"
  | "orderedTags"
  | "rounded"
  | "order"
  | "spareOrder"
  | "digits"
  | "heights"
  | "pixels"
  | "supplementary";

/** Numbers after the end of a column that the core reads and writes, in blocks of up to 32. */
const COLUMN_MARGIN = 32;

/** Space for one run: one catalog's clusters, and the rows of all. */
function placeRoom(
  { core, tables }: Drawer,
  capacity: number,
  catalogs: number,
): Pick<Job, RoomField> {
  const { pixelWidth, supplementaryWidth } = tables.fields;
  const column = (words: number) => core.allocate((capacity + COLUMN_MARGIN) * words * 4);
  const rows = (width: number) => core.allocate((capacity * width + LANES) * 4);
  return {
    capacity,
    masses: column(1),
    massCells: column(1),
    numbers: column(2),
    quantities: column(4),
    tags: column(2),
    orderedQuantities: column(4),
    orderedTags: column(2),
    rounded: column(1),
    order: column(1),
    spareOrder: column(1),
    digits: core.allocate(1024),
    heights: core.allocate(catalogs * 4),
    pixels: rows(pixelWidth),
    supplementary: rows(supplementaryWidth),
  };
}

/** The rows of a run, copied into new arrays or into those of the same run of the last draw. */
function copyRows({ core, reused }: Drawer, job: Job, run: number, rows: number): RowBuffers {
  const drawn: RowBuffers = {
    pixels: core.floats(job.pixels, rows * job.pixelWidth),
    supplementary: core.floats(job.supplementary, rows * job.supplementaryWidth),
  };
  if (!reused) {
    return {
      pixels: new Float32Array(drawn.pixels),
      supplementary: new Float32Array(drawn.supplementary),
    };
  }
  const held = reused[run];
  const isLarge = held && held.pixels.length >= drawn.pixels.length &&
    held.supplementary.length >= drawn.supplementary.length;
  const buffers = isLarge ? held : reused[run] = {
    pixels: new Float32Array(job.capacity * job.pixelWidth),
    supplementary: new Float32Array(job.capacity * job.supplementaryWidth),
  };
  buffers.pixels.set(drawn.pixels);
  buffers.supplementary.set(drawn.supplementary);
  return buffers;
}

/** Takes the rows of a run out of the core, and adds a view of them for each of its catalogs. */
function takeRows(
  drawer: Drawer,
  job: Job,
  { drawn, run, catalogs }: {
    readonly drawn: DrawnRows[];
    readonly run: number;
    readonly catalogs: number;
  },
): void {
  const { pixelWidth, supplementaryWidth } = job;
  const heights = drawer.core.integers(job.heights, catalogs);
  const rows = heights.reduce((sum, height) => sum + height, 0);
  const { pixels, supplementary } = copyRows(drawer, job, run, rows);
  let row = 0;
  for (const count of heights) {
    drawn.push({
      count,
      pixels: new Float32Array(pixels.buffer, row * pixelWidth * 4, count * pixelWidth),
      supplementary: new Float32Array(
        supplementary.buffer,
        row * supplementaryWidth * 4,
        count * supplementaryWidth,
      ),
    });
    row += count;
  }
}
