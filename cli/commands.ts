/**
 * The table of commands, in the order of the paper.
 *
 * @module
 */
import { CALIBRATE } from "./commands/calibrate.ts";
import type { Commands } from "./program/command.ts";
import { COLUMNS } from "./commands/columns.ts";
import { COMPLETION } from "./commands/completion.ts";
import { DEMO } from "./commands/demo.ts";
import { DOCTOR } from "./commands/doctor.ts";
import { EXACT } from "./commands/exact.ts";
import { EVALUATE } from "./commands/evaluate.ts";
import { EXPORT } from "./commands/export.ts";
import { HELP } from "./commands/help.ts";
import { INTERPRET } from "./commands/interpret.ts";
import { LIMIT } from "./commands/limit.ts";
import { MASS_FUNCTION } from "./commands/mass_function.ts";
import { OBSERVE } from "./commands/observe.ts";
import { PREDICT } from "./commands/predict.ts";
import { REPORT } from "./commands/report.ts";
import { REPRODUCE } from "./commands/reproduce.ts";
import { ROBUSTNESS } from "./commands/robustness.ts";
import { SCHEMA } from "./commands/schema.ts";
import { SIMULATE } from "./commands/simulate.ts";
import { SURVEY } from "./commands/survey.ts";
import { TABLE4 } from "./commands/table4.ts";
import { TRAIN } from "./commands/train.ts";

/** Every command by name. */
export const COMMANDS: Commands = {
  "demo": DEMO,
  "reproduce": REPRODUCE,
  "mass-function": MASS_FUNCTION,
  "observe": OBSERVE,
  "simulate": SIMULATE,
  "train": TRAIN,
  "evaluate": EVALUATE,
  "interpret": INTERPRET,
  "calibrate": CALIBRATE,
  "robustness": ROBUSTNESS,
  "table4": TABLE4,
  "report": REPORT,
  "columns": COLUMNS,
  "predict": PREDICT,
  "limit": LIMIT,
  "exact": EXACT,
  "survey": SURVEY,
  "export": EXPORT,
  "doctor": DOCTOR,
  "schema": SCHEMA,
  "completion": COMPLETION,
  "help": HELP,
};
