/**
 * A report as files, and what it could not show.
 *
 * @module
 */
import { formatCsv } from "../src/report/figure.ts";
import { FIGURES } from "../src/report/figure_list.ts";
import { renderPage } from "../src/report/page.ts";
import type { ReportData } from "../src/report/report_data.ts";
import { labelText } from "../src/report/svg.ts";
import { makeFolder, writeFile } from "./files.ts";
import { fileIn } from "./run_folder.ts";

/** What was written. */
export interface WrittenReport {
  /** Path of the page. */
  readonly page: string;
  /** Its size. */
  readonly bytes: number;
  /** Paths of drawings and numbers. */
  readonly figures: readonly string[];
}

/** Writes figures, their numbers and, last, the page; nothing if one of them cannot be drawn. */
export async function saveReport(folder: string, data: ReportData): Promise<WrittenReport> {
  const page = new TextEncoder().encode(await renderPage(data));
  const files = FIGURES.flatMap(({ number, draw }) => {
    const figure = draw(data);
    if (figure === null) return [];
    const name = `${folder}/figures/figure_${String(number).padStart(2, "0")}`;
    const numbers = Object.entries(figure.columns)
      .map(([panel, columns]) => [`${name}_${panel}.csv`, formatCsv(columns)] as const);
    return [[`${name}.svg`, figure.svg] as const, ...numbers];
  });
  makeFolder(`${folder}/figures`);
  for (const [path, content] of files) writeFile(path, content);
  writeFile(fileIn(folder, "report"), page);
  return {
    page: fileIn(folder, "report"),
    bytes: page.length,
    figures: files.map(([path]) => path),
  };
}

/** Something that a report does not show. */
export interface Gap {
  /** As in "Fig. 12: Saliency without weak lensing". */
  readonly what: string;
  /** The command that computes it, or what is missing where there is none. */
  readonly remedy: string;
}

/** The figures of networks that the run folder may not have. */
const OTHER_NETWORKS: readonly number[] = [12, 19, 20, 21];

/** What is not in a report, and the command that computes it. */
export function listGaps(folder: string, data: ReportData): Gap[] {
  const figures = FIGURES.filter(({ draw }) => draw(data) === null).map(
    ({ number, title, needs }) => ({
      what: `Fig. ${number}: ${labelText(title)}`,
      remedy: OTHER_NETWORKS.includes(number)
        ? `report --out ${folder} --train-missing`
        : `needs ${needs}`,
    }),
  );
  const rows = data.scatter
    ? data.scatter.rows.filter(({ test, fresh }) => !test.measured && !fresh.measured)
      .map(({ label, fresh: { reason } }) => ({
        what: `Table 4: ${label}`,
        remedy: reason === "not measured" ? `table4 --out ${folder}` : reason ?? "",
      }))
    : [{ what: "Table 4", remedy: "needs an experiment that is one of its rows" }];
  const seeds = data.seeds
    ? []
    : [{ what: "Spread over trainings", remedy: `interpret --out ${folder} --seeds 10` }];
  return [...rows, ...seeds, ...figures];
}
