/** The mock X-ray observation: closed forms, each step of the reduction, and one cluster end to end. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type BaseSample, createRandom, drawBaseSample } from "@clusters/terse";
import { observedProfiles, sampleOnGrid } from "@clusters/terse/xray";
import { selectClusters, SHELL_EDGES, SHELLS } from "@clusters/terse/clusters";
import { MAGNETICUM } from "@clusters/terse/cosmology";
import {
  collectProfiles,
  coreOfCluster,
  createProjection,
  type DensityModel,
  densityOfCluster,
  densityProfile,
  densitySlope,
  drawPhotons,
  exampleClusters,
  expectImage,
  findCentroid,
  findSubstructure,
  fitGasDensity,
  gasDensity,
  meanPhotonEnergy,
  measureGas,
  measureProfile,
  minimize,
  observeCluster,
  observeRows,
  photonsPerLuminosity,
  pointInstrument,
  prepareObservatory,
  projectEmission,
  QUALITIES,
  r500OfMass,
  reduceImage,
  RELAXED_SKY,
  replaceProfiles,
  shellGasMasses,
  shellSlopes,
  squaredDensity,
  STANDARD_INSTRUMENT,
  totalGasMass,
  transformWavelets,
} from "@clusters/terse/xray";
import {
  bendSquaredDensity,
  DENSITY_PARAMETERS,
  expandSquaredDensity,
  fromParameters,
} from "../src/xray/density_parameters.ts";

const PROJECTION = createProjection();
const POINTING = pointInstrument(STANDARD_INSTRUMENT, MAGNETICUM, 0.07);
const CENTER = { x: POINTING.side / 2, y: POINTING.side / 2 };
const NO_MASK = new Uint8Array(POINTING.side ** 2);
const R500 = 0.6;

/** A beta model with beta = 2/3: rho = rho0 / (1 + r^2 / rc^2). */
const BETA_MODEL: DensityModel = {
  squaredScale: 1e28,
  coreRadius: 0.1,
  cusp: 0,
  beta: 2 / 3,
  steepeningRadius: 1,
  steepening: 0,
  innerSquaredScale: 0,
  innerCoreRadius: 0.02,
  innerBeta: 1,
};
/** Every part of the model at work. */
const FULL_MODEL: DensityModel = {
  ...BETA_MODEL,
  cusp: 0.7,
  steepeningRadius: 0.4,
  steepening: 1.8,
  innerSquaredScale: 1e29,
  innerCoreRadius: 0.02,
};

function skyOf(model: DensityModel, photonsPerEmission: number) {
  const squared = sampleOnGrid(PROJECTION.grid, (r) => squaredDensity(model, r));
  const brightness = projectEmission(PROJECTION, squared).map((s) => s * photonsPerEmission);
  return { center: CENTER, brightness, axisRatio: 1, positionAngle: 0 };
}

/** Photons per emission that put this many photons of the beta model into the sphere of R500. */
const PER_EMISSION = 1e5 / 4e26;

Deno.test("the projection of a beta model is a beta model", () => {
  for (const beta of [0.6, 2 / 3, 1]) {
    const squared = sampleOnGrid(PROJECTION.grid, (r) => (1 + (r / 0.1) ** 2) ** (-3 * beta));
    const brightness = projectEmission(PROJECTION, squared);
    PROJECTION.grid.radii.forEach((R, k) => {
      if (R > 1.2) return; // what is left out beyond 30 Mpc/h grows with R
      const exact = 0.1 * betaNormalization(3 * beta) * (1 + (R / 0.1) ** 2) ** (0.5 - 3 * beta);
      assertAlmostEquals(brightness[k]! / exact, 1, 3e-4, `R = ${R}`);
    });
  }
});

/** The integral of (1 + s^2)^-p over all s, by the midpoint rule in the angle s = tan t. */
function betaNormalization(p: number): number {
  let sum = 0;
  const steps = 20000;
  for (let i = 0; i < steps; i++) {
    const t = (i + 0.5) / steps * Math.PI - Math.PI / 2;
    sum += Math.cos(t) ** (2 * p - 2) * Math.PI / steps;
  }
  return sum;
}

