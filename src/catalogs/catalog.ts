/**
 * Mock catalogs (section 2.2): a survey's clusters at one cosmology and one set of scaling
 * relations, with weak lensing masses (section 2.1.3).
 */
import type { BaseSample } from "../clusters/base_sample.ts";
import type { ObservedClusters } from "../clusters/cluster_table.ts";
import type { Cosmology } from "../cosmology/cosmology.ts";
import type { MassFunctionName } from "../cosmology/mass_function.ts";
import type { PowerSpectrum } from "../cosmology/power_spectrum.ts";
import { createPowerSpectrum } from "../cosmology/power_spectrum.ts";
import type { Random } from "../numerics/random.ts";
import type { MassBins } from "./abundance.ts";
import { drawMasses, massBins, selectCounts, volumeCounts } from "./abundance.ts";
import type { RecipeName, RecipeSource, SigmaExponents } from "./observables.ts";
import { createSource, RECIPES, STANDARD_EXPONENTS } from "./observables.ts";
import type { CatalogParameters, Priors } from "./priors.ts";
import { gridValues } from "./grid.ts";
import { checkPriors, scatterInDex } from "./priors.ts";
import type { Survey } from "./survey.ts";
import { breakLogMass, checkSurvey } from "./survey.ts";

/** All choices by which catalogs are made from a base sample. */
export interface CatalogPlan {
  /** The survey: its volume, redshift and selection. */
  readonly survey: Survey;
  /** The allowed values of the parameters. */
  readonly priors: Priors;
  /** The mass function n(M), at 500c. */
  readonly massFunction: MassFunctionName;
  /** The recipe that gives clusters their observables. */
  readonly recipe: RecipeName;
  /** Exponents of the prescriptive recipe alone; {@linkcode STANDARD_EXPONENTS} if left out. */
  readonly exponents?: SigmaExponents;
}

/** One mock or observed catalog; an observed one has NaN for what is not known. */
export interface Catalog {
  /** Parameters with which the catalog was drawn. */
  readonly parameters: CatalogParameters;
  /** The clusters of the catalog, at least one, in arbitrary order. */
  readonly clusters: ObservedClusters;
}

/** A maker of catalogs: a plain record that can be sent to workers. */
export interface CatalogMaker {
  /** The choices by which catalogs are made. */
  readonly plan: CatalogPlan;
  /** The base sample, in order of mass. */
  readonly source: RecipeSource;
  /** The mass bins in which clusters are drawn. */
  readonly bins: MassBins;
  /** The sigma8 values of the priors' grid. */
  readonly sigma8: readonly number[];
  /** Clusters in the volume by mass bin, before selection; one array for each of `sigma8`. */
  readonly volumeCounts: readonly Float64Array[];
}

/**
 * Computes, once for all catalogs of a plan, what does not depend on the draw.
 *
 * @param sister A maker of the same plan from other clusters at the same cosmology, whose counts
 *   are reused
 * @throws {RangeError} If the survey or a prior is out of range, the base sample is empty, or the
 * survey holds less than one cluster at the base cosmology
 */
export function prepareCatalogs(
  base: BaseSample,
  plan: CatalogPlan,
  sister?: CatalogMaker,
): CatalogMaker {
  checkSurvey(plan.survey);
  checkPriors(plan.priors);
  if (base.clusters.count < 1) {
    throw new RangeError(
      "Cannot prepare catalogs: the base sample has 0 clusters, should have 1 or more",
    );
  }
  const isAlike = sister?.plan === plan && isSame(sister.source.base.cosmology, base.cosmology);
  const maker: CatalogMaker = {
    ...(isAlike ? pickCounts(sister) : countClusters(base.cosmology, plan)),
    plan,
    source: createSource(base, plan.survey.slopePivot, plan.exponents ?? STANDARD_EXPONENTS),
  };
  checkExpectation(maker);
  return maker;
}

function isSame(a: Cosmology, b: Cosmology): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof Cosmology)[];
  return names.every((name) => a[name] === b[name]);
}

/** The part of a maker that follows from the cosmology and the plan. */
type ClusterCounts = Pick<CatalogMaker, "bins" | "sigma8" | "volumeCounts">;

function pickCounts({ bins, sigma8, volumeCounts }: ClusterCounts): ClusterCounts {
  return { bins, sigma8, volumeCounts };
}

/** What was last counted for a plan: a run asks for it several times. */
const COUNTED = new WeakMap<CatalogPlan, ClusterCounts & { readonly cosmology: Cosmology }>();

function countClusters(cosmology: Cosmology, plan: CatalogPlan): ClusterCounts {
  const known = COUNTED.get(plan);
  if (known && isSame(known.cosmology, cosmology)) return pickCounts(known);
  const sigma8 = gridValues(plan.priors.sigma8);
  const bins = massBins(plan.survey);
  const spectrum = createPowerSpectrum(cosmology);
  const volumeCounts = sigma8.map((value) => countsInVolume(plan, bins, spectrum, value));
  COUNTED.set(plan, { bins, sigma8, volumeCounts, cosmology });
  return { bins, sigma8, volumeCounts };
}

/**
 * Counts by sigma8, all from the base cosmology's spectrum, so that the bits are the same.
 */
function countsInVolume(
  { survey, massFunction }: CatalogPlan,
  bins: MassBins,
  spectrum: PowerSpectrum,
  sigma8: number,
): Float64Array {
  return volumeCounts(survey, bins, { ...spectrum.cosmology, sigma8 }, massFunction, spectrum);
}

