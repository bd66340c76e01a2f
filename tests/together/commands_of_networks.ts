/** Tests of the commands that look at trained networks, in one isolate: they share the process that runs them (cli_process.ts). */
import "../cli_calibrate_test.ts";
import "../cli_interpret_test.ts";
import "../cli_predict_test.ts";
import "../cli_predict_shipped_test.ts";
import "../cli_report_test.ts";
import "../cli_table4_test.ts";
