/** A calibration as files: one record, and one CSV file per plot. */
import type { Calibration } from "../../src/evaluation/calibration.ts";
import { calibrationColumns } from "../../src/evaluation/calibration.ts";
import { POSTERIOR_QUANTILES } from "../../src/evaluation/posterior.ts";
import { formatCsv } from "../../src/formats/csv.ts";
import type { ReportData } from "../../src/report/report_data.ts";
import type { CalibratedRun } from "../../src/runs/calibration.ts";
import { RunError } from "../program/errors.ts";
import { exists } from "../program/files.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
import { COUNT, type ReadFields, readRecord, SHARE } from "./record_fields.ts";
import { fileIn } from "./run_folder.ts";

/** Writes `calibration.json` and the numbers of its plots, single catalogs in a file of their own. */
export function saveCalibration(folder: string, record: unknown, found: CalibratedRun): void {
  const figures: Record<string, Readonly<Record<string, ArrayLike<number>>>> = {
    ...calibrationColumns(found.calibration),
    posteriors: posteriorColumns(found),
  };
  writeFiles([
    ...Object.entries(figures).map(([name, columns]): Output => [
      `${folder}/figures/calibration_${name}.csv`,
      formatCsv(columns),
    ]),
    [fileIn(folder, "calibration"), `${JSON.stringify(record, null, 1)}\n`],
  ]);
}

/** A record with its typed arrays as lists, for JSON. */
export function plainRecord(record: unknown): unknown {
  return JSON.parse(JSON.stringify(
    record,
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as Uint32Array) : value,
  ));
}

/** One row per catalog; the explicit posterior's fields are empty where there is none. */
function posteriorColumns(
  { truth, posteriors, explicit }: CalibratedRun,
): Record<string, ArrayLike<number>> {
  const { mean, standardDeviation, within, between } = posteriors;
  return {
    sigma8: truth,
    mean,
    standardDeviation,
    within,
    between,
    explicitMean: explicit.map((posterior) => posterior.mean),
    explicitStandardDeviation: explicit.map((posterior) => posterior.standardDeviation),
    ...Object.fromEntries(
      POSTERIOR_QUANTILES.map((q, k) => [
        `explicitQuantile${q}`,
        explicit.map(({ quantiles }) => quantiles[k]!),
      ]),
    ),
  };
}

const FIELDS: ReadFields = {
  "calibration.count": COUNT,
  "calibration.coverage.*.level": SHARE,
  "calibration.coverage.*.covered": SHARE,
  "calibration.ranks.chiSquareProbability": SHARE,
};

/** What a report says of a folder's calibration; null if it was not measured. */
export function loadCalibration(folder: string): ReportData["calibration"] | null {
  const path = fileIn(folder, "calibration");
  if (!exists(path)) return null;
  const { calibration: { coverage, ranks, count } } = readRecord(path, FIELDS, "calibrate") as {
    readonly calibration: Calibration;
  };
  const within = (level: number) => coverage.find((entry) => entry.level === level)?.covered;
  const [coverage68, coverage95] = [within(0.68), within(0.95)];
  if (coverage68 === undefined || coverage95 === undefined) {
    throw new RunError(
      `Cannot read ${path}: calibration.coverage has no level 0.68 or 0.95, expected both; run "calibrate" again`,
    );
  }
  return { coverage68, coverage95, rankProbability: ranks.chiSquareProbability, catalogs: count };
}
