/**
 * What a command is: options, and a function from their values to an outcome. Commands print
 * nothing themselves; `main.ts` prints the outcome, `progress.ts` what happens on the way.
 */
import { withFiles } from "./command_files.ts";
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
  /** The folder in which no other process may work meanwhile; the run or export folder if left out. */
  workFolder?(values: V & CommonValues): string | undefined;
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
      const { values } = read;
      const folder = definition.workFolder
        ? definition.workFolder(values)
        : ownFolder(options, values);
      return withFiles(
        options,
        values,
        folder,
        () => definition.run(values, { ...program, positionals: read.positionals }),
        positionals === "FILE" ? read.positionals : [],
      );
    },
  };
}

/** The folder that a command's options name for its results; undefined if they name none. */
function ownFolder(options: Options, values: object): string | undefined {
  const found = Object.entries(options)
    .find(([, { role }]) => role === "run folder" || role === "export folder")?.[0];
  return found === undefined ? undefined : Object(values)[found];
}