/** Throws unless the survey holds at least one cluster in the simulation's own universe. */
function checkExpectation(maker: CatalogMaker): void {
  const expected = sum(expectedCounts(maker, {
    sigma8: maker.source.base.cosmology.sigma8,
    luminosityBias: 1,
    luminositySlopeFactor: 1,
  }));
  if (!(expected >= 1)) {
    throw new RangeError(
      `Cannot prepare catalogs: the survey holds ${expected.toPrecision(2)} clusters at ` +
        "the base cosmology, it should hold at least 1",
    );
  }
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/**
 * The most clusters that a catalog of a plan is expected to hold: at the largest sigma8 and the brightest
 * clusters. It takes milliseconds for any priors.
 *
 * @throws {RangeError} If the mass function does not reach the survey's redshift
 */
export function mostClusters({ cosmology, relations }: BaseSample, plan: CatalogPlan): number {
  const { survey, priors } = plan;
  const bins = massBins(survey);
  const sigma8 = priors.sigma8.max;
  const spectrum = createPowerSpectrum(cosmology);
  const counts = countsInVolume(plan, bins, spectrum, sigma8);
  const { luminosityBias, luminositySlopeFactor: factor } = priors;
  const totals = [factor.min, factor.max].map((luminositySlopeFactor) => {
    const brightest = { luminosityBias: luminosityBias.max, luminositySlopeFactor };
    const logMassBreak = breakLogMass(survey, relations.luminosity, brightest);
    return sum(selectCounts(survey, bins, counts, logMassBreak));
  });
  return Math.max(...totals);
}

/** Clusters in the survey's volume by mass bin at a sigma8, on the priors' grid or off it. */
export function volumeCountsAt(maker: CatalogMaker, sigma8: number): Float64Array {
  const { plan, source, bins } = maker;
  return maker.volumeCounts[maker.sigma8.indexOf(sigma8)] ??
    countsInVolume(plan, bins, createPowerSpectrum(source.base.cosmology), sigma8);
}

/**
 * Clusters that a survey is expected to hold in each mass bin (Eq. 3; Figs. 1 and 17), [bins.count].
 *
 * A sigma8 off the priors' grid is computed again at each call, which takes milliseconds.
 */
export function expectedCounts(
  maker: CatalogMaker,
  parameters: Pick<
    CatalogParameters,
    "sigma8" | "luminosityBias" | "luminositySlopeFactor"
  >,
): Float64Array {
  const { plan, source, bins } = maker;
  const counts = volumeCountsAt(maker, parameters.sigma8);
  const logMassBreak = breakLogMass(plan.survey, source.base.relations.luminosity, parameters);
  return selectCounts(plan.survey, bins, counts, logMassBreak);
}

/**
 * Draws one catalog: masses by Eq. 3, observables by the plan's recipe, weak lensing by Eq. 2.
 *
 * @example A catalog is the same alone or among others
 * ```ts
 * import { createRandom, drawBaseSample, drawCatalog, prepareCatalogs } from "@clusters/terse";
 * import {
 *   STANDARD_PRIORS,
 *   STANDARD_SURVEY,
 *   designParameters,
 *   drawCatalogs,
 * } from "@clusters/terse/catalogs";
 * import { assertEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), {
 *   survey: STANDARD_SURVEY,
 *   priors: STANDARD_PRIORS,
 *   massFunction: "tinker08",
 *   recipe: "neighbor",
 * });
 * const parameters = designParameters(STANDARD_PRIORS, random.fork("design")).slice(0, 18);
 * const all = drawCatalogs(maker, parameters, random);
 * assertEquals(drawCatalog(maker, parameters[17]!, random.fork("catalog", 17)), all[17]);
 * ```
 *
 * @param random Streams "masses", "neighbors" and "weak lensing" are forked from it
 * @throws {RangeError} If no cluster was drawn, as happens where few are expected
 */
export function drawCatalog(
  maker: CatalogMaker,
  parameters: CatalogParameters,
  random: Random,
): Catalog {
  const counts = expectedCounts(maker, parameters);
  const drawn = drawMasses(maker.bins, counts, random.fork("masses"));
  if (drawn.length === 0) throw emptyCatalogError(maker, parameters);
  const recipe = RECIPES[maker.plan.recipe];
  const clusters = recipe(maker.source, drawn, parameters, random.fork("neighbors"));
  const logWeakLensingMass = drawWeakLensingMasses(
    clusters.logMass,
    parameters.weakLensingScatter,
    random.fork("weak lensing"),
  );
  return { parameters, clusters: { ...clusters, logWeakLensingMass } };
}

/** The error for a draw without clusters. */
export function emptyCatalogError(maker: CatalogMaker, parameters: CatalogParameters): RangeError {
  const expected = sum(expectedCounts(maker, parameters)).toPrecision(2);
  return new RangeError(
    `Cannot draw catalog: it came out empty, with ${expected} clusters ` +
      `expected at sigma8 ${parameters.sigma8}; a larger volumeFraction is needed`,
  );
}

/** Draws catalog i from `random.fork("catalog", i)`, for every entry of `parameters`. */
export function drawCatalogs(
  maker: CatalogMaker,
  parameters: readonly CatalogParameters[],
  random: Random,
): Catalog[] {
  return parameters.map((entry, i) => drawCatalog(maker, entry, random.fork("catalog", i)));
}

/**
 * Eq. 2: lognormal weak lensing masses about the true ones, log10 [Msun/h].
 *
 * @param scatter Standard deviation of ln M, one value per catalog. The paper calls it a variance of
 * "10 to 30%"; read as a variance, or in log10, it would be 23-69%.
 */
function drawWeakLensingMasses(
  logMass: Float64Array,
  scatter: number,
  random: Random,
): Float64Array {
  const dex = scatterInDex(scatter);
  return logMass.map((value) => value + dex * random.normal());
}