Deno.test("the gas mass of a beta model is its closed form", () => {
  // rho = rho0 / (1 + x^2): M(<r) = 4 pi rho0 rc^3 (x - atan x).
  const enclosed = (r: number) => 4 * Math.PI * 1e14 * 0.1 ** 3 * (r / 0.1 - Math.atan(r / 0.1));
  const masses = shellGasMasses(BETA_MODEL, R500);
  SHELL_EDGES.forEach((edge, i) => {
    const inner = i === 0 ? 0 : enclosed(SHELL_EDGES[i - 1]! * R500);
    assertAlmostEquals(masses[i]! / (enclosed(edge * R500) - inner), 1, 1e-10);
  });
  assertAlmostEquals(totalGasMass(BETA_MODEL, R500) / enclosed(R500), 1, 1e-10);
});

Deno.test("the slope of the density model is its derivative", () => {
  for (const r of [0.005, 0.05, 0.3, 1]) {
    const ratio = gasDensity(FULL_MODEL, r * 1.0001) / gasDensity(FULL_MODEL, r / 1.0001);
    assertAlmostEquals(densitySlope(FULL_MODEL, r), Math.log(ratio) / (2 * Math.log(1.0001)), 1e-6);
  }
  assertEquals(shellSlopes(FULL_MODEL, R500)[6], densitySlope(FULL_MODEL, R500));
});

Deno.test("derivatives of the squared density are those of its differences", () => {
  const { grid } = PROJECTION;
  const n = grid.radii.length;
  const at = Float64Array.of(64, -1.8, 0.7, 0.65, -0.9, 0.8, 1.5, -3.5, 1.1);
  assertAlmostEquals(
    expandSquaredDensity(at, R500, grid)[70]! /
      squaredDensity(fromParameters(at, R500), grid.radii[70]!),
    1,
    1e-12,
  );
  const weights = Float64Array.from(grid.radii, (r) => Math.sin(10 * r) * r * r);
  const rows = expandSquaredDensity(at, R500, grid);
  const bend = bendSquaredDensity(at, R500, grid, weights);
  const step = 1e-5;
  const weigh = (table: Float64Array, row: number) =>
    weights.reduce((sum, w, k) => sum + w * table[row * n + k]!, 0);
  for (let p = 0; p < DENSITY_PARAMETERS; p++) {
    const up = expandSquaredDensity(at.with(p, at[p]! + step), R500, grid);
    const down = expandSquaredDensity(at.with(p, at[p]! - step), R500, grid);
    const k = 60;
    assertAlmostEquals(
      rows[(p + 1) * n + k]! / rows[k]!,
      (up[k]! - down[k]!) / (2 * step) / rows[k]!,
      1e-7,
      `parameter ${p}`,
    );
    for (let q = 0; q < DENSITY_PARAMETERS; q++) {
      const second = (weigh(up, q + 1) - weigh(down, q + 1)) / (2 * step);
      const scale = Math.sqrt(Math.abs(bend[p * 9 + p]! * bend[q * 9 + q]!)) + 1;
      assertLess(Math.abs(bend[p * 9 + q]! - second) / scale, 1e-5, `parameters ${p}, ${q}`);
    }
  }
});

Deno.test("photons have about 1 keV in the band, less from cooler gas", () => {
  assertAlmostEquals(meanPhotonEnergy(1e6, [0.5, 2]), 1.025, 0.01); // E^-1.4 alone: closed form below
  const closed = (2 ** 0.6 - 0.5 ** 0.6) / 0.6 / ((0.5 ** -0.4 - 2 ** -0.4) / 0.4);
  assertAlmostEquals(meanPhotonEnergy(1e6, [0.5, 2]), closed, 1e-5);
  assertLess(meanPhotonEnergy(1, [0.5, 2]), meanPhotonEnergy(5, [0.5, 2]));
});

Deno.test("a luminosity gives the photons that distance, area and time allow", () => {
  // Flat spectrum shift: for kT far above the band, photons above E scale as E^-0.4.
  const photons = photonsPerLuminosity(POINTING, 1e6);
  const energy = meanPhotonEnergy(1e6, [0.5, 2]) * 1.602176634e-9;
  const flux = 1e44 / (4 * Math.PI * POINTING.luminosityDistanceCm ** 2);
  const expected = flux / energy * 1.07 ** 0.6 * 600 * 1e5;
  assertAlmostEquals(photons / expected, 1, 1e-6);
  assertGreater(POINTING.luminosityDistanceCm, 9.3e26); // about 314 Mpc
  assertLess(POINTING.luminosityDistanceCm, 1.0e27);
});

