/**
 * The paper's 21 figures and this toolkit's versions: where each stands, what it shows, how it is
 * drawn from a report's data, and the paper's numbers next to this run's.
 */
import { APPENDIX_FIGURES } from "./figure_list/appendices.ts";
import type { FigureEntry } from "./figure_list/entry.ts";
import { FAITHFULNESS_FIGURES } from "./figure_list/faithfulness.ts";
import { INTERPRETATION_FIGURES } from "./figure_list/interpretation.ts";
import { METHOD_FIGURES } from "./figure_list/method.ts";

/** All figures in the paper's order, each variant after the figure that it is compared with. */
export const FIGURES: readonly FigureEntry[] = [
  ...METHOD_FIGURES,
  ...INTERPRETATION_FIGURES,
  ...APPENDIX_FIGURES,
].flatMap((entry) => [
  entry,
  ...FAITHFULNESS_FIGURES.filter(({ number }) => number === entry.number),
]);
