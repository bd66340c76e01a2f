/** Processes of `deno test`, whose output is passed on, and what came of them. */
import { stripVTControlCharacters } from "node:util";

/** What came of a process of tests. */
export interface Outcome {
  /** The exit code; above 128 if a signal ended the process. */
  readonly code: number;
  /** Number of tests that passed, failed and were ignored, by its own summary. */
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/**
 * Runs a process of tests to its end.
 *
 * @param signal Ends the process
 */
export async function runProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: new URL("..", import.meta.url),
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    ...(signal && { signal }),
  }).spawn();
  let text = "";
  let line = ""; // the one that has not come to its end; whole lines of several processes may alternate
  const print = (part: string) => Deno.stdout.write(new TextEncoder().encode(part));
  for await (const part of process.stdout.pipeThrough(new TextDecoderStream())) {
    text = (text + part).slice(-LONGEST_END);
    const end = part.lastIndexOf("\n") + 1;
    if (end > 0) await print(line + part.slice(0, end));
    line = end > 0 ? part.slice(end) : line + part;
  }
  await print(line);
  const { code } = await process.status;
  return { code, ...readSummary(text) };
}

/** Characters of the output's end in which the summary is looked for. */
const LONGEST_END = 1e5;

/** The numbers of the last summary in an output; zeros if there is none. */
export function readSummary(output: string): Omit<Outcome, "code"> {
  const last = stripVTControlCharacters(output).split("\n")
    .findLast((line) => /^(ok|FAILED) \| \d+ passed\b.* \d+ failed\b/.test(line)) ?? "";
  const count = (what: string) => Number(new RegExp(`(\\d+) ${what}\\b`).exec(last)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), ignored: count("ignored") };
}

/** Whether a signal ended a process after every one of its tests had passed. */
export function isKilledAtEnd({ code, passed, failed }: Outcome): boolean {
  return code > 128 && passed > 0 && failed === 0;
}

/** All processes together: a summary as `deno test` prints it, and the exit code. */
export function sumOutcomes(outcomes: readonly Outcome[]): { text: string; code: number } {
  const sum = (what: "passed" | "failed" | "ignored") =>
    outcomes.reduce((total, outcome) => total + outcome[what], 0);
  const code = outcomes.reduce((worst, outcome) => Math.max(worst, outcome.code), 0);
  const word = code === 0 ? "ok" : "FAILED";
  const counts = `${sum("passed")} passed | ${sum("failed")} failed | ${sum("ignored")} ignored`;
  return { text: `${word} | ${counts}, in all`, code };
}
