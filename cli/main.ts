/**
 * The command line: `deno run --allow-read --allow-write=OUT cli/main.ts COMMAND [options]`.
 * Results go to stdout, progress and errors to stderr.
 *
 * @module
 */
import { COMMAND_LOADERS, loadCommands } from "./commands.ts";
import { judgeError, RunError, UsageError } from "./program/errors.ts";
import { describeCommand, describeProgram, findCommand } from "./program/help_text.ts";
import { chooseStyle, createProgress, writeAll, writeIfPossible } from "./program/progress.ts";
import { quietGraphics } from "./program/quiet_graphics.ts";
import { terminalColumns } from "./program/terminal.ts";
import { VERSION } from "./program/version.ts";

/**
 * Runs one command.
 *
 * @param args The arguments after the program's name
 * @returns The exit code: 0 done, 1 failed, 2 the command line is wrong
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    quietGraphics();
    const text = await run(args);
    return printResult(text);
  } catch (error) {
    return complain(error);
  }
}

/** The work is done by now: a reader of stdout who has had enough takes nothing from it. */
function printResult(text: string): number {
  try {
    writeAll(Deno.stdout, `${text}\n`);
    return 0;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    return complain(new RunError(`Cannot write the result: ${(error as Error).message}`));
  }
}

/** Says what is wrong, if stderr takes it. */
function complain(error: unknown): number {
  const { message, exitCode } = judgeError(error);
  writeIfPossible(Deno.stderr, `terse: ${message}\n`);
  return exitCode;
}

/** Runs the command that the arguments name, and returns what goes to stdout. */
async function run(args: readonly string[]): Promise<string> {
  const [name, ...rest] = args;
  if (name === undefined) {
    throw new UsageError(`Cannot run: no command is given; "terse help" lists them`);
  }
  if (name === "--help" || name === "-h") {
    return describeProgram(await loadCommands(), terminalColumns());
  }
  if (name === "--version") return VERSION;
  const command = await findCommand(COMMAND_LOADERS, name)();
  if (rest.includes("--help") || rest.includes("-h")) {
    return describeCommand(name, command, terminalColumns());
  }
  const progress = createProgress(chooseStyle(rest.includes("--quiet")));
  const { json, text } = await command.run(rest, { progress, loadCommands });
  return rest.includes("--json") ? escapeJson(JSON.stringify(json, null, 2)) : text;
}

/** A document in which no stranger's text, key or value, can move the cursor or turn its direction. */
function escapeJson(text: string): string {
  return text.replace(
    /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      Array.from(
        { length: character.length },
        (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
      ).join(""),
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
