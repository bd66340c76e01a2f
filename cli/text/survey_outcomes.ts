/**
 * The outcomes of `evaluate`, `calibrate`, `robustness` and `report` for the network of a survey on
 * the sky; null where the run folder is one of the paper's experiments.
 */
import type { BackendValues } from "../program/backend_options.ts";
import type { Outcome } from "../program/command.ts";
import { UsageError } from "../program/errors.ts";
import type { Progress } from "../program/progress.ts";
import {
  calibrateSurvey,
  evaluateSurvey,
  measureSurveyRobustness,
} from "../stages/sky_measuring.ts";
import { reportSurvey } from "../stages/sky_report.ts";
import {
  findSurveyNetwork,
  refuseForSurvey,
  type SurveyNetworkValues,
} from "../stages/survey_network.ts";
import { formatMeasuredSurvey, formatRobustSurvey, formatSkyReport } from "./sky_measured_text.ts";

type Values = SurveyNetworkValues & BackendValues;

/** The network on new catalogs. */
export async function surveyEvaluation(
  values: Values & { readonly "fresh-test": number },
  progress: Progress,
): Promise<Outcome | null> {
  const run = await findSurveyNetwork(values);
  if (run === null) return null;
  const json = await evaluateSurvey(run, { ...values, count: values["fresh-test"] }, progress);
  return { json, text: formatMeasuredSurvey(json) };
}

/** Measures a survey network's calibration next to explicit posteriors. */
export async function surveyCalibration(
  values: Values & {
    readonly seeds: number;
    readonly catalogs: number;
    readonly explicit: number;
  },
  progress: Progress,
): Promise<Outcome | null> {
  const run = await findSurveyNetwork(values);
  if (run === null) return null;
  refuseForSurvey({ seeds: values.seeds > 1 });
  const json = await calibrateSurvey(run, { ...values, count: values.catalogs }, progress);
  return { json, text: formatMeasuredSurvey(json) };
}

/** The network on catalogs unlike those of its training. */
export async function surveyRobustness(
  values: Values & { readonly catalogs: number },
  progress: Progress,
): Promise<Outcome | null> {
  const run = await findSurveyNetwork(values);
  if (run === null) return null;
  const json = await measureSurveyRobustness(run, { ...values, count: values.catalogs }, progress);
  return { json, text: formatRobustSurvey(json) };
}

/** The page of a survey. */
export async function surveyReport(
  values: Values & {
    readonly catalog: string | undefined;
    readonly "no-wl": string | undefined;
    readonly overspecialized: string | undefined;
    readonly "train-missing": boolean;
  },
  progress: Progress,
): Promise<Outcome | null> {
  const run = await findSurveyNetwork(values);
  if (run !== null) {
    refuseForSurvey({
      "no-wl": values["no-wl"] !== undefined,
      overspecialized: values.overspecialized !== undefined,
      "train-missing": values["train-missing"],
    });
    const json = await reportSurvey(run, values, progress);
    return { json, text: formatSkyReport(json) };
  }
  if (values.catalog === undefined) return null;
  throw new UsageError(
    `Cannot report: --catalog goes with the network of a survey on the sky, ${values.out} has none`,
  );
}
