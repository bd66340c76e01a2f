/**
 * The page that predicts: one HTML file that reads a catalog and answers without an install, a server or
 * a connection. Imported alone as `@clusters/terse/page`.
 *
 * @example The page as one file, which forbids itself every connection
 * ```ts
 * import { makePage } from "@clusters/terse/page";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const html = await makePage({ version: "1.0" }); // to be written to a file, and opened
 * assertStringIncludes(html, "default-src 'none'");
 * ```
 *
 * @module
 */
export { makePage, type OwnNetwork } from "./make_page.ts";
export type { NetworkFacts } from "../runs/observed_prediction.ts";
