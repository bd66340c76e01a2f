/**
 * Numbers without physics: random streams, statistics, calculus. Moments are tested with fixed seeds
 * and tolerances of five standard errors.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  differentiateCubicSpline,
  evaluateCubicSpline,
  findRoot,
  fitCubicSpline,
  gaussLegendre,
  gaussLegendreRule,
  interpolateLinear,
} from "../src/numerics/calculus.ts";
import { editDistance } from "../src/numerics/edit_distance.ts";
import { fastExp } from "../src/numerics/fast_exp.ts";
import { createRandom, Random, threefry2x32 } from "../src/numerics/random.ts";
import {
  bootstrapError,
  correlation,
  fitLine,
  histogram,
  kolmogorovSmirnov,
  mean,
  median,
  quantile,
  quantiles,
  standardDeviation,
} from "../src/numerics/statistics.ts";

/** Standard errors that a statistical test allows: by chance one in 1.7 million fails. */
const SIGMAS = 5;

function draw(count: number, next: () => number): Float64Array {
  return Float64Array.from({ length: count }, next);
}

// random streams

Deno.test("Threefry2x32-20 gives the known answers of Random123", () => {
  // Random123 1.14, tests/kat_vectors, threefry 2x32 20: counter, key, answer
  const cases: readonly (readonly number[])[] = [
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
  ];
  const out = new Uint32Array(2);
  for (const [c0, c1, k0, k1, a0, a1] of cases) {
    threefry2x32(k0!, k1!, c0!, c1!, out);
    assertEquals([...out], [a0!, a1!]);
  }
});

Deno.test("a stream counts its blocks past 2^32 and continues from a saved state", () => {
  const random = new Random({ key: [1, 2], counter: 2 ** 32 - 1 });
  const expected = new Uint32Array(2);
  threefry2x32(1, 2, 0xffffffff, 0, expected);
  assertEquals([...random.words()], [...expected]);
  threefry2x32(1, 2, 0, 1, expected);
  const resumed = new Random(random.state);
  assertEquals([...random.words()], [...expected]);
  assertEquals([...resumed.words()], [...expected]);
  assertEquals(random.state.counter, 2 ** 32 + 1);
});

Deno.test("a fork depends on the key and the names, not on what was drawn or forked before", () => {
  const random = createRandom(5);
  const alone = random.fork("catalog", 17).uniform();
  for (let i = 0; i < 100; i++) random.fork("catalog", i).poisson(40);
  random.permutation(50);
  assertEquals(random.fork("catalog", 17).uniform(), alone);
  assertEquals(random.fork("catalog").fork(17).uniform(), alone);
});

Deno.test("forks of different names, of a name and its number, and of the parent all differ", () => {
  const random = createRandom(5);
  const firsts = [
    random.uniform(),
    ...["a", "b", "1", 1, "#1", "catalog", -1, 0.5].map((name) => random.fork(name).uniform()),
    random.fork("a", "b").uniform(),
    random.fork("b", "a").uniform(),
    random.fork("ab").uniform(),
    createRandom(6).fork("a").uniform(),
  ];
  assertEquals(new Set(firsts).size, firsts.length);
});

Deno.test("the streams of 20000 numbered forks start differently and uniformly", () => {
  const random = createRandom(11);
  const count = 20000;
  const firsts = Float64Array.from(
    { length: count },
    (_, i) => random.fork("catalog", i).uniform(),
  );
  assertEquals(new Set(firsts).size, count);
  const even = Float64Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  assertLess(kolmogorovSmirnov(firsts, even).distance, 0.02);
});

Deno.test("neighboring forks are uncorrelated draw by draw", () => {
  const random = createRandom(12);
  const count = 20000;
  const [a, b] = [random.fork("catalog", 1), random.fork("catalog", 2)];
  const r = correlation(draw(count, () => a.normal()), draw(count, () => b.normal()));
  assertLess(Math.abs(r), SIGMAS / Math.sqrt(count));
});

Deno.test("uniform draws have the mean, the spread and the range of 0 to 1", () => {
  const random = createRandom(1);
  const count = 100000;
  const values = draw(count, () => random.uniform());
  assertAlmostEquals(mean(values), 0.5, SIGMAS * Math.sqrt(1 / 12 / count));
  assertAlmostEquals(standardDeviation(values) ** 2, 1 / 12, SIGMAS * Math.sqrt(1 / 180 / count));
  assert(values.every((value) => value >= 0 && value < 1));
});

