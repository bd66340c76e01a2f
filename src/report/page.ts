/**
 * The report: one HTML page that contains all it shows, can be read without scripts, and loads
 * nothing.
 */
import { counted } from "../numerics/counted.ts";
import type { ExplorerData } from "./explorer_data.ts";
import { LARGEST_WORD, MISSING_WORD, packExplorer } from "./explorer_data.ts";
import { formatCsv } from "../formats/csv.ts";
import type { FigureEntry } from "./figure_list/entry.ts";
import { labelFigure, nameFigure } from "./figure_list/entry.ts";
import { FIGURES } from "./figure_list.ts";
import { renderHead } from "./page_head.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { EXPLORER } from "./page_script/explorer.ts";
import { PAGE_TOOLS } from "./page_script/page_tools.ts";
import { renderFirstScreen } from "./first_screen.ts";
import { renderSettings, summarize } from "./page_summary.ts";
import { tabulateRelations } from "./paper_tables.ts";
import type { ReportData } from "./report_data.ts";
import type { SampleOrigin } from "./scatter_reasons.ts";
import { escapeText, labelHtml } from "./svg.ts";
import { formatHtml } from "./tables.ts";

/** Parts of the page in the paper's order. */
const PARTS: readonly { readonly title: string; readonly figures: readonly number[] }[] = [
  { title: "Section 2: mock observations of galaxy clusters", figures: [1, 2, 3] },
  { title: "Section 3: the machine learning model", figures: [4, 5, 6, 7] },
  { title: "Section 4: results", figures: [8] },
  { title: "Section 5: interpretation", figures: [9, 10, 11, 12, 13, 14, 15, 16] },
  { title: "Appendix A: survey strategy", figures: [17, 18] },
  { title: "Appendix B: overspecialization", figures: [19, 20, 21] },
];

/** A statement on all numbers, by the base sample on which they were measured. */
const SAMPLE_WORDS: Readonly<Record<SampleOrigin, string>> = {
  "stand-in": "Every number of ours is measured on a synthetic stand-in for the paper's " +
    "simulation: it is neither an improvement over the paper's number nor a failure of it.",
  "file":
    "Every number of ours is measured on mock catalogs made of the base sample that was read " +
    "from a file.",
};

/** A figure of the page; `figure` is `null` if the data do not have it. */
type DrawnEntry = FigureEntry & { readonly figure: ReturnType<FigureEntry["draw"]> };

/**
 * Writes the report: figures as inline SVG, tables, and the paper's numbers next to this run's.
 * With scripts, views of the clusters are linked and figures can be saved. The page refers to
 * nothing outside itself, and its content security policy allows only its own script and style, by
 * hash.
 *
 * @example What was not computed is listed as such
 * ```ts
 * import { renderPage } from "@clusters/terse/report";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const page = await renderPage({ title: "A first run", facts: [{ name: "seed", value: "1" }] });
 * assertStringIncludes(page, "<h1>A first run</h1>");
 * assertStringIncludes(page, "Not computed in this run: needs predictions for the test catalogs.");
 * ```
 *
 * @returns HTML; the same data give the same bytes
 * @throws {RangeError} If a record holds a coordinate that is not finite where a figure needs one
 */
export async function renderPage(data: ReportData): Promise<string> {
  const entries = FIGURES.map((entry): DrawnEntry => ({ ...entry, figure: entry.draw(data) }));
  const explorer = data.interpretation
    ? packExplorer(data.interpretation, data.faithfulness?.details)
    : null;
  const script = PAGE_TOOLS + EXPLORER;
  const head = await renderHead({
    title: data.title,
    style: PAGE_STYLE,
    script,
    allows: ["img-src data: blob:"],
  });
  return `${head}
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>${escapeText(data.title)}</h1>
<button id="theme" type="button" hidden>Dark page</button></header>
<main id="content">
${renderFirstScreen(data)}
${summarize(data)}
${renderContents(entries)}
${PARTS.map((part) => renderPart(part, entries, { data, explorer })).join("\n")}
${renderSettings(data)}
</main>
<footer><p>Figure, table and section numbers are those of Ntampaka and Vikhlinin, “The Importance
of Being Interpretable”. ${SAMPLE_WORDS[data.sample ?? "stand-in"]}</p></footer>
${renderJson("figure-numbers", collectCsv(entries))}
${
    explorer
      ? renderJson("explorer-data", {
        ...explorer,
        largestWord: LARGEST_WORD,
        missingWord: MISSING_WORD,
      })
      : ""
  }
<script>${script}</script>
</body>
</html>
`;
}

/** Data for a script, without "<", so that no text can end the element or open another. */
function renderJson(id: string, value: unknown): string {
  const json = JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `<script type="application/json" id="${id}">${json}</script>`;
}

function collectCsv(entries: readonly DrawnEntry[]): Record<string, Record<string, string>> {
  return Object.fromEntries(entries.flatMap((entry) => {
    const { figure } = entry;
    return figure === null ? [] : [[
      nameFigure(entry),
      Object.fromEntries(
        Object.entries(figure.columns).map(([panel, columns]) => [panel, formatCsv(columns)]),
      ),
    ]];
  }));
}

