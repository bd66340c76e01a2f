/** The text of `--help`, made from the tables of commands and options. */
import type { Command, Commands } from "./command.ts";
import { UsageError } from "./errors.ts";
import type { Option } from "./options.ts";
import { COMMON_OPTIONS, suggest } from "./options.ts";
import { wrapText } from "./terminal.ts";

/**
 * The entry of a command's name in a table of commands.
 *
 * @throws {UsageError} If there is none, with the nearest name
 */
export function findCommand<T>(table: Readonly<Record<string, T>>, name: string): T {
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (entry !== undefined) return entry;
  const names = Object.keys(table);
  const hint = suggest(name, names, "") || `, expected one of ${names.join(", ")}`;
  throw new UsageError(`Cannot run ${JSON.stringify(name)}: there is no such command${hint}`);
}

/** The help of the whole program, in lines of at most `width` characters. */
export function describeProgram(commands: Commands, width: number): string {
  const rows = Object.entries(commands).map(([name, { summary }]) =>
    [`  ${name}`, summary] as const
  );
  return [
    ...wrapText(
      "terse: galaxy cluster cosmology with an interpretable encoder (Ntampaka & Vikhlinin)",
      width,
    ),
    "",
    "Usage: terse COMMAND [options]",
    "",
    ...formatRows(rows, width),
    "",
    ...wrapText('Each command has --help. "terse --version" prints the version.', width),
    ...wrapText(
      "Results go to stdout, progress to stderr. Exit 0: done, 1: failed, 2: wrong command line.",
      width,
    ),
  ].join("\n");
}

/** One command's help in lines of at most `width` characters: summary, options, defaults, units. */
export function describeCommand(name: string, command: Command, width: number): string {
  const rows = Object.entries({ ...command.options, ...COMMON_OPTIONS })
    .map(([option, entry]) => [`  ${formatOption(option, entry)}`, describeOption(entry)] as const);
  const usage = ["Usage: terse", name, command.positionals, "[options]"];
  return [
    ...wrapText(`terse ${name}: ${command.summary}`, width),
    ...command.details.flatMap((text) => ["", ...formatParagraph(text, width)]),
    "",
    usage.filter((word) => word !== "").join(" "),
    "",
    ...formatRows(rows, width),
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

/** A paragraph wrapped to a width; lines of an example, which begin with blanks, stay as they are. */
function formatParagraph(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => line.startsWith(" ") ? [line] : wrapText(line, width));
}

/** Width of the first column; a longer name has a line of its own. */
const COLUMN = 26;

function formatRows(rows: readonly (readonly [string, string])[], width: number): string[] {
  return rows.flatMap(([name, text]) => {
    const lines = wrapText(text, width - COLUMN);
    const [first, rest] = name.length < COLUMN ? [name, lines.slice(1)] : ["", lines];
    return [
      first === "" ? name : first.padEnd(COLUMN) + lines[0],
      ...rest.map((line) => " ".repeat(COLUMN) + line),
    ];
  });
}
