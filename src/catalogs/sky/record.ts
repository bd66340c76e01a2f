/** Reads records of numbers, such as those of JSON files, and says what is wrong with one. */
import { editDistance } from "../../numerics/edit_distance.ts";

/**
 * The numbers of a record by name; a `$schema`, which is for editors, is not read.
 *
 * @param record Of unknown content
 * @param what What the record is, for messages
 * @param names Names that it must have and no others
 * @param fallbacks Values of names that may be left out
 * @param others Names that it may have, which are read elsewhere
 * @throws {RangeError} If it is not such a record
 */
export function readNumbers(
  record: unknown,
  what: string,
  names: readonly string[],
  fallbacks: Readonly<Record<string, number>> = {},
  others: readonly string[] = [],
): Record<string, number> {
  const known = [...names, ...others];
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new RangeError(
      `Cannot read ${what}: it is ${describeValue(record)}, should be an object with the fields ` +
        known.join(", "),
    );
  }
  for (const name of Object.keys(record)) {
    if (known.includes(name) || name === "$schema") continue;
    const nearest = [...known].sort((a, b) => editDistance(name, a) - editDistance(name, b))[0]!;
    const hint = editDistance(name, nearest) <= 3 ? `; did you mean ${nearest}?` : "";
    throw new RangeError(
      `Cannot read ${what}: there is no field ${JSON.stringify(name)}${hint}` +
        (hint === "" ? `; the fields are ${known.join(", ")}` : ""),
    );
  }
  return Object.fromEntries(names.map((name) => {
    const value = (record as Record<string, unknown>)[name] ?? fallbacks[name];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(
        `Cannot read ${what}: ${name} is ${describeValue(value)}, should be a number`,
      );
    }
    return [name, value];
  }));
}

/**
 * Numbers that a record may leave out, of a record that {@linkcode readNumbers} has checked.
 *
 * @throws {RangeError} If one is there and not a number
 */
export function readOptionalNumbers(
  record: unknown,
  what: string,
  names: readonly string[],
): Record<string, number> {
  const all = record as Readonly<Record<string, unknown>>;
  const given = names.filter((name) => all[name] !== undefined);
  return readNumbers(Object.fromEntries(given.map((name) => [name, all[name]])), what, given);
}

/** A value in a message. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}