Deno.test("normal draws have mean 0, variance 1, skewness 0 and kurtosis 3", () => {
  const random = createRandom(2);
  const count = 200000;
  const values = draw(count, () => random.normal());
  const moment = (power: number) => mean(values.map((x) => x ** power));
  assertAlmostEquals(moment(1), 0, SIGMAS * Math.sqrt(1 / count));
  assertAlmostEquals(moment(2), 1, SIGMAS * Math.sqrt(2 / count));
  assertAlmostEquals(moment(3), 0, SIGMAS * Math.sqrt(15 / count));
  assertAlmostEquals(moment(4), 3, SIGMAS * Math.sqrt(96 / count));
  assertAlmostEquals(quantile(values, 0.975), 1.959964, 0.03);
});

for (const expected of [0, 0.01, 0.7, 5, 31.9, 32.1, 700, 20000]) {
  Deno.test(`Poisson draws of mean ${expected} have that mean and variance`, () => {
    const random = createRandom(3).fork(expected);
    const count = expected > 100 ? 4000 : 40000;
    const values = draw(count, () => random.poisson(expected));
    assert(values.every((value) => Number.isInteger(value) && value >= 0));
    assertAlmostEquals(mean(values), expected, SIGMAS * Math.sqrt(expected / count));
    // the variance of a sample variance of Poisson numbers is (m + 2 m^2) / n
    const spread = Math.sqrt((expected + 2 * expected ** 2) / count);
    assertAlmostEquals(standardDeviation(values) ** 2, expected, SIGMAS * spread);
  });
}

Deno.test("a Poisson number of a negative or infinite mean is refused", () => {
  for (const mean of [-1, NaN, Infinity]) {
    assertThrows(() => createRandom(1).poisson(mean), RangeError, "Cannot draw a Poisson number");
  }
});

Deno.test("Poisson draws of mean 3 have the Poisson probabilities", () => {
  const random = createRandom(4);
  const count = 100000;
  const counts = histogram(draw(count, () => random.poisson(3)), [0, 1, 2, 3, 4, 5, 6, 7, 100]);
  let probability = Math.exp(-3);
  for (let k = 0; k < 7; k++) {
    const error = Math.sqrt(count * probability * (1 - probability));
    assertAlmostEquals(counts[k]!, count * probability, SIGMAS * error);
    probability *= 3 / (k + 1);
  }
});

Deno.test("a permutation holds every number once and puts each anywhere equally often", () => {
  const random = createRandom(8);
  const places = new Float64Array(5);
  const trials = 20000;
  for (let i = 0; i < trials; i++) {
    const order = random.permutation(5);
    assertEquals([...order].sort(), [0, 1, 2, 3, 4]);
    places[order.indexOf(0)]! += 1;
  }
  for (const n of places) assertAlmostEquals(n, trials / 5, SIGMAS * Math.sqrt(trials * 0.16));
});

Deno.test("a seed that is negative, fractional or not a number is a RangeError", () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => createRandom(seed), RangeError, "Cannot seed a random stream");
  }
  assertNotEquals(createRandom(2 ** 53 - 1).uniform(), createRandom(2 ** 32 - 1).uniform());
});

// statistics

Deno.test("mean, standard deviation and median of a few numbers are what one works out by hand", () => {
  assertEquals(mean([2, 4, 4, 4, 5, 5, 7, 9]), 5);
  assertEquals(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), 2);
  assertEquals(median([5, 1, 3]), 3);
  assertEquals(median(new Float32Array([5, 1, 3, 4])), 3.5);
  assertThrows(() => mean([]), RangeError, "Cannot take a mean");
  assertThrows(() => median([]), RangeError, "Cannot take quantiles");
});

Deno.test("quantiles interpolate as NumPy does and leave their input alone", () => {
  const values = [15, 20, 35, 40, 50];
  // numpy.quantile([15, 20, 35, 40, 50], [0, .05, .3, .4, .95, 1])
  const expected = [15, 16, 23, 29, 48, 50];
  quantiles([50, 20, 15, 40, 35], [0, 0.05, 0.3, 0.4, 0.95, 1])
    .forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-12));
  quantile(values, 0.5);
  assertEquals(values, [15, 20, 35, 40, 50]);
  assertThrows(() => quantile(values, 1.01), RangeError, "fraction is 1.01");
});

