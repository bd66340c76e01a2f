/** The contestant's side: turns on request. */
import process from "node:process";
import type { Result } from "./results.ts";
import { encodeResult } from "./results.ts";

/** The work of one iteration; its result is compared with the other contestants' results. */
export type Work = () => unknown;

/** A request for one turn. */
export interface TurnRequest {
  /** Number of iterations. */
  readonly iterations: number;
}

/** Times and result of a turn. */
export interface Turn {
  /** CPU time of all threads of the process [ms]. */
  readonly cpu: number;
  /** Wall time [ms]. */
  readonly wall: number;
  /** The last result. */
  readonly result: Result;
}

async function takeTurn(work: Work, iterations: number): Promise<Turn> {
  let result: unknown;
  const start = performance.now();
  const before = process.cpuUsage();
  for (let i = 0; i < iterations; i++) {
    const given = work();
    result = given instanceof Promise ? await given : given;
  }
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - start;
  return { cpu: (user + system) / 1000, wall, result: encodeResult(result) };
}

/** Writes a whole text; a single write to a pipe may take a part of it. */
async function writeAll(text: string): Promise<void> {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await Deno.stdout.write(rest));
}

/**
 * Takes turns, one for each line of JSON on stdin, and answers each with a line on stdout, until
 * stdin ends. Preparations belong before the call, so that they are not timed. Messages belong on
 * stderr.
 *
 * @param work The work that is timed; a promise is awaited
 */
export async function serveTurns(work: Work): Promise<void> {
  let text = "";
  for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const { iterations }: TurnRequest = JSON.parse(text.slice(0, end));
      text = text.slice(end + 1);
      await writeAll(`${JSON.stringify(await takeTurn(work, iterations))}\n`);
    }
  }
}
