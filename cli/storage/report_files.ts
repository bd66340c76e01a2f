/** A report as files. */
import { formatCsv } from "../../src/formats/csv.ts";
import { FIGURES } from "../../src/report/figure_list.ts";
import { renderPage } from "../../src/report/page.ts";
import type { ReportData } from "../../src/report/report_data.ts";
import { writeFiles } from "../program/outputs.ts";
import { fileIn } from "./run_folder.ts";

/** What was written. */
export interface WrittenReport {
  /** Path of the page. */
  readonly page: string;
  /** Size of the page. */
  readonly bytes: number;
  /** Paths of drawings and numbers. */
  readonly figures: readonly string[];
}

/** Writes figures, their numbers and, last, the page; nothing if one of them cannot be drawn. */
export async function saveReport(folder: string, data: ReportData): Promise<WrittenReport> {
  const page = new TextEncoder().encode(await renderPage(data));
  const files = FIGURES.flatMap(({ number, variant, draw }) => {
    const figure = draw(data);
    if (figure === null) return [];
    const suffix = variant === undefined ? "" : `_${variant}`;
    const name = `${folder}/figures/figure_${String(number).padStart(2, "0")}${suffix}`;
    const numbers = Object.entries(figure.columns)
      .map(([panel, columns]) => [`${name}_${panel}.csv`, formatCsv(columns)] as const);
    return [[`${name}.svg`, figure.svg] as const, ...numbers];
  });
  writeFiles([...files, [fileIn(folder, "report"), page]]);
  return {
    page: fileIn(folder, "report"),
    bytes: page.length,
    figures: files.map(([path]) => path),
  };
}
