/** Tests of the library that take seconds each, in one isolate: each would load the same modules. */
import "../core_set_test.ts";
import "../core_set_threads_test.ts";
import "../core_test.ts";
import "../ensemble_prediction_test.ts";
import "../exact_test.ts";
import "../faithfulness_test.ts";
import "../likelihood_test.ts";
import "../mock_core_test.ts";
import "../pretrained_test.ts";
import "../runs_test.ts";
import "../safety_test.ts";
import "../xray_test.ts";
