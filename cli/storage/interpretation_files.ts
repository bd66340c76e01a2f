/**
 * An interpretation as files: one record, and a CSV file a figure panel.
 *
 * @module
 */
import type { FigureColumns, Headlines } from "../../src/interpretation/columns.ts";
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import type { Interpretation } from "../../src/interpretation/interpretation.ts";
import { interpretationColumns } from "../../src/interpretation/interpretation.ts";
import { selfCalibrationColumns } from "../../src/interpretation/self_calibration.ts";
import { transitionColumns } from "../../src/interpretation/transition_proxies.ts";
import { saliencyColumns } from "../../src/interpretation/saliency_trends.ts";
import { formatCsv } from "../../src/report/figure.ts";
import { makeFolder, writeFile } from "../program/files.ts";
import type { PopulationFindings } from "../../src/runs/interpretation.ts";
import { fileIn } from "./run_folder.ts";

/** All that `interpret` found. */
export interface Findings {
  readonly headlines: Headlines;
  readonly network: Interpretation;
  /** The network without weak lensing, if there is one to compare with. */
  readonly withoutLensing: Interpretation | null;
  readonly population: PopulationFindings;
  /** Over several networks, if there are several. */
  readonly seeds: readonly SeedSpread[] | null;
}

/** Writes `interpretation.json` and the figures' numbers; those of single clusters are in these. */
export function saveFindings(folder: string, findings: Findings): void {
  const { network, withoutLensing, population } = findings;
  const figures: Record<string, FigureColumns> = {
    "": interpretationColumns(network),
    no_wl_saliency_: withoutLensing ? saliencyColumns(withoutLensing.saliency) : {},
    transition_: transitionColumns(population.transition),
    self_calibration_: selfCalibrationColumns(population.selfCalibration),
    smaller_survey_: selfCalibrationColumns(population.surveys.smaller),
    larger_survey_: selfCalibrationColumns(population.surveys.larger),
  };
  makeFolder(`${folder}/figures`);
  for (const [start, panels] of Object.entries(figures)) {
    for (const [name, columns] of Object.entries(panels)) {
      writeFile(`${folder}/figures/${start}${name}.csv`, formatCsv(columns));
    }
  }
  const text = JSON.stringify(
    {
      ...findings,
      network: withoutClusters(network),
      withoutLensing: withoutLensing && withoutClusters(withoutLensing),
    },
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
    1,
  );
  writeFile(fileIn(folder, "interpretation"), `${text}\n`);
}

/** An interpretation without the values of single clusters. */
function withoutClusters(interpretation: Interpretation): Record<string, unknown> {
  const { leaveOneOut, saliency, terseTable: _, ...rest } = interpretation;
  const { catalog: _c, row: _r, logMass: _m, change: _d, ...summary } = leaveOneOut;
  const { maps: _s, ...averages } = saliency;
  return { leaveOneOut: summary, saliency: averages, ...rest };
}
