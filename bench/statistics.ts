/**
 * Rounds of contestants and their medians.
 */
import { median } from "../src/numerics/statistics.ts";
import type { Answer } from "./contestant.ts";

/** A process that answers one line of JSON to each line of JSON. */
export class Contestant {
  readonly name: string;
  readonly answers: Answer[] = [];
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    this.name = name;
    this.#process = new Deno.Command(command, {
      args: [...args],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Has it work, and waits for the answer; `false` if it has ended instead. */
  async round(steps: number): Promise<Answer | null> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify({ steps })}\n`));
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const answer: Answer = JSON.parse(this.#text.slice(0, end));
    this.#text = this.#text.slice(end + 1);
    return answer;
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }
}

/** The median over rounds of each round's median [ms]. */
export function typicalTime(answers: readonly Answer[]): number {
  return median(answers.map(({ times }) => median(times)));
}
