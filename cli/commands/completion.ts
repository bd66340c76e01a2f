/**
 * `completion`: the script by which a shell completes commands and options.
 */
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { SHELLS } from "../program/completion_scripts.ts";
import { UsageError } from "../program/errors.ts";

/** The command `completion`. */
export const COMPLETION: Command = defineCommand({
  summary: "print the script by which bash, zsh or fish completes commands and options",
  details: ["The first lines of the script explain where to put it."],
  positionals: Object.keys(SHELLS).join("|"),
  options: {},
  async run(_, { positionals: [shell = ""], loadCommands }) {
    const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
    if (!write) {
      const names = Object.keys(SHELLS).join(", ");
      throw new UsageError(`Cannot complete: the shell is "${shell}", expected one of ${names}`);
    }
    const script = write(await loadCommands());
    return { json: { shell, script }, text: script };
  },
});
