/** The rows of Table 4: the paper's five with their values, then this toolkit's own. */

/** A scatter with the error that the paper gives. */
export interface PaperScatter {
  /** Standard deviation of sigma8 errors. */
  readonly scatter: number;
  /** The paper's error of the scatter, which is scatter / sqrt(n) with n near 497. */
  readonly scatterError: number;
}

/** The names of {@linkcode TABLE4_ROWS}, in the order of the table. */
export type Table4RowName =
  | "standard"
  | "shuffled"
  | "noWeakLensing"
  | "ones"
  | "countBaseline"
  | "summariesBaseline"
  | "limit"
  | "limitNoWeakLensing";

/** Properties of a row that are known before anything is measured. */
export interface Table4RowKind {
  /** Label of the row, in the paper's style. */
  readonly label: string;
  /** Kind of the row; "network" rows are compared with the baseline and the limit. */
  readonly kind: "network" | "baseline" | "limit";
  /** Table 4's entry; `null` for a row that the paper does not have. */
  readonly paper: PaperScatter | null;
  /** The information limit of the row's catalogs; `null` where none is computed. */
  readonly limit: "limit" | "limitNoWeakLensing" | null;
}

/** Rows of the table: the paper's five, then this toolkit's. Experiments have their own names. */
export const TABLE4_ROWS: Readonly<Record<Table4RowName, Table4RowKind>> = {
  standard: {
    label: "Standard",
    kind: "network",
    paper: { scatter: 0.0212, scatterError: 0.0009 },
    limit: "limit",
  },
  shuffled: {
    label: "Shuffled",
    kind: "network",
    paper: { scatter: 0.0262, scatterError: 0.0011 },
    limit: "limit", // the order of clusters follows from their luminosities
  },
  noWeakLensing: {
    label: "No WL",
    kind: "network",
    paper: { scatter: 0.0297, scatterError: 0.0013 },
    limit: "limitNoWeakLensing",
  },
  ones: {
    label: "Array of Ones",
    kind: "network",
    paper: { scatter: 0.062, scatterError: 0.0027 },
    limit: null,
  },
  countBaseline: {
    label: "N_cluster mapping",
    kind: "baseline",
    paper: { scatter: 0.065, scatterError: 0.003 },
    limit: null,
  },
  summariesBaseline: {
    label: "Eleven summaries, quadratic",
    kind: "baseline",
    paper: null,
    limit: "limit",
  },
  limit: { label: "Information limit", kind: "limit", paper: null, limit: null },
  limitNoWeakLensing: {
    label: "Information limit, no WL",
    kind: "limit",
    paper: null,
    limit: null,
  },
};
