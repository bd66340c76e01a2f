/**
 * Options as data: each has a parser, a default, a unit and a description, and from that table come
 * both the reading of arguments and the text of `--help`.
 */
import { DECIMAL } from "../../src/observed/numbers.ts";
import { parseArgs } from "@std/cli/parse-args";
import { editDistance } from "../../src/numerics/edit_distance.ts";
import type { FileRole } from "./file_role.ts";
import { UsageError } from "./errors.ts";

/** One option, with a value of type `V`. */
export interface Option<V> {
  /** What the option does, in one line. */
  readonly description: string;
  /** Placeholder of the value in the help, "N" or "FILE"; "" for a flag. */
  readonly placeholder: string;
  /** Unit of the value; "" for none. */
  readonly unit: string;
  /** Value of the option if it is not given. */
  readonly fallback: V;
  /** How the help words the fallback, if not by its own text. */
  readonly fallbackText?: string;
  /** Whether it may be repeated; `read` then gets every text. */
  readonly isRepeatable: boolean;
  /** What the path that the option names is to the command; undefined if it names none. */
  readonly role?: FileRole;
  /** What a text must be, as messages say it. */
  readonly expected: string;
  /** The value of the texts that were given; undefined if they are not what is expected. */
  read(texts: readonly string[]): V | undefined;
}

/** Options by name, without the two dashes. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The options whose values make a record of type `V`. */
export type OptionTable<V> = { readonly [K in keyof V]: Option<V[K]> };

/** Texts that all kinds of option have in common. */
export interface OptionTexts {
  readonly description: string;
  readonly unit?: string;
  readonly fallbackText?: string;
  readonly role?: FileRole;
}

