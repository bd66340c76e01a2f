/** The second step: the columns that the network reads, checked while they are typed. */
/// <reference lib="dom" />
import { counted } from "../../numerics/counted.ts";
import { printable } from "../../observed/printable.ts";
import type {
  Checked,
  CheckedTarget,
  Choices,
  NetworkSummary,
  TableSummary,
  TargetSummary,
} from "../protocol.ts";
import { fill, get, make, makeTable, show } from "./elements.ts";
import { show as showNumber, wordsFor } from "./words.ts";

/** Functions of the page that the step uses. */
export interface ColumnStepPort {
  /** Asks the worker for the result of choices. */
  check(choices: Choices): Promise<Checked>;
  /** Called when the choices have changed, so that an older answer does not match them. */
  changed(): void;
}

/** Milliseconds without a key press before a check. */
const PATIENCE = 200;

/** The step; it lives as long as the page. */
export class ColumnStep {
  readonly #port: ColumnStepPort;
  readonly #networks: readonly NetworkSummary[];
  #table: TableSummary | null = null;
  #network = 0;
  #timer = 0;
  #latest = 0;

  /** Fills the list of networks, and listens for events. */
  constructor(networks: readonly NetworkSummary[], port: ColumnStepPort) {
    this.#networks = networks;
    this.#port = port;
    fill(
      get("network"),
      ...networks.map(({ title }, i) => make("option", { value: String(i) }, title)),
    );
    get("network").addEventListener("change", () => {
      this.#network = Number(get<HTMLSelectElement>("network").value);
      this.#showTargets();
      this.#later();
    });
    for (const id of ["h", "catalog-id"]) get(id).addEventListener("input", () => this.#later());
  }

  /** Shows a table, with its proposed mapping. */
  open(table: TableSummary): void {
    this.#table = table;
    this.#network = table.network;
    get<HTMLSelectElement>("network").value = String(table.network);
    const [none, ...ids] = [
      make("option", { value: "" }, "all rows are one catalog"),
      ...uniqueNames(table).map((name) => make("option", { value: name }, name.slice(0, 60))),
    ];
    fill(get("catalog-id"), none!, ...ids);
    fill(
      get("table-facts"),
      `${table.form}: ${counted(table.count, "row")}, ${counted(table.columns.length, "column")}.`,
    );
    fill(get("table-notes"), ...table.notes.map((text) => make("li", {}, text)));
    fill(get("all-columns"), describeColumns(table));
    this.#showTargets();
    show(get("step-columns"), true);
    this.#later(0);
  }

  /** The user's choices. */
  choices(): Choices {
    const texts = [...get("targets").querySelectorAll<HTMLInputElement>("input[data-target]")];
    const mapping = Object.fromEntries(
      texts.map((input) => [input.dataset["target"]!, input.value.trim()])
        .filter(([, text]) => text !== ""),
    );
    const id = get<HTMLSelectElement>("catalog-id").value;
    const h = Number(get<HTMLInputElement>("h").value.replace(",", "."));
    return { network: this.#network, mapping, h, catalogId: id === "" ? undefined : id };
  }

  #showTargets(): void {
    const { targets } = this.#networks[this.#network]!;
    fill(get("targets"), ...targets.map((target) => this.#makeTarget(target)));
  }

  #makeTarget({ name, width, min, max }: TargetSummary): HTMLElement {
    const table = this.#table!;
    const { label, unit } = wordsFor(name);
    const proposal = table.proposals.find(({ target }) => target === name);
    const written = table.written[name]!;
    const input = this.#makeInput(name, `expression-${name}`, `${label}: expression`);
    input.value = proposal?.expression ?? "";
    input.setAttribute("aria-describedby", `check-${name}`);
    const own = ownColumns(name, width, table);
    input.placeholder = own;
    const select = make("select", { id: `column-${name}` });
    fill(
      select,
      make("option", { value: "" }, own || "choose a column"),
      ...table.columns.flatMap((column, i) => {
        if (table.names[i] === "") return [];
        const text = column.unit === "" ? column.name : `${column.name} [${column.unit}]`;
        return [make("option", { value: String(i) }, printable(text).slice(0, 60))];
      }),
    );
    const place = written.findIndex((one) => one?.expression === proposal?.expression);
    if (proposal && place >= 0) select.value = String(place);
    const assumed = make("p", { class: "hint" });
    const assume = (text: string) => fill(assumed, text === "" ? "" : `Check that ${text}.`);
    assume(proposal?.assumed ?? "");
    select.addEventListener("change", () => {
      const at = select.value === "" ? -1 : Number(select.value);
      input.value = at < 0 ? "" : written[at]?.expression ?? table.names[at]!;
      const unlike =
        "this is the quantity, in the unit above; the column\u2019s own unit is another one";
      assume(at < 0 ? "" : written[at] ? written[at]!.assumed : unlike);
      this.#later(0);
    });
    input.addEventListener("input", () => assume(""));
    return make(
      "div",
      { class: "target" },
      make("label", { for: `column-${name}` }, label),
      make(
        "p",
        { class: "hint" },
        `${unit}; mocks have ${showNumber(min)} to ${showNumber(max)}`,
      ),
      make("div", { class: "pair" }, select, input),
      ...(width > 1 ? [this.#makeShells(name, width, label)] : []),
      assumed,
      make("p", { class: "check", id: `check-${name}` }),
    );
  }

  #makeShells(name: string, width: number, quantity: string): HTMLElement {
    const shells = Array.from({ length: width }, (_, shell) => {
      const target = `${name}_${shell}`;
      const input = this.#makeInput(target, `expression-${target}`, `Shell ${shell}`);
      if (this.#table!.columns.some((column) => column.name === target)) {
        input.placeholder = `the column ${target}`;
      }
      const text = shell === 0 ? "Shell 0, the innermost" : `Shell ${shell}`;
      return make("div", {}, make("label", { for: input.id }, text), input);
    });
    const summary = make(
      "summary",
      { "aria-label": `${quantity}, shell by shell` },
      "Shell by shell",
    );
    return make("details", {}, summary, ...shells);
  }

  #makeInput(target: string, id: string, label: string): HTMLInputElement {
    const input = make("input", {
      id,
      type: "text",
      spellcheck: "false",
      autocomplete: "off",
      "aria-label": label,
    });
    input.dataset["target"] = target;
    input.addEventListener("input", () => this.#later());
    return input;
  }

  /** Checks when no key has been pressed for a while; only the latest check is shown. */
  #later(patience = PATIENCE): void {
    this.#port.changed();
    clearTimeout(this.#timer);
    get<HTMLButtonElement>("predict").disabled = true;
    this.#timer = setTimeout(() => this.#check(), patience) as unknown as number;
  }

  async #check(): Promise<void> {
    const turn = ++this.#latest;
    const choices = this.choices();
    if (!(choices.h >= 0.1 && choices.h <= 2)) {
      fill(get("check-all"), "h should be a number from 0.1 to 2.");
      return;
    }
    try {
      const checked = await this.#port.check(choices);
      if (turn !== this.#latest) return;
      showChecks(checked, this.#table!.count);
    } catch (error) {
      if (turn === this.#latest) fill(get("check-all"), (error as Error).message);
    }
  }
}

function showChecks(checked: Checked, rows: number): void {
  for (const target of checked.targets) {
    const line = get(`check-${target.name}`);
    if (!line) continue;
    const [state, text] = describeTarget(target);
    line.dataset["state"] = state;
    fill(line, text);
    const input = get(`expression-${target.name}`);
    input.setAttribute("aria-invalid", String(state === "bad"));
  }
  const { fault, used, refused } = checked;
  get<HTMLButtonElement>("predict").disabled = fault !== "";
  fill(
    get("check-all"),
    fault === ""
      ? `${used} of ${counted(rows, "row")} can be used.`
      : `${fault}.`.replace("..", "."),
  );
  fill(
    get("refusals"),
    ...refused.slice(0, 12).map(({ reason, rows }) =>
      make("li", {}, `${counted(rows, "row")} refused: ${reason}`)
    ),
  );
}

function describeTarget(target: CheckedTarget): readonly ["good" | "odd" | "bad", string] {
  const { name, fault, numbers, missing, reason, below, above, range } = target;
  if (fault !== "") {
    const isOptional = name === "redshift" && fault.startsWith("no column");
    return isOptional ? ["odd", "Not checked."] : ["bad", `Needed: ${fault}`];
  }
  const parts = [
    range === null
      ? "No numbers"
      : `${counted(numbers, "row")}: ${showNumber(range.min)} to ${showNumber(range.max)}, ` +
        `middle ${showNumber(range.middle)}`,
  ];
  if (missing > 0) parts.push(`${missing} without a number (${reason})`);
  if (below > 0) parts.push(`${below} below the mocks`);
  if (above > 0) parts.push(`${above} above the mocks`);
  const state = range === null ? "bad" : missing + below + above > 0 ? "odd" : "good";
  return [state, `${parts.join("; ")}.`];
}

/** The meaning of a target without an expression: the column of its name, or of its shells. */
function ownColumns(name: string, width: number, { columns }: TableSummary): string {
  if (name === "redshift") return "";
  const isThere = (wanted: string) => columns.some((column) => column.name === wanted);
  if (isThere(name)) return `the column ${name}`;
  const shells = Array.from({ length: width }, (_, shell) => `${name}_${shell}`);
  const areThere = width > 1 && shells.every(isThere);
  return areThere ? `the columns ${shells[0]} to _${width - 1}` : "";
}

function uniqueNames({ columns }: TableSummary): string[] {
  const names = columns.map(({ name }) => name);
  return names.filter((name) => name !== "" && names.indexOf(name) === names.lastIndexOf(name));
}

/** Most columns that are listed. */
const MOST_LISTED = 300;

function describeColumns({ columns }: TableSummary): HTMLElement {
  const rows = columns.slice(0, MOST_LISTED).map((column) => [
    column.width === 1 ? column.name : `${column.name}[0] to [${column.width - 1}]`,
    column.unit,
    column.known === null
      ? column.kind
      : column.known === 0
      ? "no numbers"
      : `${showNumber(column.min!)} to ${showNumber(column.max!)}`,
    column.known === null ? "" : String(column.known),
    column.first.join(", ").slice(0, 80),
    column.note,
  ]);
  const heads = ["column", "unit", "range", "values", "first rows", "note"];
  return makeTable(`Columns of the table`, heads, rows);
}
