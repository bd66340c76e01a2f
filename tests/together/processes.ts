/** Tests of what processes do to files, pipes and each other, in one isolate: each would load the same modules. */
import "../endless_inputs_test.ts";
import "../cli_streams_test.ts";
import "../damaged_files_test.ts";
import "../needs_test.ts";
import "../outputs_test.ts";
import "../reliability_test.ts";
import "../same_bits_test.ts";
import "../table_peers_test.ts";
import "../tall_catalog_test.ts";
