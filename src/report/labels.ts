/** Labels of quantities in the paper's notation, with units. */
import type { PixelLabel } from "../interpretation/saliency.ts";
import type { TerseTable } from "../interpretation/terse_table.ts";

/** The unit of masses in a label. */
const MASS_UNIT = "[h^{−1} M_⊙]";

/** Label of the true cluster mass. */
export const MASS_LABEL: string = `log(M_{500}) ${MASS_UNIT}`;

/** Label of sigma8. */
export const SIGMA8_LABEL = "σ_8";

/** Label of the number of clusters of a catalog. */
export const COUNT_LABEL = "N_{cluster}";

/** Label of the median Y_X of a catalog. */
export const MEDIAN_YX_LABEL = "median log(Y_X) [h^{−1} M_⊙ keV]";

/** Labels of the terse table's columns. */
export const COLUMN_LABELS: Readonly<
  Record<Exclude<keyof TerseTable, "count" | "catalog" | "row" | "shared">, string>
> = {
  terse: "terse value",
  logMass: MASS_LABEL,
  logWeakLensingMass: `log(M_{WL}) ${MASS_UNIT}`,
  logGasMass: `log(M_{gas}) ${MASS_UNIT}`,
  logTemperature: "log(T) [keV]",
  logLuminosity: "log(L_X) [10^{44} erg s^{−1}]",
  logYx: "log(Y_X) [h^{−1} M_⊙ keV]",
  clusterCount: COUNT_LABEL,
  sigma8: SIGMA8_LABEL,
};

/** Input columns in the paper's notation, without radius and unit. */
const PIXEL_NAMES: Readonly<Record<PixelLabel["column"], string>> = {
  logTemperature: "log(T)",
  logGasMassProfile: "log[M_{gas}(r)]",
  gasSlopeProfile: "d log(ρ) / d log(r)",
  logLuminosity: "log(L_X)",
  logWeakLensingMass: "log(M_{WL})",
  logGasMass: "log(M_{gas})",
  logYx: "log(Y_X)",
  one: "1",
};

/** The label of an input column. */
export function columnLabel(column: PixelLabel["column"]): string {
  return PIXEL_NAMES[column];
}

/** The label of a pixel with its radius, as in "log[M_gas(r)] at 0.67 R500". */
export function pixelLabel({ column, radius }: PixelLabel): string {
  const name = columnLabel(column);
  return radius === null ? name : `${name} at ${radius.toFixed(2)} R_{500}`;
}
