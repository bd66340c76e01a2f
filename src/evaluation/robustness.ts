/**
 * Scatter and bias of a trained network on catalogs unlike those it was trained on. Each variant of
 * the mocks is a record of its differences.
 */
import type { Catalog, CatalogPlan } from "../catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../catalogs/catalog.ts";
import type { Priors } from "../catalogs/priors.ts";
import { drawParameters } from "../catalogs/priors.ts";
import type { Survey } from "../catalogs/survey.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import { drawBaseSample } from "../clusters/base_sample.ts";
import type { Cosmology } from "../cosmology/cosmology.ts";
import type { FeatureSpec } from "../features/features.ts";
import { buildFeatures } from "../features/features.ts";
import type { Model } from "../model.ts";
import type { Random } from "../numerics/random.ts";
import type { CatalogFaultName } from "../observed/faults.ts";
import { CATALOG_FAULTS } from "../observed/faults.ts";
import type { Sigma8Errors } from "./errors.ts";
import { measureErrors } from "./errors.ts";

/** Fields of a {@linkcode CatalogPlan} to replace; survey and priors are merged field by field. */
export interface PlanChange extends Partial<Omit<CatalogPlan, "survey" | "priors">> {
  /** Fields of the survey. */
  readonly survey?: Partial<Survey>;
  /** Fields of the priors. */
  readonly priors?: Partial<Priors>;
}

/** Catalogs that differ from those of the training as the record states. */
export interface RobustnessVariant {
  /** Name of the variant in the table. */
  readonly name: string;
  /** Fields of the plan that differ. */
  readonly plan: PlanChange;
  /** The training's own base sample, or the number of another stand-in, from 1 on. */
  readonly baseSample: "own" | number;
  /** The fault that is planted in the catalogs before the network sees them. */
  readonly fault: CatalogFaultName | "none";
}

const SAME: Omit<RobustnessVariant, "name"> = { plan: {}, baseSample: "own", fault: "none" };

/** The variants of the table; the first is the training's own plan, for comparison. */
export const ROBUSTNESS_VARIANTS: readonly RobustnessVariant[] = [
  { ...SAME, name: "as trained" },
  { ...SAME, name: "another base sample (1)", baseSample: 1 },
  { ...SAME, name: "another base sample (2)", baseSample: 2 },
  { ...SAME, name: "another base sample (3)", baseSample: 3 },
  { ...SAME, name: "mass function bocquet16-hydro", plan: { massFunction: "bocquet16-hydro" } },
  {
    // Table 1's range, where the text has 10-30%.
    ...SAME,
    name: "weak lensing scatter 20-40%",
    plan: { priors: { weakLensingScatter: { min: 0.2, max: 0.4 } } },
  },
  { ...SAME, name: "luminosity slope turned about 10^15", plan: { survey: { slopePivot: 15 } } },
  { ...SAME, name: "masses in Msun instead of Msun/h", fault: "all masses in Msun" },
];

/** What all variants of one trained network share. */
export interface RobustnessSetting {
  /** The trained network. */
  readonly model: Model;
  /** The columns that the network was trained on. */
  readonly features: FeatureSpec;
  /** The base sample that the network was trained on. */
  readonly base: BaseSample;
  /** The plan that the network was trained on. */
  readonly plan: CatalogPlan;
  /** Catalogs of each variant, 2 or more. */
  readonly count: number;
}

/** Scatter and bias of a network on one variant. */
export interface RobustnessRow extends Omit<Sigma8Errors, "bins"> {
  /** The variant that was measured. */
  readonly variant: RobustnessVariant;
  /** scatter / sqrt(count): the sampling error of the bias. */
  readonly biasError: number;
}

/**
 * Measures a network on one variant.
 *
 * All variants draw the same random numbers from one stream, so that two of them differ in what
 * their records say and in little else.
 *
 * @param setting The network, and what it was trained on
 * @param variant What differs
 * @param random Draws parameters, catalogs and, for another base sample, that
 * @throws {RangeError} If the changed plan is out of range, a catalog comes out empty, there are less
 * than 2 catalogs, or the base sample's number is not a whole number from 1 on
 */
export async function measureVariant(
  setting: RobustnessSetting,
  variant: RobustnessVariant,
  random: Random,
): Promise<RobustnessRow> {
  const { model, features, count } = setting;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new RangeError(`Cannot measure robustness: count is ${count}, should be 2 or more`);
  }
  const base = baseSampleOf(setting.base, variant.baseSample, random);
  const plan = changePlan(setting.plan, variant.plan);
  const maker = prepareCatalogs(base, plan);
  const parameters = drawParameters(plan.priors, count, random);
  const inputs = parameters.map((entry, i) => {
    const catalog = drawCatalog(maker, entry, random.fork("catalog", i));
    const spoiled = spoil(catalog, variant.fault, base.cosmology, random.fork("fault", i));
    return buildFeatures(spoiled, features, random.fork("features", i));
  });
  const predicted = await model.predict(inputs);
  const truth = parameters.map(({ sigma8 }) => sigma8);
  const measured = measureErrors(predicted, truth, random.fork("bootstrap"), { edges: [] });
  const { scatter, scatterError, bias } = measured;
  return { variant, count, scatter, scatterError, bias, biasError: scatter / Math.sqrt(count) };
}

/**
 * Measures a network on variant after variant, in order.
 *
 * @throws {RangeError} As {@linkcode measureVariant}
 */
export async function* measureRobustness(
  setting: RobustnessSetting,
  variants: readonly RobustnessVariant[],
  random: Random,
): AsyncGenerator<RobustnessRow, void, void> {
  for (const variant of variants) yield await measureVariant(setting, variant, random);
}

/**
 * The plan with some fields replaced, those of survey and priors one by one.
 *
 * @example
 * ```ts
 * import { experiment } from "@clusters/terse";
 * import { ROBUSTNESS_VARIANTS, changePlan } from "@clusters/terse/evaluation";
 * import { assertEquals } from "@std/assert";
 *
 * const { catalog } = experiment("standard", "compact");
 * const changed = changePlan(catalog, { survey: { slopePivot: 15 } });
 * assertEquals(changed, { ...catalog, survey: { ...catalog.survey, slopePivot: 15 } });
 * assertEquals(changePlan(catalog, ROBUSTNESS_VARIANTS[0]!.plan), catalog);
 * ```
 */
export function changePlan(plan: CatalogPlan, change: PlanChange): CatalogPlan {
  return {
    ...plan,
    ...change,
    survey: { ...plan.survey, ...change.survey },
    priors: { ...plan.priors, ...change.priors },
  };
}

function baseSampleOf(
  own: BaseSample,
  choice: RobustnessVariant["baseSample"],
  random: Random,
): BaseSample {
  if (choice === "own") return own;
  if (!(Number.isInteger(choice) && choice >= 1)) {
    throw new RangeError(
      `Cannot measure robustness: the base sample is number ${choice}, should be a whole number from 1 on`,
    );
  }
  return drawBaseSample(random.fork("base sample", choice));
}

/** The catalog with a fault in its observables; the true masses, which no network sees, stay. */
function spoil(
  { parameters, clusters }: Catalog,
  fault: RobustnessVariant["fault"],
  { h }: Cosmology,
  random: Random,
): Catalog {
  if (fault === "none") return { parameters, clusters };
  return { parameters, clusters: CATALOG_FAULTS[fault].plant(clusters, h, random) };
}
