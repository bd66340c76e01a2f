/** Figures of this toolkit that compare the paper's Figs. 9, 11 and 12 with the exact answers. */
import { isGap } from "../../interpretation/exact/gap.ts";
import type { MassSlopeBin } from "../../interpretation/faithfulness/mass_slopes.ts";
import type { MassSlopePair } from "../figures/faithfulness.ts";
import {
  drawExactLeaveOneOut,
  drawExactMassSlopes,
  drawExactSaliency,
} from "../figures/faithfulness.ts";
import type { ReportData } from "../report_data.ts";
import type { FigureEntry } from "./entry.ts";
import { whereGiven } from "./entry.ts";
import { remarkMassSlopes } from "./remarks.ts";

const NEEDS = "exact answers (the command exact)";

/** The value if it exists and is not a gap; `null` otherwise. */
function known<T extends object>(
  { faithfulness }: ReportData,
  pick: (details: NonNullable<ReportData["faithfulness"]>["details"]) => T,
): Exclude<T, { readonly gap: string }> | null {
  const value = faithfulness && pick(faithfulness.details);
  return value === undefined || value === null || isGap(value)
    ? null
    : value as Exclude<T, { readonly gap: string }>;
}

/** Figs. 9, 11 and 12 next to the exact answers. */
export const FAITHFULNESS_FIGURES: readonly FigureEntry[] = [
  {
    number: 9,
    variant: "exact",
    section: "5.1",
    title: "Leave one out, compared with the exact answer",
    caption:
      "Left: mean change of σ_8 by mass, of the network (dashed) and exactly, from the mocks' " +
      "own likelihood. Right: every cluster by itself; on the dotted line the two agree. What is " +
      "off it is the network's own noise, and says nothing about the cluster.",
    needs: NEEDS,
    draw: (data) => whereGiven(known(data, (d) => d.leaveOneOut), drawExactLeaveOneOut),
  },
  {
    number: 11,
    variant: "exact",
    section: "5.2",
    title: "Saliency, compared with the optimum",
    caption: "Left: the mean gradient of the terse value to the gas mass of each shell, as the " +
      "network has it (raw), its part along the directions in which clusters differ (projected), " +
      "and the optimal one, each of unit length over all pixels. Right: how closely each shell " +
      "alone goes with the terse value and with weak lensing masses (the activation pattern of " +
      "Haufe et al. 2014), which is another question: an encoder weighs shells against each other.",
    needs: NEEDS,
    draw: (data) =>
      whereGiven(
        data.faithfulness,
        ({ details }) =>
          data.interpretation
            ? drawExactSaliency(details, data.interpretation.saliency.pixels)
            : null,
      ),
  },
  {
    number: 12,
    variant: "exact",
    section: "5.2.1",
    title: "Which clusters carry σ_8, compared with the exact answer",
    caption:
      "Left: what a higher mass of one cluster does to σ_8, by its mass (medians). Right: the " +
      "same summed over the clusters of a catalog, per dex of mass. Where a curve is below 0, a " +
      "higher mass lowers σ_8. The lightest clusters lie at the survey's mass limit, below which " +
      "there are none; where their values leave the frame, the CSV has them.",
    needs: NEEDS,
    draw: (data) => {
      const pairs = massSlopePairs(data);
      return pairs.length === 0 ? null : drawExactMassSlopes(pairs);
    },
    remark: remarkMassSlopes,
  },
];

/** Mass slopes of the run's network, and of one without weak lensing if there is one. */
function massSlopePairs(data: ReportData): MassSlopePair[] {
  const own = known(data, (details) => details.massSlopes) as readonly MassSlopeBin[] | null;
  const blind = data.noWeakLensing?.massSlopes;
  return [
    ...own ? [{ name: "lensed" as const, bins: own }] : [],
    ...blind && !isGap(blind)
      ? [{ name: "blind" as const, bins: blind as readonly MassSlopeBin[] }]
      : [],
  ];
}
