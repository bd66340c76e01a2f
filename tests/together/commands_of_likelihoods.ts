/** Tests of the commands with explicit likelihoods, in one isolate: they share the process that runs them (cli_process.ts). */
import "../cli_exact_test.ts";
import "../cli_lensing_test.ts";
import "../cli_limit_test.ts";
import "../cli_survey_network_test.ts";
import "../cli_survey_test.ts";
