/**
 * Rounds of contestants and their medians.
 */
import { JsonProcess } from "../src/bench/json_process.ts";
import { median } from "../src/numerics/statistics.ts";
import type { Answer } from "./contestant.ts";

/** A process that answers each line of JSON with a line of JSON. */
export class Contestant {
  readonly name: string;
  readonly #process: JsonProcess;

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    this.name = name;
    this.#process = new JsonProcess([command, ...args], env);
  }

  /** Has it work, and waits for the answer; the reason, for a cell of a table, if it has ended instead. */
  async round(steps: number): Promise<Answer | string> {
    try {
      return await this.#process.ask({ steps }) as Answer;
    } catch (error) {
      return (error as Error).message.replaceAll("|", "/");
    }
  }

  /** Ends the process, by force if it does not end by itself. */
  async close(): Promise<void> {
    await this.#process.close();
  }
}

/** The median over rounds of CPU time [ms]. */
export function typicalCpu(answers: readonly Answer[]): number {
  return median(answers.map(({ cpu }) => cpu));
}

/** The median over rounds of each round's median [ms]. */
export function typicalTime(answers: readonly Answer[]): number {
  return median(answers.map(({ times }) => median(times)));
}
