/** The LayersModel export, read by tfjs's own loader and set beside the toolkit's predictions. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import type { Experiment, ExperimentOverrides, FeatureArray, TrainingRun } from "../mod.ts";
import {
  buildFeatures,
  createModel,
  createRandom,
  drawBaseSample,
  drawCatalogs,
  drawParameters,
  experiment,
  fitNormalization,
  initialWeights,
  inputWidths,
  loadPretrained,
  openEngine,
  prepareCatalogs,
  toLayersModel,
} from "../mod.ts";

/** What the export promises, in sigma8 itself. */
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

function tensors({ count, width, supplementaryWidth, ...arrays }: FeatureArray): tf.Tensor[] {
  const pixels = tf.tensor3d(arrays.pixels, [1, count, width]);
  if (supplementaryWidth === 0) return [pixels];
  return [pixels, tf.tensor3d(arrays.supplementary, [1, count, supplementaryWidth])];
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

/** The largest difference of any output, over catalogs of many heights. */
async function findDifference(run: TrainingRun<Experiment>): Promise<number> {
  const { experiment, normalization, weights } = run;
  const { architecture, features } = experiment;
  const catalogs = cutCatalogs(featuresOf(experiment));
  const engine = await openEngine("core");
  const network = await engine.create(architecture, inputWidths(features), weights);
  const model = createModel(network, normalization, architecture);
  const ours = architecture.outputs === "value"
    ? { mean: await model.predict(catalogs), standardDeviation: null }
    : await model.predictDistribution(catalogs);
  engine.close();
  const layers = await load(run);
  let largest = 0;
  for (const [i, catalog] of catalogs.entries()) {
    const values = (layers.predict(tensors(catalog)) as tf.Tensor).dataSync();
    largest = Math.max(largest, Math.abs(values[0]! - ours.mean[i]!));
    const width = ours.standardDeviation?.[i];
    if (width) largest = Math.max(largest, Math.abs(Math.exp(values[1]! / 2) - width));
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
  const normalization = fitNormalization(featuresOf(chosen), features, architecture.normalization);
  return { experiment: chosen, normalization, history: [], selectedEpoch: 1, weights };
}

Deno.test("tfjs reads the trained network and predicts the same sigma8 to 1e-6, for any number of clusters", async () => {
  assertLessOrEqual(await findDifference((await loadPretrained()).run), AGREEMENT);
});

Deno.test("Every pooling, number of inputs, scaling and kind of output is exported as it is", async () => {
  const gaussian = { outputs: "mean and log variance" } as const;
  const cases: readonly ExperimentOverrides[] = [
    { architecture: { pooling: "max", globalPooling: "max" } },
    { architecture: { globalPooling: "mean", normalization: "range" } },
    {
      features: { supplementary: [] },
      architecture: { encoder: [4], convolution: [3], dense: [2] },
    },
    { features: { pixels: ["logYx"], supplementary: ["logLuminosity"] } },
    { architecture: gaussian, schedule: { loss: "gaussian" } },
  ];
  for (const overrides of cases) {
    assertLessOrEqual(
      await findDifference(untrained(overrides)),
      AGREEMENT,
      JSON.stringify(overrides),
    );
  }
});

Deno.test("A weight that is changed in the file changes the prediction", async () => {
  const run = untrained({});
  const { data, shape } = run.weights["terse/bias"]!;
  const moved = { ...run.weights, "terse/bias": { shape, data: data.map((b) => b + 0.5) } };
  const catalog = featuresOf(run.experiment)[0]!;
  const predict = async (run: TrainingRun) =>
    ((await load(run)).predict(tensors(catalog)) as tf.Tensor).dataSync()[0]!;
  const [before, after] = [await predict(run), await predict({ ...run, weights: moved })];
  assertLess(AGREEMENT * 10, Math.abs(after - before));
});

Deno.test("Several catalogs of one height are predicted in one call", async () => {
  const { run } = await loadPretrained();
  const layers = await load(run);
  const catalogs = featuresOf(run.experiment).slice(0, 3).map((one) => tensors(cut(one, 11)));
  const joined = [0, 1].map((input) => tf.concat(catalogs.map((one) => one[input]!), 0));
  const together = (layers.predict(joined) as tf.Tensor).dataSync();
  const alone = catalogs.map((one) => (layers.predict(one) as tf.Tensor).dataSync()[0]!);
  for (const [i, value] of alone.entries()) {
    assertLessOrEqual(Math.abs(together[i]! - value), AGREEMENT);
  }
});
