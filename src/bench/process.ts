/**
 * A contestant as the comparison sees it: a process that takes turns.
 *
 * @module
 */
import type { Turn, TurnRequest } from "./turns.ts";

/** A program that takes part: it calls `serveTurns`. */
export interface ContestantProgram {
  /** Its name in the table. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Variables of its environment, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How long a process may take to end [ms]. */
const GRACE = 5000;

/** A running contestant. */
export class ContestantProcess {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #text = "";

  constructor({ command, env }: ContestantProgram) {
    const [program, ...args] = command;
    this.#process = new Deno.Command(program!, {
      args,
      env: { NO_COLOR: "1", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = this.#process.stderr.text();
  }

  /**
   * Has it take a turn.
   *
   * @throws {Error} If it has ended instead, with its last words
   */
  async turn(iterations: number): Promise<Turn> {
    const request: TurnRequest = { iterations };
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`))
      .catch(() => {}); // it has ended: reading says why
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(await this.#lastWords());
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(line);
  }

  /** Ends it, by force if it does not end by itself. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {}); // it may have ended already
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), GRACE);
    await this.#process.status;
    clearTimeout(timer);
  }

  async #lastWords(): Promise<string> {
    const { code } = await this.#process.status;
    const lines = (await this.#errors).trim().split("\n");
    const line = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)!;
    return line.trim() || `it ended with code ${code}`;
  }
}
