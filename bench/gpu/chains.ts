/**
 * Times of work on a GPU: N runs and one wait, 2 N runs and one wait; the difference has no latency.
 */
import { median } from "../../src/numerics/statistics.ts";

/** Runs the work so many times, one after the other, and waits once, at the end. */
export type Chain = (times: number) => Promise<void>;

/** How long and how often to measure. */
export interface Effort {
  /** Wanted length of N runs [ms]. */
  readonly milliseconds: number;
  readonly rounds: number;
}

/** The most runs of a chain: what they allocate has to fit. */
const MOST_RUNS = 4096;

async function time(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Length of a chain that takes about as long as wanted. */
async function chainLength(chain: Chain, { milliseconds }: Effort): Promise<number> {
  let length = 1;
  while (length < MOST_RUNS) {
    const took = await time(() => chain(length));
    if (took >= milliseconds / 2) break;
    length *= Math.max(2, Math.min(8, Math.floor(milliseconds / (took + 1e-3))));
  }
  return Math.min(length, MOST_RUNS);
}

/**
 * The median over rounds of one run's milliseconds; `null` if 2 N runs took no longer than N, so
 * that time says nothing.
 */
export async function timeChain(chain: Chain, effort: Effort): Promise<number | null> {
  await chain(1);
  const length = await chainLength(chain, effort);
  const differences: number[] = [];
  for (let round = 0; round < effort.rounds; round++) {
    const single = await time(() => chain(length));
    const double = await time(() => chain(2 * length));
    differences.push((double - single) / length);
  }
  const typical = median(differences);
  return typical > 0 ? typical : null;
}
