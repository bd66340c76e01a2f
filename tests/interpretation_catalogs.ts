/**
 * Small catalogs and models written by hand for the tests of the interpretation room.
 */
import type { Catalog, FeatureArray, Model } from "../mod.ts";
import type { CatalogParameters } from "../src/catalogs/mod.ts";
import type { FeatureSpec } from "../src/features/mod.ts";
import { buildFeatures, createRandom } from "../mod.ts";
import { SHELLS } from "../src/clusters/mod.ts";
import { unbiased } from "./mock_plans.ts";

/** What a test says of a cluster; the rest follows. */
export interface ClusterValues {
  readonly logMass: number;
  readonly logLuminosity?: number;
  readonly logTemperature?: number;
  readonly logGasMass?: number;
  readonly logWeakLensingMass?: number;
}

export const PARAMETERS: CatalogParameters = unbiased(0.8);

/** A catalog of these clusters; luminosity rises with mass unless it is given. */
export function makeCatalog(
  values: readonly ClusterValues[],
  parameters: Partial<CatalogParameters> = {},
): Catalog {
  const column = (value: (cluster: ClusterValues) => number) => Float64Array.from(values, value);
  return {
    parameters: { ...PARAMETERS, ...parameters },
    clusters: {
      count: values.length,
      logMass: column(({ logMass }) => logMass),
      logLuminosity: column(({ logMass, logLuminosity }) => logLuminosity ?? logMass - 14),
      logTemperature: column(({ logMass, logTemperature }) => logTemperature ?? (logMass - 14) / 2),
      logGasMass: column(({ logMass, logGasMass }) => logGasMass ?? logMass - 1),
      logWeakLensingMass: column((c) => c.logWeakLensingMass ?? c.logMass),
      logGasMassProfile: new Float64Array(values.length * SHELLS).fill(12),
      gasSlopeProfile: new Float64Array(values.length * SHELLS).fill(-2),
    },
  };
}

/** One pixel, log T, and one supplementary value, log L_X. */
export const SMALL_SPEC: FeatureSpec = {
  pixels: ["logTemperature"],
  supplementary: ["logLuminosity"],
  order: "luminosity",
};

export function makeFeatures(
  catalogs: readonly Catalog[],
  spec: FeatureSpec = SMALL_SPEC,
): FeatureArray[] {
  const random = createRandom(5);
  return catalogs.map((catalog, i) => buildFeatures(catalog, spec, random.fork("rows", i)));
}

/** A model whose terse value and regression are given; it fails where a test does not expect it. */
export function makeModel(parts: Partial<Model>): Model {
  const unexpected = (name: string) => () => Promise.reject(new Error(`${name} was called`));
  return {
    predict: unexpected("predict"),
    encode: unexpected("encode"),
    encoderGradient: unexpected("encoderGradient"),
    regress: unexpected("regress"),
    ...parts,
  };
}

/** Terse value: the first pixel of each row. */
export function encodeFirstPixel({ count, width, pixels }: FeatureArray): Promise<Float32Array> {
  return Promise.resolve(Float32Array.from({ length: count }, (_, r) => pixels[r * width]!));
}
