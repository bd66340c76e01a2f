/**
 * The expression of a table's columns that stands for each observed field: what may be mapped, and
 * mappings in the form of the command line and of JSON.
 */
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import { SHELLS } from "../clusters/cluster_table.ts";

/** A field that a survey can measure of a cluster. The true mass is not one. */
export type ObservedField = Exclude<keyof ObservedClusters, "count" | "logMass">;

/** Values per cluster of every observed field. */
export const FIELD_WIDTHS: Readonly<Record<ObservedField, number>> = {
  logLuminosity: 1,
  logTemperature: 1,
  logGasMass: 1,
  logGasMassProfile: SHELLS,
  gasSlopeProfile: SHELLS,
  logWeakLensingMass: 1,
};

/** The observed fields, in the order of {@linkcode FIELD_WIDTHS}. */
export const OBSERVED_FIELDS = Object.keys(FIELD_WIDTHS) as readonly ObservedField[];

/** Names that a mapping may give: fields, shells ("gasSlopeProfile_6") and the redshift. */
export const TARGETS: readonly string[] = [
  ...OBSERVED_FIELDS.flatMap((field) => [field, ...shellsOf(field)]),
  "redshift",
];

/** Names of a profile's shells, "logGasMassProfile_0" (the innermost) to "_6"; none else. */
export function shellsOf(field: ObservedField): string[] {
  const width = FIELD_WIDTHS[field];
  return width === 1 ? [] : Array.from({ length: width }, (_, shell) => `${field}_${shell}`);
}

/** Expressions by the target that each gives. */
export type ColumnMapping = Readonly<Record<string, string>>;

/**
 * Reads a mapping as the command line has it: `target=expression` with commas between them. Commas in
 * brackets, parentheses and quotes do not count.
 *
 * @param targets Names that may be mapped; a network's fields if left out
 * @throws {SyntaxError} If a part has no "=", or a target is unknown or given twice
 */
export function parseMapping(
  text: string,
  targets: readonly string[] = TARGETS,
): ColumnMapping {
  const parts = text.match(/(?:"[^"]*"|\[[^\]]*\]|\([^()]*(?:\([^()]*\)[^()]*)*\)|[^,])+/g) ?? [];
  const entries = parts.map((part) => {
    const at = part.indexOf("=");
    if (at < 1) {
      throw new SyntaxError(`Cannot read mapping: "${part.trim()}" should be target=expression`);
    }
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new SyntaxError(`Cannot read mapping: ${twice} is given twice, once is enough`);
  }
  return checkMapping(Object.fromEntries(entries), targets);
}

/**
 * A mapping from JSON: an object of expressions by target.
 *
 * @param targets Names that may be mapped; a network's fields if left out
 * @throws {SyntaxError} If it is not such an object, or a target is unknown
 */
export function checkMapping(
  json: unknown,
  targets: readonly string[] = TARGETS,
): ColumnMapping {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new SyntaxError(
      `Cannot read mapping: it is ${JSON.stringify(json)}, expected an object of expressions`,
    );
  }
  for (const [target, expression] of Object.entries(json)) {
    if (!targets.includes(target)) {
      const expected = targets.filter((name) => !/_\d$/.test(name)).join(", ");
      throw new SyntaxError(`Cannot read mapping: there is no target ${target}, only ${expected}`);
    }
    if (typeof expression !== "string" || expression.trim() === "") {
      throw new SyntaxError(
        `Cannot read mapping: ${target} is ${JSON.stringify(expression)}, expected an expression`,
      );
    }
  }
  return json as ColumnMapping;
}
