/**
 * What is found out about a catalog: the record that `judgeSafety` returns.
 *
 * @module
 */
import type { Score } from "./scores.ts";

/** Whether the network may be applied; "caution" means that the reasons should be read first. */
export type SafetyVerdict = "consistent" | "caution" | "do not apply";

/** One input column against the clusters of all reference catalogs. */
export interface ColumnCheck {
  /**
   * Name of the quantity: "logTemperature", "logGasMassProfile_0" (the innermost shell), "terse".
   */
  readonly name: string;
  /** The least value of the catalog. */
  readonly min: number;
  /** The greatest value of the catalog. */
  readonly max: number;
  /** The least value of all reference clusters. */
  readonly trainingMin: number;
  /** The greatest value of all reference clusters. */
  readonly trainingMax: number;
  /** Number of clusters below or above the reference clusters. */
  readonly outside: number;
  /** Distance of Kolmogorov and Smirnov from the pooled reference clusters. */
  readonly distance: number;
  /**
   * Probability of the distance if all clusters were independent, which those of one catalog are
   * not.
   */
  readonly probability: number;
}

/** A correlation of the terse value, and the range of 95% of the reference catalogs. */
export interface CorrelationCheck {
  /** What the terse value is correlated with. */
  readonly observable: string;
  /** Pearson's r over the catalog's clusters. */
  readonly correlation: number;
  /** Usual range, for catalogs of as many clusters. */
  readonly usual: { readonly low: number; readonly high: number };
}

/** The terse values against those of the reference clusters. */
export interface TerseCheck {
  /** Squared maximum mean discrepancy. */
  readonly discrepancy: number;
  /** Probability by permutation of clusters, as if all were independent. */
  readonly probability: number;
  /** One for each observable that the network reads. */
  readonly correlations: readonly CorrelationCheck[];
}

/** One test's outcome. */
export interface TestCheck extends Score {
  /** The highest score of the sound catalogs. */
  readonly highest: number;
  /** Share of sound catalogs that score as high or higher. */
  readonly probability: number;
}

/** A number and the range of 95% of the reference catalogs. */
export interface RangeCheck {
  /** The number. */
  readonly value: number;
  /** `null` if it does not vary. */
  readonly usual: { readonly low: number; readonly high: number } | null;
}

/** How much the prediction depends on single clusters (section 5.1). */
export interface StabilityCheck {
  /** 68% of the changes are smaller, either sign. */
  readonly halfWidth: RangeCheck;
  /** The largest change, either sign. */
  readonly largest: RangeCheck;
}

/** The answer. */
export interface Safety {
  /** Whether to apply the network. */
  readonly verdict: SafetyVerdict;
  /** One line each; empty only if the verdict is "consistent". */
  readonly reasons: readonly string[];
  /** Share of sound catalogs with so improbable a test; `null` if there were too few clusters, or too many. */
  readonly probability: number | null;
  /** Number of clusters that were checked. */
  readonly clusters: number;
  /** The input columns, and the terse value if it varies. */
  readonly columns: readonly ColumnCheck[];
  /** `null` if the terse value does not vary, or there were too few clusters, or too many. */
  readonly terse: TerseCheck | null;
  /** Checks of the statistics; empty if there were too few clusters, or too many. */
  readonly tests: readonly TestCheck[];
  /** `null` if there were too few clusters, or too many. */
  readonly stability: StabilityCheck | null;
  /** r(terse, sigma8) at fixed mass on the reference catalogs; `null` if it is not known. */
  readonly partial: number | null;
}
