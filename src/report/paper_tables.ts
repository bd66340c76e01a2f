/** Table 2 with the paper's power laws next to ours. */
import { minusSign } from "./scale.ts";
import type { Table } from "./tables.ts";

/** A power law of Table 2: log X = slope log M500c + intercept, scatter in dex. */
export interface RelationRow {
  /** Slope alpha. */
  readonly slope: number;
  /** Intercept log X_0. */
  readonly intercept: number;
  /** Scatter sigma [dex]. */
  readonly scatter: number;
}

/** The relations of Table 2, as `fitScalingRelations` returns them. */
export type Relations = Readonly<Record<"luminosity" | "temperature" | "gasMass", RelationRow>>;

/** Table 2 as printed in the paper. */
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

/** Table 2 with the paper's power laws next to ours. */
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
