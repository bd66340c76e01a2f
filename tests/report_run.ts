/**
 * A whole report's data without training: mock catalogs, and a network written by hand whose terse
 * value rises with gas mass and temperature.
 */
import type { Catalog, FeatureArray, Model, Random } from "../mod.ts";
import type { CatalogParameters } from "../src/catalogs/mod.ts";
import type { FeatureSpec } from "../src/features/mod.ts";
import type { Epoch, TerseArray } from "../src/network/mod.ts";
import {
  buildFeatures,
  calibrateByCounts,
  createRandom,
  drawBaseSample,
  EXPERIMENTS,
  measureErrors,
  measureSaliency,
  prepareCatalogs,
  PRESETS,
} from "../mod.ts";
import { MASS_BIN } from "../src/catalogs/abundance.ts";
import {
  breakLogMass,
  drawCatalogs,
  drawParameters,
  expectedCounts,
  LARGER_SURVEY,
  SMALLER_SURVEY,
} from "../src/catalogs/mod.ts";
import { fitCountBaseline, makeTable4, predictFromCounts } from "../src/evaluation/mod.ts";
import { widthOf } from "../src/features/mod.ts";
import {
  catalogMassRanges,
  compareTransitions,
  interpret,
  labelPixels,
  summarizeCatalogs,
  summarizeSeeds,
} from "../src/interpretation/mod.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood.ts";
import { fitNormalization } from "../src/features/normalization.ts";
import { answerExactly } from "../src/interpretation/exact/exact_catalog.ts";
import { summarizeExact } from "../src/interpretation/exact/summary.ts";
import { measureFaithfulness } from "../src/interpretation/faithfulness/faithfulness.ts";
import { concludeRun } from "../src/runs/conclusions.ts";
import { terseLayerHeadlines } from "../src/interpretation/terse_layer.ts";
import { countParameters } from "../src/network/mod.ts";
import type { AbundanceCurve, DensityProfileExample, ReportData } from "../src/report/mod.ts";

/** The weights of a hand-written encoder by column, and its zero. */
interface Weights {
  readonly zero: number;
  readonly columns: readonly number[];
  /** Curvature, so that saliency varies from cluster to cluster. */
  readonly bend: number;
}

/** T and gas mass count; the shells near 0.67 R500 most. */
const STANDARD_WEIGHTS: Weights = {
  zero: 13.2,
  columns: [0.39, ...[0.02, 0.05, 0.09, 0.14, 0.19, 0.22, 0.17], ...Array(7).fill(-0.01)],
  bend: 0.35,
};

function encodeRow(weights: Weights, pixels: Float32Array, row: number): number {
  const width = weights.columns.length;
  const linear = weights.columns.reduce(
    (sum, weight, p) => sum + weight * pixels[row * width + p]!,
    -0.88 * weights.zero,
  );
  return Math.tanh(weights.bend * linear) / weights.bend;
}

/** sigma8 rises with what the clusters' terse values add up to. */
function regress(catalogs: readonly TerseArray[]): Promise<Float64Array> {
  return Promise.resolve(Float64Array.from(catalogs, ({ terse }) => {
    const sum = terse.reduce((total, value) => total + Math.exp(2 * value), 0);
    return 0.81 + 0.06 * Math.log(sum / 60);
  }));
}

function makeModel(weights: Weights): Model {
  const encode = ({ count, pixels }: FeatureArray) =>
    Float32Array.from({ length: count }, (_, row) => encodeRow(weights, pixels, row));
  return {
    encode: (catalog) => Promise.resolve(encode(catalog)),
    encoderGradient: (catalog) =>
      Promise.resolve(Float32Array.from({ length: catalog.count * catalog.width }, (_, i) => {
        const terse = encodeRow(weights, catalog.pixels, Math.floor(i / catalog.width));
        const profile = weights.columns[i % catalog.width]!;
        return profile * (1 - (weights.bend * terse) ** 2);
      })),
    regress,
    predict: (catalogs) =>
      regress(catalogs.map((catalog) => ({
        count: catalog.count,
        terse: encode(catalog),
        supplementary: catalog.supplementary,
      }))),
  };
}

const SPEC: FeatureSpec = EXPERIMENTS.standard.features;
const BASE_RANDOM: Random = createRandom(11);
const BASE = drawBaseSample(BASE_RANDOM.fork("base sample"));

