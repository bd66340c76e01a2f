/**
 * Overspecialization (App. B, Figs. 19-21): does one cluster's terse value know sigma8? Only a
 * population of clusters can; a network whose encoder reads it off single clusters has learned how
 * the mocks were made.
 */
import { thereAre } from "../numerics/counted.ts";
import type { CatalogCorrelation } from "./catalog_correlation.ts";
import { correlateAtFixed, correlateIfVaried } from "./catalog_correlation.ts";
import type { FigureColumns, Headlines } from "./columns.ts";
import { explainedVariance } from "./explained_variance.ts";
import type { TerseTable } from "./terse_table.ts";

/**
 * Largest |r(terse, sigma8)| at fixed mass of a sound network. Good networks have 0.005 to 0.02,
 * which is sampling and what a straight line in log mass leaves; an encoder that reads sigma8 off
 * the scaling relations has some tenths.
 */
export const PARTIAL_LIMIT = 0.05;

/**
 * Errors by which a partial correlation must differ from none; 4 errors is one network in 16 000.
 * Where the catalogs' biases of T and Mgas are not known, 497 of them can show 0.04 by chance.
 */
const SIGNIFICANCE_LIMIT = 4;

/**
 * Largest share of sigma8's variance that one cluster's terse value may explain beyond what its
 * true mass explains (0.01 to 0.03). It finds what a correlation cannot: a terse value that is
 * large, of either sign, where sigma8 is high.
 */
const EXPLAINED_LIMIT = 0.05;

/**
 * How many times the share explained by chance the excess must be as well: one deal of labels
 * scatters about it by half of it, so that 2 is four errors.
 */
const CHANCE_MARGIN = 2;

/** Below this |r(terse, log mass)| a flagged network is also reported not to be a mass proxy (Fig. 21). */
const MASS_PROXY_LEAST = 0.3;

/** Fewest catalogs for a verdict: the significance of n catalogs cannot exceed sqrt(n). */
export const FEWEST_CATALOGS = 30;

/** The numbers that a verdict rests on. */
export interface OverspecializationNumbers {
  /** Number of clusters. */
  readonly clusters: number;
  /** Number of catalogs that have clusters. */
  readonly catalogs: number;
  /** r(terse, sigma8); `null` if the terse value does not vary. */
  readonly sigma8: number | null;
  /** r(terse, log mass); `null` if the terse value does not vary. */
  readonly logMass: number | null;
  /** r(log mass, sigma8): what a perfect mass proxy shows. */
  readonly massSigma8: number | null;
  /** r(terse, sigma8) at fixed log mass; `null` if nothing of terse is left at fixed mass. */
  readonly partial: CatalogCorrelation | null;
  /** Share of sigma8's variance between bins of one cluster's terse value, chance removed. */
  readonly explained: number;
  /** Share of sigma8's variance between bins of one cluster's true mass, chance removed. */
  readonly explainedByMass: number;
  /** The share that bins of the terse value would hold by chance. */
  readonly chance: number;
}

/** The columns that the verdict uses. */
export type JudgedColumns = Pick<
  TerseTable,
  "count" | "catalog" | "terse" | "logMass" | "sigma8" | "shared"
>;

/** Whether a network reads sigma8 off single clusters, and why. */
export interface Overspecialization {
  /** True if there is a reason. */
  readonly overspecialized: boolean;
  /** One sentence per finding; empty for a network that passes. */
  readonly reasons: readonly string[];
  /** What the verdict rests on. */
  readonly numbers: OverspecializationNumbers;
}

