/** What `interpret` prints for people. */
import { counted } from "../../src/numerics/counted.ts";
import type { Headlines } from "../../src/interpretation/columns.ts";
import type { SeedSpread } from "../../src/interpretation/ensemble.ts";
import type { Overspecialization } from "../../src/interpretation/overspecialization.ts";
import { PAPER_HEADLINES } from "../../src/runs/headlines.ts";
import type { InterpretedRun } from "../stages/interpreting.ts";
import { formatAgreement, formatConclusions, formatFaithfulness } from "./faithfulness_text.ts";
import { padColumns } from "./padded_table.ts";

/** The findings of a run as the document of `--json`. */
export function describeInterpretation(
  { backend, seed, headlines, network, seeds, agreement, conclusions, seconds }: InterpretedRun,
): Readonly<Record<string, unknown>> {
  return {
    backend,
    seed,
    clusters: network.terseTable.count,
    headlines,
    paper: PAPER_HEADLINES,
    verdict: network.overspecialization,
    faithfulness: network.faithfulness!.scores,
    conclusions,
    seeds,
    agreement,
    seconds: { interpret: seconds },
  };
}

/** The findings of a run: headlines, their spread over seeds, faithfulness and the verdict. */
export function formatInterpretation(
  { headlines, network, networks, seeds, agreement, conclusions }: InterpretedRun,
): string {
  const { overspecialization, leaveOneOut, terseTable } = network;
  const { scores, details } = network.faithfulness!;
  return [
    `${counted(leaveOneOut.original.length, "test catalog")}, ${
      counted(terseTable.count, "cluster")
    }`,
    formatHeadlines(headlines),
    ...(seeds ? [`${counted(networks, "network")}`, formatSpreads(seeds)] : []),
    ...(agreement ? [formatAgreement(agreement)] : []),
    formatFaithfulness(scores, details),
    formatConclusions(conclusions),
    formatVerdict(overspecialization),
  ].join("\n\n");
}

/** A table with the name of each number, ours and the paper's. */
function formatHeadlines(headlines: Headlines): string {
  const rows = Object.entries(headlines).map((
    [name, value],
  ) => [name, value === null ? "not defined" : formatNumber(value), PAPER_HEADLINES[name] ?? ""]);
  return padColumns([["", "ours", "paper"], ...rows]);
}

/** A table with the spread of each number over seeds. */
function formatSpreads(spreads: readonly SeedSpread[]): string {
  const rows = spreads.map(({ name, mean, standardDeviation, min, max, missing }) => [
    missing > 0 ? `${name} (${missing} without)` : name,
    ...[mean, standardDeviation, min, max].map((x) => x === null ? "" : formatNumber(x)),
    PAPER_HEADLINES[name] ?? "",
  ]);
  return padColumns([["", "mean", "sd", "min", "max", "paper"], ...rows]);
}

/** Four digits, without a power of ten from 0.0001 upwards. */
const formatNumber = (value: number): string => String(Number(value.toPrecision(4)));

/** The answer to the question of App. B. */
function formatVerdict(verdict: Overspecialization | null): string {
  if (verdict === null) return "No verdict on overspecialization: there are too few test catalogs";
  if (!verdict.overspecialized) return "Not overspecialized: single clusters do not tell sigma8";
  return ["Overspecialized:", ...verdict.reasons].join("\n");
}
