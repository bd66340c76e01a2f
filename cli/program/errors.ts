/** Errors that the command line expects: each becomes one line on stderr and an exit code. */

import { printable } from "../../src/observed/printable.ts";

/** The command line is wrong: exit 2. */
export class UsageError extends Error {}

/** The run cannot continue, for the reason in the message: exit 1. */
export class RunError extends Error {}

/** The library's messages: "Cannot <action>: <what is>, <what should be>". */
const LIBRARY_MESSAGE = /^Cannot [^:\n]+: /;

/** What an error means to the person who typed the command. */
export interface Verdict {
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** The line and exit code of an error; an unexpected one keeps its stack, for a bug report. */
export function judgeError(error: unknown): Verdict {
  if (error instanceof UsageError) return { message: oneLine(error.message), exitCode: 2 };
  if (!(error instanceof Error)) return { message: String(error), exitCode: 1 };
  const isExpected = error instanceof RunError || isSystemError(error) ||
    LIBRARY_MESSAGE.test(error.message);
  const message = isExpected
    ? oneLine(error.message)
    : `Unexpected error, please report it: ${error.stack ?? error.message}`;
  return { message, exitCode: 1 };
}

/** Refused by the file system or by Deno's permissions, or no memory left. */
function isSystemError(error: Error): boolean {
  return Object.values(Deno.errors).some((kind) => error instanceof kind);
}

/** Largest length of a line that is meant for people. */
const LONGEST = 300;

/** One line of at most 300 characters, in which no stranger's text can move the cursor. */
function oneLine(text: string): string {
  const line = printable(text.replaceAll(/\s*\n\s*/g, " ").trim());
  if (line.length <= LONGEST) return line;
  // The end says which file it is.
  const end = /\s\(in [^()]{1,120}\)$/.exec(line)?.[0] ?? "";
  return `${line.slice(0, LONGEST - end.length - 3)}...${end}`;
}

/** What was thrown while a file was used, with the file's name in the message. */
export function nameFile(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RunError) return error;
  if (LIBRARY_MESSAGE.test(error.message)) return new RunError(`${error.message} (in ${path})`);
  if (error instanceof SyntaxError) return new RunError(`Cannot read ${path}: ${error.message}`);
  return error;
}

/**
 * The result of `action`, with the file's name put into the message of what it throws.
 *
 * @param path The file that is read
 * @param action Reads its content
 */
export function inFile<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw nameFile(path, error);
  }
}
