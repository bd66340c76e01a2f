/** The quotable numbers of an interpretation, and the paper's. */
import { sigma8Errors } from "../evaluation/errors.ts";
import { TABLE4_ROWS } from "../evaluation/table4_rows.ts";
import type { Headlines } from "../interpretation/columns.ts";
import type { Interpretation } from "../interpretation/interpretation.ts";
import { faithfulnessHeadlines } from "../interpretation/faithfulness/headlines.ts";
import { interpretationHeadlines } from "../interpretation/interpretation.ts";
import { saliencyHeadlines } from "../interpretation/saliency_trends.ts";
import { selfCalibrationHeadlines } from "../interpretation/self_calibration.ts";
import { transitionHeadlines } from "../interpretation/transition_proxies.ts";
import { standardDeviation } from "../numerics/statistics.ts";
import type { JudgedInterpretation, PopulationFindings } from "./interpretation.ts";

/** The paper's numbers, of its network on the simulation; ours are on the stand-in. */
export const PAPER_HEADLINES: Readonly<Record<string, string>> = {
  "sigma8 scatter": String(TABLE4_ROWS.standard.paper!.scatter),
  "leave one out: half width": "0.003",
  "leave one out: fall": "below 0",
  "leave one out: lowered": '"almost always"',
  "saliency: temperature": "0.391",
  "saliency: gas mass at 0.67 R500": "0.217",
  "saliency: slope at 0.67 R500": "0.119",
  "terse layer: r(terse, log M)": '"correlated"',
  "terse layer: r(terse, sigma8)": '"uncorrelated"',
  "terse layer: terse scatter percent": "16.1",
  "terse layer: gas mass scatter percent": "17.9",
  "terse layer: Y_X scatter percent": "7.3",
  "no weak lensing: saliency: gas mass peak log M": "14.2 to 14.4",
  "self-calibration: scatter in A": "~ 0.03",
  "self-calibration: scatter in B": "~ 0.03",
};

/** The numbers of one network; those of its faithfulness if it was judged. */
export function networkHeadlines(
  interpretation: Interpretation & Partial<Pick<JudgedInterpretation, "faithfulness">>,
): Headlines {
  const { leaveOneOut, terseTable, terseLayer, faithfulness } = interpretation;
  const truth = leaveOneOut.original.slice();
  terseTable.catalog.forEach((c, i) => truth[c] = terseTable.sigma8[i]!);
  return {
    "sigma8 scatter": standardDeviation(sigma8Errors(leaveOneOut.original, truth)),
    ...interpretationHeadlines(interpretation),
    "terse layer: error of r(terse, sigma8 | log M)": terseLayer.partial?.error ?? null,
    ...(faithfulness ? prefix("faithfulness", faithfulnessHeadlines(faithfulness.scores)) : {}),
  };
}

/** The numbers of a network, of one without weak lensing, and of the catalogs. */
export function collectHeadlines(
  network: Interpretation,
  withoutLensing: Interpretation | null,
  { transition, selfCalibration, surveys }: PopulationFindings,
): Headlines {
  return {
    ...networkHeadlines(network),
    ...(withoutLensing &&
      prefix("no weak lensing: saliency", saliencyHeadlines(withoutLensing.saliency))),
    ...prefix("transition", transitionHeadlines(transition)),
    ...prefix("self-calibration", selfCalibrationHeadlines(selfCalibration)),
    "smaller survey: scatter": surveys.smaller.scatter,
    "larger survey: scatter": surveys.larger.scatter,
  };
}

function prefix(heading: string, headlines: Headlines): Headlines {
  return Object.fromEntries(
    Object.entries(headlines).map(([name, value]) => [`${heading}: ${name}`, value]),
  );
}
