/**
 * Rounds of contestants and their medians.
 */
import { median } from "../src/numerics/statistics.ts";
import type { Answer } from "./contestant.ts";

/** How long a process may take to end [ms]. */
const GRACE = 10_000;

/** A process that answers one line of JSON to each line of JSON. */
export class Contestant {
  readonly name: string;
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
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
      env: { NO_COLOR: "1", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = this.#process.stderr.text();
  }

  /** Has it work, and waits for the answer; the reason if it has ended instead. */
  async round(steps: number): Promise<Answer | string> {
    try {
      await this.#writer.write(new TextEncoder().encode(`${JSON.stringify({ steps })}\n`));
    } catch {
      return await this.#reason();
    }
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) return await this.#reason();
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const answer: Answer = JSON.parse(this.#text.slice(0, end));
    this.#text = this.#text.slice(end + 1);
    return answer;
  }

  /** Ends it, by force if it does not end by itself. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {}); // it may have ended already
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), GRACE);
    await this.#process.status;
    clearTimeout(timer);
  }

  /** The line of its last words that names the error. */
  async #reason(): Promise<string> {
    const { code } = await this.#process.status;
    const lines = (await this.#errors).trim().split("\n");
    const line = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)!;
    return line.replaceAll("|", "/").trim() || `it ended with code ${code}`;
  }
}

/** The median over rounds of each round's median [ms]. */
export function typicalTime(answers: readonly Answer[]): number {
  return median(answers.map(({ times }) => median(times)));
}
