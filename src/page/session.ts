/**
 * The state of a page's worker, and the requests that it answers: networks, a file, a table and a
 * prediction. It reads no file and uses no browser, so that tests can ask it as the page does.
 */
import { formatTable } from "../formats/csv.ts";
import type { FitsTable } from "../formats/fits.ts";
import type { Engine } from "../model.ts";
import { chooseTable, openSource } from "../observed/source_reader.ts";
import type { ReadTable, SourceFile, SourceOptions } from "../observed/source_table.ts";
import { joinPredictions, planReading } from "../runs/observed_prediction.ts";
import { predictTable } from "../runs/prediction.ts";
import { formatPredictions } from "../runs/prediction_text.ts";
import { checkChoices } from "./checking.ts";
import { examineCatalog } from "./details.ts";
import type { OpenNetwork } from "./networks.ts";
import { openNetwork } from "./networks.ts";
import type {
  Answer,
  CatalogDetails,
  Checked,
  Choices,
  NetworkSummary,
  OpenedFile,
  PackedNetwork,
  TableSummary,
} from "./protocol.ts";
import { summarizeTable } from "./table_summary.ts";

/** The most recent prediction. */
interface Predicted {
  readonly choices: Choices;
  readonly answer: Answer;
  readonly clusters: FitsTable;
}

/** One user's work with one file after the other. */
export class Session {
  #networks: readonly OpenNetwork[] = [];
  #file: SourceFile | null = null;
  #table: ReadTable | null = null;
  #predicted: Predicted | null = null;

  /** Unpacks networks and opens them on an engine. */
  async start(engine: Engine, packed: readonly PackedNetwork[]): Promise<NetworkSummary[]> {
    const opened: OpenNetwork[] = [];
    for (const network of packed) opened.push(await openNetwork(engine, network));
    this.#networks = opened;
    return opened.map(({ summary }) => summary);
  }

  /**
   * Opens a file.
   *
   * @throws {SyntaxError | RangeError} As `openSource` does
   */
  open(bytes: Uint8Array, options: SourceOptions): OpenedFile {
    this.#forget();
    const file = openSource(bytes, options);
    const tables = file.tables.map(({ read: _, ...entry }) => entry);
    const usable = tables.filter(({ fault, count }) => fault === "" && count > 0);
    if (usable.length === 0) chooseTable(file, undefined).read(); // which says why
    const clusters = usable.find(({ name }) => name === "CLUSTERS");
    const chosen = (clusters ?? usable[0])?.key ?? null;
    if (chosen === null) {
      throw new RangeError("Cannot read catalog: the table has no rows, one per cluster is needed");
    }
    this.#file = file;
    return { form: file.form, tables, notes: file.notes, chosen };
  }

  /**
   * Reads a table of the file.
   *
   * @throws {SyntaxError | RangeError} As `readSource` does
   */
  table(key: string): TableSummary {
    const entry = chooseTable(need(this.#file, "file"), key);
    this.#table = null;
    this.#predicted = null;
    this.#table = entry.read();
    const { count } = this.#table;
    if (count === 0) {
      throw new RangeError("Cannot read catalog: the table has no rows, one per cluster is needed");
    }
    return summarizeTable(this.#table, this.#networks.map(({ summary }) => summary));
  }

  /** The result of choices. */
  check(choices: Choices): Checked {
    const { predictor, summary } = this.#networks[choices.network]!;
    return checkChoices(need(this.#table, "table"), predictor, summary.targets, choices);
  }

  /**
   * Predicts in the same way as `predict`.
   *
   * @param watch Called when a catalog is done
   * @throws {TypeError | SyntaxError | RangeError} As `predictTable` does
   */
  async predict(choices: Choices, watch: (done: number, all: number) => void): Promise<Answer> {
    const { predictor, facts } = this.#networks[choices.network]!;
    const table = need(this.#table, "table");
    this.#predicted = null;
    const reading = planReading(table, predictor.experiment, choices);
    const asked = { ...reading, columns: "terse and change", watch } as const;
    const { catalogs, clusters } = await predictTable(predictor, table, asked);
    const found = joinPredictions(facts, predictor.experiment, reading, catalogs);
    const answer = { found, text: formatPredictions(found, []) };
    this.#predicted = { choices, answer, clusters };
    return answer;
  }

  /** The figures' data of one catalog of the last prediction, by its index. */
  async catalog(place: number): Promise<CatalogDetails> {
    const { choices, answer, clusters } = need(this.#predicted, "prediction");
    const { predictor } = this.#networks[choices.network]!;
    const { id } = answer.found.catalogs[place]!;
    return await examineCatalog(
      predictor,
      { table: need(this.#table, "table"), clusters },
      choices,
      id,
    );
  }

  /** The clusters of the last prediction as pieces of CSV. */
  save(): Iterable<string> {
    return formatTable(need(this.#predicted, "prediction").clusters);
  }

  #forget(): void {
    this.#file = null;
    this.#table = null;
    this.#predicted = null;
  }
}

function need<T>(value: T | null, what: string): T {
  if (value === null) throw new TypeError(`Cannot answer: there is no ${what} yet`);
  return value;
}
