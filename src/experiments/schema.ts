/** The JSON Schema of config files, from the table of fields that reads them. */
import type { FieldKind } from "../numerics/fields.ts";
import { EXPERIMENT_FIELDS } from "./validation.ts";

/** The dialect of JSON Schema, by which editors recognize the file. */
const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a config file: an experiment in which any field may be left out, but for those
 * of records with a `kind`, which are replaced as a whole.
 *
 * @example
 * ```ts
 * import { configSchema } from "@clusters/terse";
 * import { assertEquals } from "@std/assert";
 *
 * const { properties } = configSchema() as { properties: Record<string, unknown> };
 * assertEquals(properties.seed, { type: "integer", minimum: 0 });
 * ```
 */
export function configSchema(): JsonSchema {
  const schema = describe(EXPERIMENT_FIELDS);
  return {
    $schema: DIALECT,
    title: "Config file of Terse: fields of an experiment to change",
    ...schema,
    properties: { $schema: { type: "string" }, ...schema.properties as JsonSchema },
  };
}

function describe(field: FieldKind): JsonSchema {
  switch (field.kind) {
    case "number":
    case "whole number":
      return {
        type: field.kind === "number" ? "number" : "integer",
        ...limit("minimum", field.from),
        ...limit("exclusiveMinimum", field.above),
        ...limit("maximum", field.to),
        ...limit("exclusiveMaximum", field.below),
      };
    case "choice":
      return { enum: field.of };
    case "text":
      return { type: "string" };
    case "boolean":
      return { type: "boolean" };
    case "any":
      return {};
    case "list":
      return {
        type: "array",
        items: describe(field.of),
        ...limit("minItems", field.least),
        ...limit("maxItems", field.most),
      };
    case "either":
      return { anyOf: field.of.map(describe) };
    case "record": {
      const entries = Object.entries(field.fields).map(([name, inner]) => [name, describe(inner)]);
      const needed = Object.keys(field.fields).filter((name) => !field.optional.includes(name));
      return {
        type: "object",
        properties: Object.fromEntries(entries),
        ...("kind" in field.fields ? { required: needed } : {}),
        additionalProperties: false,
      };
    }
  }
}

function limit(keyword: string, value: number | undefined): JsonSchema {
  return value === undefined ? {} : { [keyword]: value };
}
