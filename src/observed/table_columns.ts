/** Finds a column by its name, and refuses a name that two columns share. */
import { editDistance } from "../numerics/edit_distance.ts";

/** A column's name. */
export interface NamedPlace {
  readonly name: string;
}

/** Most names that a message suggests for a missing one. */
const NEAREST = 3;

/** A column chosen by number: "T#2" is the second column called T. */
const CHOSEN = /^(.*)#([1-9]\d{0,2})$/s;

/**
 * The place of a column among others. `T#2` is the second of two columns called T.
 *
 * @throws {TypeError} If there is none of that name, or there are several
 */
export function findColumn(name: string, columns: readonly NamedPlace[]): number {
  const places = placesOf(name, columns);
  if (places.length === 1) return places[0]!;
  if (places.length > 1) throw ambiguous(name, places);
  const chosen = CHOSEN.exec(name);
  const place = chosen ? placesOf(chosen[1]!, columns)[Number(chosen[2]) - 1] : undefined;
  if (place !== undefined) return place;
  const near = nearestNames(name, columns.map((column) => column.name));
  const hint = near.length === 0 ? "the table has none" : `the nearest are ${near.join(", ")}`;
  throw new TypeError(`Cannot map columns: there is no column ${name}, ${hint}`);
}

/** The places of all columns of a name. */
export function placesOf(name: string, columns: readonly NamedPlace[]): number[] {
  return columns.flatMap((column, place) => column.name === name ? [place] : []);
}

/** The error for a name that several columns share, which tells how to choose one. */
export function ambiguous(name: string, places: readonly number[]): TypeError {
  const numbers = places.map((place) => place + 1);
  const all = `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
  return new TypeError(
    `Cannot map columns: columns ${all} are both called ${name}; write "${name}#1" for column ` +
      `${numbers[0]}, "${name}#2" for column ${numbers[1]}`,
  );
}

/** The names that are most like a word whatever their case, the nearest first. */
export function nearestNames(word: string, names: readonly string[]): string[] {
  const distance = (name: string) => editDistance(name.toLowerCase(), word.toLowerCase());
  return [...new Set(names)].sort((a, b) => distance(a) - distance(b)).slice(0, NEAREST);
}
