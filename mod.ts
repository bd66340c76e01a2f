/**
 * Terse: galaxy cluster cosmology with an interpretable encoder, after Ntampaka and Vikhlinin,
 * "The Importance of Being Interpretable". The rooms below come in the order that the data takes,
 * which is the order of the paper: cosmology, clusters, catalogs, features, network, evaluation,
 * interpretation.
 *
 * @module
 */

// numerics
export * from "./src/numerics/random.ts";
export * from "./src/numerics/arrays.ts";
export * from "./src/numerics/statistics.ts";
export * from "./src/numerics/distributions.ts";
export * from "./src/numerics/calculus.ts";
export * from "./src/numerics/maximum_mean_discrepancy.ts";
export * from "./src/numerics/cholesky.ts";
export * from "./src/numerics/whitening.ts";
export * from "./src/numerics/ensemble_sampler.ts";
export * from "./src/numerics/importance_sampler.ts";

// formats
export { crc32 } from "./src/formats/crc32.ts";
export { formatTable, shortestFloat32 } from "./src/formats/csv.ts";
export { decodeFits } from "./src/formats/fits_reader.ts";
export { encodeFits, type FitsFile, type FitsTable } from "./src/formats/fits.ts";
export type { FitsColumn } from "./src/formats/fits_columns.ts";
export {
  decodeFitsImages,
  encodeFitsImages,
  type FitsImage,
  type PixelData,
} from "./src/formats/fits_image.ts";
export type { ColumnData } from "./src/formats/fits_elements.ts";
export { type HeaderCard, type HeaderValue, headerValue } from "./src/formats/fits_header.ts";
export { decodeNpy, encodeNpy } from "./src/formats/npy.ts";
export { decodeNpz, encodeNpz } from "./src/formats/npz.ts";
export { encodePng, type Picture } from "./src/formats/png.ts";
export { decodeSafetensors, encodeSafetensors } from "./src/formats/safetensors.ts";
export type { SafetensorsFile } from "./src/formats/safetensors.ts";

// cosmology (section 2.2.1)
export * from "./src/cosmology/cosmology.ts";
export * from "./src/cosmology/transfer_function.ts";
export * from "./src/cosmology/sigma_table.ts";
export * from "./src/cosmology/power_spectrum.ts";
export * from "./src/cosmology/mass_function.ts";
export * from "./src/cosmology/mass_functions/multiplicity.ts";

// clusters (section 2.1)
export * from "./src/clusters/cluster_table.ts";
export * from "./src/clusters/gas_profile.ts";
export * from "./src/clusters/scaling_relation.ts";
export * from "./src/clusters/base_sample.ts";
export * from "./src/clusters/stand_ins.ts";
export * from "./src/clusters/simulation_table.ts";

// xray (section 2.1.2)
export * from "./src/xray/mod.ts";

// catalogs (section 2.2)
export * from "./src/catalogs/survey.ts";
export * from "./src/catalogs/priors.ts";
export * from "./src/catalogs/abundance.ts";
export * from "./src/catalogs/neighbors.ts";
export * from "./src/catalogs/observables.ts";
export * from "./src/catalogs/catalog.ts";
export {
  type Evaluated,
  type Expression,
  missingColumn,
  type SourceColumn,
} from "./src/observed/column_expression.ts";
export { readExpression } from "./src/observed/expression_reader.ts";
export {
  checkMapping,
  type ColumnMapping,
  FIELD_WIDTHS,
  type ObservedField,
  parseMapping,
  TARGETS,
} from "./src/observed/column_mapping.ts";
export * from "./src/observed/mapped_clusters.ts";
export { type RowArrays } from "./src/catalogs/core/draw_batch.ts";

// features (section 3.2)
export * from "./src/features/features.ts";
export * from "./src/features/normalization.ts";
export * from "./src/features/dataset.ts";
export * from "./src/features/fields_read.ts";
export * from "./src/features/fresh.ts";

// model (the seam)
export * from "./src/model.ts";

// network (sections 3.1 and 3.3)
export * from "./src/network/weights.ts";
export * from "./src/network/backends.ts";
export type { TfjsInspection } from "./src/network/tfjs/inspection.ts";
export { type SavedArrays } from "./src/network/saved_arrays.ts";
export * from "./src/network/checkpoint.ts";
export * from "./src/network/schedule.ts";
export * from "./src/network/terse_sign.ts";
export type { CatalogSource, TrainingData } from "./src/network/training_data.ts";
export * from "./src/network/training.ts";
export * from "./src/network/trained_model.ts";
export { type LayersModel, toLayersModel } from "./src/network/layers_model.ts";

