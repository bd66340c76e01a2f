/** Comparisons of contestants: generations of processes, rounds in turns, gates and verdicts. */
import { median, quantile } from "../numerics/statistics.ts";
import type { ContestantProgram } from "./process.ts";
import { ContestantProcess } from "./process.ts";
import type { SpeedComparison, Standing, TurnTimes } from "./ratios.ts";
import { isDecided, isOne, judgeRatios, verdictOf } from "./ratios.ts";
import type { Result } from "./results.ts";
import { agrees } from "./results.ts";
import type { Turn } from "./turns.ts";

/** How contestants are compared. */
export interface ComparisonOptions {
  /**
   * "cpu", the default, is the CPU time of a contestant's threads, which other programs of the machine
   * hardly change; "wall" is for work that waits, or that another device does.
   */
  readonly clock?: "cpu" | "wall";
  /** Number of times that all processes are started anew, 2 or more; 9 if left out. */
  readonly generations?: number;
  /**
   * Largest number of such series; 3 if left out. Another one is run only if a ratio's interval
   * holds both 1 and ratios beyond the resolution, so that it decides nothing.
   */
  readonly attempts?: number;
  /** Turns per process; 100 if left out. */
  readonly rounds?: number;
  /** Approximate length of a turn [ms]; 2 if left out, which a busy machine often leaves whole. */
  readonly milliseconds?: number;
  /**
   * The quantile of a process's turns that is compared; 0.1 if left out, the time that a tenth of
   * them beat. Work whose own time varies is judged with 0.5.
   */
  readonly share?: number;
  /** Largest difference from the baseline's results, relative to its largest; 0 if left out. */
  readonly tolerance?: number;
  /** Ratios within this of 1 count as equal; 0.02 if left out. */
  readonly resolution?: number;
  /** Longest time to wait for a turn [ms], after which a contestant has failed; 60 000 if left out. */
  readonly patience?: number;
}

type Settings = Required<ComparisonOptions>;

const DEFAULTS: Settings = {
  clock: "cpu",
  generations: 9,
  attempts: 3,
  rounds: 100,
  milliseconds: 2,
  share: 0.1,
  tolerance: 0,
  resolution: 0.02,
  patience: 60_000,
};

/** What each number of the options should be. */
const EXPECTED: readonly (readonly [
  name: Exclude<keyof Settings, "clock">,
  expected: string,
  holds: (x: number) => boolean,
])[] = [
  ["generations", "a whole number from 2 on", (x) => Number.isSafeInteger(x) && x >= 2],
  ["attempts", "a whole number from 1 on", (x) => Number.isSafeInteger(x) && x >= 1],
  ["rounds", "a whole number from 1 on", (x) => Number.isSafeInteger(x) && x >= 1],
  ["milliseconds", "a number above 0", (x) => x > 0 && x < Infinity],
  ["share", "a number from 0 to 1", (x) => x >= 0 && x <= 1],
  ["tolerance", "a number from 0 on", (x) => x >= 0 && x < Infinity],
  ["resolution", "a number above 0", (x) => x > 0 && x < Infinity],
  ["patience", "a number above 0", (x) => x > 0],
];

/** The options with defaults for those left out. */
function readOptions(options: ComparisonOptions): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings: Settings = { ...DEFAULTS, ...Object.fromEntries(given) };
  if (settings.clock !== "cpu" && settings.clock !== "wall") {
    throw new RangeError(`Cannot compare: clock is ${settings.clock}, should be cpu or wall`);
  }
  for (const [name, expected, holds] of EXPECTED) {
    if (typeof settings[name] === "number" && holds(settings[name])) continue;
    throw new RangeError(`Cannot compare: ${name} is ${settings[name]}, should be ${expected}`);
  }
  return settings;
}

/** One program's record; the twin is the baseline's program once more. */
interface Entry {
  readonly program: ContestantProgram;
  /** Time of an iteration, for each generation and round. */
  readonly times: number[][];
  /** Result of the first turn of each generation. */
  readonly results: Result[];
  /** Whether all turns so far gave the result of the first. */
  isSteady: boolean;
  reason: string;
}

/** A process with the length of its turns. */
interface Player {
  readonly entry: Entry;
  readonly process: ContestantProcess;
  iterations: number;
}

async function takeTurn({ entry, process, iterations }: Player, settings: Settings): Promise<Turn> {
  const turn = await process.turn(iterations, settings.patience);
  const [first] = entry.results;
  if (first !== undefined) entry.isSteady &&= agrees(turn.result, first, settings.tolerance);
  return turn;
}

/** Runs a first turn of one iteration, then doubles the iterations until a turn is long enough. */
async function warmUp(player: Player, settings: Settings): Promise<void> {
  const { clock, milliseconds } = settings;
  for (let turns = 0;; turns++) {
    const turn = await takeTurn(player, settings);
    if (turns === 0) player.entry.results.push(turn.result);
    const length = turn[clock];
    if (length >= milliseconds / 2) {
      player.iterations = Math.max(1, Math.round(player.iterations * milliseconds / length));
      return;
    }
    player.iterations *= 2;
  }
}

