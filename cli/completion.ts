/**
 * `completion`: the script by which a shell completes commands and options.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";
import { SHELLS } from "./completion_scripts.ts";
import { UsageError } from "./errors.ts";

/** The command `completion`. */
export const COMPLETION: Command = defineCommand({
  summary: "print the script by which bash, zsh or fish completes commands and options",
  details: ["The script's first lines say where to put it."],
  positionals: Object.keys(SHELLS).join("|"),
  options: {},
  async run(_, { positionals: [shell = ""] }) {
    const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
    if (!write) {
      const names = Object.keys(SHELLS).join(", ");
      throw new UsageError(`Cannot complete: the shell is "${shell}", expected one of ${names}`);
    }
    const { COMMANDS } = await import("./commands.ts"); // which has this command in it
    const script = write(COMMANDS);
    return { json: { shell, script }, text: script };
  },
});
