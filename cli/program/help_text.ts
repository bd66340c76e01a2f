/**
 * The text of `--help`, made from the tables of commands and options.
 *
 * @module
 */
import type { Command, Commands } from "./command.ts";
import { UsageError } from "./errors.ts";
import type { Option } from "./options.ts";
import { COMMON_OPTIONS, suggest } from "./options.ts";

/**
 * The command of a name.
 *
 * @throws {UsageError} If there is none, with the nearest name
 */
export function findCommand(commands: Commands, name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const names = Object.keys(commands);
  const hint = suggest(name, names, "") || `, expected one of ${names.join(", ")}`;
  throw new UsageError(`Cannot run ${JSON.stringify(name)}: there is no such command${hint}`);
}

/** The help of the whole program. */
export function describeProgram(commands: Commands): string {
  const rows = Object.entries(commands).map(([name, { summary }]) =>
    [`  ${name}`, summary] as const
  );
  return [
    "terse: galaxy cluster cosmology with an interpretable encoder (Ntampaka & Vikhlinin)",
    "",
    "Usage: terse COMMAND [options]",
    "",
    ...formatRows(rows),
    "",
    'Each command has --help. "terse --version" prints the version.',
    "Results go to stdout, progress to stderr. Exit 0: done, 1: failed, 2: wrong command line.",
  ].join("\n");
}

/** The help of one command: what it does and every option with default and unit. */
export function describeCommand(name: string, command: Command): string {
  const rows = Object.entries({ ...command.options, ...COMMON_OPTIONS })
    .map(([option, entry]) => [`  ${formatOption(option, entry)}`, describeOption(entry)] as const);
  const usage = ["Usage: terse", name, command.positionals, "[options]"];
  return [
    `terse ${name}: ${command.summary}`,
    ...command.details,
    "",
    usage.filter((word) => word !== "").join(" "),
    "",
    ...formatRows(rows),
  ].join("\n");
}

const formatOption = (name: string, { placeholder }: Option<unknown>): string =>
  placeholder === "" ? `--${name}` : `--${name} ${placeholder}`;

function describeOption(option: Option<unknown>): string {
  const { description, unit, placeholder } = option;
  const fallback = formatFallback(option);
  const notes = [unit, placeholder === "" || fallback === "" ? "" : `default ${fallback}`];
  const text = notes.filter((note) => note !== "").join("; ");
  return text === "" ? description : `${description} [${text}]`;
}

const formatFallback = ({ fallback, fallbackText }: Option<unknown>): string =>
  fallbackText ?? (Array.isArray(fallback) ? fallback.join(",") : String(fallback ?? ""));

/** The options of a command as records. */
export function listOptions({ options }: Command): unknown {
  return Object.entries({ ...options, ...COMMON_OPTIONS }).map(([name, option]) => ({
    name: `--${name}`,
    value: option.placeholder,
    unit: option.unit,
    default: formatFallback(option),
    description: option.description,
  }));
}

/** The widest first column that keeps its text beside it; wider ones get a line of their own. */
const COLUMN = 26;

function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  return rows.flatMap(([name, text]) =>
    name.length < COLUMN ? [name.padEnd(COLUMN) + text] : [name, " ".repeat(COLUMN) + text]
  );
}
