/**
 * The table of commands, in the order of the paper.
 *
 * @module
 */
import { CALIBRATE } from "./calibrate.ts";
import type { Command } from "./command.ts";
import { COMPLETION } from "./completion.ts";
import { DEMO } from "./demo.ts";
import { DOCTOR } from "./doctor.ts";
import { EVALUATE } from "./evaluate.ts";
import { EXPORT } from "./export.ts";
import { HELP } from "./help.ts";
import { INTERPRET } from "./interpret.ts";
import { LIMIT } from "./limit.ts";
import { MASS_FUNCTION } from "./mass_function.ts";
import { OBSERVE } from "./observe.ts";
import { PREDICT } from "./predict.ts";
import { REPORT } from "./report.ts";
import { REPRODUCE } from "./reproduce.ts";
import { ROBUSTNESS } from "./robustness.ts";
import { SCHEMA } from "./schema.ts";
import { SIMULATE } from "./simulate.ts";
import { TABLE4 } from "./table4_command.ts";
import { TRAIN } from "./train.ts";

/** Every command by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
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
  "predict": PREDICT,
  "limit": LIMIT,
  "export": EXPORT,
  "doctor": DOCTOR,
  "schema": SCHEMA,
  "completion": COMPLETION,
  "help": HELP,
};