Deno.test("the field has 420 x 420 pixels of about 5.6 kpc/h", () => {
  assertEquals(POINTING.side, 420);
  assertAlmostEquals(POINTING.pixel, 0.0056, 0.0001);
});

Deno.test("an image holds the photons of its beta model", () => {
  // Within R of the sky: 2 pi rc^2 S0 (1 - (1 + R^2/rc^2)^-1/2); compare in a circle of 1 Mpc/h.
  const image = expectImage(skyOf(BETA_MODEL, PER_EMISSION), [], PROJECTION.grid, POINTING);
  const profile = measureProfile(image, NO_MASK, POINTING, PROJECTION, {
    center: CENTER,
    outerRadius: 1,
  });
  const reach = profile.edges.at(-1)!;
  const inside = profile.counts.reduce((sum, n) => sum + n, 0);
  const peak = 1e28 * 0.1 * Math.PI / 2 * PER_EMISSION;
  const exact = 2 * Math.PI * 0.1 ** 2 * peak * (1 - (1 + (reach / 0.1) ** 2) ** -0.5);
  assertAlmostEquals(inside / exact, 1, 1e-3);
});

Deno.test("the response of a profile predicts the counts of its own model, mask or not", () => {
  const image = expectImage(skyOf(FULL_MODEL, PER_EMISSION), [], PROJECTION.grid, POINTING);
  const mask = new Uint8Array(NO_MASK.length);
  for (let p = 0; p < mask.length; p++) if (p % 7 === 0 || p % 420 > 300) mask[p] = 1;
  const squared = sampleOnGrid(PROJECTION.grid, (r) => squaredDensity(FULL_MODEL, r));
  const n = squared.length;
  const profile = measureProfile(image, mask, POINTING, PROJECTION, {
    center: CENTER,
    outerRadius: 1.2,
  });
  assertGreater(profile.areas.filter((area) => area > 0).length, 35);
  profile.counts.forEach((counts, a) => {
    if (profile.areas[a] === 0) return assertEquals(counts, 0);
    const expected = squared.reduce((sum, s, k) => sum + s * profile.response[a * n + k]!, 0);
    assertAlmostEquals(counts / (expected * PER_EMISSION), 1, 1e-9);
  });
});

Deno.test("ellipticity keeps the number of photons and is measured back", () => {
  const round = skyOf(BETA_MODEL, PER_EMISSION);
  const flat = { ...round, axisRatio: 0.7, positionAngle: 0.5 };
  const image = expectImage(flat, [], PROJECTION.grid, POINTING);
  const sum = (values: Float64Array) => values.reduce((total, n) => total + n, 0);
  const circle = expectImage(round, [], PROJECTION.grid, POINTING);
  assertAlmostEquals(sum(image) / sum(circle), 1, 0.01); // the field's corners differ
  const photons = drawPhotons(image, createRandom(1));
  const found = findSubstructure(photons, POINTING.side, CENTER, R500 / POINTING.pixel);
  assertAlmostEquals(found.axisRatio, 0.7, 0.03);
  assertAlmostEquals(found.positionAngle, 0.5, 0.06);
});

Deno.test("drawn photons are Poisson about the expected image", () => {
  const expected = new Float64Array(40000).fill(2.5);
  const photons = drawPhotons(expected, createRandom(2));
  const mean = photons.reduce((sum, n) => sum + n, 0) / photons.length;
  const variance = photons.reduce((sum, n) => sum + (n - mean) ** 2, 0) / photons.length;
  assertAlmostEquals(mean, 2.5, 4 * Math.sqrt(2.5 / 40000));
  assertAlmostEquals(variance, 2.5, 0.1);
});

