/** The data of a report: plain records, each of which may be missing. */
import type { Table4 } from "../evaluation/table4.ts";
import type { Gap } from "../interpretation/exact/gap.ts";
import type { ExactSummary } from "../interpretation/exact/summary.ts";
import type { Interpretation } from "../interpretation/interpretation.ts";
import type { Conclusion } from "../interpretation/faithfulness/conclusions.ts";
import type {
  Faithfulness,
  FaithfulnessDetails,
} from "../interpretation/faithfulness/faithfulness.ts";
import type { SeedSpread } from "../interpretation/ensemble.ts";
import type { LeaveOneOut } from "../interpretation/leave_one_out.ts";
import type { Overspecialization } from "../interpretation/overspecialization.ts";
import type { PixelLabel, Saliency } from "../interpretation/saliency.ts";
import type { SelfCalibration } from "../interpretation/self_calibration.ts";
import type { TerseTable } from "../interpretation/terse_table.ts";
import type { CatalogMassRanges } from "../interpretation/transition.ts";
import type { TransitionProxies } from "../interpretation/transition_proxies.ts";
import type { Architecture, Epoch, InputWidths } from "../model.ts";
import type { AbundancePanel } from "./figures/abundance.ts";
import type { DensityProfileExample } from "./figures/density_profiles.ts";
import type { InputMatrix } from "./figures/matrices.ts";
import type { OffsetExample } from "./figures/neighbor_offset.ts";
import type { Predictions } from "./figures/predictions.ts";
import type { SurveyCalibration } from "./figures/self_calibration.ts";
import type { Relations } from "./paper_tables.ts";
import type { SampleOrigin } from "./scatter_reasons.ts";

/** A name and its value, such as a choice of the experiment. */
export interface Fact {
  /** Name of the fact, as in "number of catalogs". */
  readonly name: string;
  /** Value of the fact, as in "4968". */
  readonly value: string;
}

/** The overspecialized experiment (App. B). */
export interface OverspecializedRun {
  /** Predictions of Fig. 19. */
  readonly predictions?: Predictions;
  /** Training history of Fig. 20. */
  readonly history?: readonly Epoch[];
  /** Terse values of Fig. 21. */
  readonly terseTable?: TerseTable;
  /** The verdict on the network. */
  readonly verdict?: Overspecialization;
}

/** All that a report may show; parts that are left out are listed as not computed. */
export interface ReportData {
  /** Title of the page, as in "Standard, compact network, seed 1". */
  readonly title: string;
  /** Choices of the experiment and of the run. */
  readonly facts: readonly Fact[];
  /** Where the base sample comes from; "stand-in" unless given. */
  readonly sample?: SampleOrigin;
  /** Table 2: the base sample's power laws. */
  readonly relations?: Relations;
  /** Table 4, as `makeTable4` returns it. */
  readonly scatter?: Table4;
  /** Spread of the headline numbers over trainings (section 3.3: ten). */
  readonly seeds?: readonly SeedSpread[];
  /** Fig. 1, and the width of its mass bins [dex]. */
  readonly abundance?: { readonly panel: AbundancePanel; readonly binWidth: number };
  /** Profiles of Fig. 2. */
  readonly densityProfiles?: readonly DensityProfileExample[];
  /** Fig. 3, and its observable as on the axis. */
  readonly offsets?: { readonly examples: readonly OffsetExample[]; readonly observable: string };
  /** Fig. 5; `parameters` as `countParameters` returns them. */
  readonly network?: {
    readonly architecture: Architecture;
    readonly inputs: InputWidths;
    readonly parameters: number;
  };
  /** Fig. 6; `pixels` as `labelPixels` returns them. */
  readonly inputs?: {
    readonly matrices: readonly InputMatrix[];
    readonly pixels: readonly PixelLabel[];
  };
  /** Training history of Fig. 7. */
  readonly history?: readonly Epoch[];
  /** Predictions of Fig. 8. */
  readonly predictions?: Predictions;
  /** Coverage of the network's posteriors, if it was tested. */
  readonly calibration?: {
    /** Share of truths inside the 68% interval. */
    readonly coverage68: number;
    /** Share of truths inside the 95% interval. */
    readonly coverage95: number;
    /** Chi-square probability that ranks are uniform. */
    readonly rankProbability: number;
    /** Catalogs that were tested. */
    readonly catalogs: number;
  };
  /**
   * Figs. 9-11, 15 and 16, and the linked views, which show the saliency maps of those catalogs
   * that `measureSaliency` kept: ask it for more than the first three.
   */
  readonly interpretation?: Interpretation;
  /** Scores of the network's interpretation against the exact answers, and the data behind them. */
  readonly faithfulness?: {
    readonly scores: Faithfulness;
    readonly details: FaithfulnessDetails;
  };
  /** Summary of the exact answers that the network was compared with. */
  readonly exact?: ExactSummary | Gap;
  /** The paper's six conclusions, by the network and exactly. */
  readonly conclusions?: {
    readonly network: readonly Conclusion[];
    readonly exact: readonly Conclusion[];
  };
  /** Fig. 12: the network without weak lensing. */
  readonly noWeakLensing?: {
    readonly saliency: Saliency;
    readonly masses: CatalogMassRanges | null;
    readonly leaveOneOut?: LeaveOneOut;
    /** d sigma8 / d log mass by mass, compared with the exact one. */
    readonly massSlopes?: FaithfulnessDetails["massSlopes"];
  };
  /** Distributions of Fig. 13. */
  readonly transitions?: TransitionProxies;
  /** Self-calibration of Fig. 14. */
  readonly selfCalibration?: SelfCalibration;
  /** Fig. 17: the smaller and the larger survey. */
  readonly surveyAbundance?: {
    readonly panels: readonly AbundancePanel[];
    readonly binWidth: number;
  };
  /** Fig. 18: the smaller and the larger survey. */
  readonly surveyCalibrations?: readonly SurveyCalibration[];
  /** The overspecialized experiment of Figs. 19-21. */
  readonly overspecialized?: OverspecializedRun;
}
