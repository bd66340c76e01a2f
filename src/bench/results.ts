/** Results of contestants: how they travel between processes, and when two of them agree. */

/**
 * A result in a form that JSON keeps: numbers, with those that are not finite as "NaN", "Infinity"
 * and "-Infinity"; or, of a result with anything else in it, its JSON as one text.
 */
export type Result = string | readonly (number | string)[];

/** Numbers that JSON would turn into null. */
const UNUSUAL: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

/** The numbers of a result, however its arrays are nested; null if there is anything else in it. */
function toNumbers(result: unknown): number[] | null {
  if (typeof result === "number") return [result];
  if (typeof result === "boolean" || typeof result === "bigint") return [Number(result)];
  if (ArrayBuffer.isView(result) && !(result instanceof DataView)) {
    return Array.from(result as unknown as ArrayLike<number | bigint>, Number);
  }
  if (!Array.isArray(result)) return null;
  const parts = result.map(toNumbers);
  return parts.every((part) => part !== null) ? parts.flat() as number[] : null;
}

function toText(result: unknown): string {
  const keep = (_: string, value: unknown) =>
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
      ? String(value)
      : value;
  return JSON.stringify(result, keep) ?? "";
}

/** A result as it is sent. */
export function encodeResult(result: unknown): Result {
  return toNumbers(result)?.map((x) => Number.isFinite(x) ? x : String(x)) ?? toText(result);
}

/** Whether a value from a contestant is a result. */
export function isResult(value: unknown): value is Result {
  return typeof value === "string" ||
    (Array.isArray(value) &&
      value.every((x) => typeof x === "number" || (typeof x === "string" && x in UNUSUAL)));
}

const decode = (x: number | string): number => typeof x === "number" ? x : UNUSUAL[x]!;

/**
 * Whether two results agree: numbers element by element, NaN and infinities only with themselves,
 * texts character by character.
 *
 * @param tolerance Largest difference, relative to the largest finite number that is expected
 */
export function agrees(own: Result, expected: Result, tolerance: number): boolean {
  if (typeof own === "string" || typeof expected === "string") return own === expected;
  if (own.length !== expected.length) return false;
  const wanted = expected.map(decode);
  const largest = wanted.reduce(
    (most, x) => Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most,
    0,
  );
  return wanted.every((x, i) => {
    const found = decode(own[i]!);
    return Object.is(found, x) || Math.abs(found - x) <= tolerance * largest;
  });
}
