/** Whether the interpretation of a network is true, in words and columns. */
import { counted } from "../../src/numerics/counted.ts";
import { isGap } from "../../src/interpretation/exact/gap.ts";
import type {
  Faithfulness,
  FaithfulnessDetails,
} from "../../src/interpretation/faithfulness/faithfulness.ts";
import type { Conclusion } from "../../src/interpretation/faithfulness/conclusions.ts";
import type { RunConclusions } from "../../src/runs/conclusions.ts";
import type { ComparedProxy } from "../../src/interpretation/faithfulness/proxy_score.ts";
import type { SeedAgreement } from "../../src/interpretation/faithfulness/seed_agreement.ts";

/** How proxies are named for people. */
const PROXY_NAMES: Readonly<Record<ComparedProxy, string>> = {
  terse: "terse",
  optimal: "best of T and Mgas",
  logYx: "Y_X",
  logGasMass: "gas mass",
  logTemperature: "temperature",
};

/** The scores of a network, the verdict last. */
export function formatFaithfulness(scores: Faithfulness, details: FaithfulnessDetails): string {
  const { saliency, weights, verdict } = scores;
  return [
    ...leaveOneOutLines(details),
    isGap(saliency)
      ? `saliency against the optimum: ${saliency.gap}`
      : `saliency against the optimum: cosine ${fixed(saliency.rawCosine)} raw, ` +
        `${fixed(saliency.projectedCosine)} projected; ` +
        `${(100 * saliency.offManifold).toFixed(0)}% of it off the data's axes`,
    ...(isGap(weights) ? [] : [
      `weight of T over that of Mgas: ${weights.found?.toFixed(2) ?? "none of Mgas"}, ` +
      `best ${weights.optimal.toFixed(2)}`,
    ]),
    ...proxyLines(details),
    `Verdict: ${verdict.text}`,
  ].join("\n");
}

function leaveOneOutLines({ leaveOneOut }: FaithfulnessDetails): string[] {
  if (isGap(leaveOneOut)) {
    return [
      `leave-one-out against exact: ${leaveOneOut.gap}; the command "exact" finds the answers`,
    ];
  }
  const { score, rError, catalogs } = leaveOneOut;
  const error = rError === null ? "" : ` +- ${fixed(rError)}`;
  return [
    `leave-one-out against exact, ${counted(catalogs, "catalog")}: r ${fixed(score.r)}${error}, ` +
    `slope ${fixed(score.slope)}`,
    `  scatter ${score.networkRms.toFixed(4)}, exact ${score.exactRms.toFixed(4)}; ` +
    `the network's own noise ${score.noise.toFixed(4)}`,
    ...score.bins.map(({ from, to, count, r, networkMean, exactMean }) =>
      `  log M ${from.toFixed(1)} to ${to.toFixed(1)}: r ${r === null ? "none" : fixed(r)}, mean ` +
      `${networkMean.toFixed(4)}, exact ${exactMean.toFixed(4)} (${counted(count, "cluster")})`
    ),
  ];
}

function proxyLines({ proxies }: FaithfulnessDetails): string[] {
  if (isGap(proxies)) return [`mass proxies: ${proxies.gap}`];
  return Object.entries(proxies).map(([name, { line, withinCatalogs, rWithinCatalogs }]) =>
    `mass proxy ${PROXY_NAMES[name as ComparedProxy]}: ${line.toFixed(1)}% by one line, ` +
    `${withinCatalogs.toFixed(2)}% within catalogs (r ${rWithinCatalogs.toFixed(4)})`
  );
}

/** How far networks of different seeds agree. */
export function formatAgreement({ networks, saliency, terse, leaveOneOut }: SeedAgreement): string {
  const pair = ({ mean, min }: SeedAgreement["terse"]) =>
    `${mean.toFixed(4)} (least ${min.toFixed(4)})`;
  return [
    `Agreement of ${counted(networks, "network")}, mean over pairs`,
    `cosine of mean saliency ${pair(saliency)}`,
    `r of terse values       ${pair(terse)}`,
    `r of leave-one-outs     ${pair(leaveOneOut)}`,
  ].join("\n");
}

/** The paper's six conclusions, for the network and exactly. */
export function formatConclusions({ network, exact }: RunConclusions): string {
  return [
    "The paper's conclusions on these catalogs",
    ...network.flatMap(({ number, claim, outcome, measured, why }, i) => [
      `${number}. ${claim}`,
      `   this network: ${describe({ outcome, measured, why })}`,
      `   exactly: ${describe(exact[i]!)}`,
    ]),
  ].join("\n");
}

function describe({ outcome, measured, why }: Pick<Conclusion, "outcome" | "measured" | "why">) {
  return outcome === "not measured" ? `${outcome}: ${why}` : `${outcome}; ${why} (${measured})`;
}

const fixed = (value: number) => value.toFixed(3);
