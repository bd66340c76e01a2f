/**
 * The fields that are read of a run folder's records in JSON, and what each must be. Records may
 * have more: what nobody reads is not judged.
 */
import type { FieldKind } from "../../src/numerics/fields.ts";
import { checkField, isRecord } from "../../src/numerics/fields.ts";
import { RunError } from "../program/errors.ts";
import { readJson } from "../program/files.ts";

/** A finite number. */
export const NUMBER: FieldKind = { kind: "number" };
/** A number above 0. */
export const ABOVE_0: FieldKind = { kind: "number", above: 0 };
/** From 0 to 1. */
export const SHARE: FieldKind = { kind: "number", from: 0, to: 1 };
/** From 1 on. */
export const COUNT: FieldKind = { kind: "whole number", from: 1 };
/** A CRC-32. */
export const CHECKSUM: FieldKind = { kind: "whole number", from: 0, below: 2 ** 32 };
/** Any text. */
export const TEXT: FieldKind = { kind: "text" };

/** A field that may be missing in the sense of JSON. */
export function orNull(field: FieldKind): FieldKind {
  return { kind: "either", of: [{ kind: "choice", of: [null] }, field] };
}

/** Fields by path, as in "fresh.scatter"; a star stands for each entry of a list. */
export type ReadFields = Readonly<Record<string, FieldKind>>;

/**
 * A record of a run folder.
 *
 * @param fields Those that are read of it
 * @param command The command that writes it
 * @throws {RunError} Naming the field, what it is and what it should be
 */
export function readRecord(path: string, fields: ReadFields, command: string): unknown {
  const json = readJson(path);
  try {
    for (const [place, field] of Object.entries(fields)) {
      checkAt(json, place.split("."), field, "");
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const what = error.message.replace(/^Cannot read: /, "");
    throw new RunError(`Cannot read ${path}: ${what}; run "${command}" again`);
  }
  return json;
}

function checkAt(json: unknown, names: readonly string[], field: FieldKind, path: string): void {
  const [name, ...rest] = names;
  if (name === undefined) return checkNamed(json, field, path);
  if (name === "*") {
    if (!Array.isArray(json)) throw new TypeError(`${path} is not a list, expected one`);
    json.forEach((entry, i) => checkAt(entry, rest, field, `${path}.${i}`));
    return;
  }
  // What stands in a record that may be missing is read only where there is one.
  if (name.endsWith("?")) {
    const own = name.slice(0, -1);
    const value = isRecord(json) ? json[own] : undefined;
    if (value === undefined || value === null) return;
    return checkAt(value, rest, field, join(path, own));
  }
  checkAt(isRecord(json) ? json[name] : undefined, rest, field, join(path, name));
}

const join = (path: string, name: string): string => path === "" ? name : `${path}.${name}`;

function checkNamed(value: unknown, field: FieldKind, path: string): void {
  try {
    checkField(value, field, "read");
  } catch (error) {
    throw new TypeError(
      (error as Error).message.replace(/^Cannot read: it is/, `${path} is`)
        .replace(/^Cannot read: /, `${path}.`),
    );
  }
}
