/** Tests of surveys on the sky, in one isolate: each would load the same modules, and they share the process of their commands. */
import "../cli_train_survey_test.ts";
import "../sky_draw_test.ts";
import "../sky_hiflugcs_test.ts";
import "../sky_lensing_network_test.ts";
import "../sky_lensing_posterior_test.ts";
import "../sky_lensing_test.ts";
import "../sky_mismatch_test.ts";
import "../sky_network_test.ts";
