/**
 * The table of commands, in the order of the paper. A command's file, with all that it imports, is
 * loaded when the command is asked for.
 */
import type { Command, Commands } from "./program/command.ts";

/** What loads each command, by the command's name. */
export const COMMAND_LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  "demo": async () => (await import("./commands/demo.ts")).DEMO,
  "reproduce": async () => (await import("./commands/reproduce.ts")).REPRODUCE,
  "mass-function": async () => (await import("./commands/mass_function.ts")).MASS_FUNCTION,
  "observe": async () => (await import("./commands/observe.ts")).OBSERVE,
  "simulate": async () => (await import("./commands/simulate.ts")).SIMULATE,
  "train": async () => (await import("./commands/train.ts")).TRAIN,
  "evaluate": async () => (await import("./commands/evaluate.ts")).EVALUATE,
  "interpret": async () => (await import("./commands/interpret.ts")).INTERPRET,
  "calibrate": async () => (await import("./commands/calibrate.ts")).CALIBRATE,
  "robustness": async () => (await import("./commands/robustness.ts")).ROBUSTNESS,
  "table4": async () => (await import("./commands/table4.ts")).TABLE4,
  "report": async () => (await import("./commands/report.ts")).REPORT,
  "columns": async () => (await import("./commands/columns.ts")).COLUMNS,
  "predict": async () => (await import("./commands/predict.ts")).PREDICT,
  "page": async () => (await import("./commands/page.ts")).PAGE,
  "limit": async () => (await import("./commands/limit.ts")).LIMIT,
  "exact": async () => (await import("./commands/exact.ts")).EXACT,
  "survey": async () => (await import("./commands/survey.ts")).SURVEY,
  "train-survey": async () => (await import("./commands/train_survey.ts")).TRAIN_SURVEY,
  "export": async () => (await import("./commands/export.ts")).EXPORT,
  "doctor": async () => (await import("./commands/doctor.ts")).DOCTOR,
  "schema": async () => (await import("./commands/schema.ts")).SCHEMA,
  "completion": async () => (await import("./commands/completion.ts")).COMPLETION,
  "help": async () => (await import("./commands/help.ts")).HELP,
};

/** Loads every command. */
export async function loadCommands(): Promise<Commands> {
  const entries = Object.entries(COMMAND_LOADERS)
    .map(async ([name, load]) => [name, await load()] as const);
  return Object.fromEntries(await Promise.all(entries));
}