Deno.test("the centroid is the cluster's center, whatever is masked", () => {
  const sky = { ...skyOf(BETA_MODEL, PER_EMISSION), center: { x: 212.3, y: 208.6 } };
  const photons = drawPhotons(expectImage(sky, [], PROJECTION.grid, POINTING), createRandom(3));
  const mask = new Uint8Array(NO_MASK.length);
  for (let j = 190; j < 215; j++) mask.fill(1, j * 420 + 225, j * 420 + 250);
  for (const m of [NO_MASK, mask]) {
    const found = findCentroid(photons, m, 420, CENTER, 50)!;
    assertAlmostEquals(found.x, 212.3, 0.4);
    assertAlmostEquals(found.y, 208.6, 0.4);
  }
  assertEquals(findCentroid(new Uint32Array(420 * 420), NO_MASK, 420, CENTER, 50), undefined);
});

Deno.test("the noise in a wavelet plane has the variance that its squares tell", () => {
  const side = 256;
  const noise = Float64Array.from(
    drawPhotons(new Float64Array(side * side).fill(9), createRandom(4)),
  );
  for (const { scale, values, squares } of transformWavelets(noise, side, [1, 2, 3])) {
    const variance = values.reduce((sum, w) => sum + w * w, 0) / values.length;
    assertAlmostEquals(variance / (9 * squares), 1, 0.04 * 2 ** scale, `scale ${scale}`);
  }
});

Deno.test("planted clumps above ten sigma are all masked, and smooth clusters hardly at all", () => {
  const sky = skyOf(FULL_MODEL, PER_EMISSION);
  const r500 = R500 / POINTING.pixel;
  let falseAlarms = 0;
  let found = 0;
  let planted = 0;
  for (let trial = 0; trial < 4; trial++) {
    const random = createRandom(5).fork(trial);
    const sources = Array.from({ length: 4 }, (_, k) => {
      const angle = (k + random.uniform()) * Math.PI / 2;
      const radius = (0.3 + 0.3 * k) * r500;
      const center = { x: 210 + radius * Math.cos(angle), y: 210 + radius * Math.sin(angle) };
      return { center, photons: 900 / (1 + k), coreRadius: 0.015, beta: 1, kind: "clump" as const };
    });
    const smooth = expectImage(sky, [], PROJECTION.grid, POINTING);
    const clumpy = expectImage(sky, sources, PROJECTION.grid, POINTING);
    const quiet = findSubstructure(drawPhotons(smooth, random.fork("a")), 420, CENTER, r500);
    falseAlarms += quiet.regions.length;
    const { mask } = findSubstructure(drawPhotons(clumpy, random.fork("b")), 420, CENTER, r500);
    for (const { center: { x, y } } of sources) {
      planted++;
      found += mask[Math.floor(y) * 420 + Math.floor(x)]!;
    }
  }
  assertEquals(found, planted);
  assertLessOrEqual(falseAlarms, 2);
});

Deno.test("the minimizer finds the bottom of a bent valley and its covariance", () => {
  // Rosenbrock's function as least squares: residuals 1 - x and 10 (y - x^2).
  const { parameters, covariance, converged } = minimize(([x, y]) => {
    const residuals = [1 - x!, 10 * (y! - x! * x!)];
    const jacobian = [[-1, 0], [-20 * x!, 10]];
    return {
      objective: (residuals[0]! ** 2 + residuals[1]! ** 2) / 2,
      gradient: Float64Array.from(
        [0, 1],
        (p) => residuals.reduce((sum, r, i) => sum + r * jacobian[i]![p]!, 0),
      ),
      curvature: Float64Array.from(
        { length: 4 },
        (_, i) => jacobian.reduce((sum, row) => sum + row[i >> 1]! * row[i & 1]!, 0),
      ),
    };
  }, [-1.2, 1]);
  assert(converged);
  assertAlmostEquals(parameters[0]!, 1, 1e-2);
  assertAlmostEquals(covariance[0]!, 1, 0.05);
});

Deno.test("an objective that is nowhere finite is reported as not converged", () => {
  const lost = minimize(() => ({
    objective: NaN,
    gradient: new Float64Array(1),
    curvature: new Float64Array(1),
  }), [0]);
  assertEquals(lost.converged, false);
  assertEquals(lost.steps, 0);
});

