/**
 * From catalogs to batches (sections 3.2 and 3.3): the 80/10/10 split, and batches of equal or
 * similar height.
 */
import type { Random } from "../numerics/random.ts";
import type { FeatureArray } from "./features.ts";
import { scaleLabel } from "./label_scale.ts";
import type { Normalization } from "./normalization.ts";
import { normalizeColumns } from "./normalization.ts";

/** Catalog numbers of the three sets (section 3.2), each ascending. */
export interface Split {
  /** Catalogs that weights are fitted to. */
  readonly train: Uint32Array;
  /** Catalogs that choose the epoch. */
  readonly validation: Uint32Array;
  /** Catalogs that only the final errors see. */
  readonly test: Uint32Array;
}

/** Section 3.2: 80% train, 10% validate, the rest tests. */
const TRAIN_FRACTION = 0.8;
const VALIDATION_FRACTION = 0.1;

/**
 * Assigns each catalog to one of three sets at random, 80%, 10% and 10%.
 *
 * 4968 catalogs make 3974, 497 and 497.
 *
 * @throws {RangeError} If there are fewer than 3 catalogs, too few for three sets
 */
export function splitCatalogs(count: number, random: Random): Split {
  if (!Number.isInteger(count) || count < 3) {
    throw new RangeError(`Cannot split catalogs: there are ${count}, at least 3 are needed`);
  }
  const order = random.permutation(count);
  const train = Math.min(Math.round(count * TRAIN_FRACTION), count - 2);
  const validation = Math.max(1, Math.round(count * VALIDATION_FRACTION));
  const end = Math.min(train + validation, count - 1);
  return {
    train: order.slice(0, train).sort(),
    validation: order.slice(train, end).sort(),
    test: order.slice(end).sort(),
  };
}

/** Normalized inputs of some catalogs, their rows one after the other without padding. */
export interface Batch {
  /** Number of catalogs. */
  readonly count: number;
  /** rowOffsets[c] is the first row of catalog c, rowOffsets[count] the number of rows. */
  readonly rowOffsets: Uint32Array;
  /** Scaled pixels, [rows x width]. */
  readonly pixels: Float32Array;
  /** Scaled supplementary values, [rows x supplementary]. */
  readonly supplementary: Float32Array;
  /** Scaled sigma8, [count]. */
  readonly labels: Float32Array;
  /**
   * The column that the terse value is tied to in training, scaled, [rows]; NaN for clusters that are not
   * tied, empty if there is none.
   */
  readonly tie: Float32Array;
}

/** A catalog's inputs, scaled once so that epochs can join them without further work. */
export interface NormalizedCatalog {
  /** Number of clusters. */
  readonly count: number;
  /** Scaled pixels, [count x width]. */
  readonly pixels: Float32Array;
  /** Scaled supplementary values, [count x supplementary]. */
  readonly supplementary: Float32Array;
  /** Scaled sigma8; NaN if it is not known. */
  readonly label: number;
  /** The column that the terse value is tied to in training, scaled, [count]; empty if there is none. */
  readonly tie: Float32Array;
}

/** Scales the inputs and the label of one catalog. */
export function normalizeCatalog(
  catalog: FeatureArray,
  normalization: Normalization,
): NormalizedCatalog {
  return {
    count: catalog.count,
    pixels: normalizeColumns(catalog.pixels, normalization.pixels),
    supplementary: normalizeColumns(catalog.supplementary, normalization.supplementary),
    label: scaleLabel(catalog.sigma8, normalization.sigma8),
    tie: normalization.tie
      ? normalizeColumns(catalog.tie, [normalization.tie])
      : new Float32Array(0),
  };
}

/** Joins catalogs to one batch. */
export function joinCatalogs(catalogs: readonly NormalizedCatalog[]): Batch {
  return joinInto(catalogs, (_, length) => new Float32Array(length));
}

