/**
 * What the network of a survey on the sky makes of catalogs unlike those it was trained on: other
 * scatter, wrong fluxes, temperatures or gas masses, missing clusters, and selection by true mass.
 */
import { prepareSkyCoreDrawing } from "../catalogs/sky/core/draw_core.ts";
import { drawSkyParameters, type SkyDrawing } from "../catalogs/sky/draw.ts";
import { STUDENT_OFFSETS } from "../catalogs/sky/offsets.ts";
import { skyPriors } from "../catalogs/sky/parameters.ts";
import { type SkyClusters, takeSkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import {
  type JudgedCosmology,
  judgePosterior,
  measureSkyCoverage,
  SKY_COSMOLOGY,
  type SkyCosmologyName,
  type SkyCoverage,
} from "../evaluation/sky/coverage.ts";
import { jointPoints } from "../evaluation/sky/joint_posterior.ts";
import { withoutLensing } from "../evaluation/sky/sensitivity.ts";
import type { Random } from "../numerics/random.ts";
import { mean, standardDeviation } from "../numerics/statistics.ts";
import type { SkyNetwork } from "./sky_network.ts";

/** Catalogs that differ from those of the training in one thing. */
export interface SkyVariant {
  /** Name of the variant in the table. */
  readonly name: string;
  /** How the variant's catalogs are drawn. */
  readonly drawing: SkyDrawing;
  /** Applies what is wrong with the clusters after the survey has found them. */
  spoil(clusters: SkyClusters): SkyClusters;
}

const keep = (clusters: SkyClusters): SkyClusters => clusters;

/** Adds a number to one column of logarithms. */
function shift(name: "lnFlux" | "lnTemperature" | "lnGasMass", by: number): SkyVariant["spoil"] {
  return (clusters) => ({ ...clusters, [name]: clusters[name].map((ln) => ln + by) });
}

/** Keeps the rows that pass a test; the test is made anew for each catalog. */
function choose(testOf: (clusters: SkyClusters) => (row: number) => boolean): SkyVariant["spoil"] {
  return (clusters) => {
    const test = testOf(clusters);
    return takeSkyClusters(clusters, Array.from(clusters.redshift.keys()).filter(test));
  };
}

/** Whether a flux is not among the faintest third. */
function isBright({ lnFlux }: SkyClusters): (row: number) => boolean {
  const least = lnFlux.toSorted()[Math.floor(lnFlux.length / 3)]!;
  return (row) => lnFlux[row]! >= least;
}

/** The variants of the table; the first is the training's own. */
export const SKY_VARIANTS: readonly SkyVariant[] = [
  { name: "as trained", drawing: {}, spoil: keep },
  { name: "Student-t scatter of T and Mgas", drawing: { offsets: STUDENT_OFFSETS }, spoil: keep },
  { name: "selected by true mass", drawing: { by: "true mass" }, spoil: keep },
  { name: "fluxes 10% high", drawing: {}, spoil: shift("lnFlux", Math.log(1.1)) },
  { name: "fluxes 25% high", drawing: {}, spoil: shift("lnFlux", Math.log(1.25)) },
  { name: "temperatures 16% high", drawing: {}, spoil: shift("lnTemperature", Math.log(1.16)) },
  { name: "gas masses in Msun/h", drawing: {}, spoil: shift("lnGasMass", Math.log(0.7)) },
  { name: "faintest third missing", drawing: {}, spoil: choose(isBright) },
  {
    name: "clusters below 3 keV missing",
    drawing: {},
    spoil: choose(({ lnTemperature }) => (row) => lnTemperature[row]! >= Math.log(3)),
  },
];

/** What may be wrong with lensing masses, where a survey has them. */
const LENSING_VARIANTS: readonly SkyVariant[] = [
  {
    name: "lensing masses 10% low",
    drawing: {},
    spoil: ({ lensing, ...clusters }) => {
      if (lensing === undefined) return clusters;
      const lnMass = lensing.lnMass.map((ln) => ln + Math.log(0.9));
      return { ...clusters, lensing: { ...lensing, lnMass } };
    },
  },
  { name: "no lensing masses", drawing: {}, spoil: withoutLensing },
];

/** The variants for a survey. */
export function skyVariants({ lensing }: SkySurvey): readonly SkyVariant[] {
  return lensing === undefined ? SKY_VARIANTS : [...SKY_VARIANTS, ...LENSING_VARIANTS];
}

/** Errors of a network on one variant. */
export interface SkyRobustnessRow {
  /** The variant's name. */
  readonly name: string;
  /** Number of catalogs that have clusters left. */
  readonly count: number;
  /** Errors, widths and coverage by number. */
  readonly coverage: Readonly<Record<SkyCosmologyName, SkyCoverage>>;
  /** Mean change of each number's posterior mean from the same catalogs as trained, in widths. */
  readonly moved: Readonly<Record<SkyCosmologyName, number>>;
  /** Standard error of that change. */
  readonly movedError: Readonly<Record<SkyCosmologyName, number>>;
}

/** Fewest clusters that a spoiled catalog may have left. */
const FEWEST = 4;

/**
 * Measures a network on all variants. Catalog i of each has the same parameters and the same streams of
 * random numbers, so that two rows differ in what their variants say and in little else.
 *
 * @param survey The network's
 * @param count Catalogs of each variant, 2 or more
 * @param random Catalog i takes `fork("catalog", i)`
 */
export async function* measureSkyRobustness(
  network: SkyNetwork,
  survey: SkySurvey,
  count: number,
  random: Random,
): AsyncGenerator<SkyRobustnessRow, void, void> {
  let reference: readonly (JudgedCosmology | null)[] | undefined;
  for (const { name, drawing, spoil } of skyVariants(survey)) {
    const drawer = prepareSkyCoreDrawing(survey, drawing);
    const drawn = Array.from({ length: count }, (_, i) => {
      const stream = random.fork("catalog", i);
      const truth = drawSkyParameters(skyPriors(survey), stream.fork("parameters"));
      const mock = drawer.draw(truth, stream.fork("catalog"));
      return { i, truth, clusters: mock.redshift.length < FEWEST ? mock : spoil(mock) };
    }).filter(({ clusters }) => clusters.redshift.length >= FEWEST);
    const posteriors = await network.posteriors(drawn.map(({ clusters }) => clusters));
    const judged: (JudgedCosmology | null)[] = new Array(count).fill(null);
    posteriors.forEach((posterior, k) => {
      const { i, truth } = drawn[k]!;
      judged[i] = judgePosterior(jointPoints(posterior), truth);
    });
    reference ??= judged;
    yield compareWithTrained(name, judged, reference);
  }
}

function compareWithTrained(
  name: string,
  judged: readonly (JudgedCosmology | null)[],
  reference: readonly (JudgedCosmology | null)[],
): SkyRobustnessRow {
  const found = judged.filter((mock) => mock !== null);
  const pairs = judged.flatMap((mock, i) => {
    const other = reference[i];
    return mock && other ? [[mock, other] as const] : [];
  });
  const of = <T>(measure: (name: SkyCosmologyName) => T) =>
    Object.fromEntries(
      (Object.keys(SKY_COSMOLOGY) as SkyCosmologyName[]).map((key) => [key, measure(key)]),
    ) as Record<SkyCosmologyName, T>;
  const changes = of((key) =>
    pairs.map(([mock, other]) => (mock[key].mean - other[key].mean) / other[key].deviation)
  );
  return {
    name,
    count: found.length,
    coverage: of((key) => measureSkyCoverage(found.map((mock) => mock[key]))),
    moved: of((key) => mean(changes[key])),
    movedError: of((key) => standardDeviation(changes[key]) / Math.sqrt(changes[key].length)),
  };
}
