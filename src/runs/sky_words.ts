/** How the report of a survey on the sky writes numbers. */
import type { SkySummary } from "../evaluation/sky/posterior.ts";
import type { SkySection } from "../report/sky_page.ts";

/** Formats a mean with its width. */
export const quote = ({ mean, deviation }: SkySummary): string =>
  `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;

/** Formats a number with its sign. */
export const signed = (value: number, digits = 2): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** Formats a share of 1 in percent. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** Formats a probability. */
export const share = (p: number): string => p < 0.001 ? p.toExponential(0) : p.toFixed(3);

/** A section without content. */
export const EMPTY: Pick<SkySection, "words" | "tables" | "figures" | "missing"> = {
  words: [],
  tables: [],
  figures: [],
  missing: "",
};
