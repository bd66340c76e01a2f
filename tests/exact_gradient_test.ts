/** Eigenvectors, principal axes and the Bayes-optimal gradient, against closed forms. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { oneNumberOf } from "../src/evaluation/one_number.ts";
import type { FeatureSpec } from "../src/features/features.ts";
import { buildFeatures } from "../src/features/features.ts";
import { fitNormalization, normalizeColumns } from "../src/features/normalization.ts";
import type { PixelRows } from "../src/interpretation/exact/optimal_gradient.ts";
import { findOptimalGradient } from "../src/interpretation/exact/optimal_gradient.ts";
import {
  findPrincipalAxes,
  offAxesShare,
  projectOnAxes,
} from "../src/interpretation/exact/principal_axes.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import { cosine } from "../src/interpretation/faithfulness/judged_clusters.ts";
import { factorCholesky, invertCholesky } from "../src/numerics/cholesky.ts";
import { decomposeSymmetric } from "../src/numerics/eigen.ts";
import { createRandom } from "../src/numerics/random.ts";
import { STANDARD_PLAN } from "./mock_plans.ts";

const RANDOM = createRandom(1);
const BASE = drawBaseSample(RANDOM.fork("base sample"));
const WEIGHTS = oneNumberOf(BASE);
const SPEC: FeatureSpec = {
  pixels: ["logTemperature", "logGasMassProfile", "gasSlopeProfile"],
  supplementary: [],
  order: "luminosity",
};

/** Normalized pixels of the clusters of some catalogs of the stand-in. */
function standInRows(count: number): PixelRows {
  const maker = prepareCatalogs(BASE, STANDARD_PLAN);
  const catalogs = drawParameters(STANDARD_PRIORS, count, RANDOM)
    .map((parameters, i) => drawCatalog(maker, parameters, RANDOM.fork("catalog", i)));
  const features = catalogs.map((catalog) => buildFeatures(catalog, SPEC, RANDOM));
  const { pixels: scales } = fitNormalization(features, SPEC, "z-score");
  const pixels = features.flatMap(({ pixels }) => [...normalizeColumns(pixels, scales)]);
  const column = (name: "logTemperature" | "logGasMass") =>
    Float64Array.from(
      features.flatMap(({ rows }, c) =>
        Array.from(rows, (row) => catalogs[c]!.clusters[name][row]!)
      ),
    );
  return {
    width: 15,
    pixels: Float32Array.from(pixels),
    logTemperature: column("logTemperature"),
    logGasMass: column("logGasMass"),
  };
}

const ROWS = standInRows(60);

Deno.test("eigenvectors diagonalize a symmetric matrix and are orthonormal", () => {
  const size = 6;
  const random = createRandom(4);
  const half = Float64Array.from({ length: size * size }, () => random.normal());
  const matrix = half.map((_, k) => half[k]! + half[(k % size) * size + Math.floor(k / size)]!);
  const { values, vectors } = decomposeSymmetric(matrix, size);
  for (let k = 0; k < size; k++) {
    const v = vectors.subarray(k * size, (k + 1) * size);
    for (let p = 0; p < size; p++) {
      let product = 0;
      for (let q = 0; q < size; q++) product += matrix[p * size + q]! * v[q]!;
      assertAlmostEquals(product, values[k]! * v[p]!, 1e-10);
    }
    for (let j = 0; j < size; j++) {
      const w = vectors.subarray(j * size, (j + 1) * size);
      const product = v.reduce((sum, x, p) => sum + x * w[p]!, 0);
      assertAlmostEquals(product, j === k ? 1 : 0, 1e-12);
    }
    if (k > 0) assert(values[k - 1]! >= values[k]!);
  }
});

Deno.test("the pixels of the stand-in have five axes before a gap of a hundred", () => {
  const axes = findPrincipalAxes(ROWS.pixels, 15);
  assert(!isGap(axes));
  assertEquals([axes.count, axes.cut], [5, "at the gap"]);
  assertGreater(axes.fall, 80); // 0.0041 over 3e-5 in faithful.md, section 2
  [3.34, 0.94, 0.27, 0.15, 0.0041].forEach((value, k) =>
    assertAlmostEquals(axes.spectrum[k]! / value, 1, 0.25)
  );
  const along = axes.vectors.subarray(15, 30);
  assertAlmostEquals(offAxesShare(along, projectOnAxes(axes, along)), 0, 1e-9);
});

Deno.test("the optimal gradient of the stand-in is the prototype's, shell by shell", () => {
  const optimal = findOptimalGradient(BASE, ROWS);
  assert(!isGap(optimal));
  // faithful.md, section 2 (a): dex of mass per normalized pixel.
  const shells = [0.023, 0.027, 0.028, 0.030, 0.031, 0.033, 0.035];
  assertAlmostEquals(optimal.gradient[0]!, 0.182, 0.01);
  shells.forEach((value, s) => assertAlmostEquals(optimal.gradient[1 + s]!, value, 0.003));
  for (const slope of optimal.gradient.subarray(8)) assert(slope > 0.003 && slope < 0.013);
  assertLess(optimal.unexplained, 1e-4);
  // Along the data, the gradient times the pixels is the best single number.
  const [a, b] = [0, 101];
  let predicted = 0;
  for (let p = 0; p < 15; p++) {
    predicted += optimal.gradient[p]! * (ROWS.pixels[b * 15 + p]! - ROWS.pixels[a * 15 + p]!);
  }
  const t = (i: number) =>
    WEIGHTS.temperature * ROWS.logTemperature[i]! + WEIGHTS.gasMass * ROWS.logGasMass[i]!;
  assertAlmostEquals(predicted, t(b) - t(a), 0.01);
});

