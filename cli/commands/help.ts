/**
 * `help`: the commands, or the options of one.
 */
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import {
  describeCommand,
  describeProgram,
  findCommand,
  listOptions,
} from "../program/help_text.ts";
import { terminalColumns } from "../program/terminal.ts";

/** The command `help`. */
export const HELP: Command = defineCommand({
  summary: "describe a command and its options",
  details: [],
  positionals: "[COMMAND]",
  options: {},
  async run(_, { positionals, loadCommands }) {
    const commands = await loadCommands();
    const [name] = positionals;
    if (name === undefined) {
      const json = Object.entries(commands).map(([name, { summary }]) => ({ name, summary }));
      return { json, text: describeProgram(commands, terminalColumns()) };
    }
    const command = findCommand(commands, name);
    const json = listOptions(command);
    return { json, text: describeCommand(name, command, terminalColumns()) };
  },
});
