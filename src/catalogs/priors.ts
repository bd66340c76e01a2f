/**
 * What varies from catalog to catalog (section 2.2.2): the priors, the 4968-point design, and
 * fresh points of the same priors.
 *
 * The paper says "8" but names nine parameters; all nine vary here. Its weak lensing scatter is
 * 10-30% in the text and 20-40% in Table 1; the text's range is the default.
 */
import type { Random } from "../numerics/random.ts";
import type { Grid, Interval } from "./grid.ts";
import { gridCount, gridValues } from "./grid.ts";

/** The priors of the nine parameters: grids for four, flat intervals for five. */
export interface Priors {
  /** Amplitude of matter fluctuations, above 0. */
  readonly sigma8: Grid;
  /** Factor on the luminosity, above 0. */
  readonly luminosityBias: Grid;
  /** Factor on the temperature, above 0. */
  readonly temperatureBias: Grid;
  /** Factor on the gas mass, above 0. */
  readonly gasMassBias: Grid;
  /** Factor on the slope of the luminosity relation, above 0. */
  readonly luminositySlopeFactor: Interval;
  /** Factor on the luminosity offsets from the scaling relation, 0 or more. */
  readonly luminosityScatterFactor: Interval;
  /** Factor on the temperature offsets, 0 or more. */
  readonly temperatureScatterFactor: Interval;
  /** Factor on the gas mass offsets, 0 or more. */
  readonly gasMassScatterFactor: Interval;
  /** Fractional scatter of weak lensing masses, a standard deviation in ln M. */
  readonly weakLensingScatter: Interval;
}

/** Parameters of one catalog; the fields are those of {@linkcode Priors}. */
export interface CatalogParameters {
  /** Amplitude of matter fluctuations. */
  readonly sigma8: number;
  /** Multiplies L_X. */
  readonly luminosityBias: number;
  /** Multiplies T. */
  readonly temperatureBias: number;
  /** Multiplies M_gas. */
  readonly gasMassBias: number;
  /** Multiplies the slope of the luminosity relation. */
  readonly luminositySlopeFactor: number;
  /** Multiplies the offsets of log L_X. */
  readonly luminosityScatterFactor: number;
  /** Multiplies the offsets of log T. */
  readonly temperatureScatterFactor: number;
  /** Multiplies the offsets of log M_gas. */
  readonly gasMassScatterFactor: number;
  /** Standard deviation of ln M_WL about ln M500c. */
  readonly weakLensingScatter: number;
}

const BIAS: Grid = { min: 0.8, max: 1.3, step: 0.1 };
const FACTOR: Interval = { min: 0.7, max: 1.3 };

/** Section 2.2.2's priors: a grid of 23 x 6^3 = 4968 points, five parameters random. */
export const STANDARD_PRIORS: Priors = {
  sigma8: { min: 0.7, max: 0.92, step: 0.01 },
  luminosityBias: BIAS,
  temperatureBias: BIAS,
  gasMassBias: BIAS,
  luminositySlopeFactor: FACTOR,
  luminosityScatterFactor: FACTOR,
  temperatureScatterFactor: FACTOR,
  gasMassScatterFactor: FACTOR,
  // Table 1 has 0.2 to 0.4. A standard deviation in ln M: as log10 it would be 23-69%.
  weakLensingScatter: { min: 0.1, max: 0.3 },
};

/** Converts a fractional scatter, a standard deviation in ln, to log10 [dex]. */
export function scatterInDex(scatter: number): number {
  return scatter / Math.LN10;
}

/** The number of catalogs in the design: the product of the grids' counts. */
export function designCount(priors: Priors): number {
  return GRID_NAMES.reduce((count, name) => count * gridCount(priors[name]), 1);
}

/** Least and largest factor of a prior; beyond them observables leave the range of float32. */
const [LEAST, LARGEST] = [1e-6, 1e6];

/**
 * Throws unless every prior is a range of allowed values.
 *
 * @throws {RangeError} Naming the parameter and its range
 */
export function checkPriors(priors: Priors): void {
  for (const name of GRID_NAMES) {
    gridCount(priors[name]);
    if (!(priors[name].min >= LEAST && priors[name].max <= LARGEST)) {
      throw rangeError(name, priors[name], `from ${LEAST} or more to at most ${LARGEST}`);
    }
  }
  for (const name of INTERVAL_NAMES) {
    const { min, max } = priors[name];
    if (!(min >= 0) || !(max >= min) || !(max <= LARGEST)) {
      throw rangeError(name, priors[name], `upward from 0 or more to at most ${LARGEST}`);
    }
  }
  if (!(priors.luminositySlopeFactor.min >= LEAST)) {
    // With a flat luminosity relation, no mass corresponds to the flux limit.
    throw rangeError(
      "luminositySlopeFactor",
      priors.luminositySlopeFactor,
      `from ${LEAST} or more`,
    );
  }
}

/**
 * Throws unless a catalog can be drawn with these parameters.
 *
 * @throws {RangeError} Naming the parameter and its value
 */
