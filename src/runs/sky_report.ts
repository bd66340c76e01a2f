/** What the report of a survey on the sky shows, as sections of text, tables and drawings. */
import { counted } from "../numerics/counted.ts";
import type { SkyAgreement } from "../evaluation/sky/agreement.ts";
import type { SkyCosmologyName } from "../evaluation/sky/coverage.ts";
import { LENSING_STATISTIC_NAMES } from "../evaluation/sky/statistics.ts";
import { printable } from "../observed/printable.ts";
import { drawSkyLeaveOneOut } from "../report/figures/sky_leave_one_out.ts";
import { drawSkyPosterior, type SkyCloud } from "../report/figures/sky_posterior.ts";
import type { SkySection } from "../report/sky_page.ts";
import type { SkyConclusions } from "./sky_conclusions.ts";
import type { SkyEvaluation } from "./sky_evaluation.ts";
import type { NetworkInfluence } from "./sky_influence.ts";
import type { SkyNetworkAnswer } from "./sky_network_answer.ts";
import type { SkyPrediction } from "./sky_prediction.ts";
import { reportLensing } from "./sky_lensing_report.ts";
import type { SkyRobustnessRow } from "./sky_robustness.ts";
import { EMPTY, percent, quote, share, signed } from "./sky_words.ts";

/** A catalog and what is said of it. */
export interface ReportedCatalog {
  readonly prediction: SkyPrediction;
  /** The likelihood's posterior. */
  readonly cloud: SkyCloud;
  /** The network's answer; null where it cannot be asked, for the reason that is given. */
  readonly network: {
    readonly answer: SkyNetworkAnswer;
    readonly cloud: SkyCloud;
    readonly distance: Readonly<Record<SkyCosmologyName, number>>;
    /** Changes without each cluster, in the prediction's order of influences. */
    readonly influences: readonly NetworkInfluence[];
  } | { readonly missing: string };
}

/** What was measured of the network. */
export interface ReportedNetwork {
  readonly evaluation: SkyEvaluation | null;
  readonly agreement: Readonly<Record<SkyCosmologyName, SkyAgreement>> | null;
  readonly robustness: readonly SkyRobustnessRow[] | null;
  readonly conclusions: SkyConclusions;
}

const NAMES = ["S8", "omegaM", "sigma8"] as const satisfies readonly SkyCosmologyName[];

const LABELS: Readonly<Record<SkyCosmologyName, string>> = {
  S8: "S_8",
  omegaM: "Ω_m",
  sigma8: "σ_8",
};

/** Says the answer in one sentence. */
export function sayAnswer({ prediction }: ReportedCatalog): string {
  const { likelihood: { S8, omegaM, sigma8 }, judgement, clusters } = prediction;
  return `${counted(clusters, "cluster")}: S_8 = ${quote(S8)}, Ω_m = ${quote(omegaM)}, σ_8 = ${
    quote(sigma8)
  }. Safe to apply? ${judgement.verdict} (probability ${share(judgement.probability)}).`;
}

/** The answers with contours, the verdict, each cluster by name, and what the answer leans on. */
export function reportCatalog(catalog: ReportedCatalog): SkySection[] {
  const { prediction, cloud, network } = catalog;
  const { likelihood, judgement, goodnessOfFit, leansOn, lensing } = prediction;
  const asked = "missing" in network ? null : network;
  return [
    {
      ...EMPTY,
      title: "The answer",
      tables: [{
        caption: "Posterior mean ± width, and the 95% interval",
        columns: ["", "likelihood", "95%", ...(asked ? ["network", "distance [widths]"] : [])],
        rows: NAMES.map((name) => {
          const { quantiles } = likelihood[name];
          const range = `${quantiles[0]!.toFixed(3)} to ${quantiles[4]!.toFixed(3)}`;
          return [
            LABELS[name],
            quote(likelihood[name]),
            range,
            ...(asked ? [quote(asked.answer[name]), signed(asked.distance[name])] : []),
          ];
        }),
      }],
      figures: [{
        figure: drawSkyPosterior(cloud, asked?.cloud),
        caption:
          "Regions that hold 68% and 95% of the posterior; the dotted line has the mean S_8.",
      }],
      missing: "missing" in network ? `The network's answer: none, ${network.missing}` : "",
    },
    {
      ...EMPTY,
      title: `Verdict: ${judgement.verdict}`,
      words: [
        judgement.reasons.length === 0
          ? "No test finds a fault. Faults within the priors cannot be seen: temperatures or gas " +
            "masses wrong by 15%, say."
          : `Found: ${judgement.reasons.join("; ")}.`,
        `Goodness of fit, ${
          lensing ? 33 + LENSING_STATISTIC_NAMES.length : 33
        } statistics under the catalog's own posterior: probability ${
          share(goodnessOfFit.student)
        } with Student-t scatter, ${share(goodnessOfFit.gaussian)} with Gaussian.`,
      ],
      tables: [{
        caption: "Tests among mock catalogs of the priors",
        columns: ["test", "probability"],
        rows: Object.entries(judgement.tests).map(([name, p]) => [name, share(p)]),
      }],
    },
    reportInfluences(catalog),
    ...(lensing ? [reportLensing(lensing)] : []),
    {
      ...EMPTY,
      title: "What the answer leans on",
      tables: [{
        caption: "The same clusters under other assumptions",
        columns: ["assumption", ...NAMES.map((name) => LABELS[name]), "independent samples"],
        rows: leansOn.map((answer) => [
          printable(answer.assumption),
          ...NAMES.map((name) => quote(answer[name])),
          String(Math.round(answer.effectiveSamples)),
        ]),
      }],
    },
  ];
}

