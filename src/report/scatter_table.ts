/**
 * Table 4 with the paper's column next to this run's, a comment on each difference, and whether the
 * rows come in the paper's order.
 */
import type { MeasuredScatter } from "../evaluation/scatter_comparison.ts";
import type { Table4, Table4Cell, Table4Row } from "../evaluation/table4.ts";
import type { Table4RowName } from "../evaluation/table4_rows.ts";
import { TABLE4_ROWS } from "../evaluation/table4_rows.ts";
import { minusSign } from "./scale.ts";
import type { ScatterSetting } from "./scatter_reasons.ts";
import { describeDifference } from "./scatter_reasons.ts";
import type { Table } from "./tables.ts";

/** Labels with subscripts, and the paper's section; the others are those of `TABLE4_ROWS`. */
const HEADS: Readonly<Partial<Record<Table4RowName, string>>> = {
  standard: "Standard (§4.1)",
  shuffled: "Shuffled (§4.2.1)",
  noWeakLensing: "No WL (§5.2.1)",
  ones: "Array of Ones (§4.2.2)",
  countBaseline: "N_{cluster} mapping (§4.2.2)",
};

/** Descriptions of the rows that the paper does not have. */
const EXTRA_ROWS: Readonly<Partial<Record<Table4RowName, string>>> = {
  summariesBaseline:
    "a quadratic regression on eleven numbers of each catalog, without a network: what Standard " +
    "has to beat",
  limit: "the width of σ_8 under the mocks' own likelihood: no method scatters less",
  limitNoWeakLensing: "the same without weak lensing masses: the limit of No WL",
};

const NOT_COMPUTED = "not computed in this run";

/** Table 4; the last column compares the test catalogs, or the fresh ones if there are none. */
export function tabulateScatter({ rows }: Table4, setting: ScatterSetting): Table {
  return {
    caption:
      "Table 4. Scatter of σ_8 prediction errors, and in parentheses the number of catalogs.",
    columns: [
      "test case",
      "Δσ_8, test",
      "Δσ_8, fresh",
      "Δσ_8, paper",
      "bias",
      "compared with the paper",
    ],
    rows: rows.map((row) => {
      const { name, label, paper, test, fresh } = row;
      const ours = test.measured ?? fresh.measured;
      return [
        HEADS[name] ?? label,
        formatCell(test),
        formatCell(fresh),
        paper ? formatScatter(paper) : "not in the paper",
        ours ? formatSigned(ours.bias) : "",
        ours ? describeRow(row, ours, setting) : "",
      ];
    }),
  };
}

function describeRow(
  { name }: Table4Row,
  ours: NonNullable<Table4Cell["measured"]>,
  setting: ScatterSetting,
): string {
  return EXTRA_ROWS[name] ?? describeDifference(name, ours, setting);
}

function formatCell({ measured, reason }: Table4Cell): string {
  if (measured) return `${formatScatter(measured)} (${measured.count})`;
  return reason === null || reason === "not measured" ? NOT_COMPUTED : reason;
}

/** A scatter with its error: "0.0212 ± 0.0009". */
export function formatScatter(
  { scatter, scatterError }: Pick<MeasuredScatter, "scatter" | "scatterError">,
): string {
  return `${scatter.toFixed(4)} ± ${scatterError.toFixed(4)}`;
}

function formatSigned(value: number): string {
  return `${value < 0 ? "" : "+"}${minusSign(value.toFixed(4))}`;
}

/** One relation of the paper's order in words. */
export interface OrderStatement {
  /** The claim, as in "Standard below Shuffled". */
  readonly statement: string;
  /** Findings, as in "holds on test catalogs by 5.2 errors"; one per set with both measured. */
  readonly findings: readonly string[];
  /** Whether the relation fails on one of the sets. */
  readonly fails: boolean;
}

/** Whether removing information raises the scatter (section 4.2), relation by relation. */
export function describeOrder({ order }: Table4): OrderStatement[] {
  return order.test.pairs.map(({ lower, higher }, p) => {
    const found = (["test", "fresh"] as const).map((set) => ({ set, ...order[set].pairs[p]! }));
    return {
      statement: `${TABLE4_ROWS[lower].label} below ${TABLE4_ROWS[higher].label}`,
      findings: found.flatMap(({ set, verdict, comparison }) =>
        comparison === null ? [] : [
          `${verdict} on ${set} catalogs, ${minusSign(comparison.significance.toFixed(1))} errors`,
        ]
      ),
      fails: found.some(({ verdict }) => verdict === "fails"),
    };
  });
}
