/** The third step: sigma8, its posterior, the verdict, figures of one catalog, and files. */
/// <reference lib="dom" />
import { counted } from "../../numerics/counted.ts";
import { printable } from "../../observed/printable.ts";
import { describeRefusal } from "../../runs/prediction_text.ts";
import type { CatalogPrediction } from "../../runs/prediction.ts";
import type { Answer, CatalogDetails, ClusterPoints } from "../protocol.ts";
import { drawChanges, drawPosterior, drawRelation, drawTerse, nameOf } from "./answer_figures.ts";
import { fill, get, make, makeTable, show } from "./elements.ts";
import { show as showNumber, showChange, wordsFor } from "./words.ts";

/** Most catalogs that are listed; the files have all. */
const MOST_LISTED = 200;

/** The step; it lives as long as the page. */
export class AnswerStep {
  readonly #details: (place: number) => Promise<CatalogDetails>;
  #answer: Answer | null = null;
  #points: ClusterPoints | null = null;
  #latest = 0;

  /** Listens for events; `details` asks the worker for the figures of a catalog. */
  constructor(details: (place: number) => Promise<CatalogDetails>) {
    this.#details = details;
    get("observable").addEventListener("change", () => this.#drawAgainst());
  }

  /** Removes an answer that no longer matches the choices. */
  clear(): void {
    this.#answer = null;
    this.#latest++;
    show(get("step-answer"), false);
    fill(get("announcement"));
    // The next answer is shown before its figures are there, and not beside those of this one.
    for (const id of ["posterior", "figures"]) show(get(id), false);
    fill(get("strongest"));
  }

  /** Shows an answer, and moves the focus to it. */
  async open(answer: Answer, command: string): Promise<void> {
    this.#answer = answer;
    const { catalogs, warnings } = answer.found;
    fill(get("warnings"), ...warnings.map((text) => make("li", {}, text)));
    fill(get("catalogs"), ...(catalogs.length > 1 ? this.#listCatalogs(catalogs) : []));
    get("as-text").textContent = answer.text;
    get("command").textContent = command;
    show(get("step-answer"), true);
    get("answer-title").focus();
    await this.#choose(0);
  }

  #listCatalogs(catalogs: readonly CatalogPrediction[]): Node[] {
    const rows = catalogs.slice(0, MOST_LISTED).map((catalog, place) => {
      const name = catalog.id === "" ? "(no name)" : catalog.id;
      const button = make("button", { type: "button" }, name.slice(0, 60));
      button.addEventListener("click", () => this.#choose(place));
      const { rows, used, sigma8, error } = catalog;
      return [
        button,
        `${used} of ${rows}`,
        sigma8 === null ? "" : sigma8.toFixed(4),
        error === null ? "" : error.toFixed(4),
        catalog.verdict,
      ];
    });
    const heads = ["catalog", "clusters used", "\u03c38", "error", "verdict"];
    const rest = catalogs.length - rows.length;
    const more = rest > 0 ? `${counted(rest, "more catalog")}; the files below have all.` : "";
    return [
      makeTable(counted(catalogs.length, "catalog"), heads, rows),
      ...(more === "" ? [] : [make("p", { class: "hint" }, more)]),
    ];
  }

  async #choose(place: number): Promise<void> {
    const turn = ++this.#latest;
    const { found } = this.#answer!;
    const catalog = found.catalogs[place]!;
    showVerdict(catalog, this.#answer!);
    for (const [i, button] of [...get("catalogs").querySelectorAll("button")].entries()) {
      button.setAttribute("aria-current", String(i === place));
    }
    const details = await this.#details(place);
    if (turn !== this.#latest) return;
    this.#points = details.points;
    showFigures(catalog, details);
    this.#drawAgainst();
  }

  #drawAgainst(): void {
    const points = this.#points;
    if (!points || points.rows.length === 0) return;
    const observable = get<HTMLSelectElement>("observable").value;
    const hasTerse = points.terse.some(Number.isFinite);
    const hasChange = points.change.some(Number.isFinite);
    fill(get("relation-plot"), ...(hasTerse ? [drawRelation(points, observable)] : []));
    fill(get("change-plot"), ...(hasChange ? [drawChanges(points, observable)] : []));
  }
}

function showVerdict(catalog: CatalogPrediction, { found }: Answer): void {
  const { id, used, rows, refused, verdict, reasons, quantiles } = catalog;
  show(get("catalog-name"), id !== "");
  fill(get("catalog-name"), `Catalog ${id}`);
  const { sigma8, error } = catalog;
  const own = error === null ? "" : ` \u00b1 ${error.toFixed(4)}`;
  fill(get("sigma8"), sigma8 === null ? "not predicted" : `\u03c38 = ${sigma8.toFixed(4)}${own}`);
  const { scatter } = found;
  fill(
    get("scatter"),
    sigma8 === null || scatter === null
      ? ""
      : `On fresh mock catalogs this network has a scatter of ${scatter.toFixed(4)}.`,
  );
  fill(
    get("intervals"),
    quantiles === null ? "" : `68%: ${quantiles[1]!.toFixed(4)} to ${quantiles[3]!.toFixed(4)}. ` +
      `95%: ${quantiles[0]!.toFixed(4)} to ${quantiles[4]!.toFixed(4)}.`,
  );
  // The text that a screen reader speaks at once, also when another catalog is chosen.
  fill(
    get("announcement"),
    `${id === "" ? "" : `Catalog ${id}: `}${get("sigma8").textContent}. Verdict: ${verdict}.`,
  );
  const badge = get("verdict");
  badge.dataset["verdict"] = verdict;
  fill(badge, verdict);
  show(get("reasons"), reasons.length > 0);
  fill(get("reasons"), ...reasons.map((text) => make("li", {}, text)));
  const { checked, min, max } = found.redshifts;
  fill(
    get("used"),
    ...[
      `${used} of ${counted(rows, "cluster")} used`,
      ...refused.map((one) => describeRefusal(one).trim()),
      ...(checked ? [] : [`Redshifts were not checked: the network is for ${min} to ${max}`]),
    ].map((text) => make("li", {}, text)),
  );
}

function showFigures(catalog: CatalogPrediction, details: CatalogDetails): void {
  const { points, strongest, mocks, posterior, count: all } = details;
  const { safety, quantiles } = catalog;
  show(get("posterior"), posterior !== null && quantiles !== null);
  fill(
    get("posterior-plot"),
    ...(posterior && quantiles ? [drawPosterior(posterior, quantiles)] : []),
  );
  show(get("figures"), points.rows.length > 0);
  const select = get<HTMLSelectElement>("observable");
  const before = select.value;
  const names = Object.keys(points.observables);
  fill(select, ...names.map((name) => make("option", { value: name }, wordsFor(name).label)));
  if (names.includes(before)) select.value = before;
  const canCompare = mocks !== null && points.terse.some(Number.isFinite);
  fill(get("terse-plot"), ...(canCompare ? [drawTerse(points.terse, mocks)] : []));
  const shown = points.rows.length;
  fill(
    get("points-note"),
    shown < all ? `The figures show ${shown} of ${counted(all, "cluster")}, evenly chosen.` : "",
  );
  fill(
    get("correlations"),
    ...(safety?.terse?.correlations ?? []).map(({ observable, correlation, usual }) =>
      make(
        "li",
        {},
        `r(terse, ${observable}) is ${correlation.toFixed(4)}; 95% of the mocks have ` +
          `${usual.low.toFixed(4)} to ${usual.high.toFixed(4)}`,
      )
    ),
  );
  const hasChange = strongest.rows.length > 0;
  fill(
    get("strongest"),
    hasChange
      ? listStrongest(strongest)
      : make("p", { class: "hint" }, "Leaving out was not measured: it takes 2 to 2000 clusters."),
  );
}

function listStrongest(points: ClusterPoints): HTMLElement {
  const names = Object.keys(points.observables);
  const name = nameOf(points);
  const rows = Array.from(points.rows, (_, i) => [
    printable(name(i)),
    showChange(points.change[i]!),
    showNumber(points.terse[i]!),
    ...names.map((field) => showNumber(points.observables[field]![i]!)),
  ]);
  const heads = ["cluster", "change of \u03c38 without it", "terse value, in spreads"];
  return makeTable("Clusters that move the answer most", [
    ...heads,
    ...names.map((field) => wordsFor(field).label.toLowerCase()),
  ], rows);
}
