/** The LayersModel export, read by tfjs's own loader and set beside the toolkit's predictions. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import type { Experiment, ExperimentOverrides, FeatureArray, TrainingRun } from "../mod.ts";
import type { TrainedModel } from "../src/network/mod.ts";
import {
  buildFeatures,
  createRandom,
  drawBaseSample,
  experiment,
  loadPretrained,
  openEngine,
  prepareCatalogs,
} from "../mod.ts";
import { drawCatalogs, drawParameters } from "../src/catalogs/mod.ts";
import { fitNormalization, SIGMA8_SCALE } from "../src/features/mod.ts";
import { createModel, initialWeights, inputWidths, toLayersModel } from "../src/network/mod.ts";
import { isProbit, probitScale } from "../src/features/label_scale.ts";

/** What the export promises, in sigma8 or its probit. */
const AGREEMENT = 1e-6;

tf.enableProdMode();
await tf.setBackend("cpu");

/** Loads the two files as a page does, with what it would fetch at hand. */
async function load(run: TrainingRun): Promise<tf.LayersModel> {
  const { model, weights } = toLayersModel(run);
  const files: Record<string, () => Response> = {
    "model.json": () => Response.json(model),
    "weights.bin": () => new Response(weights),
  };
  const fetchFunc = (url: unknown) => Promise.resolve(files[String(url).split("/").at(-1)!]!());
  return await tf.loadLayersModel(tf.io.http("https://example.org/model.json", { fetchFunc }));
}

/** What the exported network takes: pixels, supplementary values if any, and the size for a set. */
function tensors(
  { count, width, supplementaryWidth, ...arrays }: FeatureArray,
  { experiment: { architecture } }: TrainingRun,
): tf.Tensor[] {
  const inputs: tf.Tensor[] = [tf.tensor3d(arrays.pixels, [1, count, width])];
  if (supplementaryWidth > 0) {
    inputs.push(tf.tensor3d(arrays.supplementary, [1, count, supplementaryWidth]));
  }
  if (architecture.regression === "set") {
    inputs.push(tf.tensor2d([[count / 80 - 1, Math.log(count / 80)]]));
  }
  return inputs;
}

/** The first clusters of a catalog. */
function cut(catalog: FeatureArray, count: number): FeatureArray {
  const { pixels, width, supplementary, supplementaryWidth, rows } = catalog;
  return {
    ...catalog,
    count,
    pixels: pixels.slice(0, count * width),
    supplementary: supplementary.slice(0, count * supplementaryWidth),
    rows: rows.slice(0, count),
  };
}

/** Every number of clusters up to 40, and some larger ones. */
const HEIGHTS = [...Array.from({ length: 40 }, (_, i) => i + 1), 63, 64, 65, 66, 97];

function cutCatalogs(features: readonly FeatureArray[]): FeatureArray[] {
  const tall = features.filter(({ count }) => count >= HEIGHTS.at(-1)!);
  return HEIGHTS.map((count, i) => cut(tall[i % tall.length]!, count));
}

function featuresOf({ catalog, features }: Experiment): FeatureArray[] {
  const random = createRandom(5);
  const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), catalog);
  return drawCatalogs(maker, drawParameters(catalog.priors, 20, random), random)
    .map((catalog, i) => buildFeatures(catalog, features, random.fork("features", i)));
}

/** What a run's own model gives. */
async function withModel<T>(
  { experiment: { architecture, features }, normalization, weights }: TrainingRun<Experiment>,
  use: (model: TrainedModel) => Promise<T>,
): Promise<T> {
  const engine = await openEngine("cpu");
  const network = await engine.create(architecture, inputWidths(features), weights);
  const result = await use(createModel(network, normalization, architecture));
  engine.close();
  return result;
}

/** The largest difference of any output, over catalogs of many heights. */
async function findDifference(run: TrainingRun<Experiment>): Promise<number> {
  const { experiment } = run;
  const { architecture } = experiment;
  const catalogs = cutCatalogs(featuresOf(experiment));
  const ours = await withModel(
    run,
    async (model) =>
      architecture.outputs === "value"
        ? { mean: await model.predict(catalogs), standardDeviation: null }
        : await model.predictDistribution(catalogs),
  );
  const layers = await load(run);
  let largest = 0;
  for (const [i, catalog] of catalogs.entries()) {
    const values = (layers.predict(tensors(catalog, run)) as tf.Tensor).dataSync();
    const probit = "probit" in ours ? ours.probit : undefined;
    const scale = run.normalization.sigma8;
    const { shift, widening } = isProbit(scale) ? scale : { shift: 0, widening: 1 };
    const own = Math.exp(values[1]! / 2);
    const center = values[0]! + (shift === 0 ? 0 : shift * own);
    largest = Math.max(largest, Math.abs(center - (probit?.center ?? ours.mean)[i]!));
    const width = (probit?.width ?? ours.standardDeviation)?.[i];
    if (width) largest = Math.max(largest, Math.abs(widening * own - width));
    assertEquals(values.length, width ? 2 : 1);
  }
  return largest;
}

