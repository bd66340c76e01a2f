/** The paper's six conclusions, each decided by what was measured on one network or exactly. */
import type { ConclusionMeasures, MassCurve } from "./conclusion_measures.ts";

/** What a conclusion comes to. */
export type ConclusionOutcome =
  | "holds"
  /** For means over many clusters, not for the single ones that it speaks of. */
  | "holds for the population only"
  | "does not hold"
  | "not measured";

/** One conclusion of the paper, and what is found. */
export interface Conclusion {
  /** Its place, from 1. */
  readonly number: number;
  /** What the paper concludes. */
  readonly claim: string;
  /** What it comes to. */
  readonly outcome: ConclusionOutcome;
  /** The numbers that decide; empty where nothing was measured. */
  readonly measured: string;
  /** Why, in plain words. */
  readonly why: string;
}

/** What decides. */
export const CONCLUSION_LIMITS = {
  /** Least correlation within catalogs of a mass proxy with log mass. */
  proxyR: 0.95,
  /** Largest scatter of sigma8 over the limit. */
  scatterRatio: 1.1,
  /** Least correlation of single leave-one-outs with the exact ones. */
  leaveOneOutR: 0.8,
  /** Least share of the heaviest clusters whose absence lowers sigma8, for "almost always". */
  lowered: 0.95,
  /** log10 masses from and up to which a peak is the paper's, a bin wide on either side. */
  peak: [14.1, 14.5],
  /** Largest |r(terse, sigma8)| at fixed mass of a network that is not overspecialized. */
  partial: 0.05,
} as const;

const CLAIMS: readonly string[] = [
  "The terse value is a proxy of the cluster's mass",
  "sigma8 is found nearly as well as the catalogs allow",
  "Leaving out a massive cluster lowers sigma8, the more the heavier it is",
  "Gas at 0.15 to 1 R500 tells most of mass, the core least",
  "Without weak lensing, clusters of 10^14.2 to 10^14.4 matter most: self-calibration",
  "Correlations of the terse value show whether a network is overspecialized",
];

type Finding = Omit<Conclusion, "number" | "claim">;

/** Decides all six. */
export function drawConclusions(measures: ConclusionMeasures): readonly Conclusion[] {
  const findings: readonly (Finding | null)[] = [
    measures.proxy && judgeProxy(measures.proxy),
    measures.scatter && judgeScatter(measures.scatter),
    measures.leaveOneOut && judgeLeaveOneOut(measures.leaveOneOut),
    measures.shells && judgeShells(measures.shells),
    measures.withoutLensing && judgePeak(measures.withoutLensing),
    measures.correlations && judgeCorrelations(measures.correlations),
  ];
  return findings.map((finding, i) => ({
    number: i + 1,
    claim: CLAIMS[i]!,
    ...finding ?? { outcome: "not measured", measured: "", why: `it takes ${NEEDS[i]!}` },
  }));
}

/** What each conclusion takes to be decided. */
const NEEDS: readonly string[] = [
  "true masses, and a terse value that varies",
  "the scatter on fresh catalogs, and exact posteriors",
  "exact answers that read what the network sees",
  "gas profiles, temperature and gas mass among the inputs, and a gap in the spectrum of the pixels",
  "a network that sees no weak lensing masses, and exact answers without them",
  "a network's terse values in 30 catalogs or more; exact answers have none",
];

type Measured<K extends keyof ConclusionMeasures> = NonNullable<ConclusionMeasures[K]>;

function judgeProxy({ line, within, r, gasMass, optimal }: Measured<"proxy">): Finding {
  const measured = `${line.toFixed(1)}% by one line, ${within.toFixed(1)}% within catalogs (r ` +
    `${r.toFixed(3)}); gas mass ${gasMass.toFixed(1)}%, best possible ${optimal.toFixed(1)}%`;
  if (r < CONCLUSION_LIMITS.proxyR || line > gasMass) {
    const why =
      "gas mass alone is the better proxy: unless training ties the terse value to mass, " +
      "luminosity and lensing masses next to it make it dispensable";
    return { outcome: "does not hold", measured, why };
  }
  const isBest = line <= 1.25 * optimal;
  const why = isBest
    ? "it is as good as the best combination of temperature and gas mass"
    : "it goes with mass, but temperature and gas mass could give it better";
  return { outcome: "holds", measured, why };
}

function judgeScatter({ scatter, limit }: Measured<"scatter">): Finding {
  const measured = `scatter ${scatter.toFixed(4)}, limit ${limit.toFixed(4)}`;
  const more = 100 * (scatter / limit - 1);
  return scatter <= CONCLUSION_LIMITS.scatterRatio * limit
    ? {
      outcome: "holds",
      measured,
      why: `it is ${more.toFixed(0)}% above what the catalogs' own likelihood allows`,
    }
    : {
      outcome: "does not hold",
      measured,
      why: `the catalogs' own likelihood leaves ${more.toFixed(0)}% less`,
    };
}

/** From here on the paper sees an effect. */
const THRESHOLD = 14.2;