/**
 * A function that joins catalogs as {@linkcode joinCatalogs} does, with arrays that each call takes over
 * from the one before: large ones are dear when they are first used.
 */
export function createJoiner(): (catalogs: readonly NormalizedCatalog[]) => Batch {
  const held = new Map<JoinedArray, Float32Array>();
  const take = (name: JoinedArray, length: number) => {
    let array = held.get(name);
    if (!array || array.length < length) held.set(name, array = new Float32Array(2 * length));
    return array.subarray(0, length);
  };
  return (catalogs) => joinInto(catalogs, take);
}

/** The arrays of a batch that are joined row by row. */
type JoinedArray = "pixels" | "supplementary" | "tie";

function joinInto(
  catalogs: readonly NormalizedCatalog[],
  take: (name: JoinedArray, length: number) => Float32Array,
): Batch {
  const rowOffsets = new Uint32Array(catalogs.length + 1);
  for (const [c, catalog] of catalogs.entries()) {
    rowOffsets[c + 1] = rowOffsets[c]! + catalog.count;
  }
  return {
    count: catalogs.length,
    rowOffsets,
    pixels: joinArrays(catalogs, "pixels", take),
    supplementary: joinArrays(catalogs, "supplementary", take),
    labels: Float32Array.from(catalogs, (catalog) => catalog.label),
    tie: joinArrays(catalogs, "tie", take),
  };
}

function joinArrays(
  catalogs: readonly NormalizedCatalog[],
  name: JoinedArray,
  take: (name: JoinedArray, length: number) => Float32Array,
): Float32Array {
  const joined = take(name, catalogs.reduce((length, catalog) => length + catalog[name].length, 0));
  let start = 0;
  for (const catalog of catalogs) {
    joined.set(catalog[name], start);
    start += catalog[name].length;
  }
  return joined;
}

/**
 * Which catalogs make a batch: "equal height", all that have one N (section 3.1); a number: as many,
 * sorted by N and cut, which pads least; `random`: as many of any N. N tells sigma8, so that the
 * gradients of random batches agree better with each other, and less training does.
 */
export type Batches = "equal height" | number | { readonly random: number };

/**
 * The catalogs of each batch of one epoch, as indices into `heights`, in random order.
 *
 * @param heights Number of clusters of each catalog
 * @param batches "equal height": one batch for each N, all catalogs that have it (the paper's;
 * about 23 each); a number: catalogs sorted by N, ties at random, cut into batches of that size;
 * `random`: catalogs in random order, cut
 * @param random Orders catalogs or ties, and the batches
 * @throws {RangeError} If the batch size is not a whole number from 1 on
 */
export function planBatches(
  heights: readonly number[],
  batches: Batches,
  random: Random,
): Uint32Array[] {
  checkBatches(batches, "plan batches");
  const isSorted = typeof batches !== "object";
  const order = random.permutation(heights.length);
  if (isSorted) order.sort((a, b) => heights[a]! - heights[b]!);
  const size = isSorted ? batches : batches.random;
  const plan: Uint32Array[] = [];
  let start = 0;
  while (start < order.length) {
    let end = start + 1;
    if (size === "equal height") {
      while (end < order.length && heights[order[end]!] === heights[order[start]!]) end++;
    } else {
      end = Math.min(start + size, order.length);
    }
    plan.push(order.slice(start, end));
    start = end;
  }
  return Array.from(random.permutation(plan.length), (i) => plan[i]!);
}

/**
 * Throws unless the size of batches is a whole number from 1 on.
 *
 * @param action What the message says cannot be done
 * @throws {RangeError} If it is not a whole number from 1 on
 */
export function checkBatches(batches: Batches, action: string): void {
  if (batches === "equal height") return;
  const size = typeof batches === "object" ? batches.random : batches;
  if (Number.isInteger(size) && size >= 1) return;
  throw new RangeError(
    `Cannot ${action}: the size of batches is ${size}, should be a whole number from 1 on`,
  );
}
