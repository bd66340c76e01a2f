/** The findings about a catalog: the record that `judgeSafety` returns. */
import type { Score } from "./scores.ts";

/** Whether the network may be applied; "caution" means that the reasons should be read first. */
export type SafetyVerdict = "consistent" | "caution" | "do not apply";

/** One input column compared with the clusters of all reference catalogs. */
export interface ColumnCheck {
  /** Name of the quantity: "logTemperature", "logGasMassProfile_0" (the innermost), "terse". */
  readonly name: string;
  /** Least value in the catalog. */
  readonly min: number;
  /** Greatest value in the catalog. */
  readonly max: number;
  /** Least value of the reference clusters. */
  readonly trainingMin: number;
  /** Greatest value of the reference clusters. */
  readonly trainingMax: number;
  /** Number of clusters outside the range of the reference clusters. */
  readonly outside: number;
  /** Kolmogorov-Smirnov distance from the pooled reference clusters. */
  readonly distance: number;
  /** Probability of the distance if clusters were independent, which those of a catalog are not. */
  readonly probability: number;
}

/** A correlation of the terse value, and the range of 95% of the reference catalogs. */
export interface CorrelationCheck {
  /** Observable with which the terse value is correlated. */
  readonly observable: string;
  /** Pearson's r over the catalog's clusters. */
  readonly correlation: number;
  /** Range of 95% of the reference catalogs with as many clusters. */
  readonly usual: { readonly low: number; readonly high: number };
}

/** The terse values compared with those of the reference clusters. */
export interface TerseCheck {
  /** Squared maximum mean discrepancy. */
  readonly discrepancy: number;
  /** Probability by permutation of clusters, as if all were independent. */
  readonly probability: number;
  /** Correlations with each observable that the network reads. */
  readonly correlations: readonly CorrelationCheck[];
}

/** One test's outcome. */
export interface TestCheck extends Score {
  /** Highest score of the sound catalogs. */
  readonly highest: number;
  /** Share of sound catalogs that score as high or higher. */
  readonly probability: number;
}

/** A number and the range of 95% of the reference catalogs. */
export interface RangeCheck {
  /** The number. */
  readonly value: number;
  /** Range of 95% of the reference catalogs; `null` if the number does not vary. */
  readonly usual: { readonly low: number; readonly high: number } | null;
}

/** How much the prediction depends on single clusters (section 5.1). */
export interface StabilityCheck {
  /** Half width of the changes: 68% are smaller, either sign. */
  readonly halfWidth: RangeCheck;
  /** The largest change, either sign. */
  readonly largest: RangeCheck;
}

/** The verdict on a catalog, with its reasons and checks. */
export interface Safety {
  /** Whether to apply the network. */
  readonly verdict: SafetyVerdict;
  /** Reasons, one line each; empty only if the verdict is "consistent". */
  readonly reasons: readonly string[];
  /** Share of sound catalogs with a test as improbable; `null` for too few or too many clusters. */
  readonly probability: number | null;
  /** Number of clusters that were checked. */
  readonly clusters: number;
  /** The input columns, and the terse value if it varies. */
  readonly columns: readonly ColumnCheck[];
  /** Check of the terse values; `null` if they do not vary, or for too few or too many clusters. */
  readonly terse: TerseCheck | null;
  /** Checks of the statistics; empty if there were too few clusters, or too many. */
  readonly tests: readonly TestCheck[];
  /** Check of the stability; `null` if there were too few clusters, or too many. */
  readonly stability: StabilityCheck | null;
  /** r(terse, sigma8) at fixed mass on the reference catalogs; `null` if it is not known. */
  readonly partial: number | null;
}