/** A finite decimal number; undefined for any other text. */
function parseNumber(text: string): number | undefined {
  const value = DECIMAL.test(text.trim()) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** An option without a value: false unless it is given. */
export function flag(description: string): Option<boolean> {
  return {
    description,
    placeholder: "",
    unit: "",
    fallback: false,
    isRepeatable: false,
    expected: "nothing",
    read: () => true,
  };
}

/** Any text; `placeholder` names its kind. */
export function textOption<F extends string | undefined>(
  placeholder: string,
  fallback: F,
  texts: OptionTexts,
): Option<string | F> {
  return {
    unit: "",
    ...texts,
    placeholder,
    fallback,
    isRepeatable: false,
    expected: `a ${placeholder}`,
    read: ([text]) => text,
  };
}

/** Text that may be given any number of times. */
export function repeatedOption(placeholder: string, texts: OptionTexts): Option<readonly string[]> {
  return {
    unit: "",
    ...texts,
    placeholder,
    fallback: [],
    isRepeatable: true,
    expected: placeholder,
    read: (given) => given,
  };
}

/** A finite number. */
export function numberOption<F extends number | undefined>(
  fallback: F,
  texts: OptionTexts,
): Option<number | F> {
  return {
    unit: "",
    ...texts,
    placeholder: "X",
    fallback,
    isRepeatable: false,
    expected: "a number",
    read: ([text]) => parseNumber(text!),
  };
}

/** A whole number of at least `least`, and at most `most` if there is such a limit. */
export function wholeNumberOption<F extends number | undefined>(
  least: number,
  fallback: F,
  { most = Infinity, ...texts }: OptionTexts & { readonly most?: number },
): Option<number | F> {
  return {
    unit: "",
    ...texts,
    placeholder: "N",
    fallback,
    isRepeatable: false,
    expected: `a whole number from ${least} ${most === Infinity ? "on" : `to ${most}`}`,
    read: ([text]) => {
      const value = parseNumber(text!);
      const isWithin = Number.isSafeInteger(value) && value! >= least && value! <= most;
      return isWithin ? value : undefined;
    },
  };
}

/** Numbers with commas between them. */
export function numbersOption(
  fallback: readonly number[],
  texts: OptionTexts,
): Option<readonly number[]> {
  return {
    unit: "",
    ...texts,
    placeholder: "X,X,...",
    fallback,
    isRepeatable: false,
    expected: "numbers with commas between them",
    read: ([text]) => {
      const values = text!.split(",").map(parseNumber);
      return values.includes(undefined) ? undefined : values as number[];
    },
  };
}

/** One of some names. */
export function choiceOption<N extends string, F extends N | undefined>(
  names: readonly N[],
  fallback: F,
  texts: OptionTexts,
): Option<N | F> {
  return {
    unit: "",
    ...texts,
    placeholder: names.join("|"),
    fallback,
    isRepeatable: false,
    expected: `one of ${names.join(", ")}`,
    read: ([text]) => names.find((name) => name === text),
  };
}

/** Values of the options that every command has. */
export interface CommonValues {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

/** Options that every command has. */
export const COMMON_OPTIONS: OptionTable<CommonValues> = {
  json: flag("print one JSON document on stdout"),
  quiet: flag("print no progress"),
  help: flag("print this help"),
};

/**
 * Reads the values of options from arguments.
 *
 * @param renamed Former names, each with the name to use instead
 * @throws {UsageError} If an option is unknown, or its value missing or not what is expected
 */
export function readOptions<V>(
  options: OptionTable<V>,
  args: readonly string[],
  renamed: Readonly<Record<string, string>> = {},
): { readonly values: V & CommonValues; readonly positionals: readonly string[] } {
  const all: Options = { ...COMMON_OPTIONS, ...options };
  const names = Object.keys(all);
  const withValue = names.filter((name) => all[name]!.placeholder !== "");
  const parsed: Record<string, unknown> = parseArgs([...args], {
    boolean: names.filter((name) => all[name]!.placeholder === ""),
    string: ["_", ...withValue],
    collect: withValue,
    unknown: (arg: string, key?: string): boolean => {
      if (key === undefined) return true;
      if (/^-[\d.]/.test(arg)) {
        throw new UsageError(
          `Cannot read arguments: ${arg} is not an option, a value that begins with "-" is written ` +
            `--NAME=${arg}`,
        );
      }
      const now = Object.hasOwn(renamed, key) ? renamed[key] : undefined;
      throw new UsageError(
        now === undefined
          ? `Cannot read arguments: there is no option ${arg}${suggest(key, names)}`
          : `Cannot read arguments: there is no option --${key} here, it is --${now}`,
      );
    },
  });
  refuseFlagValues(args, names.filter((name) => all[name]!.placeholder === ""));
  const read = names.map((name) => [name, readOption(name, all[name]!, parsed[name])]);
  return {
    values: Object.fromEntries(read) as V & CommonValues,
    positionals: parsed["_"] as readonly string[],
  };
}

/** Refuses `--flag=value`, which would otherwise be `--flag`. */
function refuseFlagValues(args: readonly string[], flags: readonly string[]): void {
  for (const name of flags) {
    const times = args.filter((arg) => arg === `--${name}`).length;
    if (times > 1) {
      throw new UsageError(`Cannot read --${name}: it is given ${times} times, expected once`);
    }
    const given = args.find((arg) => arg.startsWith(`--${name}=`));
    if (given === undefined) continue;
    const value = given.slice(name.length + 3);
    throw new UsageError(`Cannot read --${name}: it is "${value}", expected nothing`);
  }
}

function readOption(name: string, option: Option<unknown>, given: unknown): unknown {
  if (typeof given === "boolean") return given;
  const texts = given as readonly string[];
  if (texts.length === 0) return option.fallback;
  if (texts.includes("")) {
    throw new UsageError(
      `Cannot read --${name}: it has no value, ${option.expected} is needed ` +
        `(one that begins with "-" is written --${name}=VALUE)`,
    );
  }
  if (texts.length > 1 && !option.isRepeatable) {
    throw new UsageError(
      `Cannot read --${name}: it is given ${texts.length} times, "${texts[0]}" and then "${
        texts[1]
      }", expected once`,
    );
  }
  const value = option.read(texts);
  if (value !== undefined) return value;
  throw new UsageError(
    `Cannot read --${name}: it is "${texts.at(-1)}", expected ${option.expected}`,
  );
}

/**
 * ", did you mean --seed" for a name that is close to a known one, or its first words; "" otherwise.
 */
export function suggest(name: string, names: readonly string[], prefix = "--"): string {
  const nearest = names.toSorted((a, b) => editDistance(name, a) - editDistance(name, b))[0];
  const isNear = nearest !== undefined &&
    editDistance(name, nearest) <= Math.ceil(name.length / 3);
  const meant = isNear ? nearest : names.find((other) => other.startsWith(`${name}-`));
  return meant === undefined ? "" : `, did you mean ${prefix}${meant}`;
}