Deno.test("a noiseless image gives back the gas that made it", () => {
  // A million photons: what is left is the pull of the priors, a fraction of a percent.
  const bright = PER_EMISSION * 10;
  const image = expectImage(skyOf(FULL_MODEL, bright), [], PROJECTION.grid, POINTING);
  const profile = measureProfile(image, NO_MASK, POINTING, PROJECTION, {
    center: CENTER,
    outerRadius: 2 * R500,
  });
  const fit = fitGasDensity(profile, PROJECTION.grid, { r500: R500, photonsPerEmission: bright });
  assert(fit.converged);
  const gas = measureGas(fit, R500);
  assertAlmostEquals(gas.logGasMass, Math.log10(totalGasMass(FULL_MODEL, R500)), 0.001);
  shellGasMasses(FULL_MODEL, R500).forEach((mass, i) => {
    assertAlmostEquals(gas.logShellMasses[i]!, Math.log10(mass), 0.006, `shell ${i}`);
  });
  shellSlopes(FULL_MODEL, R500).forEach((slope, i) => {
    assertAlmostEquals(gas.slopes[i]!, slope, 0.06, `slope ${i}`);
  });
});

const BASE: BaseSample = drawBaseSample(createRandom(1));
const RELAXED = prepareObservatory(BASE.cosmology, BASE.redshift, { sky: RELAXED_SKY });

Deno.test("a base cluster's density has its shell masses and slopes", () => {
  for (const kind of ["plain", "cool"] as const) {
    let steepest = 0;
    for (let row = 0; row < 40; row++) {
      if (coreOfCluster(BASE.clusters, row, RELAXED_SKY.coolCoreSlope) !== kind) continue;
      const r500 = r500OfMass(RELAXED, BASE.clusters.logMass[row]!);
      const model = densityOfCluster(BASE.clusters, row, r500, { kind, random: createRandom(row) });
      const masses = shellGasMasses(model, r500);
      const slopes = shellSlopes(model, r500);
      for (let s = 0; s < SHELLS; s++) {
        const wanted = BASE.clusters.logGasMassProfile[row * SHELLS + s]!;
        assertAlmostEquals(Math.log10(masses[s]!), wanted, 0.03);
        assertAlmostEquals(slopes[s]!, BASE.clusters.gasSlopeProfile[row * SHELLS + s]!, 0.2);
      }
      const total = Math.log10(totalGasMass(model, r500));
      assertAlmostEquals(total, BASE.clusters.logGasMass[row]!, 1e-9);
      steepest = Math.max(steepest, model.innerSquaredScale);
    }
    assertEquals(steepest > 0, kind === "cool");
  }
});

Deno.test("two fifths of the base sample's clusters have cool cores, or none", () => {
  const rows = Array.from({ length: BASE.clusters.count }, (_, i) => i);
  const share = (limit: number) =>
    rows.filter((row) => coreOfCluster(BASE.clusters, row, limit) === "cool").length / rows.length;
  assertAlmostEquals(share(RELAXED_SKY.coolCoreSlope), 0.4, 0.03);
  assertEquals(share(-Infinity), 0);
});

Deno.test("observed gas masses of relaxed clusters are unbiased within their errors", () => {
  const pulls: number[] = [];
  for (let row = 0; row < 12; row++) {
    const { gas, truth } = observeCluster(RELAXED, BASE.clusters, row, createRandom(6).fork(row));
    const miss = gas!.logGasMass - Math.log10(totalGasMass(truth.density, truth.r500));
    assertLess(gas!.logGasMassError * Math.LN10, 0.025);
    pulls.push(miss / gas!.logGasMassError);
  }
  const mean = pulls.reduce((sum, pull) => sum + pull, 0) / pulls.length;
  assertLess(Math.abs(mean), 4 / Math.sqrt(pulls.length));
  assertLess(Math.max(...pulls.map(Math.abs)), 4.5);
});

