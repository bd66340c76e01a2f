/**
 * What a command is: options, and a function from their values to an outcome. Commands print
 * nothing themselves; `main.ts` prints the outcome, `progress.ts` what happens on the way.
 *
 * @module
 */
import { UsageError } from "./errors.ts";
import type { CommonValues, Options, OptionTable } from "./options.ts";
import { readOptions } from "./options.ts";
import type { Progress } from "./progress.ts";

/** What a command leaves on stdout: the document of `--json`, or the text for people. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
}

/** A command of the program. */
export interface Command {
  /** What it does, in one line, with the paper's section. */
  readonly summary: string;
  /** More about it, for its own help: paragraphs, in which lines that begin with blanks stay whole. */
  readonly details: readonly string[];
  /** Arguments that are not options: "[COMMAND]"; "" for none. */
  readonly positionals: string;
  readonly options: Options;
  /** Runs with the arguments after the command's name. */
  run(args: readonly string[], program: ProgramContext): Promise<Outcome>;
}

/** A command as its file writes it: with the values of its own options. */
export interface CommandDefinition<V> {
  readonly summary: string;
  readonly details: readonly string[];
  readonly positionals?: string;
  readonly options: OptionTable<V>;
  /** Former names of options, each with the name to use instead. */
  readonly renamed?: Readonly<Record<string, string>>;
  run(values: V & CommonValues, context: CommandContext): Promise<Outcome>;
}

/** Every command by name. */
export type Commands = Readonly<Record<string, Command>>;

/** What the program passes to every command. */
export interface ProgramContext {
  readonly progress: Progress;
  /** Loads the table of all commands. */
  readonly loadCommands: () => Promise<Commands>;
}

/** What a command receives in addition to its options. */
export interface CommandContext extends ProgramContext {
  /** Arguments that are not options. */
  readonly positionals: readonly string[];
}

/** Joins a command's options to its function. */
export function defineCommand<V>(definition: CommandDefinition<V>): Command {
  const { positionals = "", options, renamed = {} } = definition;
  return {
    ...definition,
    positionals,
    run: (args, program) => {
      const read = readOptions(options, args, renamed);
      if (positionals === "" && read.positionals.length > 0) {
        throw new UsageError(`Cannot read arguments: "${read.positionals[0]}" is not an option`);
      }
      return definition.run(read.values, { ...program, positionals: read.positionals });
    },
  };
}
