/** A contestant of a comparison: a process that takes turns. */
import { JsonProcess } from "./json_process.ts";
import type { Turn, TurnRequest } from "./turns.ts";

/** A program that takes part: it calls `serveTurns`. */
export interface ContestantProgram {
  /** The program's name in the table. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Variables of the program's environment, in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running contestant. */
export class ContestantProcess {
  readonly #process: JsonProcess;

  constructor({ command, env }: ContestantProgram) {
    this.#process = new JsonProcess(command, env);
  }

  /**
   * Has it take a turn.
   *
   * @throws {Error} If it has ended instead, with the line of stderr that names the error
   */
  async turn(iterations: number): Promise<Turn> {
    const request: TurnRequest = { iterations };
    return await this.#process.ask(request) as Turn;
  }

  /** Ends the process, by force if it does not end by itself. */
  async close(): Promise<void> {
    await this.#process.close();
  }
}
