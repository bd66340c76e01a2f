/**
 * The report of a survey on the sky: the answer of likelihood and network to a catalog with
 * contours, the verdict, the effect of each cluster on the answer, the quality of the network, the
 * paper's conclusions, and the clusters that the survey is expected to find.
 */
import type { Figure } from "./figure.ts";
import { renderHead } from "./page_head.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { escapeText, labelHtml } from "./svg.ts";
import { formatHtml, type Table } from "./tables.ts";

/** A section of the page: title, text, tables and drawings, in this order. */
export interface SkySection {
  /** Title of the section. */
  readonly title: string;
  /** Paragraphs; `_{}` and `^{}` mark sub- and superscripts. */
  readonly words: readonly string[];
  /** Tables of the section. */
  readonly tables: readonly Table[];
  /** Drawings, each with its caption. */
  readonly figures: readonly { readonly figure: Figure; readonly caption: string }[];
  /** What is missing and how to compute it; "" if nothing is. */
  readonly missing: string;
}

/** The content of the page. */
export interface SkyReport {
  /** Title of the page. */
  readonly title: string;
  /** The answer in one sentence; "" without a catalog. */
  readonly answer: string;
  /** The sections, in order. */
  readonly sections: readonly SkySection[];
  /** Settings by name. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Writes the page, which has no script, can be read offline, and loads nothing.
 *
 * @returns HTML; the same data give the same bytes
 */
export async function renderSkyPage(report: SkyReport): Promise<string> {
  const { title, answer, sections, facts } = report;
  const list = facts.map(({ name, value }) =>
    `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`
  );
  const head = await renderHead({ title, style: PAGE_STYLE });
  return `${head}
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>${escapeText(title)}</h1></header>
<main id="content">
${answer === "" ? "" : `<p class="card"><strong>${labelHtml(answer)}</strong></p>`}
${sections.map(renderSection).join("\n")}
<details class="card" id="settings"><summary>Settings</summary><dl class="facts">${
    list.join("")
  }</dl></details>
</main>
</body>
</html>
`;
}

function renderSection({ title, words, tables, figures, missing }: SkySection): string {
  const paragraphs = words.map((text) => `<p>${labelHtml(text)}</p>`);
  const drawings = figures.map(({ figure, caption }) =>
    `<figure class="card"><div class="plot" tabindex="0">${figure.svg}</div><figcaption>${
      labelHtml(caption)
    }</figcaption></figure>`
  );
  const note = missing === "" ? "" : `<p class="absent-note">${escapeText(missing)}</p>`;
  return `<section><h2>${labelHtml(title)}</h2>${paragraphs.join("")}${
    tables.map((table) => `<div class="card wide">${formatHtml(table)}</div>`).join("")
  }${drawings.join("")}${note}</section>`;
}
