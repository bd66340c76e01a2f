/**
 * Files of tests that are done in moments, in one isolate: by itself, each would take longer to load than to
 * run. Tests that start processes, open engines or take long have an isolate of their own (run.ts).
 */
import "./base_table_test.ts";
import "./bench_test.ts";
import "./calibration_test.ts";
import "./ccl_tables_test.ts";
import "./cholesky_test.ts";
import "./clusters_test.ts";
import "./column_mapping_test.ts";
import "./conclusions_test.ts";
import "./contours_test.ts";
import "./cosmology_test.ts";
import "./evaluation_test.ts";
import "./exact_gradient_test.ts";
import "./experiments_test.ts";
import "./features_test.ts";
import "./gaussian_mixture_test.ts";
import "./interpretation_leave_one_out_test.ts";
import "./interpretation_overspecialization_test.ts";
import "./interpretation_saliency_test.ts";
import "./interpretation_self_calibration_test.ts";
import "./interpretation_terse_layer_test.ts";
import "./kernel_sampler_test.ts";
import "./large_tables_test.ts";
import "./mixture_likelihood_test.ts";
import "./numerics_test.ts";
import "./paper_test.ts";
import "./posterior_comparison_test.ts";
import "./probit_test.ts";
import "./rank_map_test.ts";
import "./report_test.ts";
import "./robustness_test.ts";
import "./simulation_table_test.ts";
import "./sky_core_test.ts";
import "./sky_likelihood_test.ts";
import "./sky_proxy_test.ts";
import "./sky_survey_test.ts";
import "./source_table_test.ts";
import "./table4_test.ts";
import "./table_forms_test.ts";
import "./training_test.ts";
import "./unroll_test.ts";
import "./votable_encodings_test.ts";
