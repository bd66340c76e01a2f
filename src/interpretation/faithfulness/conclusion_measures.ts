/** What the paper's six conclusions are decided by: of a network, or exactly. */
import type { ExactSummary } from "../exact/summary.ts";
import type { Gap } from "../exact/gap.ts";
import { isGap } from "../exact/gap.ts";
import type { Interpretation } from "../interpretation.ts";
import type { FaithfulnessDetails } from "./faithfulness.ts";
import type { MassSlopeBin } from "./mass_slopes.ts";

/** A number by mass. */
export type MassCurve = readonly {
  /** Lower edge, log10 M500c [Msun/h]. */
  readonly from: number;
  /** Upper edge, log10 M500c [Msun/h]. */
  readonly to: number;
  /** The number. */
  readonly value: number;
}[];

/** Measures for the six conclusions; `null` for what was not measured. */
export interface ConclusionMeasures {
  /** 1: scatters of mass proxies in percent. */
  readonly proxy: {
    /** Scatter of the terse value around one line through all catalogs, percent. */
    readonly line: number;
    /** Scatter of the terse value around one slope within catalogs, percent. */
    readonly within: number;
    /** Correlation of the terse value with log mass within catalogs. */
    readonly r: number;
    /** Scatter of gas mass around one line, percent. */
    readonly gasMass: number;
    /** Scatter of the best combination of T and Mgas around one line, percent. */
    readonly optimal: number;
  } | null;
  /** 2: the network's scatter of sigma8 and the least possible. */
  readonly scatter: { readonly scatter: number; readonly limit: number } | null;
  /** 3: changes of sigma8 when one cluster is left out. */
  readonly leaveOneOut: {
    /** Mean changes by mass. */
    readonly bands: MassCurve;
    /** Share of the clusters in the heaviest band whose absence lowers sigma8. */
    readonly lowered: number;
    /** 68% of the changes are smaller, either sign. */
    readonly halfWidth: number;
    /** Correlation of single changes with the exact ones; `null` for the exact ones themselves. */
    readonly r: number | null;
    /** Root mean square of the difference to the exact ones. */
    readonly noise: number | null;
  } | null;
  /** 4: gradients and correlations of the gas mass in each shell, core first. */
  readonly shells: {
    /** Outer edges, R / R500. */
    readonly radius: readonly number[];
    /** Mean gradient along the data's axes. */
    readonly gradient: readonly number[];
    /** Correlation of one shell alone with log mass, within catalogs. */
    readonly correlation: readonly number[];
  } | null;
  /** 5: d sigma8 / d log mass without weak lensing. */
  readonly withoutLensing: {
    /** Median per cluster. */
    readonly perCluster: MassCurve;
    /** Summed over a catalog's clusters, per dex. */
    readonly perDex: MassCurve;
    /** Correlation of its leave-one-outs with the exact ones; `null` for the exact ones themselves. */
    readonly r: number | null;
  } | null;
  /** 6: correlations of the terse value with sigma8. */
  readonly correlations: {
    /** r(terse, sigma8) at fixed mass. */
    readonly partial: number;
    /** Whether the network was called overspecialized. */
    readonly flagged: boolean;
    /** The measures of a network that is overspecialized, if there is one. */
    readonly control: { readonly partial: number; readonly flagged: boolean } | null;
  } | null;
}

/** What a judged network's findings do not hold. */
export interface FurtherMeasures {
  /** Scatter of sigma8 on fresh or test catalogs, and the information limit, if both are known. */
  readonly scatter?: ConclusionMeasures["scatter"];
  /** Mass slopes of the network without weak lensing. */
  readonly withoutLensing?: Pick<FaithfulnessDetails, "massSlopes" | "leaveOneOut"> | null;
  /** Correlations of a network that is overspecialized. */
  readonly overspecialized?: Pick<Interpretation, "terseLayer" | "overspecialization"> | null;
}

