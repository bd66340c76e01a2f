/** The properties of a figure of the paper in a report, and the format of its numbers. */
import type { Figure } from "../figure.ts";
import type { ReportData } from "../report_data.ts";
import { minusSign } from "../scale.ts";

/** A number of the paper next to this run's. */
export interface Comparison {
  /** The quantity that is compared. */
  readonly quantity: string;
  /** The paper's number as it prints it; "no number" where it has none. */
  readonly paper: string;
  /** The number in this run; "not defined" where the catalogs do not define it. */
  readonly ours: string;
}

/** One figure of the paper. */
export interface FigureEntry {
  /** Number of the figure in the paper, 1 to 21. */
  readonly number: number;
  /** "exact" for a figure of this toolkit that compares the paper's with the exact answer. */
  readonly variant?: "exact";
  /** Section or appendix of the paper. */
  readonly section: string;
  /** Title of the figure in a few words. */
  readonly title: string;
  /** Caption of the figure. */
  readonly caption: string;
  /** What must be computed before the figure can be drawn. */
  readonly needs: string;
  /** Draws the figure; `null` if the data do not have it. */
  draw(data: ReportData): Figure | null;
  /** Numbers compared with the paper's; none if the paper has none. */
  compare?(data: ReportData): readonly Comparison[];
  /** Where a curve differs in shape from the paper's, a sentence each without a full stop. */
  remark?(data: ReportData): readonly string[];
}

/** The number of a figure in text, as in "9" or "9, exact". */
export function labelFigure({ number, variant }: FigureEntry): string {
  return variant === undefined ? String(number) : `${number}, ${variant}`;
}

/** The name of a figure in addresses and files, as in "figure-9" or "figure-9-exact". */
export function nameFigure({ number, variant }: FigureEntry): string {
  return variant === undefined ? `figure-${number}` : `figure-${number}-${variant}`;
}

/** Applies a function to a value; `null` stays `null`. */
export function whereGiven<T, R>(value: T | null | undefined, use: (value: T) => R): R | null {
  return value === undefined || value === null ? null : use(value);
}

/** A number with a fixed number of digits after the point, or "not defined". */
export function showNumber(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? "not defined" : minusSign(value.toFixed(digits));
}

/** A percentage, or "not defined". */
export function showPercent(value: number | undefined): string {
  return value === undefined ? "not defined" : `${value.toFixed(1)}%`;
}
