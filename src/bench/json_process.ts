/** A program that answers each line of JSON by a line of JSON. */

/** Time that a process is given to end by itself [ms]. */
const GRACE = 10_000;

/** A running program that reads requests on stdin and answers on stdout. */
export class JsonProcess {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #text = "";

  /**
   * Starts the program.
   *
   * @param command The program and its arguments
   * @param env Variables of its environment, in addition to those of this process
   */
  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
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
   * The answer to a request, as parsed JSON.
   *
   * @throws {Error} If the process has ended instead, with the line of stderr that names the error
   */
  async ask(request: object): Promise<unknown> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`))
      .catch(() => {}); // it has ended: reading says why
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(await this.#errorLine());
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(line);
  }

  /** Ends the process, by force if it does not end by itself. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {}); // it may have ended already
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), GRACE);
    await this.#process.status;
    clearTimeout(timer);
  }

  /** The line of stderr that names the error. */
  async #errorLine(): Promise<string> {
    const { code } = await this.#process.status;
    const lines = (await this.#errors).trim().split("\n");
    const line = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)!;
    return line.trim() || `it ended with code ${code}`;
  }
}