/** The measures of a network that was judged. */
export function measuresOfNetwork(
  found: Pick<Interpretation, "leaveOneOut" | "terseLayer" | "overspecialization">,
  details: FaithfulnessDetails,
  further: FurtherMeasures = {},
): ConclusionMeasures {
  const { leaveOneOut } = found;
  const comparison = isGap(details.leaveOneOut) ? null : details.leaveOneOut;
  const heaviest = leaveOneOut.distributions.at(-1)!;
  return {
    proxy: proxyOf(details, "terse"),
    scatter: further.scatter ?? null,
    leaveOneOut: comparison && {
      bands: comparison.score.bins.map(({ from, to, networkMean }) => ({
        from,
        to,
        value: networkMean,
      })),
      lowered: heaviest.lowered,
      halfWidth: leaveOneOut.halfWidth,
      r: comparison.score.r,
      noise: comparison.score.noise,
    },
    shells: isGap(details.saliency) ? null : shellsOf(details, details.saliency.projected),
    withoutLensing: curvesOf(further.withoutLensing ?? null, "network"),
    correlations: correlationsOf(found, further.overspecialized ?? null),
  };
}

/**
 * The measures of the exact answers. What a network has to do with it, its own correlations and
 * scatter, is left out; the limit is its own limit.
 *
 * @param summary Of exact answers, reading what the network sees
 * @param details Of any network judged on the same catalogs
 */
export function measuresOfExact(
  summary: ExactSummary | Gap,
  details: FaithfulnessDetails,
  further: FurtherMeasures = {},
): ConclusionMeasures {
  const bands = isGap(summary) ? [] : summary.bands;
  return {
    proxy: proxyOf(details, "optimal"),
    scatter: further.scatter
      ? { scatter: further.scatter.limit, limit: further.scatter.limit }
      : null,
    leaveOneOut: isGap(summary) || bands.length === 0 ? null : {
      bands: bands.map(({ from, to, mean }) => ({ from, to, value: mean })),
      lowered: 1 - bands.at(-1)!.raised,
      halfWidth: summary.everything.halfWidth,
      r: null,
      noise: null,
    },
    shells: isGap(details.optimal) ? null : shellsOf(details, details.optimal.gradient),
    withoutLensing: curvesOf(further.withoutLensing ?? null, "exact"),
    correlations: null,
  };
}

function proxyOf(
  { proxies }: FaithfulnessDetails,
  name: "terse" | "optimal",
): ConclusionMeasures["proxy"] {
  if (isGap(proxies)) return null;
  const { [name]: own, optimal, logGasMass } = proxies;
  if (!own || !optimal || !logGasMass) return null;
  return {
    line: own.line,
    within: own.withinCatalogs,
    r: own.rWithinCatalogs,
    gasMass: logGasMass.line,
    optimal: optimal.line,
  };
}

function shellsOf(
  { pattern }: FaithfulnessDetails,
  gradient: Float64Array,
): ConclusionMeasures["shells"] {
  if (isGap(pattern)) return null;
  const shells = (pattern as Exclude<typeof pattern, Gap>)
    .map(({ column, radius, mass }, p) => ({ column, radius, mass, slope: gradient[p]! }))
    .filter(({ column }) => column === "logGasMassProfile");
  if (shells.length === 0) return null;
  return {
    radius: shells.map(({ radius }) => radius!),
    gradient: shells.map(({ slope }) => slope),
    correlation: shells.map(({ mass }) => mass),
  };
}

function curvesOf(
  details: FurtherMeasures["withoutLensing"] & object | null,
  whose: "network" | "exact",
): ConclusionMeasures["withoutLensing"] {
  if (!details || isGap(details.massSlopes)) return null;
  const bins = details.massSlopes as readonly MassSlopeBin[];
  const curve = (name: "Median" | "PerDex") =>
    bins.map((bin) => ({ from: bin.from, to: bin.to, value: bin[`${whose}${name}`] }));
  const { leaveOneOut } = details;
  const r = whose === "exact" || isGap(leaveOneOut) ? null : leaveOneOut.score.r;
  return bins.length === 0 ? null : { perCluster: curve("Median"), perDex: curve("PerDex"), r };
}

function correlationsOf(
  { terseLayer, overspecialization }: Pick<Interpretation, "terseLayer" | "overspecialization">,
  control: Pick<Interpretation, "terseLayer" | "overspecialization"> | null,
): ConclusionMeasures["correlations"] {
  if (!terseLayer.partial || !overspecialization) return null;
  return {
    partial: terseLayer.partial.correlation,
    flagged: overspecialization.overspecialized,
    control: control?.terseLayer.partial && control.overspecialization
      ? {
        partial: control.terseLayer.partial.correlation,
        flagged: control.overspecialization.overspecialized,
      }
      : null,
  };
}
