/** What `evaluate`, `calibrate`, `robustness` and `report` print of a survey's network. */
import { counted } from "../../src/numerics/counted.ts";
import type { SkyCosmologyName } from "../../src/evaluation/sky/coverage.ts";
import { formatMarkdown } from "../../src/report/tables.ts";
import type { MeasuredSurvey, RobustSurvey } from "../stages/sky_measuring.ts";
import type { WrittenSkyReport } from "../stages/sky_report.ts";

const NAMES = ["S8", "omegaM", "sigma8"] as const satisfies readonly SkyCosmologyName[];

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

const signed = (value: number, digits: number): string =>
  `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(digits)}`;

/** Errors and calibration, and the explicit posteriors if there are any. */
export function formatMeasuredSurvey({ evaluation, agreement, explicit }: MeasuredSurvey): string {
  const { count, coverage, calibration, joint } = evaluation;
  const own = formatMarkdown({
    caption: `The network on ${counted(count, "new catalog")}; TARP of (S8, omegaM) together: p ` +
      joint.probability.toFixed(3),
    columns: ["", "bias", "rms error", "rms width", "68%", "95%", "ranks p (SBC)", "TARP p"],
    rows: NAMES.map((name) => {
      const { bias, rmsError, rmsWidth, intervals } = coverage[name];
      const { ranks, randomPoints } = calibration[name];
      return [
        name,
        signed(bias, 4),
        rmsError.toFixed(4),
        rmsWidth.toFixed(4),
        ...intervals.map(({ covered }) => percent(covered)),
        ranks.kolmogorovSmirnov.probability.toFixed(3),
        randomPoints.probability.toFixed(3),
      ];
    }),
  });
  const findings = NAMES.flatMap((name) =>
    calibration[name].findings.map((finding) => `${name}: ${finding}`)
  );
  const compared = agreement === null ? [] : [formatMarkdown({
    caption: `Next to the explicit posteriors of ${counted(explicit, "mock")}`,
    columns: ["", "rms error", "explicit", "width ratio", "means: shift, rms [widths]"],
    rows: NAMES.map((name) => {
      const { rmsError, explicitRmsError, widthRatio, shift, distance } = agreement[name];
      return [
        name,
        rmsError.toFixed(4),
        explicitRmsError.toFixed(4),
        widthRatio.toFixed(3),
        `${signed(shift, 2)}, ${distance.toFixed(2)}`,
      ];
    }),
  })];
  const verdict = findings.length > 0 ? findings : ["No fault is found."];
  return [own, ...compared, verdict.join("\n")].join("\n").trimEnd();
}

/** What moves the answer by how much, a row per variant. */
export function formatRobustSurvey({ rows }: RobustSurvey): string {
  const pair = ({ moved, movedError }: typeof rows[number], name: SkyCosmologyName) =>
    `${signed(moved[name], 2)} +- ${movedError[name].toFixed(2)}`;
  return formatMarkdown({
    caption:
      `One network on other catalogs, ${rows[0]!.count} as trained: mean change of the answer ` +
      "in posterior widths, and the share of truths within 68%",
    columns: ["catalogs", ...NAMES, "68%: S8", "omegaM"],
    rows: rows.map((row, i) => [
      row.name,
      ...NAMES.map((name) => i === 0 ? "0" : pair(row, name)),
      ...(["S8", "omegaM"] as const).map((name) =>
        percent(row.coverage[name].intervals[0]!.covered)
      ),
    ]),
  }).trimEnd();
}

/** Where the page is, and what it lacks. */
export function formatSkyReport({ page, bytes, missing }: WrittenSkyReport): string {
  return [
    `${page}: ${(bytes / 1e3).toFixed(0)} kB; drawings and numbers in figures/ next to it`,
    ...(missing.length > 0 ? ["Not computed:", ...missing.map((what) => `  ${what}`)] : []),
  ].join("\n");
}
