/** A comparison as a Markdown table. */
import type { Ratio, SpeedComparison, Standing } from "./ratios.ts";

function formatRatio(ratio: Ratio | null): string {
  if (!ratio) return "-";
  const [estimate, low, high] = [ratio.estimate, ratio.low, ratio.high].map((x) => x.toFixed(3));
  return `${estimate} (${low} to ${high})`;
}

function formatStanding({ name, milliseconds, ratio, verdict, reason }: Standing): string {
  const time = milliseconds === null ? "-" : milliseconds.toPrecision(4);
  const words = reason ? `${verdict}: ${reason}` : verdict;
  const cells = [name, time, formatRatio(ratio), words].map((text) =>
    text.replace(/\s+/g, " ").replaceAll("|", "\\|")
  );
  return `| ${cells.join(" | ")} |`;
}

/** The contestants with their ratios, and what the comparison of the baseline with itself gave. */
export function formatComparison(
  { clock, standings, twin, isSound, generations }: SpeedComparison,
): string {
  const sound = isSound ? "" : ": too far from 1, so that no verdict is given";
  return [
    `| contestant | ${clock} time [ms] | ratio (95%) | verdict |`,
    "| --- | --- | --- | --- |",
    ...standings.map(formatStanding),
    "",
    `The first contestant against itself: ${formatRatio(twin)}${sound}. Processes were started ` +
    `${generations} times.`,
  ].join("\n");
}
