/**
 * The report: the paper's figures as SVG with their numbers as CSV, its tables as Markdown, and all
 * of it as one HTML page. An entry point of its own, `@clusters/terse/report`, because it loads d3's
 * modules, which the rest of the toolkit does not need.
 *
 * @module
 */
export * from "./svg.ts";
export * from "./palette.ts";
export * from "./scale.ts";
export * from "./chart.ts";
export * from "./marks.ts";
export * from "./legend.ts";
export * from "./heat_map.ts";
export * from "./labels.ts";
export * from "./figure.ts";
export * from "./figures/abundance.ts";
export * from "./figures/density_profiles.ts";
export * from "./figures/neighbor_offset.ts";
export * from "./figures/autoencoder.ts";
export * from "./figures/architecture.ts";
export * from "./figures/matrices.ts";
export * from "./figures/training_history.ts";
export * from "./figures/predictions.ts";
export * from "./figures/leave_one_out.ts";
export * from "./figures/saliency.ts";
export * from "./figures/transition.ts";
export * from "./figures/self_calibration.ts";
export * from "./figures/terse_layer.ts";
export * from "./figures/mass_proxy.ts";
export * from "./tables.ts";
export * from "./paper_tables.ts";
export * from "./scatter_reasons.ts";
export * from "./scatter_table.ts";
export * from "./report_data.ts";
export type { Comparison, FigureEntry } from "./figure_list/entry.ts";
export * from "./figure_list.ts";
export * from "./page_summary.ts";
export * from "./explorer_data.ts";
export * from "./page.ts";
