/** The paper's six conclusions on a run's catalogs: by its network, and exactly. */
import type { Gap } from "../interpretation/exact/gap.ts";
import { isGap } from "../interpretation/exact/gap.ts";
import type { ExactSummary } from "../interpretation/exact/summary.ts";
import {
  measuresOfExact,
  measuresOfNetwork,
} from "../interpretation/faithfulness/conclusion_measures.ts";
import type { Conclusion } from "../interpretation/faithfulness/conclusions.ts";
import { drawConclusions } from "../interpretation/faithfulness/conclusions.ts";
import type { JudgedInterpretation } from "./interpretation.ts";

/** The conclusions, each by its place. */
export interface RunConclusions {
  /** By the network. */
  readonly network: readonly Conclusion[];
  /** By the mocks' own likelihood. */
  readonly exact: readonly Conclusion[];
}

/** What a run's conclusions are decided by. */
export interface ConcludedRun {
  /** The run's network, which must have been judged. */
  readonly network: JudgedInterpretation;
  /** A network without weak lensing on the same catalogs, if there is one. */
  readonly withoutLensing?: JudgedInterpretation | null;
  /** Summary of the exact answers that the network was judged by, or why there is none. */
  readonly summary: ExactSummary | Gap;
  /** Standard deviation of predicted minus true sigma8 on fresh catalogs, if known. */
  readonly scatter?: number | null;
  /** A network that reads sigma8 off single clusters, if there is one. */
  readonly overspecialized?: JudgedInterpretation | null;
}

/**
 * Decides the conclusions.
 *
 * @throws {TypeError} If the network was not judged
 */
export function concludeRun(
  { network, withoutLensing, summary, scatter = null, overspecialized = null }: ConcludedRun,
): RunConclusions {
  if (!network.faithfulness) {
    throw new TypeError("Cannot conclude: the network was not judged, a ground is needed");
  }
  const { details } = network.faithfulness;
  const further = {
    scatter: scatter === null || isGap(summary)
      ? null
      : { scatter, limit: summary.everything.width },
    withoutLensing: withoutLensing?.faithfulness?.details ?? null,
    overspecialized,
  };
  return {
    network: drawConclusions(measuresOfNetwork(network, details, further)),
    exact: drawConclusions(measuresOfExact(summary, details, further)),
  };
}
