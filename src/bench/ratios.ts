/** Ratios of times with their intervals, and the verdicts that follow. */
import { thereAre } from "../numerics/counted.ts";
import { median, quantile } from "../numerics/statistics.ts";

/** A time divided by the baseline's: above 1 is slower. */
export interface Ratio {
  /** The ratio itself. */
  readonly estimate: number;
  /** The lower end of the interval that holds the ratio with 95%. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** The verdict of a ratio. */
export type RatioVerdict = "faster" | "slower" | "no difference";

/** The result of one contestant. */
export interface Standing {
  /** The contestant's name. */
  readonly name: string;
  /** Time of one iteration [ms], the median over generations; null if there is no speed. */
  readonly milliseconds: number | null;
  /** Time relative to the first contestant's; null for the first itself, and without a speed. */
  readonly ratio: Ratio | null;
  /**
   * The ratio's verdict, or why there is none: "not resolved" if the interval holds both 1 and
   * ratios beyond the resolution, or if the baseline differs from itself.
   */
  readonly verdict: RatioVerdict | "baseline" | "wrong result" | "failed" | "not resolved";
  /** Why the contestant has no speed; "" if it has one. */
  readonly reason: string;
}

/** The result of a comparison. */
export interface SpeedComparison {
  /** What was measured: CPU time or wall time. */
  readonly clock: "cpu" | "wall";
  /** The contestants' results in the order given; the first is the baseline. */
  readonly standings: readonly Standing[];
  /** The baseline against a second process of itself, which should give 1. */
  readonly twin: Ratio | null;
  /** Whether the twin's ratio is 1 within the resolution; if not, there is no verdict. */
  readonly isSound: boolean;
  /** Number of times that all processes were started. */
  readonly generations: number;
}

/** The times of two contestants' turns in one generation of processes. */
export interface TurnTimes {
  /** Times of the contestant's turns, per iteration. */
  readonly own: readonly number[];
  /** Times of the baseline's turns, per iteration. */
  readonly baseline: readonly number[];
}

/** Probability that the ratio lies beyond the interval on one side. */
const MISS = 0.025;

/**
 * Number of sorted ratios outside the interval on each side: as many as leave the median inside
 * with 95%, and none for fewer than six ratios.
 */
function countOutside(count: number): number {
  let outside = 0;
  let term = 2 ** -count;
  for (let below = term; below <= MISS; outside++) {
    term *= (count - outside) / (outside + 1);
    below += term;
  }
  return Math.max(0, outside - 1);
}

/**
 * The ratio of two contestants' times. Each generation of processes gives one ratio, that of a low
 * quantile of the turns: other programs only ever slow a turn down, so that the fastest turns are
 * those that were not disturbed. The median of the generations' ratios is the estimate, and the
 * interval lies between two of them (from the binomial distribution, whatever theirs is).
 *
 * @param generations The turns of each generation
 * @param share The quantile of the turns: 0.1 for the time that a tenth of them beat
 * @throws {RangeError} If there are fewer than two generations, or one without turns
 */
export function judgeRatios(generations: readonly TurnTimes[], share: number): Ratio {
  if (generations.length < 2) {
    throw new RangeError(
      `Cannot judge a ratio: ${thereAre(generations.length, "generation")}, 2 or more are needed`,
    );
  }
  const ratios = generations.map(({ own, baseline }) =>
    quantile(own, share) / quantile(baseline, share)
  ).sort((a, b) => a - b);
  const outside = countOutside(ratios.length);
  return { estimate: median(ratios), low: ratios[outside]!, high: ratios.at(-1 - outside)! };
}

/** Whether a ratio differs from 1: beyond its interval, and by more than the resolution. */
export function verdictOf(ratio: Ratio, resolution: number): RatioVerdict {
  if (ratio.low > 1 && ratio.estimate > 1 + resolution) return "slower";
  if (ratio.high < 1 && ratio.estimate < 1 / (1 + resolution)) return "faster";
  return "no difference";
}

/** Whether a ratio is 1 within the resolution, as that of a program and itself should be. */
export function isOne({ estimate }: Ratio, resolution: number): boolean {
  return estimate <= 1 + resolution && estimate >= 1 / (1 + resolution);
}

/** Whether the interval holds 1 or ratios beyond the resolution, and not both. */
export function isDecided(ratio: Ratio, resolution: number): boolean {
  if (verdictOf(ratio, resolution) !== "no difference") return true;
  return ratio.low >= 1 / (1 + resolution) && ratio.high <= 1 + resolution;
}
