/**
 * A calibration as files: one record, and one CSV file per plot.
 *
 * @module
 */
import type { Calibration } from "../../src/evaluation/calibration.ts";
import { calibrationColumns } from "../../src/evaluation/calibration.ts";
import { POSTERIOR_QUANTILES } from "../../src/evaluation/posterior.ts";
import { formatCsv } from "../../src/formats/csv.ts";
import type { ReportData } from "../../src/report/report_data.ts";
import type { CalibratedRun } from "../../src/runs/calibration.ts";
import { exists, readJson } from "../program/files.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
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

/** What a report says of a folder's calibration; null if it was not measured. */
export function loadCalibration(folder: string): ReportData["calibration"] | null {
  const path = fileIn(folder, "calibration");
  if (!exists(path)) return null;
  const { calibration } = readJson(path) as { calibration?: Partial<Calibration> };
  const { coverage, ranks, count } = calibration ?? {};
  const within = (level: number) => coverage?.find((entry) => entry.level === level)?.covered;
  const [coverage68, coverage95] = [within(0.68), within(0.95)];
  const rankProbability = ranks?.chiSquareProbability;
  const isWhole = [coverage68, coverage95, rankProbability, count]
    .every((value) => typeof value === "number" && Number.isFinite(value));
  return isWhole
    ? {
      coverage68: coverage68!,
      coverage95: coverage95!,
      rankProbability: rankProbability!,
      catalogs: count!,
    }
    : null;
}
