/** Where two JSON values differ. */

/** The first place where two JSON values differ, with the value of each. */
export interface Difference {
  /** Path to the place: names of fields and indices in lists, joined by dots. */
  readonly path: string;
  /** The first value's JSON text there, or "missing". */
  readonly found: string;
  /** The second value's JSON text there, or "missing". */
  readonly expected: string;
}

/** The first place where two JSON values differ; `null` if they do not. */
export function findDifference(
  found: unknown,
  expected: unknown,
  path: string = "",
): Difference | null {
  if (isObject(found) && isObject(expected)) {
    for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
      const inner = findDifference(found[key], expected[key], path ? `${path}.${key}` : key);
      if (inner !== null) return inner;
    }
    return null;
  }
  if (found === expected) return null;
  return { path, found: show(found), expected: show(expected) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
