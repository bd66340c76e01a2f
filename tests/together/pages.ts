/** Tests of pages, in one isolate: they share one Chromium (chromium.ts) and the process of their commands. */
import "../page_browser_test.ts";
import "../report_browser_test.ts";
import "../bundle_test.ts";
import "../page_access_test.ts";
import "../page_test.ts";
