/**
 * Tables 2 and 4 with the paper's numbers beside ours, and a word on each difference.
 *
 * @module
 */
import type { Sigma8Errors } from "../evaluation/errors.ts";
import { minusSign } from "./scale.ts";
import type { Table } from "./tables.ts";

/** A power law of Table 2: log X = slope log M500c + intercept, scatter in dex. */
export interface RelationRow {
  /** alpha */
  readonly slope: number;
  /** log X_0 */
  readonly intercept: number;
  /** sigma [dex] */
  readonly scatter: number;
}

/** The relations of Table 2, as `fitScalingRelations` returns them. */
export type Relations = Readonly<Record<"luminosity" | "temperature" | "gasMass", RelationRow>>;

/** Table 2 as printed. */
const PAPER_RELATIONS: Readonly<Record<keyof Relations, RelationRow & { readonly label: string }>> =
  {
    luminosity: {
      label: "log(L_X) [10^{44} erg s^{−1}]",
      slope: 1.74,
      intercept: -24.81,
      scatter: 0.13,
    },
    temperature: { label: "log(T) [keV]", slope: 0.61, intercept: -8.25, scatter: 0.03 },
    gasMass: { label: "log(M_{gas}) [h^{−1} M_⊙]", slope: 1.16, intercept: -3.32, scatter: 0.1 },
  };

/** Table 2 with the paper's power laws beside ours. */
export function tabulateRelations(relations: Relations): Table {
  const names = ["luminosity", "temperature", "gasMass"] as const;
  const number = (value: number) => minusSign(value.toFixed(2));
  return {
    caption: "Table 2. Power laws of the base sample: log(X) = α_x log(M_{500}) + log(X_0).",
    columns: ["item", "α_x", "paper", "log(X_0)", "paper", "σ [dex]", "paper"],
    rows: names.map((name) => {
      const [ours, paper] = [relations[name], PAPER_RELATIONS[name]];
      return [
        paper.label,
        number(ours.slope),
        number(paper.slope),
        number(ours.intercept),
        number(paper.intercept),
        ours.scatter.toFixed(3),
        paper.scatter.toFixed(2),
      ];
    }),
  };
}

/** The rows of Table 4. */
export type Table4Name =
  | "standard"
  | "shuffled"
  | "noWeakLensing"
  | "countMapping"
  | "ones";

interface PaperRow {
  readonly label: string;
  readonly section: string;
  readonly scatter: number;
  readonly error: number;
  /** Why ours may be the smaller. */
  readonly lower: string;
  /** Why ours may be the larger. */
  readonly higher: string;
}

const STAND_IN = "clusters of a synthetic stand-in, not of the paper's simulation";

/** Table 4 as printed. */
const PAPER_ROWS: Readonly<Record<Table4Name, PaperRow>> = {
  standard: {
    label: "Standard",
    section: "4.1",
    scatter: 0.0212,
    error: 0.0009,
    lower: STAND_IN,
    higher: "training or catalogs too few, or the stand-in: compare with the summaries baseline",
  },
  shuffled: {
    label: "Shuffled",
    section: "4.2.1",
    scatter: 0.0262,
    error: 0.0011,
    lower: "pooling by mean as well as maximum loses little when the order is lost",
    higher: "convolutions have no use for rows in random order",
  },
  noWeakLensing: {
    label: "No WL",
    section: "5.2.1",
    scatter: 0.0297,
    error: 0.0013,
    lower: "the stand-in's scaling relations scatter less, so that self-calibration goes further",
    higher: "the mass scale rests on priors and self-calibration alone",
  },
  countMapping: {
    label: "N_{cluster} mapping",
    section: "4.2.2",
    scatter: 0.065,
    error: 0.003,
    lower: "the L_X slope turns about 10^{14.4}, so that counts are less blurred; about 10^{15} " +
      "they would come near the paper's",
    higher: "counts alone, about as wide as the prior",
  },
  ones: {
    label: "Array of ones",
    section: "4.2.2",
    scatter: 0.062,
    error: 0.0027,
    lower: "this pooling lets edges of the array show, and so how many rows there are",
    higher: "mean pools under a global maximum cannot count: about the prior's own scatter",
  },
};