Deno.test("the photons inside R500 are those of the cluster's luminosity", () => {
  const { truth } = observeCluster(RELAXED, BASE.clusters, 3, createRandom(7));
  const emission = [0.5, 1].map((share) => {
    const shells = 4000; // a plain sum of spheres, apart from the code's quadrature
    let sum = 0;
    for (let i = 0; i < shells; i++) {
      const r = (i + 0.5) / shells * truth.r500 * share;
      sum += 4 * Math.PI * r * r * squaredDensity(truth.density, r) * truth.r500 * share / shells;
    }
    return sum;
  });
  const temperature = 10 ** BASE.clusters.logTemperature[3]!;
  const wanted = photonsPerLuminosity(POINTING, temperature) *
    10 ** BASE.clusters.logLuminosity[3]!;
  assertAlmostEquals(emission[1]! * truth.photonsPerEmission / wanted, 1, 2e-3);
  assertLess(emission[0]!, emission[1]!);
});

Deno.test("a cluster is observed the same alone, in any order, and among others", () => {
  const clusters = selectClusters(BASE.clusters, [4, 77, 200]);
  const random = createRandom(8);
  const small = { ...BASE, clusters };
  const all = observedProfiles(small, random, { sky: RELAXED_SKY });
  const backwards = [...observeRows(RELAXED, clusters, [2, 1, 0], random)];
  assertEquals(collectProfiles(3, backwards), all);
  assertEquals(all.rows, Uint32Array.of(0, 1, 2));
  const replaced = replaceProfiles(small, all);
  assertEquals(replaced.clusters.logGasMass, clusters.logGasMass);
  assertEquals(replaced.clusters.logGasMassProfile, all.logGasMassProfile);
  assertThrows(() => collectProfiles(3, backwards.slice(1)), RangeError, "2 lines");
  assertThrows(() => replaceProfiles(BASE, all), TypeError, "3 clusters were observed");
});

Deno.test("an image without photons is flagged, and so is one with too few", () => {
  const settings = { r500: R500, photonsPerEmission: PER_EMISSION };
  const empty = reduceImage(RELAXED, new Uint32Array(420 * 420), settings);
  assertEquals(empty.quality, "no photons");
  assertEquals(empty.gas, undefined);
  const faint = expectImage(skyOf(BETA_MODEL, PER_EMISSION / 150), [], PROJECTION.grid, POINTING);
  const dim = reduceImage(RELAXED, drawPhotons(faint, createRandom(9)), settings);
  assertEquals(dim.quality, "too few photons");
  assertStringIncludes(QUALITIES[dim.quality].reason, "fewer photons");
  assertThrows(() => reduceImage(RELAXED, [1, 2], settings), TypeError, "2 pixels");
});

Deno.test("a cluster larger than the field is measured from its corners and flagged", () => {
  const row = 0;
  const huge = {
    ...selectClusters(BASE.clusters, [row]),
    logMass: Float64Array.of(15.2),
    logLuminosity: Float64Array.of(1.5),
  };
  const { quality, truth, gas } = observeCluster(RELAXED, huge, 0, createRandom(10));
  assertEquals(quality, "larger than field");
  assertGreater(truth.r500, POINTING.side * POINTING.pixel / 2);
  assert(gas !== undefined && QUALITIES[quality].measured);
});

Deno.test("a cluster with a bright neighbor before it is flagged as blended", () => {
  const center = { x: 260, y: 240 };
  const photons = 4e3;
  const group = { center, photons, coreRadius: 0.04, beta: 0.8, kind: "neighbor" as const };
  const sky = skyOf(FULL_MODEL, PER_EMISSION);
  const image = expectImage(sky, [group], PROJECTION.grid, POINTING);
  const settings = { r500: R500, photonsPerEmission: PER_EMISSION };
  const blended = reduceImage(RELAXED, drawPhotons(image, createRandom(12)), settings);
  assertEquals(blended.quality, "blended");
  assertAlmostEquals(blended.gas!.logGasMass, Math.log10(totalGasMass(FULL_MODEL, R500)), 0.03);
  const alone = expectImage(sky, [], PROJECTION.grid, POINTING);
  assertEquals(
    reduceImage(RELAXED, drawPhotons(alone, createRandom(13)), settings).quality,
    "good",
  );
});

