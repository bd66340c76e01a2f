/**
 * One contestant's time on a GPU, after its check, and the roofline of the ceilings.
 */
import * as tf from "@tensorflow/tfjs";
import type { Ceilings, Measured } from "../results.ts";
import type { Chain, Effort } from "./chains.ts";
import { timeChain } from "./chains.ts";

/** Settings of all measurements. */
export interface Measure {
  readonly adapter: GPUAdapter;
  /** Use of a software adapter's numbers; `null` for a GPU. */
  readonly label: string | null;
  readonly ceilings: Ceilings;
  readonly effort: Effort;
  /** Largest difference that still has a speed. */
  readonly tolerance: number;
}

/** min(peak, operations a byte x bandwidth) [GFLOP/s]; none without both ceilings. */
export function roofline(
  { peak, bandwidth }: Ceilings,
  gigaflop: number,
  bytes: number,
): number | undefined {
  if (peak === null || bandwidth === null) return undefined;
  return Math.min(peak, gigaflop * 1e9 / bytes * bandwidth);
}

/** Times a chain whose numbers differ by no more than the tolerance. */
export async function measureChain(
  { label, ceilings, effort, tolerance }: Measure,
  name: string,
  difference: number,
  chain: Chain,
): Promise<Measured> {
  const isRight = difference <= tolerance;
  const milliseconds = isRight ? await timeChain(chain, effort) : null;
  const reason = isRight
    ? "2 N runs took no longer than N"
    : `differs by ${difference.toExponential(1)}, at most ${tolerance.toExponential(1)} is allowed`;
  return {
    ...{ name: label === null ? name : `${name} (${label})`, milliseconds, difference },
    reason: milliseconds === null ? reason : null,
    memory: tf.memory().numBytes / 1e6,
    peak: ceilings.peak,
  };
}
