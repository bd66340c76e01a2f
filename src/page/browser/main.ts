/**
 * The page's program: three steps, each of which leads to the next, and a worker that does the
 * work.
 */
/// <reference lib="dom" />
import { counted } from "../../numerics/counted.ts";
import type {
  Answer,
  Choices,
  NetworkSummary,
  OpenedFile,
  PackedNetwork,
  Step,
} from "../protocol.ts";
import { unpackText } from "../../pretrained/packing.ts";
import { AnswerStep } from "./answer_step.ts";
import { ColumnStep } from "./column_step.ts";
import { fill, get, make, saveFile, show } from "./elements.ts";
import { startTheme } from "./theme.ts";
import { Canceled, WorkerClient } from "./worker_client.ts";

/** The text of a data element of the page. */
const readData = (id: string): string => get(id).textContent ?? "";

/** Features that a browser must have, with a name for each. */
const NEEDED: readonly (readonly [name: string, isThere: () => boolean])[] = [
  ["workers", () => typeof Worker === "function"],
  ["WebAssembly", () => typeof WebAssembly === "object"],
  ["DecompressionStream", () => typeof DecompressionStream === "function"],
];

/** The running page. */
class PredictPage {
  readonly #client: WorkerClient;
  readonly #packed: readonly PackedNetwork[];
  readonly #columns: ColumnStep;
  readonly #answer: AnswerStep;
  readonly #networks: readonly NetworkSummary[];
  #name = "catalog";
  #table = "";
  #found: Answer | null = null;

