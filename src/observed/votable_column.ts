/** One column of a VOTable while its rows are read: numbers, or texts if these are few. */
import type { StreamCell, VotableField } from "../formats/votable_table.ts";
import { widthOf } from "../formats/votable_stream.ts";
import { GrowingColumn } from "./growing_column.ts";
import { copyText } from "./labels.ts";
import { MISSING, toInfinity, toNumber } from "./numbers.ts";
import type { Oddities, SourceOptions, TableColumn } from "./source_table.ts";
import { sentinelTest } from "./source_table.ts";

/** Datatypes that are not read. */
const UNREAD = /^(bit|floatComplex|doubleComplex)$/;
const TEXT = /^(char|unicodeChar)$/;

/** One column while its rows are read. */
export class VotableColumn {
  readonly #about: Pick<TableColumn, "name" | "unit" | "ucd" | "description">;
  readonly #fault: string;
  /** Values per row; 0 if they are not collected. */
  readonly #width: number;
  readonly #values = new GrowingColumn();
  readonly #isSentinel: (text: string, value: number) => boolean;
  readonly #parse: (text: string) => number;
  readonly #round: (value: number) => number;
  #odd = 0;
  #firstOdd: Omit<Oddities, "count"> | null = null;

  constructor(field: VotableField, place: number, { missing }: SourceOptions) {
    const { name, unit, ucd, description, datatype } = field;
    this.#about = { name: name || `column ${place + 1}`, unit, ucd, description };
    this.#fault = unreadReason(field);
    this.#width = this.#fault === "" && !TEXT.test(datatype) ? widthOf(field) : 0;
    this.#isSentinel = sentinelTest([...(field.missing === "" ? [] : [field.missing]), ...missing]);
    this.#parse = datatype === "boolean" ? toLogical : toValue;
    // The text of a "float" is the single-precision number that the other serializations hold.
    this.#round = datatype === "float" ? Math.fround : (value) => value;
  }

  /** Takes the cell of a row. */
  add(row: number, cell: StreamCell): void {
    const width = this.#width;
    if (cell === null || width === 0) return;
    const parts = typeof cell === "string"
      ? (width === 1 ? [cell.trim()] : cell.trim().split(/\s+/))
      : cell;
    for (let index = 0; index < Math.min(width, parts.length); index++) {
      const part = parts[index]!;
      const value = typeof part === "number" ? part : this.#parse(part);
      const text = String(part);
      if (this.#isSentinel(text, value)) continue;
      this.#values.set(row * width + index, this.#round(value));
      if (!Number.isNaN(value) || MISSING.test(text)) continue;
      this.#odd++;
      this.#firstOdd ??= { row: row + 1, text: copyText(text), problem: "it is not a number" };
    }
  }

  /** The column, once all rows of its table are read. */
  finish(rows: number): TableColumn {
    const width = Math.max(1, this.#width);
    const values = this.#width === 0 ? null : this.#values.take(rows * width);
    const oddities = this.#firstOdd && { ...this.#firstOdd, count: this.#odd };
    return { ...this.#about, width, values, fault: this.#fault, oddities };
  }
}

function unreadReason(field: VotableField): string {
  const { datatype, arraysize } = field;
  if (UNREAD.test(datatype)) return `values of datatype ${datatype} are not read`;
  if (TEXT.test(datatype)) {
    return arraysize.includes("x") ? "arrays of texts are not read" : "";
  }
  const width = widthOf(field);
  if (Number.isNaN(width)) return "arrays of variable length are not read";
  return Number.isSafeInteger(width) && width > 0 ? "" : `its arraysize is ${arraysize}`;
}

function toValue(text: string): number {
  if (/^[+-]?0x[0-9a-f]+$/i.test(text)) return Number(text.replace(/^\+/, ""));
  const infinity = toInfinity(text);
  return Number.isNaN(infinity) ? toNumber(text) : infinity;
}

/** 1 for T, t, true and 1; 0 for F, f, false and 0; NaN for anything else. */
function toLogical(text: string): number {
  if (/^(t|true|1)$/i.test(text)) return 1;
  return /^(f|false|0)$/i.test(text) ? 0 : NaN;
}
