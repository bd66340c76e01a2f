/** A contestant of a comparison: a process that takes turns. */
import { JsonProcess } from "./json_process.ts";
import { isResult } from "./results.ts";
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

function isTurn(answer: unknown): answer is Turn {
  const { cpu, wall, result } = Object(answer) as Partial<Record<keyof Turn, unknown>>;
  const isTime = (x: unknown) => typeof x === "number" && x >= 0 && x < Infinity;
  return isTime(cpu) && isTime(wall) && isResult(result);
}

/** A running contestant. */
export class ContestantProcess {
  readonly #process: JsonProcess;

  /**
   * Starts the program.
   *
   * @throws {Error} If there is no such program
   */
  constructor({ command, env }: ContestantProgram) {
    this.#process = new JsonProcess(command, env);
  }

  /**
   * Has it take a turn.
   *
   * @param patience Longest time to wait for it [ms]
   * @throws {Error} If it has ended instead, with the line of stderr that names the error; if it
   *   writes anything but a turn, or nothing in time
   */
  async turn(iterations: number, patience: number): Promise<Turn> {
    const request: TurnRequest = { iterations };
    const answer = await this.#process.ask(request, patience);
    if (isTurn(answer)) return answer;
    const text = JSON.stringify(answer).slice(0, 60);
    throw new Error(`it answered ${text}, where a turn with cpu, wall and result is expected`);
  }

  /** Ends the process, by force if it does not end by itself or has failed. */
  async close(): Promise<void> {
    await this.#process.close();
  }
}