function drawSet(survey: typeof SMALLER_SURVEY | null, count: number, random: Random): {
  readonly catalogs: Catalog[];
  readonly transition: (parameters: CatalogParameters) => number;
  readonly abundance: AbundanceCurve[];
} {
  const plan = EXPERIMENTS.standard.catalog;
  const own = { ...plan, survey: survey ?? plan.survey };
  const maker = prepareCatalogs(BASE, own);
  const catalogs = drawCatalogs(maker, drawParameters(own.priors, count, random), random);
  const logMass = Float64Array.from(
    { length: maker.bins.count },
    (_, i) => maker.bins.logMassMin + (i + 0.5) * MASS_BIN,
  );
  const whole = prepareCatalogs(BASE, {
    ...plan,
    survey: { ...own.survey, volumeFraction: 1, slope: 0 },
  });
  const curve = (of: "volume" | "survey", sigma8: number, luminosityBias: number) => ({
    of,
    label: of === "volume" ? `volume, σ_8 = ${sigma8}` : `σ_8 = ${sigma8}, b_L = ${luminosityBias}`,
    logMass,
    counts: expectedCounts(of === "volume" ? whole : maker, {
      sigma8,
      luminosityBias,
      luminositySlopeFactor: 1,
    }),
  });
  return {
    catalogs,
    transition: (parameters) => breakLogMass(own.survey, BASE.relations.luminosity, parameters),
    abundance: [
      curve("volume", 0.93, 1),
      curve("volume", 0.72, 1),
      curve("survey", 0.93, 1.3),
      curve("survey", 0.93, 0.8),
      curve("survey", 0.72, 1.3),
      curve("survey", 0.72, 0.8),
    ],
  };
}

function makeHistory(random: Random): Epoch[] {
  let best = Infinity;
  return Array.from({ length: 60 }, (_, i) => {
    const epoch = i + 1;
    const trainMse = 0.3 * Math.exp(-epoch / 12) + 0.03 * (1 + 0.1 * random.normal()) -
      0.0002 * epoch;
    const validationMse = 0.3 * Math.exp(-epoch / 12) + 0.04 * (1 + 0.05 * random.normal()) +
      0.00001 * (epoch - 40) ** 2;
    const selected = epoch > 20 && validationMse < best;
    if (selected) best = validationMse;
    return { epoch, trainMse, validationMse, selected };
  });
}

function makeProfiles(random: Random): DensityProfileExample[] {
  return (["flat core", "peaked core", "cool core"] as const).map((name, p) => {
    const radii = Float64Array.from({ length: 22 }, (_, i) => 0.02 * 1.22 ** i);
    const fit = radii.map((r) =>
      1e27 * (r / 0.1) ** (-0.6 * p) * (1 + (r / 0.15) ** 2) ** (-1.8 + 0.3 * p)
    );
    const error = fit.map((value, i) => value * (0.04 + 0.01 * i));
    const squaredDensity = fit.map((value, i) => value + 0.8 * error[i]! * random.normal());
    return { name, radii, squaredDensity, error, fit };
  });
}

function makeOffsets(): NonNullable<ReportData["offsets"]> {
  const base = BASE.relations.temperature;
  const logMass = 14;
  const i = BASE.clusters.logMass.findIndex((m, j) =>
    Math.abs(m - 14.07) < 0.02 &&
    BASE.clusters.logTemperature[j]! - base.slope * m - base.intercept > 0.035
  );
  const neighbor = {
    logMass: BASE.clusters.logMass[i]!,
    logValue: BASE.clusters.logTemperature[i]!,
  };
  const slope = 1.15 * base.slope;
  const target = {
    slope,
    intercept: base.intercept + base.slope * 14.4 - slope * 14.4 + Math.log10(1.2),
    scatter: base.scatter * 1.3,
  };
  return {
    observable: "log(T) [keV]",
    examples: [
      { base, target: base, scatterFactor: 1, neighbor, logMass },
      { base, target, scatterFactor: 1.3, neighbor, logMass },
    ],
  };
}

/**
 * A report with every figure.
 *
 * @param count Test catalogs, which also calibrate themselves
 */
