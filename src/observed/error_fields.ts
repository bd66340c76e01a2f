/**
 * Errors that stand next to their value without a name of their own: "5.1 +0.3 -0.2", "5.1±0.3",
 * "5.1^{+0.3}_{-0.2}". They become columns: `T_plus` and `T_minus`, or `T_error`.
 */
import type { Layout, NamedColumn } from "./layout.ts";
import { isNumber, MISSING } from "./numbers.ts";

const NUMBER = String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?`;
const VALUE = String.raw`^([+\-−]?${NUMBER})\s*`;

/** A value with one error, and with two. */
const SYMMETRIC = new RegExp(String.raw`${VALUE}(?:±|\+/-|\+-|\\pm)\s*(${NUMBER})$`);
const TWO = new RegExp(
  String.raw`${VALUE}[\^({[\s]*(\+\s*${NUMBER})[\s})\],;/_{([]*([-−]\s*${NUMBER})[\s})\]]*$`,
);

/** What separates a value from its error where blanks stand around it. */
const SIGN = /^(±|\+\/-|\+-)$/;

/** The columns, including errors that every row has after a value, and the fields that are kept. */
export interface WithErrors {
  readonly columns: readonly NamedColumn[];
  /** The fields of a row without the signs between value and error. */
  join(fields: readonly string[]): string[];
}

/**
 * Errors that stand as separate fields between blanks, in tables whose rows have more fields than
 * names; `null` if they do not account for all the extra fields.
 */
export function findErrors(
  columns: readonly NamedColumn[],
  rows: readonly (readonly string[])[],
): WithErrors | null {
  const width = rows[0]?.length ?? 0;
  if (width <= columns.length || rows.some((row) => row.length !== width)) return null;
  const every = (at: number, test: (field: string) => boolean) =>
    at < width && rows.every((row) => test(row[at]!));
  const isPlus = (field: string) => /^\(?\+[\d.]/.test(field);
  const isMinus = (field: string) => /^[-−][\d.].*\)?$/.test(field);
  const isValue = (field: string) => isNumber(field) || MISSING.test(field);
  const found: NamedColumn[] = [];
  const kept: number[] = [];
  let at = 0;
  for (const column of columns) {
    found.push(column);
    kept.push(at);
    const add = (suffix: string, place: number) => {
      found.push({ ...column, name: `${column.name}_${suffix}`, ucd: "", description: "" });
      kept.push(place);
    };
    if (every(at, isValue) && every(at + 1, isPlus) && every(at + 2, isMinus)) {
      add("plus", at + 1);
      add("minus", at + 2);
      at += 3;
    } else if (every(at + 1, (field) => SIGN.test(field)) && every(at + 2, isValue)) {
      add("error", at + 2);
      at += 3;
    } else at++;
  }
  if (at !== width || found.length === columns.length) return null;
  const clean = (field: string) => field.replace(/^\((?=[+-])|\)$/g, "");
  return {
    columns: found,
    join: (fields) =>
      fields.length === width ? kept.map((place) => clean(fields[place]!)) : [...fields],
  };
}

/** The layout with columns of "value with errors" cut into values and errors. */
export function cutErrors(layout: Layout, sample: readonly (readonly string[])[]): Layout {
  const forms = layout.columns.map((_, i) => {
    const known = sample.map((row) => row[i] ?? "").filter((text) => !MISSING.test(text));
    const isForm = (form: RegExp) =>
      known.some((text) => form.test(text)) &&
      known.every((text) => form.test(text) || isNumber(text));
    return isForm(SYMMETRIC) ? SYMMETRIC : isForm(TWO) ? TWO : null;
  });
  if (forms.every((form) => form === null)) return layout;
  const columns = layout.columns.flatMap((column, i) => {
    if (forms[i] === null) return [column];
    const suffixes = forms[i] === TWO ? ["plus", "minus"] : ["error"];
    const errors = suffixes.map((suffix) => ({
      ...column,
      name: `${column.name}_${suffix}`,
      ucd: "",
      description: "",
    }));
    return [column, ...errors];
  });
  const cut = (field: string, form: RegExp | null): readonly string[] => {
    if (form === null) return [field];
    const parts = form.exec(field);
    if (parts) return parts.slice(1).map((part) => part!.replace(/\s+/g, ""));
    return [field, ...(form === TWO ? ["", ""] : [""])];
  };
  return {
    ...layout,
    columns,
    rowOf: (line) => {
      const fields = layout.rowOf(line);
      if (fields === null || fields === "open" || fields.length !== forms.length) return fields;
      return fields.flatMap((field, i) => cut(field, forms[i]!));
    },
  };
}