Deno.test("a fitted line has the least squares of all lines near it", () => {
  const random = createRandom(21);
  const x = draw(200, () => random.normal());
  const y = x.map((value) => 1.5 * value - 2 + 0.3 * random.normal());
  const { slope, intercept, scatter } = fitLine(x, y);
  const rms = (s: number, c: number) => Math.sqrt(mean(y.map((v, i) => (v - s * x[i]! - c) ** 2)));
  assertAlmostEquals(rms(slope, intercept), scatter, 1e-12);
  for (const [ds, dc] of [[1e-3, 0], [-1e-3, 0], [0, 1e-3], [0, -1e-3]] as const) {
    assertLess(scatter, rms(slope + ds, intercept + dc));
  }
  assertAlmostEquals(slope, 1.5, SIGMAS * 0.3 / Math.sqrt(200));
  assertThrows(() => fitLine([1, 1], [0, 1]), RangeError, "all x are equal");
  assertThrows(() => fitLine([1, 2, 3], [0, 1]), TypeError, "Cannot fit a line");
});

Deno.test("correlation is 1 for a rising line, -1 for a falling one and 0 for a parabola", () => {
  const x = [-2, -1, 0, 1, 2];
  assertAlmostEquals(correlation(x, x.map((v) => 3 * v + 7)), 1, 1e-12);
  assertAlmostEquals(correlation(x, x.map((v) => 1 - v)), -1, 1e-12);
  assertAlmostEquals(correlation(x, x.map((v) => v * v)), 0, 1e-12);
  assertThrows(() => correlation(x, [1, 1, 1, 1, 1]), RangeError, "a column is constant");
});

Deno.test("a histogram's bins hold their lower edge, and the last its upper edge as well", () => {
  const values = [-0.1, 0, 0.5, 1, 1.9, 2, 3, 3.1, NaN];
  assertEquals([...histogram(values, [0, 1, 2, 3])], [2, 2, 2]);
  assertThrows(() => histogram(values, [0, 2, 2]), RangeError, "edge 2 is 2");
  assertThrows(() => histogram(values, [0]), RangeError, "Cannot make a histogram");
});

Deno.test("the bootstrap error of a mean is its standard error", () => {
  const random = createRandom(23);
  const values = draw(400, () => random.normal());
  const error = bootstrapError(values, mean, random.fork("bootstrap"), 2000);
  const expected = standardDeviation(values) / Math.sqrt(400);
  assertAlmostEquals(error, expected, SIGMAS * expected / Math.sqrt(2 * 2000));
  assertThrows(() => bootstrapError(values, mean, random, 1), RangeError, "resamples is 1");
});

Deno.test("the Kolmogorov-Smirnov distance is the largest gap of two cumulative distributions", () => {
  assertEquals(kolmogorovSmirnov([1, 2, 3], [1, 2, 3]), { distance: 0, probability: 1 });
  assertEquals(kolmogorovSmirnov([1, 2], [3, 4]).distance, 1);
  assertAlmostEquals(kolmogorovSmirnov([1, 2, 2, 3], [2, 3, 3, 4]).distance, 0.5, 1e-15);
  assertThrows(() => kolmogorovSmirnov([1, NaN], [2]), RangeError, "a value is NaN");
});

Deno.test("the Kolmogorov-Smirnov probability is the tail of Kolmogorov's distribution", () => {
  // two interleaved samples of 10000 points, one shifted so that the distance is d
  const count = 10000;
  const at = (shift: number) => {
    const a = Float64Array.from({ length: count }, (_, i) => i);
    return kolmogorovSmirnov(a, a.map((value) => value + shift - 0.5));
  };
  const root = Math.sqrt(count / 2);
  // Q(x) of Kolmogorov's distribution (Smirnov 1948): 0.5 at 0.82757, 0.05 at 1.35810
  for (const [x, probability] of [[0.82757, 0.5], [1.3581, 0.05]] as const) {
    const { distance, probability: found } = at(Math.round(x / root * count));
    assertAlmostEquals(distance * root, x, 0.01);
    assertAlmostEquals(found, probability, 0.02 * probability + 0.005);
  }
});

Deno.test("the Kolmogorov-Smirnov test rejects one in twenty pairs of like samples at 5%", () => {
  const random = createRandom(24);
  const trials = 2000;
  let rejected = 0;
  for (let i = 0; i < trials; i++) {
    const a = draw(60, () => random.normal());
    const b = draw(80, () => random.normal());
    if (kolmogorovSmirnov(a, b).probability < 0.05) rejected++;
  }
  assertAlmostEquals(rejected / trials, 0.05, SIGMAS * Math.sqrt(0.05 * 0.95 / trials));
});

// calculus

