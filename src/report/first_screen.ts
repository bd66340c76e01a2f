/**
 * The first screen of a report: three numbers with their limits and the paper's, the verdicts with
 * the number that decides each, and one picture.
 */
import { isGap } from "../interpretation/exact/gap.ts";
import { PAPER_NETWORK } from "../interpretation/faithfulness/paper_network.ts";
import type { OverspecializationNumbers } from "../interpretation/overspecialization.ts";
import { PARTIAL_LIMIT } from "../interpretation/overspecialization.ts";
import { drawExactLeaveOneOut } from "./figures/faithfulness.ts";
import { drawLeaveOneOut } from "./figures/leave_one_out.ts";
import type { ReportData } from "./report_data.ts";
import { minusSign } from "./scale.ts";
import { escapeText, labelHtml } from "./svg.ts";
import type { Table } from "./tables.ts";
import { formatHtml } from "./tables.ts";

/** The first screen in HTML; parts that were not computed are left out. */
export function renderFirstScreen(data: ReportData): string {
  const numbers = tabulateNumbers(data);
  const verdicts = listVerdicts(data);
  const picture = drawPicture(data);
  if (numbers.rows.length === 0 && verdicts.length === 0 && picture === "") return "";
  return `<section class="card" id="answers"><h2>What this network tells</h2>${
    numbers.rows.length > 0 ? formatHtml(numbers) : ""
  }${
    verdicts.length > 0 ? `<ul class="verdicts">${verdicts.map(renderVerdict).join("")}</ul>` : ""
  }${picture}</section>`;
}

const UNKNOWN = "not computed";

/** Scatter of sigma8, scatter as a mass proxy, and the change from leaving one cluster out. */
function tabulateNumbers(data: ReportData): Table {
  const { scatter, faithfulness, exact } = data;
  const rows: string[][] = [];
  const standard = scatter?.rows.find(({ name }) => name === "standard");
  const ours = standard?.fresh.measured ?? standard?.test.measured;
  if (standard && ours) {
    const limit = scatter!.rows.find(({ name }) => name === "limit")?.fresh.measured;
    rows.push([
      "scatter of σ_8",
      ours.scatter.toFixed(4),
      limit
        ? `${limit.scatter.toFixed(4)} at least, by the mocks' own likelihood`
        : exact && !isGap(exact)
        ? `${exact.everything.width.toFixed(4)}, the width of ${exact.catalogs} exact posteriors`
        : UNKNOWN,
      standard.paper ? standard.paper.scatter.toFixed(4) : UNKNOWN,
    ]);
  }
  const fits = faithfulness?.details.proxies;
  if (fits && !isGap(fits) && fits.terse) {
    rows.push([
      "error of mass from the terse value, by one line",
      `${fits.terse.line.toFixed(1)}%`,
      fits.optimal ? `${fits.optimal.line.toFixed(1)}% for the best of T and M_{gas}` : UNKNOWN,
      "16.1%",
    ]);
  }
  const change = faithfulness?.scores.leaveOneOut;
  if (change && !isGap(change)) {
    rows.push([
      "scatter of σ_8 when one cluster is left out",
      `${change.networkRms.toFixed(4)}, of which ${change.noise.toFixed(4)} are noise`,
      `${change.exactRms.toFixed(4)} exactly`,
      `0.003 (68% of |Δσ_8|); of its network here, ${PAPER_NETWORK.noise.toFixed(4)} are noise`,
    ]);
  }
  return {
    caption: "Three numbers",
    columns: ["", "this network", "what is possible", "paper"],
    rows,
  };
}

/** A verdict and the number that decides it. */
interface Verdict {
  readonly question: string;
  readonly answer: string;
  readonly isGood: boolean | null;
  readonly reason: string;
}

/** Verdicts on what was computed; one that is missing names the command that gives it. */
function listVerdicts({ faithfulness, interpretation, calibration }: ReportData): Verdict[] {
  const verdicts: Verdict[] = [];
  if (!faithfulness && !interpretation && !calibration) return verdicts;
  if (faithfulness) {
    const { faithful, text } = faithfulness.scores.verdict;
    verdicts.push({
      question: "Is its interpretation true?",
      answer: faithful === null ? "undecided" : faithful ? "faithful" : "not faithful",
      isGood: faithful,
      reason: text.replace(/^(not )?faithful: |\.$/g, ""),
    });
  }
  const own = interpretation?.overspecialization;
  if (own) {
    const { numbers, reasons } = own;
    verdicts.push({
      question: "Does one cluster know σ_8? (appendix B)",
      answer: own.overspecialized ? "overspecialized" : "not overspecialized",
      isGood: !own.overspecialized,
      reason: reasons[0] ?? describeSound(numbers),
    });
  }
  verdicts.push(
    calibration ? judgeErrors(calibration) : {
      question: ERROR_BARS,
      answer: UNKNOWN,
      isGood: null,
      reason: "the command calibrate tests them on new catalogs",
    },
  );
  return verdicts;
}

const ERROR_BARS = "Are its error bars right?";

function judgeErrors(
  { coverage68, coverage95, rankProbability, catalogs }: NonNullable<ReportData["calibration"]>,
): Verdict {
  const isGood = rankProbability > 0.01;
  return {
    question: ERROR_BARS,
    answer: isGood ? "calibrated" : "not calibrated",
    isGood,
    reason: `68% and 95% intervals hold ${(100 * coverage68).toFixed(1)}% and ${
      (100 * coverage95).toFixed(1)
    }% of ${catalogs} truths; ranks are uniform with probability ${rankProbability.toPrecision(2)}`,
  };
}

/** What a sound network is decided by: the correlation that App. B's has, or what is known of it. */
function describeSound({ partial, explained }: OverspecializationNumbers): string {
  const share = `one terse value explains ${(100 * explained).toFixed(1)}% of the variance of σ_8`;
  if (partial === null) return share;
  const { correlation, error } = partial;
  return `at fixed mass, r(terse, σ_8) is ${minusSign(correlation.toFixed(3))} ± ${
    error.toFixed(3)
  }, where at most ${PARTIAL_LIMIT} is sound; ${share}`;
}

function renderVerdict({ question, answer, isGood, reason }: Verdict): string {
  const kind = isGood === false ? ' class="flag"' : "";
  return `<li>${labelHtml(question)} <strong${kind}>${escapeText(answer)}</strong>: ${
    labelHtml(reason)
  }.</li>`;
}

/** The leave-one-out figure, with the exact answers if there are any. */
function drawPicture({ faithfulness, interpretation }: ReportData): string {
  const compared = faithfulness?.details.leaveOneOut;
  const figure = compared && !isGap(compared)
    ? drawExactLeaveOneOut(compared)
    : interpretation
    ? drawLeaveOneOut(interpretation.leaveOneOut)
    : null;
  if (!figure) return "";
  // The same drawing occurs below as a figure; the clip paths of the two need different names.
  const svg = figure.svg.replaceAll("figure-9", "answer-9");
  return `<div class="plot" tabindex="0">${svg}</div>`;
}
