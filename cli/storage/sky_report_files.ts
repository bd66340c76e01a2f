/** What the report of a survey reads from its folder and writes there. */
import { formatCsv } from "../../src/formats/csv.ts";
import { renderSkyPage, type SkyReport } from "../../src/report/sky_page.ts";
import type { ReportedNetwork } from "../../src/runs/sky_report.ts";
import { RunError } from "../program/errors.ts";
import { exists, readJson } from "../program/files.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
import { SKY_FILES } from "./sky_network_files.ts";

type Measured = Omit<ReportedNetwork, "conclusions">;

/** What `calibrate`, or else `evaluate`, and `robustness` have measured; null for what is not there. */
export function loadMeasuredSurvey(folder: string): Measured {
  const calibration = readPart(folder, "calibration", ["evaluation"]);
  const evaluation = calibration ?? readPart(folder, "evaluation", ["evaluation"]);
  const robustness = readPart(folder, "robustness", ["rows"]);
  return {
    evaluation: (evaluation?.["evaluation"] ?? null) as Measured["evaluation"],
    agreement: (calibration?.["agreement"] ?? null) as Measured["agreement"],
    robustness: (robustness?.["rows"] ?? null) as Measured["robustness"],
  };
}

/** A record with the fields that a command writes; null if there is no such file. */
function readPart(
  folder: string,
  file: "calibration" | "evaluation" | "robustness",
  fields: readonly string[],
): Readonly<Record<string, unknown>> | null {
  const path = `${folder}/${SKY_FILES[file]}`;
  if (!exists(path)) return null;
  const record = readJson(path) as Readonly<Record<string, unknown>> | null;
  const command = file === "calibration" ? "calibrate" : file === "evaluation" ? "evaluate" : file;
  for (const field of fields) {
    if (typeof record === "object" && record?.[field]) continue;
    throw new RunError(
      `Cannot read ${path}: it has no ${field}, should be what "${command}" writes; run it again`,
    );
  }
  return record;
}

/** Writes the page, its drawings and their numbers. */
export async function saveSkyReport(
  folder: string,
  report: SkyReport,
): Promise<{ readonly page: string; readonly bytes: number }> {
  const bytes = new TextEncoder().encode(await renderSkyPage(report));
  const drawings = report.sections.flatMap(({ figures }) => figures).flatMap(({ figure }, f) => [
    [`${folder}/figures/sky_${f + 1}.svg`, figure.svg] satisfies Output,
    ...Object.entries(figure.columns).map(([panel, columns]): Output => [
      `${folder}/figures/sky_${f + 1}_${panel}.csv`,
      formatCsv(columns),
    ]),
  ]);
  const page = `${folder}/${SKY_FILES.report}`;
  writeFiles([...drawings, [page, bytes]]);
  return { page, bytes: bytes.length };
}