/** A run with start values for weights and biases that are not zero. */
function untrained(overrides: ExperimentOverrides): TrainingRun<Experiment> {
  const chosen = experiment("standard", "compact", overrides);
  const { architecture, features } = chosen;
  const start = initialWeights(architecture, inputWidths(features), createRandom(8));
  const random = createRandom(9);
  const weights = Object.fromEntries(
    Object.entries(start).map(([name, { shape, data }]) => {
      const shifted = data.map((value) => name.endsWith("bias") ? 0.1 * random.normal() : value);
      return [name, { shape, data: shifted }];
    }),
  );
  const { normalization: kind } = architecture;
  const label = architecture.label === "probit"
    ? probitScale(chosen.catalog.priors.sigma8)
    : SIGMA8_SCALE;
  const normalization = fitNormalization(featuresOf(chosen), features, kind, label);
  return { experiment: chosen, normalization, history: [], selectedEpoch: 1, weights };
}

Deno.test("tfjs reads the trained network and predicts the same sigma8 to 1e-6, for any number of clusters", async () => {
  // In z, which is about nine times as large as the sigma8 that it stands for.
  assertLessOrEqual(await findDifference((await loadPretrained()).run), 10 * AGREEMENT);
});

Deno.test("Every pooling, number of inputs, scaling and kind of output is exported as it is", async () => {
  const gaussian = { outputs: "mean and log variance" } as const;
  const narrow = {
    encoder: [16, 8],
    regression: "convolution",
    convolution: [4, 6],
    globalPooling: "mean+max",
    cluster: [],
    dense: [8, 4],
    label: "linear",
    outputs: "value",
  } as const;
  const schedule = { loss: "mae" } as const;
  const cases: readonly ExperimentOverrides[] = [
    { architecture: { ...narrow, pooling: "max", globalPooling: "max" }, schedule },
    { architecture: { ...narrow, globalPooling: "mean", normalization: "range" }, schedule },
    {
      features: { supplementary: [] },
      architecture: { ...narrow, encoder: [4], convolution: [3], dense: [2] },
      schedule,
    },
    {
      features: { pixels: ["logYx"], supplementary: ["logLuminosity"] },
      architecture: narrow,
      schedule,
    },
    { architecture: { ...narrow, ...gaussian }, schedule: { loss: "gaussian" } },
  ];
  for (const overrides of cases) {
    assertLessOrEqual(
      await findDifference(untrained(overrides)),
      AGREEMENT,
      JSON.stringify(overrides),
    );
  }
});

const SET = {
  regression: "set",
  convolution: [],
  cluster: [8, 6],
  dense: [5, 4],
  label: "probit",
  outputs: "mean and log variance",
} as const;

Deno.test("A set regression is exported as it is, with its context and without", async () => {
  const schedule = { loss: "gaussian" } as const;
  const cases: readonly ExperimentOverrides[] = [
    { architecture: SET, schedule },
    { architecture: { ...SET, context: [6, 5, 3], label: "linear" }, schedule },
    { architecture: { ...SET, context: [6, 7] }, features: { supplementary: [] }, schedule },
  ];
  for (const overrides of cases) {
    // A probit's z is about nine times as large as the sigma8 that it stands for.
    assertLessOrEqual(await findDifference(untrained(overrides)), 10 * AGREEMENT);
  }
  const waves = untrained({ architecture: { ...SET, frequencies: [2] }, schedule });
  assertThrows(
    () => toLayersModel(waves),
    RangeError,
    "architecture.frequencies is [2], should be empty",
  );
});

Deno.test("A page's formula makes the mean sigma8 of a probit's outputs to 0.001", async () => {
  const { run } = await loadPretrained();
  const layers = await load(run);
  const { probit } = layers.getUserDefinedMetadata() as {
    probit: { min: number; max: number; shift: number; widening: number };
  };
  const catalogs = featuresOf(run.experiment);
  const ours = await withModel(run, (model) => model.predict(catalogs));
  for (const [i, catalog] of catalogs.entries()) {
    const [z, lnVariance] = (layers.predict(tensors(catalog, run)) as tf.Tensor).dataSync();
    const w = Math.exp(lnVariance! / 2);
    const score = (z! + probit.shift * w) / Math.hypot(1, probit.widening * w);
    const phi = tf.erf(score / Math.SQRT2).add(1).div(2);
    const sigma8 = probit.min + (probit.max - probit.min) * phi.dataSync()[0]!;
    assertLessOrEqual(Math.abs(sigma8 - ours[i]!), 1e-3);
  }
});

Deno.test("A weight that is changed in the file changes the prediction", async () => {
  const run = untrained({});
  const { data, shape } = run.weights["terse/bias"]!;
  const moved = { ...run.weights, "terse/bias": { shape, data: data.map((b) => b + 0.5) } };
  const catalog = featuresOf(run.experiment)[0]!;
  const predict = async (run: TrainingRun) =>
    ((await load(run)).predict(tensors(catalog, run)) as tf.Tensor).dataSync()[0]!;
  const [before, after] = [await predict(run), await predict({ ...run, weights: moved })];
  assertLess(AGREEMENT * 10, Math.abs(after - before));
});

Deno.test("Several catalogs of one height are predicted in one call", async () => {
  const { run } = await loadPretrained();
  const layers = await load(run);
  const catalogs = featuresOf(run.experiment).slice(0, 3).map((one) => tensors(cut(one, 11), run));
  const joined = catalogs[0]!.map((_, input) => tf.concat(catalogs.map((one) => one[input]!), 0));
  const together = (layers.predict(joined) as tf.Tensor).dataSync();
  const alone = catalogs.map((one) => (layers.predict(one) as tf.Tensor).dataSync()[0]!);
  for (const [i, value] of alone.entries()) {
    assertLessOrEqual(Math.abs(together[2 * i]! - value), 10 * AGREEMENT); // of two outputs, the first
  }
});
