/** Tests of the commands that simulate, observe and train, in one isolate: they share the process that runs them (cli_process.ts). */
import "../cli_test.ts";
import "../cli_observe_test.ts";
import "../cli_failures_test.ts";
import "../cli_fresh_test.ts";
import "../cli_mistaken_test.ts";
import "../cli_editors_test.ts";
import "../cli_shards_test.ts";
import "../cli_export_test.ts";
import "../bounds_test.ts";
import "../saved_fields_test.ts";