/** Pixels = J z + noise, with log T and log Mgas the first two of the hidden numbers. */
function linearRows(noise: readonly number[], spreads: readonly number[], count: number) {
  const random = createRandom(7);
  const [width, hidden] = [noise.length, spreads.length];
  const jacobian = Float64Array.from({ length: width * hidden }, () => random.normal());
  const pixels = new Float32Array(count * width);
  const columns = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const z = spreads.map((spread) => spread * random.normal());
    columns.forEach((column, k) => column[i] = z[k]!);
    for (let p = 0; p < width; p++) {
      const clean = z.reduce((sum, x, k) => sum + jacobian[p * hidden + k]! * x, 0);
      pixels[i * width + p] = clean + noise[p]! * random.normal();
    }
  }
  const rows = { width, pixels, logTemperature: columns[0]!, logGasMass: columns[1]! };
  return { rows, jacobian };
}

Deno.test("without noise the optimal gradient is J (J'J)^-1 e, the shortest right one", () => {
  const spreads = [0.5, 0.8, 0.6];
  const { rows, jacobian } = linearRows([0, 0, 0, 0, 0, 0], spreads, 4000);
  const optimal = findOptimalGradient(BASE, rows);
  assert(!isGap(optimal));
  assertEquals(optimal.axes.count, 3);
  const square = Float64Array.from({ length: 9 }, (_, k) => {
    let sum = 0;
    for (let p = 0; p < 6; p++) {
      sum += jacobian[p * 3 + Math.floor(k / 3)]! * jacobian[p * 3 + k % 3]!;
    }
    return sum;
  });
  const inverse = invertCholesky(factorCholesky(square, 3)!);
  const e = [WEIGHTS.temperature, WEIGHTS.gasMass, 0];
  for (let p = 0; p < 6; p++) {
    let expected = 0;
    for (let k = 0; k < 9; k++) {
      expected += jacobian[p * 3 + Math.floor(k / 3)]! * inverse[k]! * e[k % 3]!;
    }
    assertAlmostEquals(optimal.gradient[p]!, expected, 1e-4);
  }
});

Deno.test("under noise it is (J'N^-1 J + prior^-2)^-1 J'N^-1, combined with the weights", () => {
  const spreads = [0.5, 0.8, 0.6];
  const noise = [0.1, 0.5, 0.2, 0.4, 0.3, 0.15];
  const { rows, jacobian } = linearRows(noise, spreads, 60_000);
  const optimal = findOptimalGradient(BASE, rows, true);
  assert(!isGap(optimal));
  assertEquals([optimal.axes.count, optimal.axes.cut], [6, "at the least variance"]);
  const square = Float64Array.from({ length: 9 }, (_, k) => {
    let sum = k % 4 === 0 ? spreads[k / 4]! ** -2 : 0;
    for (let p = 0; p < 6; p++) {
      sum += jacobian[p * 3 + Math.floor(k / 3)]! * jacobian[p * 3 + k % 3]! / noise[p]! ** 2;
    }
    return sum;
  });
  const inverse = invertCholesky(factorCholesky(square, 3)!);
  const e = [WEIGHTS.temperature, WEIGHTS.gasMass, 0];
  const expected = Float64Array.from({ length: 6 }, (_, p) => {
    let sum = 0;
    for (let k = 0; k < 9; k++) {
      sum += e[Math.floor(k / 3)]! * inverse[k]! * jacobian[p * 3 + k % 3]! / noise[p]! ** 2;
    }
    return sum;
  });
  assertGreater(cosine(optimal.gradient, expected), 0.9995);
  expected.forEach((value, p) => assertAlmostEquals(optimal.gradient[p]!, value, 0.01));
});

Deno.test("pixels without a gap in their spectrum, or without the two observables, give a gap", () => {
  const random = createRandom(2);
  const noisy = { ...ROWS, pixels: ROWS.pixels.map((x) => x + 0.05 * random.normal()) };
  const filled = findOptimalGradient(BASE, noisy);
  assert(isGap(filled));
  assert(
    filled.gap.startsWith("the spectrum of the pixels has no gap: axis 15 of 15 has variance"),
  );
  assert(!isGap(findOptimalGradient(BASE, noisy, true))); // as of observed profiles
  const sloping = Float32Array.from(
    { length: 4000 * 4 },
    (_, i) => [1, 0.3, 0.04, 0.02][i % 4]! * random.normal(),
  );
  const steps = findPrincipalAxes(sloping, 4);
  assert(isGap(steps));
  assert(steps.gap.includes("axis 3 of 4 has variance 0.0016 and the next 0.0004"), steps.gap);

  const blind = { ...ROWS, pixels: ROWS.pixels.map(() => 1) };
  assertEquals(findOptimalGradient(BASE, blind), {
    gap: "the pixels do not vary from cluster to cluster",
  });
  const missing = { ...ROWS, logGasMass: ROWS.logGasMass.map((x, i) => i === 3 ? NaN : x) };
  assertEquals(findOptimalGradient(BASE, missing), {
    gap: "log T or log Mgas of a cluster is missing",
  });
  const slopes = ROWS.pixels.filter((_, i) => i % 15 >= 8);
  const shapes = findOptimalGradient(BASE, { ...ROWS, width: 7, pixels: slopes });
  assert(isGap(shapes));
  assert(shapes.gap.startsWith("the pixels do not hold temperature and gas mass"), shapes.gap);
});
