/**
 * The stage that interprets: what the schemes of section 5 find in a trained network, and what the
 * catalogs tell without one (section 5.2.1, App. A).
 */
import type { Catalog } from "../catalogs/catalog.ts";
import { drawCatalogs, prepareCatalogs } from "../catalogs/catalog.ts";
import { breakLogMass, LARGER_SURVEY, SMALLER_SURVEY } from "../catalogs/survey.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { ExactCatalog } from "../interpretation/exact/exact_catalog.ts";
import type {
  Faithfulness,
  FaithfulnessDetails,
} from "../interpretation/faithfulness/faithfulness.ts";
import { measureFaithfulness } from "../interpretation/faithfulness/faithfulness.ts";
import type { Interpretation, InterpretOptions } from "../interpretation/interpretation.ts";
import { interpret } from "../interpretation/interpretation.ts";
import type { SelfCalibration } from "../interpretation/self_calibration.ts";
import { calibrateByCounts, summarizeCatalogs } from "../interpretation/self_calibration.ts";
import type { CatalogMassRanges } from "../interpretation/transition.ts";
import { catalogMassRanges } from "../interpretation/transition.ts";
import type { TransitionProxies } from "../interpretation/transition_proxies.ts";
import { compareTransitions } from "../interpretation/transition_proxies.ts";
import type { Engine } from "../model.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { openModel } from "../network/trained_model.ts";
import { designOf } from "./catalogs.ts";
import { buildTests, splitOf } from "./sets.ts";
import { openStream } from "./streams.ts";

/** How a run is interpreted. */
export interface InterpretRunOptions extends InterpretOptions {
  /**
   * The experiment of the catalogs, whose seed splits and orders them; the run's own if left out. It
   * is another's where several networks see the same catalogs.
   */
  readonly origin?: Experiment;
  /** What the network is judged against; it is not judged if left out. */
  readonly ground?: RunGround;
}

/** What networks of a run folder are judged against. */
export interface RunGround {
  /** The sample that the catalogs were drawn from. */
  readonly base: BaseSample;
  /** Exact answers by place among the test catalogs, `null` where there are none; may be empty. */
  readonly exact: readonly (ExactCatalog | null)[];
}

/** What the schemes find, and whether it is true. */
export interface JudgedInterpretation extends Interpretation {
  /** `null` for a network that was not judged. */
  readonly faithfulness: {
    /** The scores and the verdict. */
    readonly scores: Faithfulness;
    /** All that was compared. */
    readonly details: FaithfulnessDetails;
  } | null;
}

/**
 * Applies the schemes of section 5 to a network, on the test catalogs of its design.
 *
 * @param catalogs All catalogs of the design
 */
export async function interpretRun(
  engine: Engine,
  run: TrainingRun<Experiment>,
  catalogs: readonly Catalog[],
  { origin = run.experiment, ground, ...options }: InterpretRunOptions = {},
): Promise<JudgedInterpretation> {
  const { features, base } = run.experiment;
  const test = buildTests({ ...origin, features }, catalogs);
  const held = Array.from(splitOf(origin, catalogs.length).test, (row) => catalogs[row]!);
  const model = await openModel(engine, run);
  const interpretation = await interpret(model, test, held, features.pixels, options);
  const faithfulness = ground
    ? await measureFaithfulness(model, test, interpretation, {
      ...ground,
      columns: features.pixels,
      supplementary: features.supplementary,
      scales: run.normalization.pixels,
      isNoisy: base.profiles === "observed",
    })
    : null;
  model.dispose();
  return { ...interpretation, faithfulness };
}

/** What all catalogs of an experiment tell without a network. */
export interface PopulationFindings {
  /** Fig. 13. */
  readonly transition: TransitionProxies;
  /** Fig. 12's rectangles. */
  readonly massRanges: CatalogMassRanges;
  /** Fig. 14. */
  readonly selfCalibration: SelfCalibration;
  /** Fig. 18: the same for App. A's surveys. */
  readonly surveys: Readonly<Record<"smaller" | "larger", SelfCalibration>>;
}

/** Looks at an experiment's catalogs, and draws those of App. A's surveys from the same design. */
export function describePopulation(
  experiment: Experiment,
  base: BaseSample,
  catalogs: readonly Catalog[],
): PopulationFindings {
  const { survey } = experiment.catalog;
  const transition = (parameters: Catalog["parameters"]) =>
    breakLogMass(survey, base.relations.luminosity, parameters);
  const random = openStream(experiment.seed, "catalogs");
  const parameters = designOf(experiment);
  const calibrate = (survey: typeof SMALLER_SURVEY) => {
    const maker = prepareCatalogs(base, { ...experiment.catalog, survey });
    const drawn = drawCatalogs(maker, parameters, random);
    return calibrateByCounts(summarizeCatalogs(drawn));
  };
  return {
    transition: compareTransitions(catalogs, transition),
    massRanges: catalogMassRanges(catalogs, transition),
    selfCalibration: calibrateByCounts(summarizeCatalogs(catalogs)),
    surveys: { smaller: calibrate(SMALLER_SURVEY), larger: calibrate(LARGER_SURVEY) },
  };
}