export function checkParameters(parameters: CatalogParameters): void {
  for (const name of PARAMETERS_ABOVE_0) {
    const value = parameters[name];
    if (!(value > 0 && value < Infinity)) throw parameterError(name, value, "above 0");
  }
  for (const name of PARAMETERS_FROM_0) {
    const value = parameters[name];
    if (!(value >= 0 && value < Infinity)) throw parameterError(name, value, "0 or more");
  }
}

function parameterError(name: string, value: number, needed: string): RangeError {
  return new RangeError(`Cannot draw catalog: ${name} is ${value}, should be finite and ${needed}`);
}

function rangeError(name: string, range: Interval, needed: string): RangeError {
  return new RangeError(
    `Cannot use priors: ${name} runs from ${range.min} to ${range.max}, should run ${needed}`,
  );
}

const GRID_NAMES = ["sigma8", "luminosityBias", "temperatureBias", "gasMassBias"] as const;
const INTERVAL_NAMES = [
  "luminositySlopeFactor",
  "luminosityScatterFactor",
  "temperatureScatterFactor",
  "gasMassScatterFactor",
  "weakLensingScatter",
] as const;

/** The parameters of a catalog, in the order of its columns in files. */
export const PARAMETER_NAMES: readonly (keyof CatalogParameters)[] = [
  ...GRID_NAMES,
  ...INTERVAL_NAMES,
];

const PARAMETERS_ABOVE_0 = [...GRID_NAMES, "luminositySlopeFactor"] as const;
const PARAMETERS_FROM_0 = [
  "luminosityScatterFactor",
  "temperatureScatterFactor",
  "gasMassScatterFactor",
  "weakLensingScatter",
] as const;

type GridParameters = Pick<CatalogParameters, typeof GRID_NAMES[number]>;

/** The five parameters that are random in the design too; five blocks, in this order. */
function drawIntervals(
  priors: Priors,
  random: Random,
): Omit<CatalogParameters, keyof GridParameters> {
  const draw = ({ min, max }: Interval) => min + (max - min) * random.uniform();
  return {
    luminositySlopeFactor: draw(priors.luminositySlopeFactor),
    luminosityScatterFactor: draw(priors.luminosityScatterFactor),
    temperatureScatterFactor: draw(priors.temperatureScatterFactor),
    gasMassScatterFactor: draw(priors.gasMassScatterFactor),
    weakLensingScatter: draw(priors.weakLensingScatter),
  };
}

/**
 * The design: every point of the grid once, sigma8 slowest and gas mass bias fastest, the other
 * five parameters random. Point i draws from `random.fork("parameters", i)`.
 *
 * @example 23 x 6^3 catalogs
 * ```ts
 * import { createRandom } from "@clusters/terse";
 * import { STANDARD_PRIORS, designParameters } from "@clusters/terse/catalogs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(designParameters(STANDARD_PRIORS, createRandom(1)).length, 4968);
 * ```
 *
 * @throws {RangeError} If a prior is not a range of allowed values, or sigma8 has only one value:
 * there would be nothing to learn
 */
export function designParameters(priors: Priors, random: Random): CatalogParameters[] {
  checkPriors(priors);
  if (gridCount(priors.sigma8) < 2) {
    throw new RangeError(
      `Cannot lay out the design: sigma8 is ${priors.sigma8.min} throughout, ` +
        "at least 2 values are needed to train on",
    );
  }
  const points: GridParameters[] = [];
  for (const sigma8 of gridValues(priors.sigma8)) {
    for (const luminosityBias of gridValues(priors.luminosityBias)) {
      for (const temperatureBias of gridValues(priors.temperatureBias)) {
        for (const gasMassBias of gridValues(priors.gasMassBias)) {
          points.push({ sigma8, luminosityBias, temperatureBias, gasMassBias });
        }
      }
    }
  }
  return points.map((point, i) => ({
    ...point,
    ...drawIntervals(priors, random.fork("parameters", i)),
  }));
}

/**
 * Fresh points of the same priors: a random grid point each, the other five parameters random.
 * Point i draws from `random.fork("parameters", i)`. One value of sigma8 is allowed here.
 *
 * @param first Number of the first point; 0 if left out
 * @throws {RangeError} If a prior is not a range of allowed values, or the count no whole number
 */
export function drawParameters(
  priors: Priors,
  count: number,
  random: Random,
  first = 0,
): CatalogParameters[] {
  checkPriors(priors);
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(
      `Cannot draw parameters: count is ${count}, should be a whole number from 0 on`,
    );
  }
  const grids = GRID_NAMES.map((name) => gridValues(priors[name]));
  const streams = random.fork("parameters");
  return Array.from({ length: count }, (_, i) => {
    const stream = streams.fork(first + i);
    const [sigma8, luminosityBias, temperatureBias, gasMassBias] = grids.map((values) =>
      values[stream.integer(values.length)]!
    ) as [number, number, number, number];
    return {
      sigma8,
      luminosityBias,
      temperatureBias,
      gasMassBias,
      ...drawIntervals(priors, stream),
    };
  });
}