Deno.test("linear interpolation is exact at samples and on lines, and refuses to extrapolate", () => {
  assertEquals(interpolateLinear([0, 1, 3], [5, 7, 3], 1), 7);
  assertEquals(interpolateLinear([0, 1, 3], [5, 7, 3], 2), 5);
  assertEquals(interpolateLinear([0, 1, 3], [5, 7, 3], 3), 3);
  for (const at of [-1e-9, 3.1, NaN]) {
    assertThrows(
      () => interpolateLinear([0, 1, 3], [5, 7, 3], at),
      RangeError,
      "Cannot interpolate",
    );
  }
});

Deno.test("a cubic spline follows a sine and its slope with errors of fourth and third order", () => {
  const worst = (count: number) => {
    const x = Float64Array.from({ length: count }, (_, i) => i * Math.PI / (count - 1));
    const spline = fitCubicSpline(x, x.map(Math.sin)); // its curvature is zero at both ends
    let [value, slope] = [0, 0];
    for (let at = 0; at <= Math.PI; at += 0.001) {
      value = Math.max(value, Math.abs(evaluateCubicSpline(spline, at) - Math.sin(at)));
      slope = Math.max(slope, Math.abs(differentiateCubicSpline(spline, at) - Math.cos(at)));
    }
    return { value, slope };
  };
  const [coarse, fine] = [worst(11), worst(21)];
  assertLess(fine.value, 2e-6);
  assertAlmostEquals(coarse.value / fine.value, 16, 2);
  assertAlmostEquals(coarse.slope / fine.slope, 8, 1);
});

Deno.test("a spline of unordered or unequal columns is refused", () => {
  assertThrows(() => fitCubicSpline([0, 2, 1], [0, 0, 0]), RangeError, "x[2] is 1");
  assertThrows(() => fitCubicSpline([0, 1], [0]), TypeError, "Cannot fit a spline");
  assertThrows(() => evaluateCubicSpline(fitCubicSpline([0, 1], [0, 1]), 2), RangeError, "x is 2");
});

Deno.test("the Gauss-Legendre rule is exact for polynomials of degree 2 n - 1 and not beyond", () => {
  for (const points of [1, 2, 5, 20]) {
    const degree = 2 * points - 1;
    const integral = (power: number) => gaussLegendre((x) => x ** power, 0, 2, points);
    const exact = (power: number) => 2 ** (power + 1) / (power + 1);
    assertAlmostEquals(integral(degree) / exact(degree), 1, 1e-12);
    if (points < 10) assert(Math.abs(integral(degree + 1) / exact(degree + 1) - 1) > 1e-10);
  }
  assertAlmostEquals(
    gaussLegendre(Math.exp, -1, 1, gaussLegendreRule(12)),
    2 * Math.sinh(1),
    1e-14,
  );
  assertAlmostEquals(gaussLegendre((x) => x, 3, 1, 2), -4, 1e-14);
  assertThrows(() => gaussLegendreRule(0), RangeError, "points is 0");
});

Deno.test("a root is found to its tolerance, also where the function is steep or flat", () => {
  assertAlmostEquals(findRoot((x) => x * x - 2, 0, 2, 1e-12), Math.SQRT2, 1e-12);
  assertAlmostEquals(findRoot((x) => Math.exp(20 * x) - 5, -3, 1, 1e-10), Math.log(5) / 20, 1e-10);
  assertAlmostEquals(findRoot((x) => (x - 0.3) ** 5, -1, 1, 1e-9), 0.3, 1e-9);
  assertEquals(findRoot((x) => x - 1, 1, 5, 1e-6), 1);
  assertThrows(() => findRoot((x) => x * x + 1, -1, 1, 1e-6), RangeError, "Cannot find a root");
});

Deno.test("the distance of two words counts letters that are inserted, removed and replaced", () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ["", "", 0],
    ["seed", "seed", 0],
    ["", "seed", 4],
    ["sed", "seed", 1],
    ["seeds", "seed", 1],
    ["seat", "seed", 2],
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
  ];
  for (const [a, b, expected] of cases) {
    assertEquals(editDistance(a, b), expected);
    assertEquals(editDistance(b, a), expected);
  }
});

Deno.test("the fast exponential is the language's to two units of the last digit, at any number", () => {
  const random = createRandom(5);
  for (let i = 0; i < 20_000; i++) {
    const x = (random.uniform() - 0.5) * (i % 2 === 0 ? 1 : 1500);
    const exact = Math.exp(x);
    assert(Math.abs(fastExp(x) - exact) <= 2 ** -51 * exact || fastExp(x) === exact, `${x}`);
  }
  for (const x of [0, -0, -745.2, -800, 709.7, 800, Infinity, -Infinity, NaN, 700, -700]) {
    assertEquals(fastExp(x), Math.exp(x));
  }
});
