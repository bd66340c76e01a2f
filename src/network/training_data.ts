/**
 * The catalogs on which a network is trained and validated: fixed ones, or fresh ones for every
 * epoch.
 */
import type { NormalizedCatalog } from "../features/dataset.ts";
import type { LabelScale } from "../features/normalization.ts";
import type { InputWidths, Schedule } from "../model.ts";
import { fingerprintCatalogs } from "./saved_arrays.ts";

/** The catalogs of an epoch (from 1): a fixed list, or a function that makes them. */
export type CatalogSource =
  | readonly NormalizedCatalog[]
  | ((epoch: number) => readonly NormalizedCatalog[] | Promise<readonly NormalizedCatalog[]>);

/** The catalogs on which a network is trained and validated. */
export interface TrainingData {
  /**
   * A list if `schedule.catalogs` is "fixed", a function otherwise. The function must give the same
   * catalogs for the same epoch, or resumption is not exact.
   */
  readonly train: CatalogSource;
  /** The catalogs whose error selects the epoch. */
  readonly validation: readonly NormalizedCatalog[];
  /** Scale of the labels, linear if left out; probits are drawn within cells at every step. */
  readonly label?: LabelScale;
}

/**
 * The training catalogs of an epoch, checked.
 *
 * @throws {RangeError} If there are none, one is empty, or a label is not finite
 * @throws {TypeError} If a catalog's widths are not those of the inputs
 */
export async function catalogsOfEpoch(
  { train }: TrainingData,
  epoch: number,
  inputs: InputWidths,
  { tie }: Pick<Schedule, "tie">,
): Promise<readonly NormalizedCatalog[]> {
  if (typeof train !== "function") return train;
  const catalogs = await train(epoch);
  checkCatalogs("training", catalogs, inputs);
  if (tie !== null) checkTies(catalogs);
  return catalogs;
}

/**
 * Throws unless the fixed catalogs are valid, as {@linkcode catalogsOfEpoch} checks them, and the
 * training catalogs are of the schedule's kind.
 *
 * @throws {TypeError} If a list is given for fresh catalogs, or a function for fixed ones
 */
export function checkTrainingData(
  { train, validation }: TrainingData,
  inputs: InputWidths,
  { catalogs, tie }: Pick<Schedule, "catalogs" | "tie">,
): void {
  const isFunction = typeof train === "function";
  if (isFunction === (catalogs === "fixed")) {
    const [found, kind] = isFunction ? ["a function of the epoch", "fresh"] : ["a list", "fixed"];
    throw new TypeError(
      `Cannot train: schedule.catalogs is "${catalogs}", should be "${kind}" for training ` +
        `catalogs that are ${found}`,
    );
  }
  if (typeof train !== "function") {
    checkCatalogs("training", train, inputs);
    if (tie !== null) checkTies(train);
  }
  checkCatalogs("validation", validation, inputs);
}

/** Throws unless every cluster in training has a value to which its terse value is tied. */
function checkTies(catalogs: readonly NormalizedCatalog[]): void {
  const bad = catalogs.findIndex(({ count, tie }) => tie.length !== count);
  if (bad < 0) return;
  const { count, tie } = catalogs[bad]!;
  throw new TypeError(
    `Cannot train: training catalog ${bad} has ${tie.length} values to tie the terse value to, ` +
      `expected ${count}, one per cluster, since schedule.tie is set`,
  );
}

/** A fingerprint of the catalogs, 64 bits in hexadecimal; fresh catalogs do not count. */
export function fingerprintData({ train, validation }: TrainingData): string {
  return fingerprintCatalogs([...typeof train === "function" ? [] : train, ...validation]);
}

function checkCatalogs(
  kind: string,
  catalogs: readonly NormalizedCatalog[],
  inputs: InputWidths,
): void {
  if (catalogs.length === 0) {
    throw new RangeError(`Cannot train: there are 0 ${kind} catalogs, at least 1 is needed`);
  }
  for (const [c, { count, pixels, supplementary, label }] of catalogs.entries()) {
    const subject = `Cannot train: ${kind} catalog ${c}`;
    if (count < 1) throw new RangeError(`${subject} has 0 clusters, at least 1 is needed`);
    if (!Number.isFinite(label)) {
      throw new RangeError(`${subject} has the label ${label}, should be finite`);
    }
    const widths = `${pixels.length / count} and ${supplementary.length / count}`;
    const expected = `${inputs.pixels} and ${inputs.supplementary}`;
    if (widths !== expected) {
      throw new TypeError(
        `${subject} has ${widths} pixels and supplementary values per cluster, expected ${expected}`,
      );
    }
  }
}