/** What Table 4 says of a set of predictions. */
export type ScatterRow = Pick<Sigma8Errors, "count" | "scatter" | "scatterError" | "bias">;

/** Our rows of Table 4; a row that is left out was not computed. */
export type Table4 = Readonly<Partial<Record<Table4Name, ScatterRow>>>;

/** A row that the paper does not have, as of other catalogs or another baseline. */
export interface ExtraRow extends ScatterRow {
  /** The row's name. */
  readonly label: string;
  /** What it shows. */
  readonly comment: string;
}

const NOT_COMPUTED = "not computed in this run";

/** Table 4 with the paper's column beside ours and a word on each difference. */
export function tabulateScatter(rows: Table4, extra: readonly ExtraRow[] = []): Table {
  const names = Object.keys(PAPER_ROWS) as Table4Name[];
  return {
    caption: "Table 4. Scatter of σ_8 prediction errors. Ours is on the stand-in sample.",
    columns: ["test case", "Δσ_8, ours", "Δσ_8, paper", "bias, ours", "catalogs", "difference"],
    rows: [
      ...names.map((name) => {
        const { label, section, scatter, error } = PAPER_ROWS[name];
        const ours = rows[name];
        return [
          `${label} (§${section})`,
          ours ? formatScatter(ours) : NOT_COMPUTED,
          formatScatter({ scatter, scatterError: error }),
          ours ? formatSigned(ours.bias) : "",
          ours ? String(ours.count) : "",
          ours ? describeDifference(name, ours) : "",
        ];
      }),
      ...extra.map((row) => [
        row.label,
        formatScatter(row),
        "not in the paper",
        formatSigned(row.bias),
        String(row.count),
        row.comment,
      ]),
    ],
  };
}

/** "0.0212 ± 0.0009" */
export function formatScatter(
  { scatter, scatterError }: Pick<ScatterRow, "scatter" | "scatterError">,
): string {
  return `${scatter.toFixed(4)} ± ${scatterError.toFixed(4)}`;
}

function formatSigned(value: number): string {
  return `${value < 0 ? "" : "+"}${minusSign(value.toFixed(4))}`;
}

/** Differences below this many joint errors need no reason. */
const AGREEMENT = 2;

/** How far one of our rows is from the paper's, and the likely reason if it is far. */
export function describeDifference(name: Table4Name, ours: ScatterRow): string {
  const { scatter, error, lower, higher } = PAPER_ROWS[name];
  const errors = (ours.scatter - scatter) / Math.hypot(error, ours.scatterError);
  const percent = Math.round(100 * Math.abs(ours.scatter / scatter - 1));
  if (Math.abs(errors) < AGREEMENT) {
    return `agrees: ${percent}% ${errors < 0 ? "lower" : "higher"}, ${
      Math.abs(errors).toFixed(1)
    } errors`;
  }
  const direction = errors < 0 ? "lower" : "higher";
  return `${percent}% ${direction}, ${Math.abs(errors).toFixed(1)} errors: ${
    errors < 0 ? lower : higher
  }`;
}

/** A statement about the order of Table 4's rows, and whether it holds. */
export interface OrderCheck {
  /** As in "Standard below Shuffled". */
  readonly statement: string;
  /** `null` if one of the rows was not computed. */
  readonly holds: boolean | null;
}

/** Removing information raises the scatter: what section 4.2 finds. */
const ORDER: readonly (readonly [Table4Name, Table4Name])[] = [
  ["standard", "shuffled"],
  ["standard", "noWeakLensing"],
  ["shuffled", "ones"],
  ["noWeakLensing", "ones"],
];

/** Checks that the rows stand in the paper's order. */
export function checkOrder(rows: Table4): OrderCheck[] {
  return ORDER.map(([low, high]) => {
    const [a, b] = [rows[low], rows[high]];
    return {
      statement: `${PAPER_ROWS[low].label} below ${PAPER_ROWS[high].label}`,
      holds: a && b ? a.scatter < b.scatter : null,
    };
  });
}
