/** A process that runs one command after the other; its side of it is resident_main.ts. */

const MAIN = new URL("resident_main.ts", import.meta.url).pathname;

/** What a command left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that waits for command lines. */
export interface Resident {
  /** Runs a command; only after the one before has ended. */
  run(args: readonly string[]): Promise<Finished>;
  /** Whether it can run another command: one that ends the process is its last. */
  isAlive(): boolean;
  /** Ends the process, which is to run no command. */
  end(): Promise<void>;
}

/**
 * Starts a process that runs commands as they come, until its stdin is closed.
 *
 * @param permissions Flags of `deno run`
 */
export function startResident(permissions: readonly string[]): Resident {
  const ending = `end ${crypto.randomUUID()} `;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, MAIN, ending],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  const [readOut, readErr] = [readTo(process.stdout, ending), readTo(process.stderr, ending)];
  let isAlive = true;
  return {
    run: async (args) => {
      await input.write(new TextEncoder().encode(`${JSON.stringify(args)}\n`));
      const [stdout, stderr] = await Promise.all([readOut(), readErr()]);
      isAlive = stdout.rest !== null;
      const code = stdout.rest === null ? (await process.status).code : Number(stdout.rest);
      return { code, stdout: stdout.text, stderr: stderr.text };
    },
    isAlive: () => isAlive,
    end: async () => {
      await input.close().catch(() => {}); // it may have ended already
      await process.status;
    },
  };
}

interface Part {
  readonly text: string;
  /** What follows the ending in its line; null where the stream ended without one. */
  readonly rest: string | null;
}

/** Makes what returns the text up to the next line that begins with an ending. */
function readTo(stream: ReadableStream<Uint8Array>, ending: string): () => Promise<Part> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  return async () => {
    while (true) {
      const start = text.indexOf(ending);
      const end = start < 0 ? -1 : text.indexOf("\n", start);
      if (end >= 0) {
        const part = { text: text.slice(0, start), rest: text.slice(start + ending.length, end) };
        text = text.slice(end + 1);
        return part;
      }
      const { done, value } = await reader.read();
      if (done) return { text, rest: null };
      text += decoder.decode(value, { stream: true });
    }
  };
}
