/**
 * A comment on each difference between the paper's Table 4 and this run's: its size, and its likely
 * reason.
 */
import type { MeasuredScatter } from "../evaluation/scatter_comparison.ts";
import type { Table4RowName } from "../evaluation/table4_rows.ts";
import { TABLE4_ROWS } from "../evaluation/table4_rows.ts";
import type { Architecture } from "../model.ts";

/** Origin of the base sample: drawn as a stand-in for the simulation, or read from a file. */
export type SampleOrigin = "stand-in" | "file";

/** What the reasons for a difference depend on. */
export interface ScatterSetting {
  /** Origin of the clusters of which catalogs are made. */
  readonly sample: SampleOrigin;
  /** Pooling over clusters, or "set" for a set network; `null` if unknown. The paper's is "max". */
  readonly globalPooling: Architecture["globalPooling"] | "set" | null;
}

/** The likely reasons for a row below and above the paper's. */
interface Reasons {
  readonly lower: (setting: ScatterSetting) => string;
  readonly higher: (setting: ScatterSetting) => string;
}

const sampleReason = ({ sample }: ScatterSetting): string =>
  sample === "stand-in"
    ? "the clusters are a stand-in's, not the simulation's"
    : "the base sample is that of a file, not the paper's";

const shortReason = (setting: ScatterSetting): string =>
  `training too short for this form of the network, or ${sampleReason(setting)}`;

const keepsMean = ({ globalPooling }: ScatterSetting): boolean =>
  globalPooling === "mean+max" || globalPooling === "set";

const REASONS: Readonly<Partial<Record<Table4RowName, Reasons>>> = {
  standard: { lower: sampleReason, higher: shortReason },
  shuffled: {
    lower: (setting) =>
      setting.globalPooling === "set"
        ? "this network does not know the order of clusters, which is all that shuffling takes away"
        : keepsMean(setting)
        ? "the paper pools by the maximum alone; the additional mean, which no order changes, keeps " +
          "what shuffling would take away"
        : sampleReason(setting),
    higher: shortReason,
  },
  noWeakLensing: {
    lower: (setting) =>
      keepsMean(setting)
        ? "a network of the paper's form, with a maximum alone, comes near the paper's value on " +
          "these mocks; this one comes nearer the limit below"
        : sampleReason(setting),
    higher: shortReason,
  },
  ones: {
    lower: (setting) =>
      setting.globalPooling === "set"
        ? "this network is given the number of clusters, which is all that an array of ones tells"
        : keepsMean(setting)
        ? "the mean over an array of ones shows its edges, and so how many rows it has; the paper's " +
          "maximum does not"
        : "the network counts rows, which the paper's hardly does",
    higher: () => "no better than the width of the prior: what is learned does not count rows",
  },
  countBaseline: {
    lower: () =>
      "where the slope of L_X turns about 10^{14.4}, Table 1's pivot, it hardly moves the survey's " +
      "break; turned about 10^{15} it does, and counts scatter by 0.05 to 0.06",
    higher: () => "counts tell less than in the paper's survey",
  },
};

/** Differences below this many joint errors need no comment. */
const AGREEMENT = 2;

/**
 * The distance of a row from the paper's, and the likely reason if it is large.
 *
 * @returns "" for a row that the paper does not have
 */
export function describeDifference(
  name: Table4RowName,
  ours: Pick<MeasuredScatter, "scatter" | "scatterError">,
  setting: ScatterSetting,
): string {
  const { paper } = TABLE4_ROWS[name];
  const reasons = REASONS[name];
  if (!paper || !reasons) return "";
  const errors = (ours.scatter - paper.scatter) / Math.hypot(paper.scatterError, ours.scatterError);
  const percent = Math.round(100 * Math.abs(ours.scatter / paper.scatter - 1));
  const direction = errors < 0 ? "lower" : "higher";
  const size = `${percent}% ${direction}, ${Math.abs(errors).toFixed(1)} errors`;
  if (Math.abs(errors) < AGREEMENT) return `agrees: ${size}`;
  return `${size}: ${reasons[direction](setting)}`;
}
