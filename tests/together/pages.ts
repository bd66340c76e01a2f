/** Tests of pages in browsers, in one isolate: they share one Chromium (chromium.ts). */
import "../page_browser_test.ts";
import "../report_browser_test.ts";
import "../bundle_test.ts";
import "../page_access_test.ts";