export async function makeReportData(count: number): Promise<ReportData> {
  const random = createRandom(7);
  const standard = drawSet(null, count, random.fork("standard"));
  const smaller = drawSet(SMALLER_SURVEY, 4 * count, random.fork("smaller"));
  const larger = drawSet(LARGER_SURVEY, 4 * count, random.fork("larger"));
  const { catalogs } = standard;
  const toFeatures = (spec: FeatureSpec, some: readonly Catalog[] = catalogs) =>
    some.map((catalog) => buildFeatures(catalog, spec, random));
  const features = toFeatures(SPEC);
  const model = makeModel(STANDARD_WEIGHTS);
  const pixels = labelPixels(SPEC.pixels);
  const truth = features.map(({ sigma8 }) => sigma8);
  const measure = (predicted: Float64Array, name: string) => ({
    predicted,
    truth,
    errors: measureErrors(predicted, truth, random.fork(name)),
  });
  const predictions = measure(await model.predict(features), "standard");
  const counts = measure(predictFromCounts(fitCountBaseline(features), features), "counts");
  const interpretation = await interpret(model, features, catalogs, SPEC.pixels, {
    saliency: { maps: features.map((_, i) => i).slice(0, 40) },
  });
  const noWeakLensing = makeModel({ ...STANDARD_WEIGHTS, zero: 12.9, bend: 0.9 });
  const cheat = { ...model, encode: cheatingEncode };
  const history = makeHistory(random.fork("history"));
  const exact = measure(
    Float64Array.from(truth, (value, i) => value + 0.0016 * random.fork("exact", i).normal()),
    "exact",
  );
  const cheated = await interpret(cheat, features, catalogs, SPEC.pixels);
  const { architecture } = PRESETS.paper;
  const inputs = { pixels: widthOf(SPEC.pixels), supplementary: widthOf(SPEC.supplementary) };
  const headlines = terseLayerHeadlines(interpretation.terseLayer);
  const answers = answerSome(catalogs.slice(0, EXACT_CATALOGS), random.fork("answers"));
  const faithfulness = await measureFaithfulness(model, features, interpretation, {
    base: BASE,
    exact: catalogs.map((_, i) => answers[i] ?? null),
    columns: SPEC.pixels,
    scales: fitNormalization(features, SPEC, "z-score").pixels,
  });
  const conclusions = concludeRun({
    network: { ...interpretation, faithfulness },
    summary: summarizeExact(answers),
    scatter: predictions.errors.scatter,
  });
  return {
    title: "Report of a network written by hand",
    facts: [
      { name: "experiment", value: 'standard <with> "markup" & such' },
      { name: "test catalogs", value: String(count) },
      { name: "base sample", value: `${BASE.clusters.count} clusters, synthetic stand-in` },
    ],
    relations: BASE.relations,
    scatter: makeTable4(
      {
        standard: { test: predictions.errors, fresh: predictions.errors },
        countBaseline: { test: counts.errors, fresh: "not measured" },
        shuffled: {
          test: { count, scatter: 0.0249, scatterError: 0.0007, bias: -0.0004 },
          fresh: "not measured",
        },
      },
      random.fork("table 4"),
    ),
    seeds: summarizeSeeds([headlines, { ...headlines, "r(terse, sigma8)": null }]),
    abundance: {
      panel: { title: "", curves: standard.abundance },
      binWidth: MASS_BIN,
    },
    densityProfiles: makeProfiles(random.fork("profiles")),
    offsets: makeOffsets(),
    network: { architecture, inputs, parameters: countParameters(architecture, inputs) },
    inputs: { matrices: features.slice(0, 4), pixels },
    history,
    predictions,
    interpretation,
    faithfulness,
    conclusions,
    calibration: { coverage68: 0.68, coverage95: 0.95, rankProbability: 0.4, catalogs: count },
    noWeakLensing: {
      saliency: await measureSaliency(noWeakLensing, features, catalogs, SPEC.pixels),
      masses: catalogMassRanges(catalogs, standard.transition),
    },
    transitions: compareTransitions(catalogs, standard.transition),
    selfCalibration: calibrateByCounts(summarizeCatalogs(catalogs), {
      bins: Math.round(Math.sqrt(count) / 2), // as full as 4968 catalogs fill 20 bins
    }),
    surveyAbundance: {
      panels: [
        { title: "30% of the simulation volume", curves: smaller.abundance },
        { title: "80% of the simulation volume", curves: larger.abundance },
      ],
      binWidth: MASS_BIN,
    },
    surveyCalibrations: [smaller, larger].map(({ catalogs }, s) => ({
      title: s === 0 ? "30% of the volume" : "80% of the volume",
      calibration: calibrateByCounts(summarizeCatalogs(catalogs)),
    })),
    overspecialized: {
      predictions: exact,
      history,
      terseTable: cheated.terseTable,
      ...(cheated.overspecialization ? { verdict: cheated.overspecialization } : {}),
    },
  };
}

/** Catalogs with exact answers: each takes half a second. */
const EXACT_CATALOGS = 2;

/** A third of a run's points: figures need no more. */
const SAMPLING = {
  walkers: 20,
  burnIn: 150,
  steps: 100,
  rounds: [1000, 1000, 2000],
  effectiveSamples: 100,
};

/** Exact answers of some catalogs. */
function answerSome(catalogs: readonly Catalog[], random: Random) {
  const model = prepareLikelihood(BASE, EXPERIMENTS.standard.catalog);
  return catalogs.map(({ clusters }, i) => ({
    ...answerExactly(model, clusters, random.fork("catalog", i), SAMPLING),
    logMass: clusters.logMass,
  }));
}

/** A single cluster's terse value that knows sigma8: App. B's failure. */
function cheatingEncode({ count, sigma8, pixels, width }: FeatureArray): Promise<Float32Array> {
  return Promise.resolve(
    Float32Array.from(
      { length: count },
      (_, row) => 10 * (sigma8 - 0.81) + 0.4 * Math.sin(40 * pixels[row * width]!),
    ),
  );
}
