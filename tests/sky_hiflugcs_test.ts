/**
 * A real flux-limited sample, HIFLUGCS: its posterior against an independent program's, the verdict on
 * it and on planted faults, and what its answer leans on.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { openSkyCatalog } from "../cli/storage/sky_files.ts";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY, isWithinLimits, massScalePrior } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { type SkyClusters, takeSkyClusters } from "../src/catalogs/sky/sky_clusters.ts";
import { SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import { measureFluxGap } from "../src/evaluation/sky/flux_gap.ts";
import {
  changeLikelihood,
  changePrior,
  leaveEachOut,
  leaveEachOutOrSample,
  summarizeReweighted,
} from "../src/evaluation/sky/influence.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import { sampleSkyPosterior, SKY_SAMPLING, summarizeSky } from "../src/evaluation/sky/posterior.ts";
import { SKY_STATISTIC_NAMES, skyStatistics } from "../src/evaluation/sky/statistics.ts";
import { drawReference } from "../src/evaluation/sky/reference.ts";
import {
  judgeSkyCatalog,
  predictStatistics,
  realisticDrawing,
} from "../src/evaluation/sky/verdict.ts";
import { compareStatistics } from "../src/evaluation/sky/comparison.ts";
import { createRandom } from "../src/numerics/random.ts";
import { argsort } from "../src/numerics/arrays.ts";
import { predictSky } from "../src/runs/sky_prediction.ts";
import { convertMasses } from "../src/observed/sky_units.ts";
import { assertRefused, documentOf, makeTestFolder, terse } from "./cli_process.ts";

const folder = makeTestFolder("hiflugcs");
const FILE = new URL("../fixtures/hiflugcs.csv", import.meta.url).pathname;
const SURVEY = SKY_PRESETS.hiflugcs.survey;
const { clusters: CLUSTERS, names: NAMES, leftOut } = openSkyCatalog(FILE, SURVEY, "leave out");
const { S8, omegaM, sigma8 } = SKY_COSMOLOGY;
const LIKELIHOOD = prepareSkyLikelihood(SURVEY, CLUSTERS);
const POSTERIOR = sampleSkyPosterior(LIKELIHOOD, createRandom(1));
const INFLUENCES = leaveEachOut(POSTERIOR, LIKELIHOOD, [S8, omegaM]);

Deno.test("54 of the 63 clusters are above z = 0.02, all above the flux limit", () => {
  assertEquals(CLUSTERS.redshift.length, 54);
  assertEquals(leftOut, { redshift: 9, flux: 0 });
  assert(NAMES!.includes("A754") && !NAMES!.includes("Fornax"));
});

Deno.test("the posterior is the independent program's, within 0.15 widths", () => {
  const expected = [[S8, 0.759, 0.029], [omegaM, 0.305, 0.063], [sigma8, 0.764, 0.072]] as const;
  for (const [quantity, mean, width] of expected) {
    const found = summarizeSky(POSTERIOR, quantity);
    assertAlmostEquals(found.mean, mean, 0.15 * width);
    assertAlmostEquals(found.deviation, width, 0.1 * width);
  }
});

Deno.test("selection by true mass is another likelihood: luminosities up by a quarter, S8 down", () => {
  const wrong = prepareSkyLikelihood(SURVEY, CLUSTERS, { by: "true mass" });
  const posterior = sampleSkyPosterior(wrong, createRandom(1));
  const shift = summarizeSky(posterior, S8).mean - summarizeSky(POSTERIOR, S8).mean;
  assertAlmostEquals(shift, -0.016, 0.006);
  const norm = (of: typeof posterior) => summarizeSky(of, ({ lnL }) => Math.exp(lnL)).mean;
  assertAlmostEquals(norm(posterior) / norm(POSTERIOR), 1.25, 0.05);
  assertAlmostEquals(summarizeSky(posterior, ({ scatterL }) => scatterL).mean, 0.236, 0.02);
});

Deno.test("leaving a cluster out by weights is sampling the catalog without it", () => {
  assertEquals(INFLUENCES.length, 54);
  const strongest = INFLUENCES.toSorted((a, b) =>
    Math.abs(b.changes[0]!) - Math.abs(a.changes[0]!)
  );
  assertEquals(NAMES![strongest[0]!.row], "A754");
  const row = NAMES!.indexOf("A119");
  const rows = [...CLUSTERS.redshift.keys()].filter((other) => other !== row);
  const without = sampleSkyPosterior(
    prepareSkyLikelihood(SURVEY, takeSkyClusters(CLUSTERS, rows)),
    createRandom(3),
  );
  [S8, omegaM].forEach((quantity, q) => {
    const whole = summarizeSky(POSTERIOR, quantity);
    const direct = (summarizeSky(without, quantity).mean - whole.mean) / whole.deviation;
    assertAlmostEquals(INFLUENCES[row]!.changes[q]!, direct, 0.12);
  });
});

Deno.test("without an outlier, whose weights leave few samples, the posterior is sampled", () => {
  const found = [1, 2].map((seed) =>
    leaveEachOutOrSample(POSTERIOR, LIKELIHOOD, [S8, omegaM], {
      ...{ survey: SURVEY, clusters: CLUSTERS, random: createRandom(seed) },
    })
  );
  const outlier = NAMES!.indexOf("A754");
  assert(INFLUENCES[outlier]!.effectiveSamples < 200);
  for (const influences of found) {
    INFLUENCES.forEach((influence, row) => {
      if (influence.effectiveSamples >= 200) assertEquals(influences[row], influence);
    });
    const { changes, effectiveSamples } = influences[outlier]!;
    assert(effectiveSamples > 800, `${effectiveSamples}`);
    // With six seeds of each the changes are -0.30 and -0.05 widths.
    assertAlmostEquals(changes[0]!, -0.3, 0.12);
    assertAlmostEquals(changes[1]!, -0.05, 0.12);
  }
});

Deno.test("a heavier mass scale raises S8 by a fifth of its change, a redshift cut raises omegaM", () => {
  const base = summarizeSky(POSTERIOR, S8).mean;
  const heavier = changePrior(POSTERIOR, "lnT", massScalePrior(4.3 * 1.1, 0.1));
  const change = Math.log(summarizeReweighted(POSTERIOR, heavier, S8).mean / base) / Math.log(1.1);
  assertAlmostEquals(change, 0.2, 0.06);
  const same = changePrior(POSTERIOR, "lnT", POSTERIOR.priors.lnT);
  assertAlmostEquals(same.effectiveSamples, POSTERIOR.effectiveSamples, 1e-6);
  const cut = { ...SURVEY, redshiftMin: 0.03 };
  const { clusters } = openSkyCatalog(FILE, cut, "leave out");
  const further = changeLikelihood(POSTERIOR, LIKELIHOOD, prepareSkyLikelihood(cut, clusters));
  assertAlmostEquals(summarizeReweighted(POSTERIOR, further, S8).mean, 0.773, 0.006);
  assert(summarizeReweighted(POSTERIOR, further, omegaM).mean > 0.34);
});

const DRAWING = realisticDrawing(CLUSTERS);
const REFERENCE = drawReference(
  SURVEY,
  54,
  prepareSkyDrawing(SURVEY, DRAWING),
  createRandom(4),
  600,
);

Deno.test("HIFLUGCS is consistent, wrong fluxes and missing faint clusters do not apply", () => {
  const verdictOf = (clusters: SkyClusters) => judgeSkyCatalog(SURVEY, clusters, REFERENCE);
  const own = verdictOf(CLUSTERS);
  assertEquals(own.verdict, "consistent", own.reasons.join());
  assertAlmostEquals(own.gap.probability, 0.96, 0.01);
  const brighter = { ...CLUSTERS, lnFlux: CLUSTERS.lnFlux.map((ln) => ln + Math.log(1.25)) };
  assertEquals(verdictOf(brighter).verdict, "do not apply");
  assert(verdictOf(brighter).reasons.some((reason) => reason.includes("1.25 times the limit")));
  const bright = argsort(CLUSTERS.lnFlux).slice(18);
  assertEquals(verdictOf(takeSkyClusters(CLUSTERS, bright)).verdict, "do not apply");
  // A fault within the priors is not seen, as the command says.
  const hotter = { ...CLUSTERS, lnTemperature: CLUSTERS.lnTemperature.map((ln) => ln + 0.15) };
  assertEquals(verdictOf(hotter).verdict, "consistent");
});

Deno.test("Gaussian scatter does not fit the outliers in gas mass and temperature, Student's does", () => {
  const fit = (drawing: typeof DRAWING) =>
    predictStatistics(SURVEY, CLUSTERS, POSTERIOR, drawing, createRandom(2));
  const student = fit(DRAWING);
  const gaussian = fit({});
  assertEquals(student.statistics.length, 33);
  assertEquals(SKY_STATISTIC_NAMES.length, 33);
  assert(student.distanceProbability > 0.05);
  assert(gaussian.distanceProbability < student.distanceProbability);
  // Skew and kurtosis of the same outliers, at 0.2 and 0.3% of 9000 mocks; of 1500 either may come first.
  const poor = ({ statistics }: typeof gaussian) =>
    statistics.filter(({ probability }) => probability < 0.01).map(({ name }) => name).sort();
  const OUTLIERS = ["ln Mgas by ln T: kurtosis", "ln Mgas by ln T: skew"];
  assertEquals(poor(gaussian), OUTLIERS);
  assertEquals(poor(student), []);
  // The cause is one cluster: without it no statistic is skewed as much.
  const rows = [...CLUSTERS.redshift.keys()].filter((row) => NAMES![row] !== "A754");
  const without = takeSkyClusters(CLUSTERS, rows);
  const posterior = sampleSkyPosterior(prepareSkyLikelihood(SURVEY, without), createRandom(1));
  const rest = predictStatistics(SURVEY, without, posterior, {}, createRandom(2));
  assert(!poor(rest).includes(OUTLIERS[1]!));
  assert(rest.distanceProbability > 2 * gaussian.distanceProbability);
});

Deno.test("gas masses that do not rise with luminosity get an answer, and a verdict that says why not to use it", () => {
  const flat = { ...CLUSTERS, lnGasMass: CLUSTERS.lnGasMass.map((_, i) => 0.1 * Math.sin(i)) };
  // The peak is no good start, so that walkers go first: as many, for fewer steps than by default.
  const sampling = { ...SKY_SAMPLING, burnIn: 100, steps: 100, mostAdded: 3 };
  const likelihood = prepareSkyLikelihood(SURVEY, flat);
  const posterior = sampleSkyPosterior(likelihood, createRandom(1), undefined, sampling);
  assert(posterior.parameters.every(isWithinLimits));
  // They pull the slope to the end of its range, far from the prior's 1.2.
  assert(summarizeSky(posterior, ({ slopeG }) => slopeG).mean < 0.4);
  // With a fifth of predict's mocks no statistic can be less probable than caution asks for.
  const { verdict, reasons } = judgeSkyCatalog(SURVEY, flat, REFERENCE);
  assertNotEquals(verdict, "consistent");
  assert(reasons.some((reason) => /furthest out is the .*ln Mgas/.test(reason)), reasons.join());
});

Deno.test("statistics of a column that is missing are left out", () => {
  const bare = {
    ...CLUSTERS,
    lnGasMassError: CLUSTERS.lnGasMassError.map(() => 1e3),
  };
  const statistics = skyStatistics(bare, SURVEY);
  assertEquals(statistics.filter(Number.isNaN).length, 2 + 12);
  assert(judgeSkyCatalog(SURVEY, bare, REFERENCE).comparison.statistics.length === 19);
});

Deno.test("the flux gap of honest mocks is exponential", () => {
  const drawer = prepareSkyDrawing(SURVEY);
  const random = createRandom(8);
  const parameters = POSTERIOR.parameters[0]!;
  const gaps = Array.from(
    { length: 400 },
    (_, i) => measureFluxGap(drawer.draw(parameters, random.fork("mock", i)), SURVEY).probability,
  );
  assertAlmostEquals(gaps.filter((p) => p < 0.2).length / 400, 0.2, 0.07);
});

Deno.test("masses of Einstein and de Sitter's universe are converted", () => {
  const source = { h: 0.5, omegaM: 1 };
  // distance over (5/7), as the sample's own tables have it, and the growth of r500
  assertAlmostEquals(convertMasses(source, 0.0232).distance * 7 / 5, 1.012, 1e-4);
  assertAlmostEquals(convertMasses(source, 0.0767).distance * 7 / 5, 1.0386, 1e-4);
  assertAlmostEquals(convertMasses(source, 0.046).radius, 1.047, 1e-3);
  assertAlmostEquals(convertMasses(source, 0.2).radius, 1.19, 2e-3);
  const { gasMass, distance } = convertMasses(source, 0.046, 2 / 3, 0.15);
  assert(gasMass / distance ** 2.5 > 1.03 && gasMass / distance ** 2.5 < 1.06);
  assertAlmostEquals(convertMasses({ h: 0.7, omegaM: 0.3 }, 0.1).gasMass, 1, 1e-12);
});

Deno.test("predict answers a user's table by the survey's likelihood, and says what it converted", async () => {
  const rows = Deno.readTextFileSync(FILE).split("\n").filter((line) => /^[A-Z0-9].*,/.test(line));
  const foreign = rows.map((line) => {
    const [name, z, flux, T, error, , gas] = line.split(",");
    const source = Number(gas) / convertMasses({ h: 0.5, omegaM: 1 }, Number(z)).gasMass;
    return [name, z, Number(flux) * 1e-12, T, error, source * 1e14].join(",");
  });
  const path = `${folder}/theirs.csv`;
  Deno.writeTextFileSync(path, ["id,red,Fx,kT,sT,gas", ...foreign].join("\n"));
  const columns = "name=id, z=red, flux=Fx*1e12, T=kT, e_lnT=sT, Mgas=gas/1e14";
  const answer = documentOf(
    await terse(
      folder,
      "predict",
      "--survey=hiflugcs",
      `--catalog=${path}`,
      `--columns=${columns}`,
      "--h=0.5",
      "--source-omega-m=1",
      "--json",
    ),
  ) as {
    clusters: number;
    network: { S8: { mean: number } };
    distance: Record<"S8" | "omegaM", number>;
    conversions: string[];
    likelihood: Record<string, { mean: number }>;
    judgement: { verdict: string };
    influences: { name: string }[];
  };
  assertEquals(answer.clusters, 54);
  assertEquals(answer.judgement.verdict, "consistent");
  assertEquals(answer.influences[0]!.name, "A754");
  assertAlmostEquals(answer.likelihood.S8!.mean, 0.759, 0.006);
  assertAlmostEquals(answer.network.S8.mean, 0.759, 0.3 * 0.029);
  assert(Math.abs(answer.distance.S8) < 0.3);
  assert(answer.conversions.some((line) => line.includes("from h = 0.5, omegaM = 1 to h = 0.7")));
});

Deno.test("predict with a survey refuses what does not go with it", async () => {
  const predict = (...args: string[]) =>
    terse(folder, "predict", `--catalog=${FILE}`, "--survey=hiflugcs", ...args);
  assertRefused(await predict("--to=x.csv"), 2, "--to is given, --survey goes without it");
  assertRefused(await predict("--run=runs/x"), 1, "it has no network.safetensors");
  assertRefused(await predict("--source-omega-m=1.5"), 2, "--source-omega-m is 1.5");
  assertRefused(await predict("--columns=flx=flux"), 1, "there is no target flx", "flux");
  const units = `${folder}/units.csv`;
  const lines = Deno.readTextFileSync(FILE).split("\n").map((line) => {
    const [name, z, flux, ...rest] = line.split(",");
    return Number(flux) > 0 ? [name, z, 10 * Number(flux), ...rest].join(",") : line;
  });
  Deno.writeTextFileSync(units, lines.join("\n"));
  const wrong = await terse(folder, "predict", `--catalog=${units}`, "--survey=hiflugcs");
  assertRefused(wrong, 1, "faintest flux is 10", "1e-12 erg/s/cm2");
  assertThrows(() => openSkyCatalog(FILE, SURVEY), Error, "should be within the survey's");
  const nowhere = `${folder}/nowhere.csv`;
  Deno.writeTextFileSync(nowhere, "name,z,flux,T,Mgas\nA1,0.05,30,4,0.3\nA2,0,40,5,0.4\n");
  const missing = await terse(folder, "predict", `--catalog=${nowhere}`, "--survey=hiflugcs");
  assertRefused(missing, 1, "redshift of A2 is 0, should be above 0");
});

Deno.test("probabilities of an honest catalog among mocks are uniform, and one far out has the least", () => {
  const random = createRandom(11);
  const names = Array.from({ length: 40 }, (_, s) => `statistic ${s}`);
  // Correlated statistics, every third of them with heavy tails.
  const draw = () => {
    const shared = random.normal();
    return Float64Array.from(names, (_, s) => {
      const value = random.normal() + 0.5 * shared;
      return s % 3 === 0 ? value ** 3 : value;
    });
  };
  const mocks = Array.from({ length: 600 }, draw);
  const found = Array.from({ length: 250 }, () => compareStatistics(names, draw(), mocks));
  for (const name of ["distanceProbability", "extremeProbability"] as const) {
    for (const level of [0.05, 0.5]) {
      const share = found.filter((one) => one[name] < level).length / found.length;
      // Four standard errors: of these 250 catalogs, and of the 200 mocks they are held against.
      const error = Math.sqrt(level * (1 - level) * (1 / 250 + 1 / 200));
      assert(Math.abs(share - level) < 4 * error, `${name} below ${level}: ${share}`);
    }
  }
  const far = draw();
  far[1] = 12;
  const { distanceProbability, extremeProbability, statistics } = compareStatistics(
    names,
    far,
    mocks,
  );
  assertEquals([distanceProbability, extremeProbability], [1 / 201, 1 / 201]);
  assertEquals(statistics[0]!.name, "statistic 1");
});

Deno.test("a catalog of a number that the survey never finds is refused at once, with the numbers it finds", () => {
  const drawer = prepareSkyCoreDrawing(SURVEY);
  const refuse = (count: number, own: typeof drawer, text: string) =>
    assertThrows(() => drawReference(SURVEY, count, own, createRandom(1)), RangeError, text);
  refuse(2500, drawer, "it has 2500 clusters, the survey finds 1 to 6");
  // One catalog in a thousand is like it: that is searched for to the end, and too few.
  const mock = drawer.draw(FIDUCIAL_SKY, createRandom(1));
  let drawn = 0;
  const rare: typeof drawer = {
    ...drawer,
    drawIf: (_parameters, _random, isWanted) =>
      isWanted(drawn++ % 1000 === 7 ? 54 : 10) ? mock : null,
  };
  refuse(54, rare, "it has 54 clusters, the survey finds 10 to 10 in 99% of 30000 mocks");
  // Many more are refused before a posterior is sampled, which would take minutes.
  const rows = Int32Array.from({ length: 2500 }, (_, i) => i % 54);
  const many = takeSkyClusters(CLUSTERS, rows);
  const began = performance.now();
  const catalog = { clusters: many, names: undefined, leftOut: { redshift: 0, flux: 0 } };
  assertThrows(() => predictSky(SURVEY, catalog, createRandom(1)), RangeError, "2500 clusters");
  assert(performance.now() - began < 20_000);
});
