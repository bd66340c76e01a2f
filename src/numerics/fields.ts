/**
 * Strict checks of JSON against a table of fields: every field is present, none is unknown, and
 * each has its kind and range. The message names the first place that fails, in one line.
 */

/** The kinds of value that a JSON field may hold. */
export type FieldKind =
  /** Finite, and within the limits that are given. */
  | {
    readonly kind: "number" | "whole number";
    readonly from?: number;
    readonly above?: number;
    readonly to?: number;
    readonly below?: number;
  }
  | { readonly kind: "choice"; readonly of: readonly (string | null)[] }
  /** A value of kind "any" is checked by the code that reads it. */
  | { readonly kind: "text" | "boolean" | "any" }
  | {
    readonly kind: "list";
    readonly of: FieldKind;
    readonly least: number;
    readonly most?: number;
  }
  /** `optional` fields may be missing. */
  | {
    readonly kind: "record";
    readonly fields: Readonly<Record<string, FieldKind>>;
    readonly optional: readonly string[];
  }
  /** The first alternative that holds. */
  | { readonly kind: "either"; readonly of: readonly FieldKind[] };

/** A record with exactly the fields of `T`. */
export function recordOf<T>(
  fields: Readonly<Record<keyof T & string, FieldKind>>,
  optional: readonly (keyof T & string)[] = [],
): FieldKind {
  return { kind: "record", fields, optional };
}

/**
 * Throws unless a value is of a kind.
 *
 * @param value As parsed from JSON
 * @param field What it must be
 * @param action What the message says cannot be done
 * @throws {TypeError} If a value is of another kind, missing or unknown
 * @throws {RangeError} If a number is outside its limits
 */
export function checkField(value: unknown, field: FieldKind, action: string): void {
  const fault = findFault(value, field, "");
  if (fault === null) return;
  const subject = fault.path === "" ? "it" : fault.path;
  const message = `Cannot ${action}: ${subject} is ${fault.found}, expected ${fault.expected}`;
  throw fault.isOutOfRange ? new RangeError(message) : new TypeError(message);
}

interface Fault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  readonly isOutOfRange: boolean;
}

function findFault(value: unknown, field: FieldKind, path: string): Fault | null {
  const wrong = { path, found: show(value), expected: describe(field), isOutOfRange: false };
  switch (field.kind) {
    case "number":
    case "whole number":
      if (typeof value !== "number") return wrong;
      return isWithin(value, field) ? null : { ...wrong, isOutOfRange: true };
    case "choice":
      return field.of.includes(value as string | null) ? null : wrong;
    case "text":
      return typeof value === "string" ? null : wrong;
    case "boolean":
      return typeof value === "boolean" ? null : wrong;
    case "any":
      return value === undefined ? wrong : null;
    case "list":
      if (!Array.isArray(value) || value.length < field.least) return wrong;
      if (value.length > (field.most ?? Infinity)) {
        return { ...wrong, found: `a list of ${value.length}`, isOutOfRange: true };
      }
      return firstFault(value.map((item, i) => findFault(item, field.of, join(path, `${i}`))));
    case "record":
      return isRecord(value) ? findRecordFault(value, field, path) : wrong;
    case "either": {
      const faults = field.of.map((alternative) => findFault(value, alternative, path));
      if (faults.includes(null)) return null;
      return deepestFault(faults as Fault[], path) ?? wrong;
    }
  }
}

/** The deepest fault when all alternatives fail; `null` if none got inside a record. */
function deepestFault(faults: readonly Fault[], path: string): Fault | null {
  const inner = faults.filter((fault) => fault.path !== path);
  const beyondKind = inner.find((fault) => fault.path !== join(path, "kind"));
  if (beyondKind || inner.length === 0) return beyondKind ?? null;
  return { ...inner[0]!, expected: inner.map(({ expected }) => expected).join(" or ") };
}

function findRecordFault(
  value: Readonly<Record<string, unknown>>,
  field: FieldKind & { kind: "record" },
  path: string,
): Fault | null {
  const { fields, optional } = field;
  const names = Object.keys(fields);
  const fault = firstFault(names.map((name) => {
    if (Object.hasOwn(value, name)) return findFault(value[name], fields[name]!, join(path, name));
    if (optional.includes(name)) return null;
    const expected = describe(fields[name]!);
    return { path: join(path, name), found: "missing", expected, isOutOfRange: false };
  }));
  if (fault !== null) return fault;
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (unknown === undefined) return null;
  const expected = `one of ${names.join(", ")}`;
  return { path: join(path, unknown), found: "an unknown field", expected, isOutOfRange: false };
}

function firstFault(faults: readonly (Fault | null)[]): Fault | null {
  return faults.find((fault) => fault !== null) ?? null;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function isWithin(value: number, field: FieldKind & { kind: "number" | "whole number" }): boolean {
  const { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity } = field;
  if (!Number.isFinite(value) || (field.kind === "whole number" && !Number.isSafeInteger(value))) {
    return false;
  }
  return value >= from && value > above && value <= to && value < below;
}

/** Whether a JSON value is an object rather than a list or null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(field: FieldKind): string {
  switch (field.kind) {
    case "number":
    case "whole number":
      return ["a", field.kind, ...describeLimits(field)].join(" ");
    case "choice":
      return (field.of.length > 1 ? "one of " : "") +
        field.of.map((name) => JSON.stringify(name)).join(", ");
    case "text":
      return "text";
    case "boolean":
      return "true or false";
    case "any":
      return "a value";
    case "list": {
      const range = field.most === undefined ? " or more" : ` to ${field.most}`;
      const isBound = field.least > 0 || field.most !== undefined;
      return `a list of ${isBound ? `${field.least}${range}, each ` : ""}${describe(field.of)}`;
    }
    case "record":
      return `a record of ${Object.keys(field.fields).join(", ")}`;
    case "either":
      return field.of.map(describe).join(" or ");
  }
}

function describeLimits(
  { from, above, to, below }: FieldKind & { kind: "number" | "whole number" },
): string[] {
  const limits = [];
  if (from !== undefined) limits.push(`from ${from}`);
  if (above !== undefined) limits.push(`above ${above}`);
  if (to !== undefined) limits.push(`to ${to}`);
  if (below !== undefined) limits.push(`below ${below}`);
  return limits;
}

/** Longest text of a value in a message: enough for any name or number, but one line. */
const LONGEST_SHOWN = 60;

function show(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : JSON.stringify(value) ?? `${value}`;
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
