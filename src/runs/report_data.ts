/**
 * The stage that fills a report: everything that a run folder can tell, from its catalogs and
 * trained networks.
 */
import type { Catalog } from "../catalogs/catalog.ts";
import { LARGER_SURVEY, SMALLER_SURVEY } from "../catalogs/survey.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { Gap } from "../interpretation/exact/gap.ts";
import type { ExactSummary } from "../interpretation/exact/summary.ts";
import { labelPixels } from "../interpretation/saliency.ts";
import type { Engine } from "../model.ts";
import { inputWidths } from "../network/checkpoint.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import { countParameters } from "../network/weights.ts";
import type { ReportData } from "../report/report_data.ts";
import { buildSets } from "./sets.ts";
import type { JudgedInterpretation, RunGround } from "./interpretation.ts";
import { describePopulation, interpretRun } from "./interpretation.ts";
import { concludeRun } from "./conclusions.ts";
import { describeAbundance, nameSurvey } from "./report_abundance.ts";
import { chooseOffset, observeExamples } from "./report_examples.ts";
import type { OverspecializedSource } from "./report_networks.ts";
import { examineOverspecialized, examineRun, samplePlaces } from "./report_networks.ts";

/** What a report is made from. */
export interface ReportSource {
  readonly run: TrainingRun<Experiment>;
  readonly base: BaseSample;
  /** The clusters before any observation; null if they are not available. */
  readonly unobserved: BaseSample | null;
  readonly catalogs: readonly Catalog[];
  /** The network without weak lensing, if there is one. */
  readonly withoutLensing: TrainingRun<Experiment> | null;
  readonly overspecialized: OverspecializedSource | null;
  /** What networks are judged against, of what each network sees; not judged if left out. */
  readonly ground?: ((experiment: Experiment) => RunGround) | undefined;
  /** Summary of the exact answers for the run's own network. */
  readonly summary?: ExactSummary | Gap;
  /** Scatter of sigma8 on fresh catalogs; null if it was not measured. */
  readonly freshScatter?: number | null;
}

/** The figures that need no network. */
export function describeCatalogs(
  { run: { experiment }, base, unobserved, catalogs }: ReportSource,
):
  & Pick<
    ReportData,
    | "relations"
    | "densityProfiles"
    | "offsets"
    | "abundance"
    | "surveyAbundance"
    | "inputs"
    | "transitions"
    | "selfCalibration"
    | "surveyCalibrations"
  >
  & { readonly massRanges: ReturnType<typeof describePopulation>["massRanges"] } {
  const profiles = unobserved ? observeExamples(unobserved, experiment) : [];
  const offsets = chooseOffset(base, experiment);
  const { transition, massRanges, selfCalibration, surveys } = describePopulation(
    experiment,
    base,
    catalogs,
  );
  const { test } = buildSets(experiment, catalogs);
  const matrices = samplePlaces(test.length).map((place) => test[place]!);
  return {
    massRanges,
    relations: base.relations,
    ...(profiles.length > 0 ? { densityProfiles: profiles } : {}),
    ...(offsets ? { offsets } : {}),
    ...describeAbundance(base, experiment),
    inputs: { matrices, pixels: labelPixels(experiment.features.pixels) },
    transitions: transition,
    selfCalibration,
    surveyCalibrations: [
      { title: nameSurvey(SMALLER_SURVEY), calibration: surveys.smaller },
      { title: nameSurvey(LARGER_SURVEY), calibration: surveys.larger },
    ],
  };
}

/** The figures of trained networks. */
export async function describeNetworks(
  engine: Engine,
  { run, catalogs, withoutLensing, overspecialized, ground, summary, freshScatter }: ReportSource,
  masses: NonNullable<ReportData["noWeakLensing"]>["masses"],
): Promise<
  & Pick<
    ReportData,
    | "network"
    | "history"
    | "noWeakLensing"
    | "overspecialized"
    | "faithfulness"
    | "conclusions"
    | "exact"
  >
  & Required<Pick<ReportData, "interpretation" | "predictions">>
> {
  const { experiment, history } = run;
  const { architecture, features } = experiment;
  const inputs = inputWidths(features);
  const groundOf = (one: TrainingRun<Experiment>) => ground?.(one.experiment);
  const blindGround = withoutLensing && groundOf(withoutLensing);
  const blind = withoutLensing && await interpretRun(engine, withoutLensing, catalogs, {
    origin: experiment,
    ...blindGround ? { ground: blindGround } : {},
  });
  const own = await examineRun(engine, run, experiment, catalogs, groundOf(run));
  const { faithfulness } = own.interpretation;
  const isLensed = features.supplementary.includes("logWeakLensingMass");
  const control = overspecialized && await examineOverspecialized(engine, overspecialized);
  const conclusions = faithfulness && summary
    ? concludeRun({
      overspecialized: control?.interpretation ?? null,
      network: own.interpretation,
      withoutLensing: blind ?? (isLensed ? null : own.interpretation),
      summary,
      scatter: freshScatter ?? null,
    })
    : null;
  return {
    network: { architecture, inputs, parameters: countParameters(architecture, inputs) },
    history,
    ...own,
    ...(faithfulness ? { faithfulness } : {}),
    ...(conclusions ? { conclusions } : {}),
    ...(summary ? { exact: summary } : {}),
    ...(blind ? { noWeakLensing: describeBlind(blind, masses) } : {}),
    ...(control ? { overspecialized: control.shown } : {}),
  };
}

function describeBlind(
  { saliency, leaveOneOut, faithfulness }: JudgedInterpretation,
  masses: NonNullable<ReportData["noWeakLensing"]>["masses"],
): NonNullable<ReportData["noWeakLensing"]> {
  const slopes = faithfulness ? { massSlopes: faithfulness.details.massSlopes } : {};
  return { saliency, masses, leaveOneOut, ...slopes };
}
