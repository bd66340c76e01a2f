/** The paper's plan of mock catalogs, its columns, and a universe without biases, for tests. */
import type { CatalogParameters, CatalogPlan } from "../src/catalogs/mod.ts";
import { STANDARD_PRIORS, STANDARD_SURVEY } from "../src/catalogs/mod.ts";
import type { FeatureSpec } from "../src/features/features.ts";

/** Section 2.2's catalogs. */
export const STANDARD_PLAN: CatalogPlan = {
  survey: STANDARD_SURVEY,
  priors: STANDARD_PRIORS,
  massFunction: "tinker08",
  recipe: "neighbor",
};

/** Section 3.2's columns. */
export const STANDARD_FEATURES: FeatureSpec = {
  pixels: ["logTemperature", "logGasMassProfile", "gasSlopeProfile"],
  supplementary: ["logLuminosity", "logWeakLensingMass"],
  order: "luminosity",
};

/** All biases and factors 1, and lensing masses that scatter by a fifth. */
export function unbiased(sigma8: number): CatalogParameters {
  return {
    sigma8,
    luminosityBias: 1,
    temperatureBias: 1,
    gasMassBias: 1,
    luminositySlopeFactor: 1,
    luminosityScatterFactor: 1,
    temperatureScatterFactor: 1,
    gasMassScatterFactor: 1,
    weakLensingScatter: 0.2,
  };
}