Deno.test("a neighbor that outshines the cluster is masked, and the center stays on the cluster", () => {
  const faint = PER_EMISSION / 10;
  for (const [share, dx, dy] of [[10, 45, 0], [10, 0, -60], [3, -46, 46]] as const) {
    const group = {
      center: { x: 210 + dx, y: 210 + dy },
      photons: share * 1e4,
      coreRadius: 0.04,
      beta: 0.8,
      kind: "neighbor" as const,
    };
    const image = expectImage(skyOf(FULL_MODEL, faint), [group], PROJECTION.grid, POINTING);
    const photons = drawPhotons(image, createRandom(14).fork(share, dx));
    const settings = { r500: R500, photonsPerEmission: faint };
    const { quality, profile, substructure } = reduceImage(RELAXED, photons, settings);
    assertEquals(quality, "blended");
    const { x, y } = profile!.center;
    assertLess(Math.hypot(x - 210, y - 210) * POINTING.pixel / R500, 0.04);
    assertEquals(substructure.mask[(210 + dy) * 420 + 210 + dx], 1);
  }
});

Deno.test("an image whose only bright peak is off the pointing is not mistaken for the cluster", () => {
  const group = {
    center: { x: 222, y: 214 },
    photons: 3e4,
    coreRadius: 0.04,
    beta: 0.8,
    kind: "neighbor" as const,
  };
  const faint = PER_EMISSION / 40;
  const image = expectImage(skyOf(BETA_MODEL, faint), [group], PROJECTION.grid, POINTING);
  const settings = { r500: R500, photonsPerEmission: faint };
  const found = reduceImage(RELAXED, drawPhotons(image, createRandom(15)), settings);
  assertEquals(found.quality, "off center");
  assertEquals([found.gas, QUALITIES[found.quality].measured], [undefined, false]);
});

Deno.test("a mask on one side of an elliptical cluster takes no gas away and adds none", () => {
  const sky = { ...skyOf(FULL_MODEL, PER_EMISSION), axisRatio: 0.7, positionAngle: 0 };
  const image = expectImage(sky, [], PROJECTION.grid, POINTING);
  const mask = new Uint8Array(NO_MASK.length); // the minor axis, from 0.2 to 1 R500
  for (let j = 232; j < 320; j++) mask.fill(1, j * 420 + 180, j * 420 + 240);
  const settings = { center: CENTER, outerRadius: 2 * R500 };
  const gasWith = (shape: object) => {
    const profile = measureProfile(image, mask, POINTING, PROJECTION, { ...settings, ...shape });
    const fit = fitGasDensity(profile, PROJECTION.grid, {
      r500: R500,
      photonsPerEmission: PER_EMISSION,
    });
    return measureGas(fit, R500).logGasMass - Math.log10(totalGasMass(FULL_MODEL, R500));
  };
  assertAlmostEquals(gasWith({ ellipse: sky }), 0, 0.001);
  assertGreater(gasWith({}), 0.005); // circles take the bright sides for all sides
});

/** An image of expected counts by the distance from the center [pixels], without noise. */
function imageOf(counts: (distance: number) => number): Uint32Array {
  return Uint32Array.from(
    NO_MASK,
    (_, p) => Math.round(counts(Math.hypot(p % 420 - 209.5, Math.floor(p / 420) - 209.5))),
  );
}

Deno.test("profiles that no density fits are flagged, without values or with a warning", () => {
  const settings = { r500: R500, photonsPerEmission: PER_EMISSION };
  const steep = reduceImage(RELAXED, imageOf((r) => 1e9 / (r ** 6 + 1)), settings);
  assertEquals(steep.quality, "not converged");
  assertEquals([steep.fit?.converged, steep.gas], [false, undefined]);
  assertStringIncludes(QUALITIES[steep.quality].reason, "no minimum");
  const terraces = reduceImage(
    RELAXED,
    imageOf((r) => 300 / (1 + 4 * Math.floor(r / 25) ** 2)),
    settings,
  );
  assertEquals(terraces.quality, "poor fit");
  assert(terraces.gas !== undefined && QUALITIES[terraces.quality].measured);
});