function judgeLeaveOneOut(
  { bands, lowered, r, noise, halfWidth }: Measured<"leaveOneOut">,
): Finding {
  const heavy = bands.filter(({ from }) => from >= THRESHOLD);
  const light = bands.filter(({ to }) => to <= THRESHOLD);
  if (heavy.length < 2) {
    const why = `too few clusters above 10^${THRESHOLD} were compared to see a trend with mass`;
    return { outcome: "not measured", measured: "", why };
  }
  const falls = heavy.at(-1)!.value < heavy[0]!.value;
  const measured = [
    `mean ${heavy[0]!.value.toFixed(4)} at ${range(heavy[0]!)}, ` +
    `${heavy.at(-1)!.value.toFixed(4)} at ${range(heavy.at(-1)!)}`,
    `68% within ${halfWidth.toFixed(4)}`,
    ...(r === null ? [] : [`r with exact ${r.toFixed(2)}`]),
    ...(noise === null ? [] : [`own noise ${noise.toFixed(4)}`]),
  ].join(", ");
  if (!falls || !(lowered >= CONCLUSION_LIMITS.lowered)) {
    const why = falls
      ? `the absence of a massive cluster lowers sigma8 in ${(100 * lowered).toFixed(0)}% only`
      : "the change does not grow with mass";
    return { outcome: "does not hold", measured, why };
  }
  const below = light.at(-1);
  const noThreshold = below && below.value < 0
    ? `, and there is no threshold: lighter clusters lower it too (${
      below.value.toFixed(4)
    } on average)`
    : "";
  if (r !== null && r < CONCLUSION_LIMITS.leaveOneOutR) {
    const why = "means by mass are right, the change of a single cluster is mostly the network's " +
      `own noise, which the paper calls the model's stability${noThreshold}`;
    return { outcome: "holds for the population only", measured, why };
  }
  const stability =
    "that the scatter is the model's stability, as the paper has it, does not hold: ";
  const why = r === null
    ? `the likelihood itself says so; ${stability}the likelihood has the same scatter${noThreshold}`
    : `single clusters follow the exact answers; ${stability}most of it is signal${noThreshold}`;
  return { outcome: "holds", measured, why };
}

function judgeShells(
  { radius, gradient: signed, correlation }: Measured<"shells">,
): Finding {
  // A shell of negative weight matters as much as one of positive weight.
  const gradient = signed.map(Math.abs);
  const best = argmax(gradient);
  const alone = argmax(correlation);
  const isCoreLeast = argmin(gradient) === 0;
  const isCoreLeastAlone = argmin(correlation) === 0;
  const measured = `gradient largest at ${radius[best]!.toFixed(2)} R500 (core ` +
    `${(100 * gradient[0]! / gradient[best]!).toFixed(0)}% of it); one shell alone best at ` +
    `${radius[alone]!.toFixed(2)} R500, r ${correlation[alone]!.toFixed(3)}, core ` +
    `${correlation[0]!.toFixed(3)}`;
  if (isCoreLeast && isCoreLeastAlone) {
    const why = best === radius.length - 1
      ? "the core tells least either way; what moves the terse value rises to R500 without the " +
        "paper's peak, which is that of how well one shell alone gives mass"
      : "the core tells least, and the peak is inside R500";
    return { outcome: "holds", measured, why };
  }
  if (isCoreLeastAlone) {
    const why = "it is so for one shell alone, as clusters differ; the gradient of this encoder " +
      "does not have the core least";
    return { outcome: "holds for the population only", measured, why };
  }
  return { outcome: "does not hold", measured, why: "the core is not the least of the shells" };
}

function judgePeak({ perCluster, perDex, r }: Measured<"withoutLensing">): Finding {
  const single = peakOf(perCluster);
  const summed = peakOf(perDex);
  const measured = `per cluster largest at 10^${middle(single)} (${single.value.toFixed(4)} per ` +
    `dex), summed over a catalog at 10^${middle(summed)} (${summed.value.toFixed(2)} per dex)`;
  const [from, to] = CONCLUSION_LIMITS.peak;
  const isInside = (bin: MassCurve[number]) => bin.from >= from - 1e-9 && bin.to <= to + 1e-9;
  const doubt = r !== null && r < CONCLUSION_LIMITS.leaveOneOutR
    ? `; its single clusters are not to be trusted (leave-one-outs: r ${
      r.toFixed(2)
    } with the exact ones)`
    : "";
  if (isInside(single)) {
    return { outcome: "holds", measured, why: `a single cluster matters most there${doubt}` };
  }
  const isHeavy = single.from >= perCluster.at(-HEAVIEST)!.from;
  const singles = isHeavy
    ? "a single cluster matters the more the heavier it is; there are so many more light ones"
    : "a single cluster matters most elsewhere; there are so many clusters of that mass";
  return isInside(summed)
    ? {
      outcome: "holds for the population only",
      measured,
      why: `${singles} that all together matter most there${doubt}`,
    }
    : { outcome: "does not hold", measured, why: `the peak is elsewhere, summed or not${doubt}` };
}

/** Mass bins that count as the heaviest: few clusters make their order uncertain. */
const HEAVIEST = 3;

function judgeCorrelations({ partial, flagged, control }: Measured<"correlations">): Finding {
  const measured = `r(terse, sigma8) at fixed mass ${partial.toFixed(3)}` +
    (control ? `; of an overspecialized network ${control.partial.toFixed(3)}` : "");
  if (flagged || Math.abs(partial) > CONCLUSION_LIMITS.partial) {
    const why = "single clusters tell this network sigma8, which only a population can";
    return { outcome: "does not hold", measured, why };
  }
  if (control && !control.flagged) {
    return { outcome: "does not hold", measured, why: "the overspecialized network passes too" };
  }
  const why = control
    ? "it passes, and a network that reads sigma8 off single clusters is found"
    : "it passes; a network that must not pass was not tested";
  return { outcome: "holds", measured, why };
}

function peakOf(curve: MassCurve): MassCurve[number] {
  return curve[argmax(curve.map(({ value }) => value))]!;
}

function middle({ from, to }: MassCurve[number]): string {
  return ((from + to) / 2).toFixed(2);
}

function range({ from, to }: MassCurve[number]): string {
  return `10^${from.toFixed(1)} to 10^${to.toFixed(1)}`;
}

function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => value > values[best]! ? i : best, 0);
}

function argmin(values: readonly number[]): number {
  return values.reduce((best, value, i) => value < values[best]! ? i : best, 0);
}
