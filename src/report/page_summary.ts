/**
 * The parts of a report before its figures: the paper's conclusions, Table 4, the verdicts and the
 * spread over seeds; and the settings of the run, which come last.
 */
import type { Conclusion } from "../interpretation/faithfulness/conclusions.ts";
import type { SeedSpread } from "../interpretation/ensemble.ts";
import type { Overspecialization } from "../interpretation/overspecialization.ts";
import type { ReportData } from "./report_data.ts";
import { formatNumber } from "./scale.ts";
import { describeOrder, tabulateScatter } from "./scatter_table.ts";
import { escapeText, labelHtml } from "./svg.ts";
import type { Table } from "./tables.ts";
import { formatHtml } from "./tables.ts";

/** The first sections of the page in HTML. */
export function summarize(data: ReportData): string {
  return [
    renderConclusions(data),
    renderTable4(data),
    renderVerdicts(data),
    data.seeds
      ? `<div class="card">${formatHtml(tabulateSeeds(data.seeds))}</div>`
      : absent("Spread over trainings", "several seeds"),
  ].join("\n");
}

function absent(what: string, needs: string): string {
  return `<p class="absent-note">${what}: not computed in this run: needs ${needs}.</p>`;
}

/** The settings of the run, folded, at the end of the page. */
export function renderSettings({ facts }: ReportData): string {
  const lines = facts.map(({ name, value }) =>
    `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`
  );
  return `<details class="card" id="settings"><summary>Settings of this run</summary><dl class="facts">${
    lines.join("")
  }</dl></details>`;
}

/** A power of ten in the text of a conclusion. */
const POWER = /10\^(\d+(?:\.\d+)?)/g;

function renderConclusions({ conclusions }: ReportData): string {
  if (!conclusions) return absent("The paper's six conclusions", "exact answers");
  const cell = ({ outcome, measured, why }: Conclusion) =>
    [outcome, measured, why].filter((part) => part !== "").join("; ").replaceAll(POWER, "10^{$1}");
  const table = {
    caption: "The paper's six conclusions, by this network and exactly",
    columns: ["", "conclusion", "this network", "exact answer"],
    rows: conclusions.network.map((conclusion, i) => [
      String(conclusion.number),
      conclusion.claim.replaceAll(POWER, "10^{$1}"),
      cell(conclusion),
      cell(conclusions.exact[i]!),
    ]),
  };
  return `<div class="card wide">${formatHtml(table)}</div>`;
}

function renderTable4({ scatter, network, sample = "stand-in" }: ReportData): string {
  if (!scatter) return absent("Table 4", "evaluated networks");
  const { regression, globalPooling = null } = network?.architecture ?? {};
  const setting = { sample, globalPooling: regression === "set" ? "set" as const : globalPooling };
  const order = describeOrder(scatter).map(({ statement, findings, fails }) => {
    const words = findings.length === 0 ? "not computed in this run" : findings.join("; ");
    return `<li>${statement}: ${fails ? `<span class="flag">${words}</span>` : words}</li>`;
  });
  const notes = scatter.notes.map((note) => `<p>${escapeText(note.replaceAll("+-", "±"))}.</p>`)
    .join("");
  return `<div class="card">${formatHtml(tabulateScatter(scatter, setting))}
<p>Test catalogs are those of the design that training did not see, as in the paper; fresh ones are
new draws of the same priors. ± is ours by bootstrap. The paper's five all equal the scatter over √n
with n near 497; the error of a standard deviation is a factor √2 smaller.</p>${notes}
<p>The paper's order of scatters, where information is taken away (within 2 errors it is undecided):</p><ul>${
    order.join("")
  }</ul></div>`;
}

function renderVerdicts({ interpretation, overspecialized }: ReportData): string {
  const own = interpretation?.overspecialization;
  const lines = [
    describeVerdict(
      "This report's network",
      own === null ? "too few catalogs for a verdict" : own,
    ),
    describeVerdict("The overspecialized network", overspecialized?.verdict),
  ];
  return `<div class="card"><h3>Does a single cluster's terse value know σ<sub>8</sub>? (appendix B)</h3><ul>${
    lines.join("")
  }</ul></div>`;
}

function describeVerdict(
  name: string,
  verdict: Overspecialization | string | undefined,
): string {
  if (verdict === undefined) return `<li>${name}: not computed in this run.</li>`;
  if (typeof verdict === "string") return `<li>${name}: ${verdict}.</li>`;
  if (!verdict.overspecialized) return `<li>${name}: no, it passes.</li>`;
  const reasons = verdict.reasons.map((reason) => `<li>${labelHtml(reason)}.</li>`).join("");
  return `<li>${name}: <span class="flag">yes, it is overspecialized.</span><ul>${reasons}</ul></li>`;
}

/** The spread of the headline numbers over trainings that differ in their seed (section 3.3). */
export function tabulateSeeds(seeds: readonly SeedSpread[]): Table {
  return {
    caption: "Spread over trainings. The paper trained ten and saw the same trends in all.",
    columns: ["number", "trainings", "mean", "standard deviation", "least", "largest"],
    rows: seeds.map(({ name, count, missing, mean, standardDeviation, min, max }) => [
      name,
      missing === 0 ? String(count) : `${count} (${missing} not defined)`,
      formatNumber(mean),
      standardDeviation === null ? "one training" : formatNumber(standardDeviation, 2),
      formatNumber(min),
      formatNumber(max),
    ]),
  };
}
