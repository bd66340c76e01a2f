/**
 * `schema`: the JSON Schema of config files.
 */
import { skySurveySchema } from "../../src/catalogs/sky/survey.ts";
import { configSchema } from "../../src/experiments/schema.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { choiceOption } from "../program/options.ts";

/** The command `schema`. */
export const SCHEMA: Command = defineCommand({
  summary: "print the JSON Schema of --config files, or of a survey's file",
  details: [
    "Save it next to the config (terse schema > terse.schema.json), and begin the config with " +
    '{ "$schema": "./terse.schema.json", ... Editors then complete and check the config.',
  ],
  options: {
    of: choiceOption(["config", "survey"] as const, "config", {
      description: "whose: --config files, or the files of --survey",
    }),
  },
  run({ of }) {
    const json = of === "config" ? configSchema() : skySurveySchema();
    return Promise.resolve({ json, text: JSON.stringify(json, null, 2) });
  },
});