Deno.test("every patch of a mask has a center and holds its pixels", () => {
  const sky = prepareObservatory(BASE.cosmology, BASE.redshift);
  for (const row of [1068, 570, 760]) {
    const random = createRandom(2).fork("observe", row);
    const { regions, mask } = observeCluster(sky, BASE.clusters, row, random).substructure;
    assertEquals(regions.reduce((n, r) => n + r.pixels, 0), mask.reduce((n, m) => n + m, 0));
    for (const { center: { x, y } } of regions) {
      assert(x >= 0 && x <= 420 && y >= 0 && y <= 420, `${row}: ${x}, ${y}`);
    }
  }
});

Deno.test("every quality has a code of its own", () => {
  const codes = Object.values(QUALITIES).map(({ code }) => code).sort();
  assertEquals(codes, codes.map((_, i) => i));
});

Deno.test("unmeasured clusters are left out of the sample and stay in the quality column", () => {
  const line = (row: number, quality: "good" | "no photons") => ({
    row,
    quality,
    photons: 0,
    maskedShare: 0,
    reducedDeviance: 0,
    values: quality === "good" ? new Float64Array(2 + 4 * SHELLS).fill(row) : undefined,
  });
  const clusters = selectClusters(BASE.clusters, [0, 1, 2, 3]);
  const profiles = collectProfiles(4, [
    line(0, "good"),
    line(1, "no photons"),
    line(2, "good"),
    line(3, "good"),
  ]);
  assertEquals([...profiles.quality], [0, QUALITIES["no photons"].code, 0, 0]);
  assertEquals([...profiles.rows], [0, 2, 3]);
  const base = replaceProfiles({ ...BASE, clusters }, profiles);
  assertEquals(base.clusters.count, 3);
  assertEquals(base.clusters.gasSlopeProfile[SHELLS], 2);
});

Deno.test("Fig. 2's clusters go from flat to cool cores, and fits pass through their points", () => {
  const slopes = Float64Array.from(
    { length: BASE.clusters.count },
    (_, i) => BASE.clusters.gasSlopeProfile[i * SHELLS]!,
  );
  const examples = exampleClusters(BASE.clusters.logMass, slopes);
  assertGreater(slopes[examples["flat core"]]!, slopes[examples["peaked core"]]!);
  assertGreater(slopes[examples["peaked core"]]!, slopes[examples["cool core"]]!);
  const row = examples["cool core"];
  const observation = observeCluster(RELAXED, BASE.clusters, row, createRandom(11));
  const profile = densityProfile(observation);
  let chiSquared = 0;
  profile.squaredDensity.forEach((value, i) => {
    chiSquared += ((value - profile.fit[i]!) / profile.error[i]!) ** 2;
    assertLess(Math.abs(profile.fit[i]! / profile.truth[i]! - 1), 0.15);
  });
  assertLess(chiSquared / profile.radii.length, 2);
  const { gas: _, ...unmeasured } = observation;
  assertThrows(() => densityProfile({ ...unmeasured, gas: undefined }), RangeError, "measured");
});

Deno.test("bad settings are refused with what was expected", () => {
  assertThrows(
    () => pointInstrument(STANDARD_INSTRUMENT, MAGNETICUM, 0),
    RangeError,
    "redshift is 0",
  );
  const blind = { ...STANDARD_INSTRUMENT, fieldArcmin: 0.01 };
  assertThrows(() => pointInstrument(blind, MAGNETICUM, 0.07), RangeError, "0 pixels");
  const short = { center: CENTER, outerRadius: 0.001 };
  assertThrows(
    () => measureProfile(NO_MASK, NO_MASK, POINTING, PROJECTION, short),
    RangeError,
    "0.001 Mpc/h",
  );
  const profile = measureProfile(NO_MASK, NO_MASK, POINTING, PROJECTION, {
    center: CENTER,
    outerRadius: 0.1,
  });
  const settings = { r500: R500, photonsPerEmission: PER_EMISSION };
  assertThrows(() => fitGasDensity(profile, PROJECTION.grid, settings), RangeError, "0 photons");
  assertThrows(() => exampleClusters(new Float64Array(2), [1, 2]), RangeError, "2 clusters");
  const odd = selectClusters(BASE.clusters, [0]);
  odd.gasSlopeProfile.fill(4);
  assertThrows(
    () => densityOfCluster(odd, 0, R500, { kind: "plain", random: createRandom(1) }),
    RangeError,
    "no model has",
  );
});
