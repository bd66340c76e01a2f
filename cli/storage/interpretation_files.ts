/** An interpretation as files: one record, and one CSV file per figure panel. */
import type { FigureColumns, Headlines } from "../../src/interpretation/columns.ts";
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import { isGap } from "../../src/interpretation/exact/gap.ts";
import type {
  Faithfulness,
  FaithfulnessDetails,
} from "../../src/interpretation/faithfulness/faithfulness.ts";
import { faithfulnessColumns } from "../../src/interpretation/faithfulness/faithfulness.ts";
import type { FaithfulnessVerdict } from "../../src/interpretation/faithfulness/verdict.ts";
import type { SeedAgreement } from "../../src/interpretation/faithfulness/seed_agreement.ts";
import { interpretationColumns } from "../../src/interpretation/interpretation.ts";
import { selfCalibrationColumns } from "../../src/interpretation/self_calibration.ts";
import { transitionColumns } from "../../src/interpretation/transition_proxies.ts";
import { saliencyColumns } from "../../src/interpretation/saliency_trends.ts";
import { formatCsv } from "../../src/formats/csv.ts";
import { exists } from "../program/files.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
import type { RunConclusions } from "../../src/runs/conclusions.ts";
import type { JudgedInterpretation, PopulationFindings } from "../../src/runs/interpretation.ts";
import { CHECKSUM, NUMBER, orNull, type ReadFields, readRecord, TEXT } from "./record_fields.ts";
import { fileIn, loadScatter, weightsChecksum } from "./run_folder.ts";

/** All that `interpret` found. */
export interface Findings {
  readonly headlines: Headlines;
  readonly network: JudgedInterpretation;
  /** The network without weak lensing, if there is one to compare with. */
  readonly withoutLensing: JudgedInterpretation | null;
  readonly population: PopulationFindings;
  /** Over several networks, if there are several. */
  readonly seeds: readonly SeedSpread[] | null;
  /** How far these networks agree. */
  readonly agreement: SeedAgreement | null;
  /** The paper's six conclusions, by this network and exactly. */
  readonly conclusions: RunConclusions;
}

/** Writes `interpretation.json` and the figures' numbers; those of single clusters are in these. */
export function saveFindings(folder: string, findings: Findings): void {
  const { network, withoutLensing, population } = findings;
  const figures: Record<string, FigureColumns> = {
    "": interpretationColumns(network),
    faithfulness_: faithfulnessPanels(network),
    no_wl_faithfulness_: withoutLensing ? faithfulnessPanels(withoutLensing) : {},
    no_wl_saliency_: withoutLensing ? saliencyColumns(withoutLensing.saliency) : {},
    transition_: transitionColumns(population.transition),
    self_calibration_: selfCalibrationColumns(population.selfCalibration),
    smaller_survey_: selfCalibrationColumns(population.surveys.smaller),
    larger_survey_: selfCalibrationColumns(population.surveys.larger),
  };
  const drawings = Object.entries(figures).flatMap(([start, panels]) =>
    Object.entries(panels).map(([name, columns]): Output => [
      `${folder}/figures/${start}${name}.csv`,
      formatCsv(columns),
    ])
  );
  const text = JSON.stringify(
    {
      ...findings,
      faithfulness: network.faithfulness?.scores ?? null,
      network: withoutClusters(network),
      withoutLensing: withoutLensing && withoutClusters(withoutLensing),
      weights: weightsChecksum(folder),
    },
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
    1,
  );
  writeFiles([...drawings, [fileIn(folder, "interpretation"), `${text}\n`]]);
}

/** Scatter of sigma8 on fresh catalogs that `evaluate` measured with the weights in use; `null` if none. */
export function freshScatter(folder: string): number | null {
  return loadScatter(folder).scatter;
}

const VERDICT: ReadFields = {
  "faithfulness?.verdict.faithful": orNull({ kind: "boolean" }),
  "faithfulness?.verdict.measure": TEXT,
  "faithfulness?.verdict.value": orNull(NUMBER),
  "faithfulness?.verdict.limit": orNull(NUMBER),
  "faithfulness?.verdict.text": TEXT,
  "weights?": CHECKSUM,
};

/** The verdict that `interpret` left in a folder; `null` if it has not judged the weights that lie there. */
export function loadVerdict(folder: string): FaithfulnessVerdict | null {
  const path = fileIn(folder, "interpretation");
  if (!exists(path)) return null;
  const { faithfulness, weights } = readRecord(path, VERDICT, "interpret") as {
    readonly faithfulness?: Pick<Faithfulness, "verdict"> | null;
    readonly weights?: number;
  };
  if (weights !== undefined && weights !== weightsChecksum(folder)) return null;
  return faithfulness?.verdict ?? null;
}

function faithfulnessPanels({ faithfulness, saliency }: JudgedInterpretation): FigureColumns {
  if (!faithfulness) return {};
  const columns = [...new Set(saliency.pixels.map(({ column }) => column))];
  return faithfulnessColumns(faithfulness.details, columns);
}

/** An interpretation without the values of single clusters. */
function withoutClusters(interpretation: JudgedInterpretation): Record<string, unknown> {
  const { leaveOneOut, saliency, faithfulness, terseTable: _, ...rest } = interpretation;
  const { catalog: _c, row: _r, logMass: _m, change: _d, ...summary } = leaveOneOut;
  const { maps: _s, ...averages } = saliency;
  const details = faithfulness && withoutColumns(faithfulness.details);
  return { leaveOneOut: summary, saliency: averages, ...rest, faithfulness: details };
}

function withoutColumns(details: FaithfulnessDetails): Record<string, unknown> {
  const strip = (part: FaithfulnessDetails["leaveOneOut"]) => {
    if (isGap(part)) return part;
    const { columns: _, ...rest } = part;
    return rest;
  };
  return {
    ...details,
    leaveOneOut: strip(details.leaveOneOut),
    leaveOneOutOfOneNumber: strip(details.leaveOneOutOfOneNumber),
  };
}
