/**
 * What the program reports on stderr while it works: a bar with rate and time left on a terminal,
 * plain lines elsewhere, nothing with --quiet.
 */
import { terminalColumns } from "./terminal.ts";

/** One task under way. */
export interface Bar {
  /** Shows how much is done, with a note. */
  update(done: number, note?: string): void;
  /** Ends the bar and leaves one line with the time it took. */
  end(note?: string): void;
}

/** Where progress is reported. */
export interface Progress {
  /** Prints one line. */
  say(line: string): void;
  /**
   * Begins a task.
   *
   * @param title "Simulating"
   * @param total How many there are to do
   * @param unit "catalogs"
   * @param began When it began, by `performance.now()`, if that was before this call
   */
  start(title: string, total: number, unit: string, began?: number): Bar;
}

/** Collects the items of an iterable in a list, with a bar that shows how many there are. */
export function collectWithBar<T>(
  items: Iterable<T>,
  { progress, title, total, unit }: {
    readonly progress: Progress;
    readonly title: string;
    readonly total: number;
    readonly unit: string;
  },
): T[] {
  const bar = progress.start(title, total, unit);
  const list: T[] = [];
  for (const item of items) {
    list.push(item);
    bar.update(list.length);
  }
  bar.end();
  return list;
}

/** How often {@linkcode gatherSaving} saves after the first record [ms]. */
const SAVE_MILLISECONDS = 3000;

/**
 * Adds records to a list as they come, with a bar, and saves the list with the first of them and then
 * every few seconds.
 *
 * @returns The number of records that came; the last of them are not saved
 */
export async function gatherSaving<T>(
  list: T[],
  records: AsyncIterable<T>,
  bar: Bar,
  save: () => void,
): Promise<number> {
  let done = 0;
  let saved = -Infinity;
  for await (const record of records) {
    list.push(record);
    bar.update(++done);
    if (performance.now() - saved < SAVE_MILLISECONDS) continue;
    save();
    saved = performance.now();
  }
  bar.end();
  return done;
}

/** How progress is shown. */
export type ProgressStyle = "bar" | "lines" | "none";

const REDRAW_MILLISECONDS = 100;
/** Without a terminal, a task writes a line each time this long has passed. */
const LINE_MILLISECONDS = 10000;
const BAR_WIDTH = 16;

/** The style that suits stderr: bars on a terminal, lines in a file or pipe. */
export function chooseStyle(isQuiet: boolean): ProgressStyle {
  if (isQuiet) return "none";
  return Deno.stderr.isTerminal() ? "bar" : "lines";
}

/** Makes progress of a style; `write` receives the text. */
export function createProgress(
  style: ProgressStyle,
  write: (text: string) => void = writeStderr,
  now: () => number = () => performance.now(),
): Progress {
  if (style === "none") {
    return { say: () => {}, start: () => ({ update: () => {}, end: () => {} }) };
  }
  const clear = style === "bar" ? "\r\x1b[K" : "";
  const say = (line: string) => write(`${clear}${line}\n`);
  const start = (title: string, total: number, unit: string, began: number = now()): Bar => {
    let drawn = style === "bar" ? -Infinity : now();
    const seconds = () => (now() - began) / 1000;
    return {
      update: (done, note = "") => {
        const wait = style === "bar" ? REDRAW_MILLISECONDS : LINE_MILLISECONDS;
        if (now() - drawn < wait) return;
        drawn = now();
        const text = describe(done, total, unit, seconds());
        const line = [title, text, note].filter((part) => part !== "").join("  ");
        if (style === "lines") say(line);
        else write(`${clear}${`${drawBar(done / total)} ${line}`.slice(0, terminalColumns() - 1)}`);
      },
      end: (note = "") => {
        const done = `${title}: ${total} ${unit} in ${formatSeconds(seconds())}`;
        say(note === "" ? done : `${done}, ${note}`);
      },
    };
  };
  return { say, start };
}

function drawBar(part: number): string {
  const filled = Math.round(Math.min(1, part) * BAR_WIDTH);
  return `[${"=".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}]`;
}

function describe(done: number, total: number, unit: string, seconds: number): string {
  const rate = done / seconds;
  const left = rate > 0 ? `, ${formatSeconds((total - done) / rate)} left` : "";
  return `${done}/${total} ${unit}, ${formatRate(rate)}${left}`;
}

function formatRate(rate: number): string {
  if (!Number.isFinite(rate) || rate === 0) return "starting";
  if (rate >= 1) return `${rate >= 100 ? Math.round(rate) : rate.toPrecision(2)}/s`;
  return `${formatSeconds(1 / rate)} each`;
}

/** A duration in words: "4.2 s", "3 min 05 s" or "2 h 10 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** Progress is silent from the first write on that fails: the work goes on without a reader. */
let isHeard = true;

function writeStderr(text: string): void {
  isHeard &&= writeIfPossible(Deno.stderr, text);
}

/** Writes a text; whether that was possible. */
export function writeIfPossible(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): boolean {
  try {
    writeAll(stream, text);
    return true;
  } catch {
    return false;
  }
}

/** Writes a text whole; a single write may take only part of it. */
export function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
