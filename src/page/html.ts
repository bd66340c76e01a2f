/**
 * The page that predicts: one HTML file with its program, its worker and its networks in it, and a
 * security policy that allows nothing else.
 */
import { escapeText } from "../report/svg.ts";
import { renderHead } from "../report/page_head.ts";
import { BODY } from "./body.ts";
import type { PackedNetwork } from "./protocol.ts";
import { STYLE } from "./style.ts";

/** Parts of which a page is made. */
export interface PageParts {
  /** The program of the page, as text. */
  readonly program: string;
  /** The worker's program: base64 of gzip. */
  readonly worker: string;
  /** The networks on offer; the first is selected at the start. */
  readonly networks: readonly PackedNetwork[];
  /** The version of the package. */
  readonly version: string;
}

/**
 * Joins the parts to a page.
 *
 * @returns HTML; the same parts give the same bytes
 */
export async function joinPage(
  { program, worker, networks, version }: PageParts,
): Promise<string> {
  const head = await renderHead({
    title: "sigma8 from a catalog of galaxy clusters",
    style: STYLE,
    script: program,
    // The program may compile WebAssembly, and do nothing else with bytes.
    scriptMay: "'wasm-unsafe-eval'",
    allows: ["worker-src blob:", "img-src data:"],
    forbids: ["require-trusted-types-for 'script'", "trusted-types terse-worker"],
    elements: ['<meta name="referrer" content="no-referrer">', '<link rel="icon" href="data:,">'],
  });
  return `${head}
<body>
${BODY}
<footer><p>Terse ${escapeText(version)}, after Ntampaka and Vikhlinin, “The Importance of Being
Interpretable”. The networks were trained on mock catalogs of a synthetic stand-in for the paper’s
simulation.</p></footer>
<script type="application/json" id="networks">${
    JSON.stringify(networks).replaceAll("<", "\\u003c")
  }</script>
<script type="text/plain" id="worker-code">${worker}</script>
<script>${program}</script>
</body>
</html>
`;
}