function renderContents(entries: readonly DrawnEntry[]): string {
  const items = entries.map((entry) => {
    const { title, figure } = entry;
    const state = figure === null ? ' class="absent"' : "";
    return `<li${state}><a href="#${nameFigure(entry)}">Fig. ${labelFigure(entry)}</a> ${
      labelHtml(title)
    }${figure === null ? " (not computed)" : ""}</li>`;
  });
  return `<nav class="card" aria-label="Figures"><ul>${items.join("")}</ul></nav>`;
}

function renderPart(
  { title, figures }: (typeof PARTS)[number],
  entries: readonly DrawnEntry[],
  { data, explorer }: { readonly data: ReportData; readonly explorer: ExplorerData | null },
): string {
  const inside = entries.filter(({ number }) => figures.includes(number));
  const table = figures.includes(3) ? renderRelations(data) : "";
  const views = figures.includes(9) && explorer ? renderExplorer(explorer) : "";
  return `<section><h2>${title}</h2>${views}${
    inside.map((entry) => renderFigure(entry, data)).join("\n")
  }${table}</section>`;
}

function renderRelations({ relations }: ReportData): string {
  return relations
    ? `<div class="card">${formatHtml(tabulateRelations(relations))}</div>`
    : `<p class="absent-note">Table 2: not computed in this run: needs the base sample.</p>`;
}

function renderFigure(entry: DrawnEntry, data: ReportData): string {
  const { section, title, caption, needs, figure } = entry;
  const id = nameFigure(entry);
  const head = `<h3>Figure ${labelFigure(entry)}. ${labelHtml(title)} <small>(${
    section.length === 1 ? "appendix" : "section"
  } ${section})</small></h3>`;
  const words = `<figcaption>${labelHtml(caption)}</figcaption>`;
  if (figure === null) {
    return `<figure class="card" id="${id}">${head}<p class="absent-note">Not computed in this ` +
      `run: needs ${needs}.</p>${words}</figure>`;
  }
  const comparisons = entry.compare?.(data) ?? [];
  const table = comparisons.length === 0 ? "" : formatHtml({
    caption: "Next to the paper",
    columns: ["", "paper", "ours"],
    rows: comparisons.map(({ quantity, paper, ours }) => [quantity, paper, ours]),
  });
  const remarks = (entry.remark?.(data) ?? []).map((remark) => `<li>${labelHtml(remark)}.</li>`);
  const differences = remarks.length === 0
    ? ""
    : `<p>Where this differs from the paper:</p><ul>${remarks.join("")}</ul>`;
  return `<figure class="card" id="${id}">${head}<div class="plot" tabindex="0">${figure.svg}` +
    `</div>${words}${differences}${table}${
      renderTools(labelFigure(entry), Object.keys(figure.columns))
    }</figure>`;
}

function renderTools(label: string, panels: readonly string[]): string {
  const button = (attributes: string, kind: string) =>
    `<button type="button" ${attributes} aria-label="Save figure ${label} as ${kind}">${kind}</button>`;
  const csv = panels.map((panel) =>
    button(
      `data-save="csv" data-panel="${escapeText(panel)}"`,
      panels.length === 1 ? "CSV" : `CSV: ${escapeText(panel)}`,
    )
  );
  return `<div class="tools" hidden>${button('data-save="svg"', "SVG")}${
    button('data-save="png"', "PNG")
  }${csv.join("")}</div>`;
}

function renderExplorer({ count, total, catalogs, columns }: ExplorerData): string {
  const share = count < total
    ? `${count} of ${counted(total, "cluster")} are here, those of the first ${
      counted(catalogs.length, "catalog")
    }.`
    : `All ${counted(total, "cluster")} of the ${
      counted(catalogs.length, "test catalog")
    } are here.`;
  const marks = columns.some(({ name }) => name === "exact") ? ", † has exact changes" : "";
  return `<div class="card linked"><h3>Linked views of single clusters</h3>
<p id="explorer-unavailable" class="absent-note">These views need scripts; the figures below do not.</p>
<div id="explorer" hidden>
<p>Point at a cluster, or move with the arrow keys, to see its row in the saliency map of its
catalog, what its absence does to σ<sub>8</sub>, and its observables. A click holds the choice;
Escape ends it. ${share}</p>
<div class="controls"><label>Color <select id="color-by"></select></label>
<label>Catalog <select id="in-catalog"></select></label>
<span>* has a saliency map${marks}</span></div>
<div class="views">
<div><canvas id="plane" tabindex="0" role="application" aria-label="Terse value and log mass of clusters. Arrow keys move from cluster to cluster in order of mass."></canvas>
<div class="key"><span id="key-min"></span><canvas id="key" role="img" aria-label="Color scale"></canvas><span id="key-max"></span></div>
<dl id="details" class="facts" aria-live="polite"></dl></div>
<div><canvas id="map" role="img" aria-label="Saliency map of the chosen cluster's catalog, one row per cluster"></canvas>
<p class="hint" id="pixel">One row per cluster, in the order of the network's input; one column per pixel. Point at one to read it.</p></div>
</div>
</div></div>`;
}
