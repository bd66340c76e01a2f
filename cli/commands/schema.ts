/**
 * `schema`: the JSON Schema of config files.
 *
 * @module
 */
import { configSchema } from "../../src/experiments/schema.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";

/** The command `schema`. */
export const SCHEMA: Command = defineCommand({
  summary: "print the JSON Schema of --config files",
  details: [
    "Save it next to the config (terse schema > terse.schema.json), and begin the config with " +
    '{ "$schema": "./terse.schema.json", ... Editors then complete and check the config.',
  ],
  options: {},
  run() {
    const json = configSchema();
    return Promise.resolve({ json, text: JSON.stringify(json, null, 2) });
  },
});
