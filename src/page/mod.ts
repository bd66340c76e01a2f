/**
 * The page that predicts: one HTML file that reads a catalog and answers without an install, a server or
 * a connection. Imported alone as `@clusters/terse/page`.
 *
 * @module
 */
export { makePage, type OwnNetwork } from "./make_page.ts";
export type { NetworkFacts } from "../runs/observed_prediction.ts";