// evaluation (section 4)
export * from "./src/evaluation/errors.ts";
export * from "./src/evaluation/count_baseline.ts";
export * from "./src/evaluation/summaries_baseline.ts";
export * from "./src/evaluation/likelihood.ts";
export * from "./src/evaluation/posterior.ts";
export * from "./src/evaluation/posterior_comparison.ts";
export * from "./src/evaluation/ensemble_posterior.ts";
export * from "./src/evaluation/predicted_posteriors.ts";
export * from "./src/evaluation/tarp.ts";
export * from "./src/evaluation/coverage.ts";
export * from "./src/evaluation/calibration.ts";
export * from "./src/evaluation/scatter_comparison.ts";
export * from "./src/evaluation/table4_rows.ts";
export * from "./src/evaluation/table4.ts";
export * from "./src/evaluation/robustness.ts";

// interpretation (section 5)
export * from "./src/interpretation/columns.ts";
export * from "./src/interpretation/mass_bins.ts";
export { type ClusterColumns, joinClusters } from "./src/interpretation/terse_table.ts";
export { tabulateTerse, type TerseTable } from "./src/interpretation/terse_table.ts";
export * from "./src/interpretation/leave_one_out.ts";
export * from "./src/interpretation/saliency.ts";
export * from "./src/interpretation/saliency_trends.ts";
export * from "./src/interpretation/transition.ts";
export * from "./src/interpretation/terse_layer.ts";
export * from "./src/interpretation/mass_proxy.ts";
export {
  type CatalogCorrelation,
  correlateAtFixed,
} from "./src/interpretation/catalog_correlation.ts";
export * from "./src/interpretation/self_calibration.ts";
export * from "./src/interpretation/transition_proxies.ts";
export * from "./src/interpretation/overspecialization.ts";
export * from "./src/interpretation/explained_variance.ts";
export * from "./src/interpretation/ensemble.ts";
export * from "./src/interpretation/interpretation.ts";
export * from "./src/interpretation/safety.ts";
export * from "./src/interpretation/safety/findings.ts";
export * from "./src/interpretation/safety/faults.ts";
export * from "./src/interpretation/safety/statistics.ts";
export * from "./src/interpretation/safety/scaling.ts";
export * from "./src/interpretation/safety/scores.ts";
export * from "./src/interpretation/safety/reference_catalogs.ts";
export * from "./src/interpretation/safety/view.ts";
export * from "./src/interpretation/safety/directions.ts";
export * from "./src/interpretation/safety/network_findings.ts";
export * from "./src/interpretation/safety/reference.ts";
export * from "./src/interpretation/safety/storage.ts";

// report: an entry point of its own, "@clusters/terse/report" (src/report/mod.ts), for it loads d3

// experiments
export type { Experiment } from "./src/experiments/experiment.ts";
export * from "./src/experiments/experiments.ts";
export {
  applyOverride,
  mergeExperiment,
  validateExperiment,
} from "./src/experiments/validation.ts";
export { configSchema, type JsonSchema } from "./src/experiments/schema.ts";

// runs: an experiment's stages, one after the other
export { designOf, type DesignRange, drawDesign, drawFreshCatalogs } from "./src/runs/catalogs.ts";
export { evaluateRun, type EvaluationSets, type Results } from "./src/runs/evaluation.ts";
export { interpretRun, type InterpretRunOptions } from "./src/runs/interpretation.ts";
export {
  type CatalogPrediction,
  type Prediction,
  type Predictor,
  predictTable,
  type Reading,
} from "./src/runs/prediction.ts";
export {
  buildSets,
  type FeatureSets,
  prepareTraining,
  splitOf,
  type TrainingSets,
} from "./src/runs/sets.ts";
export { openStream, type RunStream } from "./src/runs/streams.ts";
export { type TrainingProgress, trainRun, type TrainRunOptions } from "./src/runs/training.ts";
export type { SourceTable } from "./src/observed/source_table.ts";

// pretrained
export * from "./src/pretrained/pretrained.ts";
export type { Provenance } from "./src/pretrained/packing.ts";
