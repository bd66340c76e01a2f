/** Comparisons of contestants: generations of processes, rounds in turns, gates and verdicts. */
import { median, quantile } from "../numerics/statistics.ts";
import type { ContestantProgram } from "./process.ts";
import { ContestantProcess } from "./process.ts";
import type { SpeedComparison, Standing, TurnTimes } from "./ratios.ts";
import { isDecided, judgeRatios, verdictOf } from "./ratios.ts";
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
};

/** One program's record; the twin is the baseline's program once more. */
interface Entry {
  readonly program: ContestantProgram;
  /** Time of an iteration, for each generation and round. */
  readonly times: number[][];
  result: readonly number[] | null;
  reason: string;
}

/** A process with the length of its turns. */
interface Player {
  readonly entry: Entry;
  readonly process: ContestantProcess;
  iterations: number;
}

/** Runs a first turn of one iteration, then doubles the iterations until a turn is long enough. */
async function warmUp(player: Player, { clock, milliseconds }: Settings): Promise<void> {
  for (;;) {
    const turn = await player.process.turn(player.iterations);
    player.entry.result ??= turn.result;
    const length = turn[clock];
    if (length >= milliseconds / 2) {
      player.iterations = Math.max(1, Math.round(player.iterations * milliseconds / length));
      return;
    }
    player.iterations *= 2;
  }
}

/** Has one player do something; a player that fails is removed. */
async function attempt(player: Player, act: (player: Player) => Promise<void>): Promise<void> {
  if (player.entry.reason) return;
  try {
    await act(player);
  } catch (error) {
    player.entry.reason = (error as Error).message;
  }
}

async function playGeneration(entries: readonly Entry[], settings: Settings): Promise<void> {
  const players = entries.filter(({ reason }) => reason === "").map((entry): Player => ({
    entry,
    process: new ContestantProcess(entry.program),
    iterations: 1,
  }));
  for (const player of players) {
    player.entry.times.push([]);
    await attempt(player, (one) => warmUp(one, settings));
  }
  for (let round = 0; round < settings.rounds; round++) {
    // There and back, so that no player always follows the same other one.
    const order = round % 2 === 0 ? players : players.toReversed();
    for (const player of order) {
      await attempt(player, async ({ entry, process, iterations }) => {
        const turn: Turn = await process.turn(iterations);
        entry.times.at(-1)!.push(turn[settings.clock] / iterations);
      });
    }
  }
  for (const { process } of players) await process.close();
}

/** Whether results agree, element by element. */
function agrees(
  own: readonly number[] | null,
  expected: readonly number[] | null,
  tolerance: number,
): boolean {
  if (!own || !expected || own.length !== expected.length) return false;
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return expected.every((x, i) =>
    Object.is(own[i], x) || Math.abs(own[i]! - x) <= tolerance * largest
  );
}

const turnsOf = (entry: Entry, baseline: Entry): TurnTimes[] =>
  entry.times.map((own, generation) => ({ own, baseline: baseline.times[generation]! }));

/** Whether more generations may give a verdict where these do not. */
function isOpen(entries: readonly Entry[], twin: Entry, settings: Settings): boolean {
  const { share, resolution, tolerance } = settings;
  const baseline = entries[0]!;
  const ratioOf = (entry: Entry) => judgeRatios(turnsOf(entry, baseline), share);
  if (verdictOf(ratioOf(twin), resolution) !== "no difference") return true;
  return entries.slice(1)
    .filter(({ reason, result }) => !reason && agrees(result, baseline.result, tolerance))
    .some((entry) => !isDecided(ratioOf(entry), resolution));
}

function rank(entry: Entry, baseline: Entry, isSound: boolean, settings: Settings): Standing {
  const { name } = entry.program;
  const none = { name, milliseconds: null, ratio: null };
  if (entry.reason) return { ...none, verdict: "failed", reason: entry.reason };
  const milliseconds = median(entry.times.map((times) => quantile(times, settings.share)));
  if (entry === baseline) return { ...none, milliseconds, verdict: "baseline", reason: "" };
  if (!agrees(entry.result, baseline.result, settings.tolerance)) {
    const reason = "its result is not the baseline's";
    return { ...none, verdict: "wrong result", reason };
  }
  const ratio = judgeRatios(turnsOf(entry, baseline), settings.share);
  const verdict = isSound ? verdictOf(ratio, settings.resolution) : "not resolved";
  return { name, milliseconds, ratio, verdict, reason: "" };
}

/**
 * Compares programs with the first of them. All processes are started, take turns in rounds and are
 * ended, several times over, since two processes of one program may differ by a few percent.
 *
 * @param programs The contestants; the first is the baseline
 * @throws {RangeError} If there is no contestant
 * @throws {Error} If the baseline fails, with the line of stderr that names the error
 */
export async function compare(
  programs: readonly ContestantProgram[],
  options: ComparisonOptions = {},
): Promise<SpeedComparison> {
  const [first] = programs;
  if (!first) throw new RangeError("Cannot compare: there are 0 contestants, 1 or more are needed");
  const settings: Settings = { ...DEFAULTS, ...options };
  const enter = (program: ContestantProgram): Entry => ({
    program,
    times: [],
    result: null,
    reason: "",
  });
  const entries = programs.map(enter);
  const [baseline, twin] = [entries[0]!, enter(first)];
  for (let series = 0; series < settings.attempts; series++) {
    if (series > 0 && !isOpen(entries, twin, settings)) break;
    for (let generation = 0; generation < settings.generations; generation++) {
      await playGeneration([...entries, twin], settings);
      const reason = baseline.reason || twin.reason;
      if (reason) throw new Error(`Cannot compare with ${first.name}: ${reason}`);
    }
  }
  const twinRatio = judgeRatios(turnsOf(twin, baseline), settings.share);
  const isSound = verdictOf(twinRatio, settings.resolution) === "no difference";
  return {
    clock: settings.clock,
    standings: entries.map((entry) => rank(entry, baseline, isSound, settings)),
    twin: twinRatio,
    isSound,
    generations: baseline.times.length,
  };
}