  constructor(
    client: WorkerClient,
    packed: readonly PackedNetwork[],
    networks: readonly NetworkSummary[],
  ) {
    this.#client = client;
    this.#packed = packed;
    this.#networks = networks;
    this.#answer = new AnswerStep((place) => client.ask("catalog", { place }));
    this.#columns = new ColumnStep(networks, {
      check: (choices) => client.ask("check", choices),
      changed: () => this.#answer.clear(),
    });
    this.#listen();
    show(get("app"), true);
  }

  #listen(): void {
    const input = get<HTMLInputElement>("file");
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) this.#open(file);
      input.value = ""; // so that the same file may be chosen again
    });
    const zone = get("drop");
    // Files may be dropped anywhere: a file that missed the zone would replace the page in the
    // window.
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.dataset["over"] = "yes";
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) delete zone.dataset["over"];
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      delete zone.dataset["over"];
      if (event.dataTransfer) this.#receive(event.dataTransfer);
    });
    get("table").addEventListener("change", () => {
      this.#readTable(get<HTMLSelectElement>("table").value);
    });
    get("predict").addEventListener("click", () => this.#predict());
    get("cancel").addEventListener("click", () => this.#cancel());
    get("save-table").addEventListener("click", () => this.#saveTable());
    get("save-json").addEventListener("click", () => {
      const text = `${JSON.stringify(this.#found!.found, null, 2)}\n`;
      saveFile(new Blob([text], { type: "application/json" }), `${this.#name}_prediction.json`);
    });
  }

  /** Does one thing at a time; progress and errors are those of the latest. */
  async #work(what: string, work: (report: (step: Step) => void) => Promise<void>): Promise<void> {
    fill(get("fault"));
    show(get("progress"), true);
    report({ what, done: null, all: null });
    document.body.setAttribute("aria-busy", "true");
    try {
      await work(report);
    } catch (error) {
      if (!(error instanceof Canceled)) fill(get("fault"), (error as Error).message);
    } finally {
      show(get("progress"), false);
      document.body.removeAttribute("aria-busy");
    }
  }

  /** Takes what was dropped: one file, and says so of anything else. */
  #receive({ files, items }: DataTransfer): void {
    const [file] = files;
    const isFolder = items[0]?.webkitGetAsEntry?.()?.isDirectory === true;
    if (file && files.length === 1 && !isFolder) {
      this.#open(file);
      return;
    }
    const what = !file
      ? "what was dropped is not a file"
      : isFolder
      ? `${file.name} is a folder`
      : `${counted(files.length, "file")} were dropped`;
    this.#clear();
    fill(get("fault"), `Cannot read catalog: ${what}, drop one file with a table`);
  }

  /** Removes all that was shown of a file before. */
  #clear(): void {
    show(get("step-columns"), false);
    this.#answer.clear();
    fill(get("file-facts"));
    show(get("tables"), false);
  }

  #open(file: File): Promise<void> {
    this.#clear();
    this.#name = file.name.replace(/\.(gz|\w{1,5})$/i, "").replace(/\.\w{1,5}$/, "") || "catalog";
    const missing = get<HTMLInputElement>("missing").value;
    const options = {
      missing: missing === "" ? [] : missing.split(",").map((text) => text.trim()),
      ignoreChecksum: get<HTMLInputElement>("ignore-checksum").checked,
    };
    return this.#work("Reading the file", async (report) => {
      const opened = await this.#client.ask("open", { file, options }, report);
      fill(
        get("file-facts"),
        `${file.name}: ${opened.form}, ${counted(opened.tables.length, "table")}.`,
        ...opened.notes.map((text) => make("span", { class: "hint" }, ` Passed over: ${text}.`)),
      );
      this.#listTables(opened);
      await this.#showTable(opened.chosen!, report);
    });
  }

  #listTables({ tables, chosen }: OpenedFile): void {
    const options = tables.filter(({ fault }) => fault === "").map(({ key, name, count }) => {
      const label = name === "" || name === key ? key : `${key} (${name})`;
      return make("option", { value: key }, `${label}, ${counted(count, "row")}`);
    });
    fill(get("table"), ...options);
    get<HTMLSelectElement>("table").value = chosen!;
    show(get("tables"), tables.length > 1);
  }

  #readTable(key: string): Promise<void> {
    show(get("step-columns"), false);
    this.#answer.clear();
    return this.#work("Reading the table", (report) => this.#showTable(key, report));
  }

  async #showTable(key: string, report: (step: Step) => void): Promise<void> {
    this.#table = key;
    this.#columns.open(await this.#client.ask("table", { key }, report));
  }

  #predict(): Promise<void> {
    const choices = this.#columns.choices();
    const button = get<HTMLButtonElement>("predict");
    button.disabled = true;
    return this.#work("Predicting", async (report) => {
      this.#found = await this.#client.ask("predict", choices, report);
      await this.#answer.open(this.#found, this.#commandFor(choices));
    }).finally(() => button.disabled = false);
  }

  /** The command line that makes the same prediction. */
  #commandFor({ network, mapping, h, catalogId }: Choices): string {
    const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    const { name } = this.#networks[network]!;
    const { run } = this.#packed[network]!;
    const columns = Object.entries(mapping).map(([target, text]) => `${target}=${text}`).join(", ");
    return [
      `terse predict --catalog FILE`,
      run === null ? `--network=${name}` : `--run=${quote(run)}`,
      ...(columns === "" ? [] : [`--columns=${quote(columns)}`]),
      ...(catalogId === undefined ? [] : [`--catalog-id=${quote(catalogId)}`]),
      ...(get("tables").hidden ? [] : [`--table=${quote(this.#table)}`]),
      `--h=${h}`,
      "--backend=core",
    ].join(" ");
  }

  async #saveTable(): Promise<void> {
    saveFile(await this.#client.ask("save", {}), `${this.#name}_clusters.csv`);
  }

  async #cancel(): Promise<void> {
    this.#client.restart();
    show(get("step-columns"), false);
    this.#answer.clear();
    fill(get("file-facts"), "Canceled. Choose a file to begin again.");
    await this.#client.ask("start", { networks: this.#packed });
  }
}

function report({ what, done, all }: Step): void {
  const bar = get<HTMLProgressElement>("progress-bar");
  if (done === null || all === null) bar.removeAttribute("value");
  else {
    bar.max = all;
    bar.value = done;
  }
  const share = done === null || all === null ? "" : `, ${Math.floor(100 * done / all)}%`;
  fill(get("progress-text"), `${what}${share}`);
}

async function main(): Promise<void> {
  startTheme();
  const missing = NEEDED.filter(([, isThere]) => !isThere()).map(([name]) => name);
  if (missing.length > 0) throw new Error(`this browser has no ${missing.join(", no ")}`);
  const packed: PackedNetwork[] = JSON.parse(readData("networks"));
  const client = new WorkerClient(await unpackText(readData("worker-code")));
  new PredictPage(client, packed, await client.ask("start", { networks: packed }));
}

main().catch((error) => {
  fill(get("cannot-start-reason"), error instanceof Error ? error.message : String(error));
  show(get("cannot-start"), true);
});
