/** What `report` prints for people. */
import type { listGaps } from "../stages/report_gaps.ts";
import type { WrittenReport } from "../storage/report_files.ts";

/** Where the page is, and what it lacks. */
export function formatReport(
  folder: string,
  { page, bytes, figures }: WrittenReport,
  missing: ReturnType<typeof listGaps>,
): string {
  const drawings = figures.filter((path) => /figure_\d+\.svg$/.test(path)).length;
  return [
    `${page}: ${(bytes / 1e6).toFixed(1)} MB, ${drawings} of 21 figures; ` +
    `drawings and numbers in ${folder}/figures`,
    ...(missing.length > 0 ? ["Not computed:"] : []),
    ...missing.map(({ what, remedy }) => `  ${what} (${remedy})`),
  ].join("\n");
}
