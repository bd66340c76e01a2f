/** A program that answers each line of JSON by a line of JSON. */

/** Time that a process is given to end by itself [ms]. */
const GRACE = 10_000;

/** Most characters of an answer. */
const LONGEST_ANSWER = 2 ** 28;

/** Most characters that an error shows of a line or of a reason. */
const [LINE_SHOWN, REASON_SHOWN] = [60, 200];

/** A running program that reads requests on stdin and answers on stdout. */
export class JsonProcess {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #text = "";
  #isSound = true;

  /**
   * Starts the program.
   *
   * @param command The program and its arguments
   * @param env Variables of its environment, in addition to those of this process
   * @throws {Error} If there is no such program
   */
  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [program, ...args] = command;
    if (!program) throw new RangeError("its command is empty, a program should come first");
    try {
      this.#process = new Deno.Command(program, {
        args,
        env: { NO_COLOR: "1", ...env },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Error(`there is no program ${program}`);
    }
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = this.#process.stderr.text();
  }

  /**
   * The answer to a request, as parsed JSON.
   *
   * @param patience Longest time to wait for it [ms]; without end if left out
   * @throws {Error} If the process has ended instead, with the line of stderr that names the error;
   *   if its answer is not JSON, or does not come in time
   */
  async ask(request: object, patience: number = Infinity): Promise<unknown> {
    const late = Promise.withResolvers<never>();
    const timer = patience < Infinity
      ? setTimeout(() => late.reject(new Error(`it gave no answer for ${patience} ms`)), patience)
      : undefined;
    const answer = this.#exchange(request);
    answer.catch(() => {}); // it may fail after the patience has ended
    try {
      return await Promise.race([answer, late.promise]);
    } catch (error) {
      this.#isSound = false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process, by force if it does not end by itself or has failed. */
  async close(): Promise<void> {
    const closed = this.#writer.close().catch(() => {}); // it may have ended already
    if (!this.#isSound) this.#kill();
    const timer = setTimeout(() => this.#kill(), GRACE);
    await this.#process.status;
    clearTimeout(timer);
    await closed;
  }

  #kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch { /* it has ended */ }
  }

  async #exchange(request: object): Promise<unknown> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`))
      .catch(() => {}); // it has ended: reading says why
    const line = await this.#readLine();
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(
        `it wrote ${
          JSON.stringify(cut(line, LINE_SHOWN))
        } on stdout, where only answers are expected; ` +
          "messages belong on stderr",
      );
    }
  }

  async #readLine(): Promise<string> {
    const pieces = [this.#text];
    let length = this.#text.length;
    for (let last = this.#text;;) {
      const end = last.indexOf("\n");
      if (end >= 0) {
        this.#text = last.slice(end + 1);
        pieces[pieces.length - 1] = last.slice(0, end);
        return pieces.join("");
      }
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(await this.#errorLine());
      length += value.length;
      if (length > LONGEST_ANSWER) {
        throw new Error(`its answer has more than ${LONGEST_ANSWER} characters and no end`);
      }
      pieces.push(last = value);
    }
  }

  /** The line of stderr that names the error. */
  async #errorLine(): Promise<string> {
    const { code, signal } = await this.#process.status;
    const lines = (await this.#errors).trim().split("\n");
    const line = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)!;
    const hint = code === 0 ? " before its turn, which serveTurns would take" : "";
    const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}${hint}`;
    return cut(line.trim(), REASON_SHOWN) || how;
  }
}

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}...` : text;
