/** A figure: its drawing and the numbers that are drawn. */
import type { FigureColumns } from "../interpretation/columns.ts";

/** A drawing with its numbers. */
export interface Figure {
  /** The drawing: a complete SVG file, without scripts, styles or references to other files. */
  readonly svg: string;
  /** The numbers in the drawing, panel by panel; `formatCsv` makes a file of each. */
  readonly columns: FigureColumns;
}
