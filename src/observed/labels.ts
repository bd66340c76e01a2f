/**
 * The entries of a column of text, each distinct entry once: a million clusters in a few catalogs
 * need only the few catalog names.
 */
import type { SourceTable } from "./source_table.ts";

/** The entries of a column of text. */
export interface Labels {
  /** Distinct entries, in order of first appearance. */
  readonly names: readonly string[];
  /** The index in `names` of each row's entry, [count]. */
  readonly of: Uint32Array;
}

/**
 * The entries of a column.
 *
 * @throws {TypeError} If there is no such column, or two of that name
 */
export function labelsOf(table: SourceTable, name: string): Labels {
  return labelTexts(table.eachText?.(name) ?? table.textsOf(name), table.count);
}

/** The entries of texts that come one by one. */
function labelTexts(texts: Iterable<string>, count: number): Labels {
  const places = new Map<string, number>();
  const names: string[] = [];
  const of = new Uint32Array(count);
  let row = 0;
  for (const text of texts) {
    let place = places.get(text);
    if (place === undefined) {
      place = names.length;
      const name = copyText(text);
      names.push(name);
      places.set(name, place);
    }
    of[row++] = place;
  }
  return { names, of };
}

/** Rows by entry, in the order of `names`; each list ascends. */
export function groupRows({ names, of }: Labels): Uint32Array[] {
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < of.length; row++) counts[of[row]!]!++;
  const rows = new Uint32Array(of.length);
  let end = 0;
  const groups = Array.from(counts, (count) => rows.subarray(end, end += count));
  const filled = new Uint32Array(names.length);
  for (let row = 0; row < of.length; row++) {
    const place = of[row]!;
    groups[place]![filled[place]!++] = row;
  }
  return groups;
}

/** Shortest text that V8 cuts out of a longer one by reference; it copies shorter ones. */
const COPIED_ANYWAY = 12;

/** A copy of a text without shared memory: V8 keeps a long text while a part is in use. */
export function copyText(text: string): string {
  if (text.length <= COPIED_ANYWAY) return text;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