function reportInfluences({ prediction: { influences }, network }: ReportedCatalog): SkySection {
  const asked = "missing" in network ? null : network;
  const heads = ["S_8, exact", "Ω_m, exact", ...(asked ? ["S_8, network", "Ω_m, network"] : [])];
  return {
    ...EMPTY,
    title: "What each cluster does to the answer",
    words: ["Change of the posterior mean in posterior widths when one cluster is left out."],
    tables: [{
      caption: "By name, the most influential on S_8 first",
      columns: ["cluster", ...heads],
      rows: influences.map(({ name, S8, omegaM }, i) => [
        printable(name),
        signed(S8),
        signed(omegaM),
        ...(asked ? [signed(asked.influences[i]!.S8), signed(asked.influences[i]!.omegaM)] : []),
      ]),
    }],
    figures: asked === null || influences.length < 3 ? [] : [{
      figure: drawSkyLeaveOneOut(
        { exact: influences.map((x) => x.S8), network: asked.influences.map((x) => x.S8) },
        { exact: influences.map((x) => x.omegaM), network: asked.influences.map((x) => x.omegaM) },
      ),
      caption: "Each point is a cluster.",
    }],
  };
}

/** How good the network is, what moves it, and the conclusions. */
export function reportNetwork(network: ReportedNetwork): SkySection[] {
  return [reportErrors(network), reportRobustness(network), reportConclusions(network.conclusions)];
}

function reportErrors({ evaluation, agreement }: ReportedNetwork): SkySection {
  const title = "How good the network is";
  if (evaluation === null) {
    return { ...EMPTY, title, missing: "Not measured: evaluate or calibrate measures it." };
  }
  const { count, coverage, calibration, joint } = evaluation;
  const compared = agreement === null ? [] : [{
    caption: "Next to the explicit likelihood on the same mock catalogs",
    columns: ["", "rms error over explicit", "width over explicit", "distance of means [widths]"],
    rows: NAMES.map((name) => {
      const { rmsError, explicitRmsError, widthRatio, distance } = agreement[name];
      return [
        LABELS[name],
        (rmsError / explicitRmsError).toFixed(3),
        widthRatio.toFixed(3),
        distance.toFixed(2),
      ];
    }),
  }];
  return {
    ...EMPTY,
    title,
    tables: [{
      caption: `On ${count} new mock catalogs`,
      columns: ["", "rms error", "rms width", "68%", "95%", "ranks (SBC) p", "TARP p"],
      rows: NAMES.map((name) => [
        LABELS[name],
        coverage[name].rmsError.toFixed(4),
        coverage[name].rmsWidth.toFixed(4),
        ...coverage[name].intervals.map(({ covered }) => percent(covered)),
        share(calibration[name].ranks.kolmogorovSmirnov.probability),
        share(calibration[name].randomPoints.probability),
      ]),
    }, ...compared],
    words: [
      `TARP of S_8 and Ω_m together has probability ${share(joint.probability)}.`,
      ...NAMES.flatMap((name) =>
        calibration[name].findings.map((finding) => `${LABELS[name]}: ${finding}`)
      ),
    ],
    missing: agreement === null ? "Explicit posteriors next to it: calibrate samples them." : "",
  };
}

function reportRobustness({ robustness }: ReportedNetwork): SkySection {
  const title = "What moves the answer by how much";
  if (robustness === null) {
    return { ...EMPTY, title, missing: "Not measured: robustness measures it." };
  }
  return {
    ...EMPTY,
    title,
    tables: [{
      caption: "Mean change of the network's answer in posterior widths, and truths within 68%",
      columns: ["catalogs", ...NAMES.map((name) => LABELS[name]), "68%: S_8", "Ω_m"],
      rows: robustness.map(({ name, moved, coverage }, i) => [
        name,
        ...NAMES.map((key) => i === 0 ? "0" : signed(moved[key])),
        ...(["S8", "omegaM"] as const).map((key) => percent(coverage[key].intervals[0]!.covered)),
      ]),
    }],
  };
}

function reportConclusions({ conclusions, byMass }: SkyConclusions): SkySection {
  return {
    ...EMPTY,
    title: "The paper's six conclusions for a survey by flux",
    words: [
      "The paper's survey has a sharp limit of mass, which anchors the scaling relations. A survey by " +
      "flux has none: its limit in mass is as wide as the scatter of the luminosity.",
    ],
    tables: [
      {
        caption: "By this network, on mock catalogs",
        columns: ["", "the paper's conclusion", "here", "measured"],
        rows: conclusions.map(({ claim, outcome, measured }, i) => [
          String(i + 1),
          claim.replaceAll(/10\^(\d+(?:\.\d+)?)/g, "10^{$1}"),
          outcome,
          measured.replaceAll(/10\^(\d+(?:\.\d+)?)/g, "10^{$1}"),
        ]),
      },
      {
        caption: "What clusters of each mass do to the answer when one is left out [widths]",
        columns: [
          "log_{10} M_{500} [M_⊙/h]",
          "clusters per catalog",
          ...["S_8: mean", "rms", "share", "Ω_m: mean", "rms", "share"],
        ],
        rows: byMass.map((bin) => [
          `${bin.from} to ${bin.to}`,
          bin.perCatalog.toFixed(1),
          signed(bin.meanS8, 3),
          bin.rmsS8.toFixed(3),
          percent(bin.shareS8),
          signed(bin.meanOmegaM, 3),
          bin.rmsOmegaM.toFixed(3),
          percent(bin.shareOmegaM),
        ]),
      },
    ],
  };
}
