/** One verdict on a network's interpretation, with the number that decides it. */
import type { Gap } from "../exact/gap.ts";
import { isGap } from "../exact/gap.ts";
import type { LeaveOneOutScore } from "./leave_one_out_score.ts";
import type { SaliencyScore } from "./saliency_score.ts";

/** What a faithful network reaches. Networks with noise of their own are far from all of these. */
export const FAITHFUL_LIMITS = {
  /** Least correlation of leave-one-outs with the exact ones. */
  leaveOneOut: 0.8,
  /** Least and largest slope of leave-one-outs on the exact ones. */
  slope: [0.8, 1.25],
  /** Least median cosine of the raw saliency with the optimum. */
  rawCosine: 0.9,
  /** Least median cosine of the projected saliency with the optimum. */
  projectedCosine: 0.95,
  /** Largest share of the saliency off the axes along which clusters differ. */
  offManifold: 0.35,
} as const;

/** Whether what is read off a network is so. */
export interface FaithfulnessVerdict {
  /** `null` where something that decides is missing and nothing else fails. */
  readonly faithful: boolean | null;
  /** What decides, in words. */
  readonly measure: string;
  /** Value of the score; `null` where it is missing. */
  readonly value: number | null;
  /** What it should be at least, or at most. */
  readonly limit: number | null;
  /** One sentence that says it all. */
  readonly text: string;
}

interface Check {
  readonly measure: string;
  readonly value: number;
  readonly limit: number;
  /** Above 0 where it passes, 1 for the optimum; below 0, in units of the limit. */
  readonly margin: number;
  readonly isLeast: boolean;
}

/**
 * Judges a network by all checks: the one with the least margin decides. Where all pass, that is the
 * one that has come least far from its limit to the optimum.
 *
 * @param leaveOneOut Of the network against the exact answers
 * @param saliency Of the network against the optimal gradient
 */
export function judgeFaithfulness(
  leaveOneOut: LeaveOneOutScore | Gap,
  saliency: SaliencyScore | Gap,
): FaithfulnessVerdict {
  const checks = [
    ...(isGap(leaveOneOut) ? [] : checkLeaveOneOut(leaveOneOut)),
    ...(isGap(saliency) ? [] : checkSaliency(saliency)),
  ].sort((a, b) => a.margin - b.margin);
  const [worst] = checks;
  const fails = worst !== undefined && !(worst.margin >= 0);
  const missing = [leaveOneOut, saliency].find((part) => isGap(part));
  if (worst === undefined || (missing && !fails)) {
    const gap = missing && isGap(missing) ? missing.gap : "nothing was compared";
    const measure = isGap(leaveOneOut) ? "leave-one-out against exact" : "saliency against optimum";
    const text = `not known whether faithful: ${measure} is missing, ${gap}`;
    return { faithful: null, measure, value: null, limit: null, text };
  }
  const { measure, value, limit, isLeast } = worst;
  const needed = `${isLeast ? "at least" : "at most"} ${limit}`;
  const found = `${measure} is ${value.toFixed(2)}`;
  const text = fails
    ? `not faithful: ${found}, should be ${needed}`
    : `faithful: ${found}, where ${needed} is needed`;
  return { faithful: !fails, measure, value, limit, text };
}

function checkLeaveOneOut({ r, slope }: LeaveOneOutScore): Check[] {
  const [least, largest] = FAITHFUL_LIMITS.slope;
  const isFlat = slope < 1;
  return [
    atLeast(
      "the correlation of leave-one-outs with the exact ones",
      r,
      FAITHFUL_LIMITS.leaveOneOut,
    ),
    isFlat
      ? atLeast("the slope of leave-one-outs on the exact ones", slope, least)
      : atMost("the slope of leave-one-outs on the exact ones", slope, largest, 1),
  ];
}

function checkSaliency({ rawCosine, projectedCosine, offManifold }: SaliencyScore): Check[] {
  const { rawCosine: raw, projectedCosine: projected, offManifold: off } = FAITHFUL_LIMITS;
  return [
    atLeast("the cosine of the saliency with the optimum", rawCosine, raw),
    atLeast("the cosine of the projected saliency with the optimum", projectedCosine, projected),
    atMost("the share of the saliency off the data's axes", offManifold, off, 0),
  ];
}

/** Margin of a score whose optimum is 1. */
function atLeast(measure: string, value: number, limit: number): Check {
  const margin = value >= limit ? (value - limit) / (1 - limit) : (value - limit) / limit;
  return { measure, value, limit, margin, isLeast: true };
}

/** Margin of a score that the optimum has at most. */
function atMost(measure: string, value: number, limit: number, optimum: number): Check {
  const margin = value <= limit ? (limit - value) / (limit - optimum) : (limit - value) / limit;
  return { measure, value, limit, margin, isLeast: false };
}
