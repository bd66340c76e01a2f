/**
 * Numbers: random streams, statistics, distributions, calculus, linear algebra and samplers. Imported
 * alone as `@clusters/terse/numerics`.
 *
 * @example A slope with its error by the bootstrap, and whether residuals are uniform ranks
 * ```ts
 * import { createRandom, fitLine, normalProbability, testUniformity } from "@clusters/terse/numerics";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const x = Array.from({ length: 400 }, () => 4 * random.uniform());
 * const y = x.map((value) => 1.5 * value + 0.1 * random.normal());
 * const { slope, intercept, scatter } = fitLine(x, y);
 * assertAlmostEquals(slope, 1.5, 0.02);
 * const ranks = y.map((value, i) => normalProbability((value - slope * x[i]! - intercept) / scatter));
 * assert(testUniformity(ranks).probability > 0.01);
 * ```
 *
 * @module
 */
export { createRandom, Random, type RandomState, type StreamName } from "./random.ts";
export {
  argsort,
  type ArrayData,
  gather,
  type NamedArray,
  type NamedArrays,
  sizeOf,
} from "./arrays.ts";
export {
  bootstrapError,
  correlation,
  fitLine,
  histogram,
  type KolmogorovSmirnov,
  kolmogorovSmirnov,
  type LineFit,
  mean,
  median,
  quantile,
  quantiles,
  standardDeviation,
} from "./statistics.ts";
export {
  binomialTail,
  chiSquareTail,
  normalProbability,
  normalQuantile,
  testUniformity,
} from "./distributions.ts";
export {
  type CubicSpline,
  differentiateCubicSpline,
  evaluateCubicSpline,
  findRoot,
  fitCubicSpline,
  gaussLegendre,
  gaussLegendreRule,
  interpolateLinear,
  type QuadratureRule,
} from "./calculus.ts";
export {
  type DiscrepancyTest,
  maximumMeanDiscrepancy,
  testDiscrepancy,
} from "./maximum_mean_discrepancy.ts";
export {
  factorCholesky,
  invertCholesky,
  lnDeterminant,
  multiplyLower,
  solveCholesky,
  solveLower,
} from "./cholesky.ts";
export { fitWhitening, whiten, type Whitening } from "./whitening.ts";
export {
  type EnsembleChain,
  type EnsembleOptions,
  type LnDensity,
  sampleEnsemble,
} from "./ensemble_sampler.ts";
export {
  type PointMoments,
  sampleImportance,
  weightedMoments,
  type WeightedPoints,
} from "./importance_sampler.ts";
export { type KernelOptions, sampleKernels } from "./kernel_sampler.ts";
export {
  chooseGaussianMixture,
  fitGaussianMixture,
  type MixtureComponent,
  mixtureLnLikelihood,
} from "./gaussian_mixture.ts";
export type { Coordinate } from "./bounded_density.ts";
export type { BoundedFamily, BoundedNormals } from "./bounded_normal.ts";
export type { RankMap } from "./rank_map.ts";
