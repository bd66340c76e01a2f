/**
 * What the report knows of a figure of the paper, and how its numbers are written.
 *
 * @module
 */
import type { Figure } from "../figure.ts";
import type { ReportData } from "../report_data.ts";
import { minusSign } from "../scale.ts";

/** A number of the paper, and ours. */
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
  /** "exact" for a figure of ours that holds the paper's against the exact answer. */
  readonly variant?: "exact";
  /** Section or appendix. */
  readonly section: string;
  /** A few words. */
  readonly title: string;
  /** What is seen, in our words. */
  readonly caption: string;
  /** What has to be computed first, for a figure that is not there. */
  readonly needs: string;
  /** The figure; `null` if the data do not have it. */
  draw(data: ReportData): Figure | null;
  /** Numbers compared with the paper's; none where the paper has none. */
  compare?(data: ReportData): readonly Comparison[];
}

/** Number of a figure as it is written, as in "9" or "9, exact". */
export function labelFigure({ number, variant }: FigureEntry): string {
  return variant === undefined ? String(number) : `${number}, ${variant}`;
}

/** Name of a figure in addresses and files, as in "figure-9" or "figure-9-exact". */
export function nameFigure({ number, variant }: FigureEntry): string {
  return variant === undefined ? `figure-${number}` : `figure-${number}-${variant}`;
}

/** Applies a function to what is there; `null` stays `null`. */
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