/** Has one contestant act; one that fails takes no further part. */
async function attempt<T>(entry: Entry, act: () => T | Promise<T>): Promise<T | null> {
  if (entry.reason) return null;
  try {
    return await act();
  } catch (error) {
    entry.reason = (error as Error).message;
    return null;
  }
}

/** Plays one generation of processes, unless one without which there is no comparison fails. */
async function playGeneration(
  entries: readonly Entry[],
  needed: readonly Entry[],
  settings: Settings,
): Promise<void> {
  const isOver = () => needed.some(({ reason }) => reason !== "");
  const players: Player[] = [];
  try {
    for (const entry of entries) {
      const process = await attempt(entry, () => new ContestantProcess(entry.program));
      if (!process) continue;
      entry.times.push([]);
      players.push({ entry, process, iterations: 1 });
    }
    for (const player of players) {
      if (!isOver()) await attempt(player.entry, () => warmUp(player, settings));
    }
    for (let round = 0; round < settings.rounds; round++) {
      // There and back, so that no player always follows the same other one.
      for (const player of round % 2 === 0 ? players : players.toReversed()) {
        if (isOver()) return;
        await attempt(player.entry, async () => {
          const turn = await takeTurn(player, settings);
          player.entry.times.at(-1)!.push(turn[settings.clock] / player.iterations);
        });
      }
    }
  } finally {
    await Promise.all(players.map(({ process }) => process.close()));
  }
}

/**
 * Whether a contestant's results are the baseline's: the first of each generation, and all others
 * if the baseline gives the same result in every turn.
 */
function isRight(entry: Entry, baseline: Entry, tolerance: number): boolean {
  return entry.results.every((own, i) => agrees(own, baseline.results[i]!, tolerance)) &&
    (entry.isSteady || !baseline.isSteady);
}

const turnsOf = (entry: Entry, baseline: Entry): TurnTimes[] =>
  entry.times.map((own, generation) => ({ own, baseline: baseline.times[generation]! }));

/** Whether more generations may give a verdict where these do not. */
function isOpen(entries: readonly Entry[], twin: Entry, settings: Settings): boolean {
  const { share, resolution, tolerance } = settings;
  const baseline = entries[0]!;
  const ratioOf = (entry: Entry) => judgeRatios(turnsOf(entry, baseline), share);
  if (!isOne(ratioOf(twin), resolution)) return true;
  return entries.slice(1)
    .filter((entry) => !entry.reason && isRight(entry, baseline, tolerance))
    .some((entry) => !isDecided(ratioOf(entry), resolution));
}

function rank(entry: Entry, baseline: Entry, isSound: boolean, settings: Settings): Standing {
  const { name } = entry.program;
  const none = { name, milliseconds: null, ratio: null };
  if (entry.reason) return { ...none, verdict: "failed", reason: entry.reason };
  const milliseconds = median(entry.times.map((times) => quantile(times, settings.share)));
  if (entry === baseline) return { ...none, milliseconds, verdict: "baseline", reason: "" };
  if (!isRight(entry, baseline, settings.tolerance)) {
    const isLater = agrees(entry.results[0]!, baseline.results[0]!, settings.tolerance);
    const which = isLater ? "a later result is not" : "its result is not";
    return { ...none, verdict: "wrong result", reason: `${which} the baseline's` };
  }
  const ratio = judgeRatios(turnsOf(entry, baseline), settings.share);
  const isResolved = isSound && isDecided(ratio, settings.resolution);
  const verdict = isResolved ? verdictOf(ratio, settings.resolution) : "not resolved";
  return { name, milliseconds, ratio, verdict, reason: "" };
}

/**
 * Compares programs with the first of them. All processes are started, take turns in rounds and are
 * ended, several times over, since two processes of one program may differ by a few percent.
 *
 * @param programs The contestants; the first is the baseline
 * @throws {RangeError} If there is no contestant, or an option is out of its range
 * @throws {Error} If the baseline fails, with the line of stderr that names the error
 */
export async function compare(
  programs: readonly ContestantProgram[],
  options: ComparisonOptions = {},
): Promise<SpeedComparison> {
  const [first] = programs;
  if (!first) throw new RangeError("Cannot compare: there are 0 contestants, 1 or more are needed");
  const settings = readOptions(options);
  const enter = (program: ContestantProgram): Entry => ({
    program,
    times: [],
    results: [],
    isSteady: true,
    reason: "",
  });
  const entries = programs.map(enter);
  const [baseline, twin] = [entries[0]!, enter(first)];
  for (let series = 0; series < settings.attempts; series++) {
    if (series > 0 && !isOpen(entries, twin, settings)) break;
    for (let generation = 0; generation < settings.generations; generation++) {
      await playGeneration([...entries, twin], [baseline, twin], settings);
      const reason = baseline.reason || twin.reason;
      if (reason) throw new Error(`Cannot compare with ${first.name}: ${reason}`);
    }
  }
  const twinRatio = judgeRatios(turnsOf(twin, baseline), settings.share);
  const isSound = isOne(twinRatio, settings.resolution);
  return {
    clock: settings.clock,
    standings: entries.map((entry) => rank(entry, baseline, isSound, settings)),
    twin: twinRatio,
    isSound,
    generations: baseline.times.length,
  };
}
