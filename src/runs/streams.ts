/**
 * Every root stream of a run in one table: which names a part of a run forks from the seed. Two
 * parts never share numbers, and a part gives the same numbers alone or after the others.
 */
import { BASE_SAMPLE_STREAM } from "../clusters/base_sample.ts";
import type { Random } from "../numerics/random.ts";
import { createRandom } from "../numerics/random.ts";

/** A part of a run that draws random numbers. */
export type RunStream =
  | "baseSample"
  | "observations"
  | "design"
  | "catalogs"
  | "split"
  | "features"
  | "training"
  | "fresh"
  | "bootstrap"
  | "limit"
  | "exact"
  | "calibration"
  | "comparisons"
  | "safety"
  | "robustness"
  | "prediction";

/** What each part of a run forks from its seed; parts without names fork from the seed itself. */
const STREAMS: Readonly<Record<RunStream, readonly string[]>> = {
  /** The clusters of the base sample, and the gas profiles that a table of clusters lacks. */
  baseSample: [BASE_SAMPLE_STREAM],
  /** Mock X-ray observations; base cluster i takes `fork("observe", i)`. */
  observations: ["mock observations"],
  /** Parameters of the design's catalogs. */
  design: ["design"],
  /** The design's catalogs; catalog i takes `fork("catalog", i)`. */
  catalogs: [],
  /** Which catalogs train, validate and test. */
  split: ["split"],
  /** Rows of the network's inputs; catalog i takes `fork("features", i)`. */
  features: [],
  /** Start values, batches, dropout, jitter, and the fresh catalogs of every epoch. */
  training: ["training"],
  /** Fresh catalogs for tests, and the rows of their inputs. */
  fresh: ["fresh"],
  /** Error bars; each set of catalogs takes its name. */
  bootstrap: ["bootstrap"],
  /** Catalogs and posteriors of the information limit, and the rows of their inputs. */
  limit: ["limit"],
  /** Posteriors that exact answers follow from; test catalog i takes `fork("catalog", i)`. */
  exact: ["exact"],
  /** Tests of posteriors. */
  calibration: ["calibration"],
  /** Comparisons between the rows of Table 4. */
  comparisons: ["table 4", "comparisons"],
  /** Mock catalogs of the safety reference. */
  safety: ["safety"],
  /** Catalogs unlike those of the training. */
  robustness: ["robustness"],
  /** Rows and error bars of observed catalogs. */
  prediction: ["predict"],
};

/**
 * The root stream of a part of a run.
 *
 * @param seed Seed of the run
 * @param part Part of the run
 */
export function openStream(seed: number, part: RunStream): Random {
  return createRandom(seed).fork(...STREAMS[part]);
}