/**
 * Judges whether single clusters tell sigma8 to the encoder.
 *
 * The raw correlation cannot judge: a perfect mass proxy has r(terse, sigma8) = r(log M, sigma8),
 * about 0.12, by the mass function alone. A network fails if the correlation at fixed mass is both
 * large and significant, or if the terse value explains more of sigma8's variance than mass does.
 *
 * @example An encoder whose terse value is sigma8 is found out; one that returns the mass passes
 * ```ts
 * import { judgeOverspecialization } from "@clusters/terse";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const count = 120; // 40 catalogs of 3 clusters
 * const catalog = Uint32Array.from({ length: count }, (_, i) => Math.floor(i / 3));
 * const logMass = Float64Array.from(catalog, (c, i) => 14 + 0.3 * (i % 3) + 0.001 * (c % 7));
 * const sigma8 = Float64Array.from(catalog, (c) => 0.7 + 0.005 * c);
 * const table = { count, catalog, logMass, sigma8 };
 *
 * const cheat = judgeOverspecialization({ ...table, terse: sigma8 });
 * assert(cheat.overspecialized && cheat.reasons.length > 0);
 * const sound = judgeOverspecialization({ ...table, terse: logMass });
 * assertEquals(sound.reasons, []);
 * ```
 *
 * @throws {RangeError} If there are fewer than {@linkcode FEWEST_CATALOGS} catalogs with clusters,
 * or all have one sigma8
 */
export function judgeOverspecialization(table: JudgedColumns): Overspecialization {
  const numbers = measureNumbers(table);
  const reasons = [atFixedMass(numbers), beyondMass(numbers)].filter((reason) => reason !== null);
  const { logMass } = numbers;
  if (reasons.length > 0 && logMass !== null && Math.abs(logMass) < MASS_PROXY_LEAST) {
    reasons.push(`The terse value is not a mass proxy: r(terse, log M) is ${logMass.toFixed(3)}`);
  }
  return { overspecialized: reasons.length > 0, reasons, numbers };
}

function measureNumbers(table: JudgedColumns): OverspecializationNumbers {
  const { count, terse, logMass, sigma8, catalog, shared } = table;
  const catalogs = new Set(catalog).size;
  if (catalogs < FEWEST_CATALOGS) {
    throw new RangeError(
      `Cannot judge overspecialization: ${thereAre(catalogs, "catalog")} with clusters, ` +
        `should be ${FEWEST_CATALOGS} or more`,
    );
  }
  const byTerse = explainedVariance(terse, sigma8, catalog);
  const byMass = explainedVariance(logMass, sigma8, catalog);
  return {
    clusters: count,
    catalogs,
    sigma8: correlateIfVaried(terse, sigma8),
    logMass: correlateIfVaried(terse, logMass),
    massSigma8: correlateIfVaried(logMass, sigma8),
    partial: correlateAtFixed(terse, sigma8, logMass, catalog, shared),
    explained: byTerse.beyondChance,
    explainedByMass: byMass.beyondChance,
    chance: byTerse.chance,
  };
}

function atFixedMass({ partial }: OverspecializationNumbers): string | null {
  if (partial === null) return null;
  const { correlation, significance } = partial;
  if (Math.abs(correlation) <= PARTIAL_LIMIT) return null;
  if (Math.abs(significance) <= SIGNIFICANCE_LIMIT) return null;
  return `At fixed mass a single cluster's terse value goes with sigma8: r is ` +
    `${correlation.toFixed(3)}, ${Math.abs(significance).toFixed(1)} errors from none, ` +
    `should be within ${PARTIAL_LIMIT}`;
}

function beyondMass(numbers: OverspecializationNumbers): string | null {
  const { explained, explainedByMass, chance } = numbers;
  const excess = explained - explainedByMass;
  if (!(excess > EXPLAINED_LIMIT && excess > CHANCE_MARGIN * chance)) return null;
  return `A single cluster's terse value explains ${percent(explained)} of the variance of ` +
    `sigma8, its true mass ${percent(explainedByMass)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Panel `numbers`, one row. The 2D histograms of Fig. 21 are those of Fig. 15's `clusters`. */
export function overspecializationColumns(verdict: Overspecialization): FigureColumns {
  const numbers: Record<string, ArrayLike<number>> = {
    overspecialized: [verdict.overspecialized ? 1 : 0],
  };
  for (const [name, value] of Object.entries(overspecializationHeadlines(verdict))) {
    if (value !== null) numbers[name] = [value];
  }
  return { numbers };
}

/** The verdict's significance and explained shares; terse_layer.ts has the correlations. */
export function overspecializationHeadlines({ numbers }: Overspecialization): Headlines {
  return {
    "partial significance": numbers.partial?.significance ?? null,
    "sigma8 variance explained by terse": numbers.explained,
    "sigma8 variance explained by mass": numbers.explainedByMass,
  };
}
