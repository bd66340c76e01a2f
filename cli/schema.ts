/**
 * `schema`: the JSON Schema of config files.
 *
 * @module
 */
import { configSchema } from "../src/experiments/schema.ts";
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";

/** The command `schema`. */
export const SCHEMA: Command = defineCommand({
  summary: "print the JSON Schema of --config files",
  details: [
    'A config file that begins with "$schema": "terse.schema.json" is checked by editors as it is typed.',
  ],
  options: {},
  run() {
    const json = configSchema();
    return Promise.resolve({ json, text: JSON.stringify(json, null, 2) });
  },
});
