/**
 * What was found of each row of a table: its terse value, what leaving it out changes, or why it
 * could not be used. Rows are columns of numbers here, so that a million of them need no million
 * records.
 */
import type { FitsTable } from "../formats/fits.ts";
import type { Labels } from "../observed/labels.ts";
import type { MappedClusters } from "../observed/mapped_clusters.ts";

/** What is found of the rows of one catalog. */
export interface CatalogOutcome extends Pick<MappedClusters, "rows" | "refusals"> {
  /** One for each of `rows`. */
  readonly terse: ArrayLike<number>;
  /** One for each of `rows`; `null` if none was left out. */
  readonly change: ArrayLike<number> | null;
}

/** Collects what was found, catalog by catalog. */
export class RowOutcomes {
  readonly #count: number;
  readonly #terse: Float32Array;
  readonly #change: Float32Array | null;
  /** The place of each row's reason; 0 for a row in use. */
  readonly #refused: Uint32Array;
  readonly #reasons: string[] = [""];
  readonly #places = new Map<string, number>([["", 0]]);

  constructor(count: number, columns: "terse" | "terse and change") {
    this.#count = count;
    this.#terse = new Float32Array(count).fill(NaN);
    this.#change = columns === "terse" ? null : new Float32Array(count).fill(NaN);
    this.#refused = new Uint32Array(count);
  }

  /** Takes what was found of a catalog. */
  add({ rows, refusals, terse, change }: CatalogOutcome): void {
    for (let i = 0; i < rows.length; i++) {
      this.#terse[rows[i]!] = terse[i]!;
      if (this.#change && change) this.#change[rows[i]!] = change[i]!;
    }
    for (const { row, reason } of refusals) this.#refused[row] = this.#placeOf(reason);
  }

  /** All rows as a table, with the catalog of each where there are labels. */
  tabulate(labels: Labels | null): FitsTable {
    const column = <T>(name: string, data: T) => ({ name, shape: [], data });
    const texts = (places: Uint32Array, of: readonly string[]) =>
      Array.from(places, (place) => of[place]!);
    return {
      name: "TERSE",
      count: this.#count,
      columns: [
        column("row", Int32Array.from({ length: this.#count }, (_, row) => row + 1)),
        ...(labels === null ? [] : [column("catalog", texts(labels.of, labels.names))]),
        column("terse", this.#terse),
        ...(this.#change === null ? [] : [column("change", this.#change)]),
        column("refused", texts(this.#refused, this.#reasons)),
      ],
      header: [],
    };
  }

  #placeOf(reason: string): number {
    const known = this.#places.get(reason);
    if (known !== undefined) return known;
    this.#places.set(reason, this.#reasons.length);
    return this.#reasons.push(reason) - 1;
  }
}
