/** The training loop, checkpoints, the sign of the terse value, and the trained model. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import type { Checkpoint, Engine, FeatureArray, TrainingEvent } from "../mod.ts";
import type { NormalizedCatalog } from "../src/features/mod.ts";
import type {
  Architecture,
  EndEvent,
  NetworkChoices,
  Schedule,
  TrainingData,
} from "../src/network/mod.ts";
import { createRandom, experiment, train, validateExperiment } from "../mod.ts";
import { joinCatalogs } from "../src/features/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/formats/mod.ts";
import {
  checkpointFromArrays,
  checkpointToArrays,
  createModel,
  initialWeights,
  inputWidths,
  learningRateAt,
  trainingRunFromArrays,
  trainingRunToArrays,
} from "../src/network/mod.ts";
import { orientTerse } from "../src/network/terse_sign.ts";
import { correlation } from "../src/numerics/mod.ts";
import { jitterPixels } from "../src/network/jitter.ts";
import { openTfjsEngine } from "../src/network/tfjs/engine.ts";
import { openLinearEngine } from "./linear_engine.ts";

const ARCHITECTURE: Architecture = {
  encoder: [3],
  convolution: [2],
  dense: [2],
  pooling: "mean",
  globalPooling: "mean",
  regression: "convolution",
  cluster: [],
  context: [],
  frequencies: [],
  dropout: { encoder: 0.25, dense: 0 },
  normalization: "z-score",
  label: "linear",
  outputs: "value",
};

const SCHEDULE: Schedule = {
  epochs: 5,
  catalogs: "fixed",
  selectFrom: 1,
  batches: 4,
  loss: "mse",
  optimizer: { kind: "adam" },
  learningRate: 0.02,
  decay: "cosine",
  warmupSteps: 3,
  gradientClip: null,
  tie: null,
  jitter: 0,
  encoderStart: 1,
  shards: 1,
};

/** Three pixels, the second a gas mass, and two supplementary columns. */
const CHOICES: NetworkChoices = {
  features: {
    pixels: ["logTemperature", "logGasMass", "one"],
    supplementary: ["logLuminosity", "logWeakLensingMass"],
    order: "luminosity",
  },
  architecture: ARCHITECTURE,
  schedule: SCHEDULE,
};

function choose(
  schedule: Partial<Schedule>,
  architecture: Partial<Architecture> = {},
): NetworkChoices {
  return {
    ...CHOICES,
    schedule: { ...SCHEDULE, ...schedule },
    architecture: { ...ARCHITECTURE, ...architecture },
  };
}

const FRESH = choose({ catalogs: "fresh" });

/** Catalogs of 1 to 9 clusters whose label is linear in their mean gas mass and luminosity. */
function makeCatalogs(count: number, seed: number): NormalizedCatalog[] {
  return Array.from({ length: count }, (_, c) => {
    const random = createRandom(seed).fork("catalog", c);
    const clusters = 1 + random.integer(9);
    const shift = random.normal();
    const pixels = new Float32Array(clusters * 3).map((_, i) =>
      i % 3 === 2 ? 1 : shift + 0.3 * random.normal()
    );
    const supplementary = new Float32Array(clusters * 2).map(() => shift + 0.3 * random.normal());
    const tie = new Float32Array(clusters).map(() => shift + 0.3 * random.normal());
    return { count: clusters, pixels, supplementary, label: 0.5 * shift + 0.1, tie };
  });
}

const DATA: TrainingData = { train: makeCatalogs(30, 1), validation: makeCatalogs(10, 2) };

async function collect(
  choices: NetworkChoices,
  options: { data?: TrainingData; seed?: number; engine?: Engine } = {},
): Promise<TrainingEvent[]> {
  const { data = DATA, seed = 7, engine = openLinearEngine() } = options;
  return await Array.fromAsync(train(engine, choices, data, createRandom(seed)));
}

function endOf(events: readonly TrainingEvent[]): EndEvent {
  const last = events.at(-1)!;
  if (last.kind !== "end") throw new TypeError(`the last event is ${last.kind}`);
  return last;
}

/** The checkpoint after an epoch, sent through the bytes of a file. */
async function stopAfter(
  epoch: number,
  choices: NetworkChoices,
  data: TrainingData = DATA,
): Promise<Checkpoint> {
  for await (const event of train(openLinearEngine(), choices, data, createRandom(7))) {
    if (event.kind !== "epoch" || event.epoch.epoch !== epoch) continue;
    const { arrays, metadata } = checkpointToArrays(await event.checkpoint());
    return checkpointFromArrays(decodeSafetensors(encodeSafetensors(arrays, metadata)));
  }
  throw new RangeError(`training had no epoch ${epoch}`);
}

async function resume(
  checkpoint: Checkpoint,
  choices: NetworkChoices = CHOICES,
  options: { data?: TrainingData; seed?: number } = {},
): Promise<EndEvent> {
  const { data = DATA, seed = 7 } = options;
  const events = train(openLinearEngine(), choices, data, createRandom(seed), {
    resume: checkpoint,
  });
  return endOf(await Array.fromAsync(events));
}

Deno.test("training lowers the validation error", async () => {
  const { history } = endOf(
    await collect(choose({ epochs: 40 }, { dropout: { encoder: 0, dense: 0 } })),
  );
  assertLess(history.at(-1)!.validationMse, history[0]!.validationMse / 10);
  assertLess(history.at(-1)!.trainMse, history[0]!.trainMse / 10);
});

Deno.test("events count epochs and steps from 1, and end with the selected weights", async () => {
  const events = await collect(CHOICES);
  const steps = events.filter((event) => event.kind === "step");
  assertEquals(steps.length, 5 * 8); // 30 catalogs in batches of 4
  assertEquals([steps[0]!.epoch, steps[0]!.step, steps[0]!.steps], [1, 1, 8]);
  assertEquals([steps.at(-1)!.epoch, steps.at(-1)!.step], [5, 8]);
  assertEquals(events.filter((event) => event.kind === "epoch").length, 5);
  assertEquals(events.map((event) => event.kind).lastIndexOf("end"), events.length - 1);
});

Deno.test("the same seed gives the same bits, and another seed does not", async () => {
  const [first, same, other] = [
    endOf(await collect(CHOICES)),
    endOf(await collect(CHOICES)),
    endOf(await collect(CHOICES, { seed: 8 })),
  ];
  assertEquals(first, same);
  assertNotEquals(first.weights, other.weights);
});

Deno.test("every epoch sees every training catalog once, in another order of batches", async () => {
  const engine = openLinearEngine();
  await collect(choose({ epochs: 2, batches: "equal height" }), { engine });
  const heights = DATA.train as readonly NormalizedCatalog[];
  const batches = new Set(heights.map(({ count }) => count)).size;
  assertEquals(engine.batchHeights.length, 2 * batches);
  assert(engine.batchHeights.every((batch) => new Set(batch).size === 1));
  const epochs = [engine.batchHeights.slice(0, batches), engine.batchHeights.slice(batches)];
  for (const epoch of epochs) assertEquals(epoch.flat().length, 30);
  assertNotEquals(epochs[0], epochs[1]);
});

Deno.test("training resumed after any epoch ends with the same bits as without a stop", async () => {
  const uninterrupted = endOf(await collect(CHOICES));
  for (const epoch of [1, 2, 3, 4, 5]) {
    assertEquals(await resume(await stopAfter(epoch, CHOICES)), uninterrupted, `epoch ${epoch}`);
  }
});

Deno.test("training resumed on fresh catalogs ends with the same bits", async () => {
  const data: TrainingData = {
    train: (epoch) => makeCatalogs(20, 100 + epoch),
    validation: DATA.validation,
  };
  const uninterrupted = endOf(await collect(FRESH, { data }));
  assertEquals(await resume(await stopAfter(2, FRESH, data), FRESH, { data }), uninterrupted);
  const fixed = endOf(await collect(CHOICES, { data: { ...data, train: makeCatalogs(20, 101) } }));
  assertNotEquals(fixed.history, uninterrupted.history);
});

Deno.test("training refuses a list where the schedule says fresh, and a function where it says fixed", async () => {
  await assertRejects(
    () => collect(FRESH),
    TypeError,
    'schedule.catalogs is "fresh", should be "fixed" for training catalogs that are a list',
  );
  await assertRejects(
    () => collect(choose({ catalogs: "fresh clusters" })),
    TypeError,
    'schedule.catalogs is "fresh clusters", should be "fixed" for training catalogs that are a list',
  );
  const data = { ...DATA, train: (epoch: number) => makeCatalogs(20, epoch) };
  await assertRejects(
    () => collect(CHOICES, { data }),
    TypeError,
    'schedule.catalogs is "fixed", should be "fresh" for training catalogs that are a function',
  );
});

Deno.test("the selected epoch has the least validation error of those from selectFrom on", async () => {
  // A large constant rate makes the error jump about, so that the best epoch is not the last.
  const choices = choose({ epochs: 10, learningRate: 0.5, decay: "constant", selectFrom: 4 });
  const { history, selectedEpoch } = endOf(await collect(choices));
  const eligible = history.slice(3);
  const best = Math.min(...eligible.map(({ validationMse }) => validationMse));
  assertEquals(history[selectedEpoch - 1]!.validationMse, best);
  assert(selectedEpoch < 10, "the case does not test selection");
  assert(history.slice(0, 3).every(({ selected }) => !selected));
  assertEquals(history.findLast(({ selected }) => selected)!.epoch, selectedEpoch);
});

Deno.test("the weights of the selected epoch are handed out, not the last ones", async () => {
  const choices = choose({ epochs: 10, learningRate: 0.5, decay: "constant" });
  const { selectedEpoch, weights } = endOf(await collect(choices));
  assertLess(selectedEpoch, 10);
  const checkpoint = await stopAfter(selectedEpoch, choices);
  assertEquals(
    weights["convolution/0/kernel"]!.data.map(Math.abs),
    checkpoint.weights["convolution/0/kernel"]!.data.map(Math.abs),
  );
});

Deno.test("where selectFrom is beyond the last epoch the last epoch is selected", async () => {
  const { history, selectedEpoch } = endOf(await collect(choose({ epochs: 3, selectFrom: 2000 })));
  assertEquals(selectedEpoch, 3);
  assertEquals(history.map(({ selected }) => selected), [false, false, true]);
});

Deno.test("a loss that is not finite ends training, and the last checkpoint stays good", async () => {
  const good = (epoch: number) => makeCatalogs(20, 100 + epoch);
  const spoiled = (epoch: number) =>
    good(epoch).map((catalog) =>
      epoch === 3 ? { ...catalog, pixels: catalog.pixels.map(() => 3e38) } : catalog
    );
  const engine = openLinearEngine();
  let last: Checkpoint | undefined;
  const error = await assertRejects(
    async () => {
      const data = { ...DATA, train: spoiled };
      for await (const event of train(engine, FRESH, data, createRandom(7))) {
        if (event.kind === "epoch") last = await event.checkpoint();
      }
    },
    RangeError,
    "Cannot continue training: the loss is ",
  );
  assert(/(Infinity|NaN) at epoch 3, step 1, should be finite$/.test(error.message), error.message);
  assertEquals(engine.alive.count, 0);
  assertEquals(last!.history.length, 2);
  const data: TrainingData = { ...DATA, train: good };
  assertEquals(await resume(last!, FRESH, { data }), endOf(await collect(FRESH, { data })));
});

Deno.test("leaving the loop disposes the network", async () => {
  const engine = openLinearEngine();
  for await (const event of train(engine, CHOICES, DATA, createRandom(7))) {
    assertEquals(engine.alive.count, 1);
    if (event.kind === "epoch") break;
  }
  assertEquals(engine.alive.count, 0);
});

Deno.test("a checkpoint cannot be taken once training has gone on", async () => {
  const events = train(openLinearEngine(), CHOICES, DATA, createRandom(7));
  for await (const event of events) {
    if (event.kind !== "epoch") continue;
    await events.next();
    await assertRejects(
      () => event.checkpoint(),
      RangeError,
      "Cannot take the checkpoint of epoch 1",
    );
    break;
  }
});

Deno.test("a checkpoint of another training is refused, naming what differs", async () => {
  const checkpoint = await stopAfter(2, CHOICES);
  const refused = (message: string, choices: NetworkChoices, options = {}) =>
    assertRejects(() => resume(checkpoint, choices, options), RangeError, message);
  await refused(
    "schedule.epochs of the checkpoint is 5, of this training 9",
    choose({ epochs: 9 }),
  );
  await refused("schedule.optimizer.kind", choose({ optimizer: { kind: "sgd" } }));
  await refused("schedule.jitter of", choose({ jitter: 0.1 }));
  await refused("architecture.encoder.0", choose({}, { encoder: [4] }));
  await refused("key.0", CHOICES, { seed: 8 });
  await refused("data of the checkpoint", CHOICES, {
    data: { ...DATA, train: makeCatalogs(30, 3) },
  });
});

Deno.test("a damaged checkpoint is refused", async () => {
  const saved = checkpointToArrays(await stopAfter(1, CHOICES));
  const refused = (damaged: typeof saved, message: string) =>
    assertThrows(() => checkpointFromArrays(damaged), SyntaxError, message);
  const name = "weights/terse/kernel";
  const { shape, data } = saved.arrays[name]!;
  const flipped = data.slice();
  flipped[0] = -flipped[0]!;
  const { [name]: _, ...fewer } = saved.arrays;
  refused({ ...saved, arrays: { ...saved.arrays, [name]: { shape, data: flipped } } }, "checksum");
  refused({ ...saved, arrays: fewer }, "checksum");
  const header = saved.metadata.header!.replace('"epoch":1', '"epoch":2');
  refused({ ...saved, metadata: { ...saved.metadata, header } }, "checksum");
  refused({ ...saved, metadata: {} }, "the file is of no kind");
});

Deno.test("training refuses empty sets, empty catalogs, wrong widths and unfit losses", async () => {
  const run = (data: TrainingData, choices = CHOICES) => collect(choices, { data });
  const [first, ...others] = DATA.train as readonly NormalizedCatalog[];
  const empty = { ...first!, count: 0, pixels: new Float32Array(0) };
  await assertRejects(() => run({ ...DATA, train: [] }), RangeError, "0 training catalogs");
  await assertRejects(() => run({ ...DATA, validation: [] }), RangeError, "0 validation");
  await assertRejects(() => run({ ...DATA, train: [...others, empty] }), RangeError, "catalog 29");
  await assertRejects(
    () => run({ ...DATA, train: () => [{ ...first!, label: NaN }] }, FRESH),
    RangeError,
    "label NaN",
  );
  await assertRejects(
    () => run({ ...DATA, train: [{ ...first!, pixels: first!.pixels.slice(first!.count) }] }),
    TypeError,
    "2 and 2 pixels and supplementary values per cluster, expected 3 and 2",
  );
  await assertRejects(() => run(DATA, choose({ loss: "gaussian" })), RangeError, "outputs is");
  await assertRejects(() => run(DATA, choose({ epochs: 0 })), RangeError, "epochs is 0");
  await assertRejects(
    () => run(DATA, choose({ batches: 0 })),
    RangeError,
    "the size of batches is 0",
  );
});

Deno.test("the learning rate rises over the warm-up and falls to zero along a cosine", () => {
  const schedule: Schedule = { ...SCHEDULE, learningRate: 2, warmupSteps: 4 };
  const rates = Array.from({ length: 12 }, (_, step) => learningRateAt(schedule, step, 12));
  assertEquals(rates.slice(0, 5), [0.5, 1, 1.5, 2, 2]);
  assertAlmostEquals(rates[8]!, 1, 1e-12); // half of the 8 steps after warm-up
  assertAlmostEquals(rates[11]!, 1 + Math.cos(7 / 8 * Math.PI), 1e-12);
  const constant: Schedule = { ...schedule, decay: "constant", warmupSteps: 0 };
  assertEquals(learningRateAt(constant, 0, 12), 2);
  assertEquals(learningRateAt(constant, 11, 12), 2);
});

Deno.test("jitter adds normal numbers of its width to every pixel, from its key alone", () => {
  const batch = joinCatalogs(makeCatalogs(2000, 3));
  const jitter = (name: string) => {
    const pixels = batch.pixels.slice();
    jitterPixels(pixels, 0.1, createRandom(5).fork(name));
    return pixels;
  };
  const jittered = jitter("jitter");
  assertEquals(jittered, jitter("jitter"));
  const added = Array.from(batch.pixels, (pixel, i) => (jittered[i]! - pixel) / 0.1);
  const { length } = added; // 30 000: moments are within five of their standard deviations
  const moment = (power: number) => added.reduce((sum, x) => sum + x ** power, 0) / length;
  assertAlmostEquals(moment(1), 0, 5 / Math.sqrt(length));
  assertAlmostEquals(moment(2), 1, 5 * Math.sqrt(2 / length));
  assertAlmostEquals(moment(4), 3, 5 * Math.sqrt(96 / length));
  const neighbors = added.slice(1).reduce((sum, x, i) => sum + x * added[i]!, 0) / length;
  assertAlmostEquals(neighbors, 0, 5 / Math.sqrt(length));
  const other = jitter("other");
  const both = added.reduce((sum, x, i) => sum + x * (other[i]! - batch.pixels[i]!), 0) / length;
  assertAlmostEquals(both / 0.1, 0, 5 / Math.sqrt(length));
});

Deno.test("catalogs without a column to tie to are refused where the schedule ties", async () => {
  const tied = { tie: { column: "logWeakLensingMass", weight: 10 } } as const;
  const untied = makeCatalogs(30, 1).map((catalog) => ({ ...catalog, tie: new Float32Array(0) }));
  await assertRejects(
    () => collect(choose(tied), { data: { ...DATA, train: untied } }),
    TypeError,
    "training catalog 0 has 0 values to tie the terse value to, expected",
  );
  await assertRejects(
    () =>
      collect(choose({ ...tied, catalogs: "fresh" }), { data: { ...DATA, train: () => untied } }),
    TypeError,
    "training catalog 0 has 0 values to tie the terse value to, expected",
  );
});

Deno.test("the encoder starts from its first kernel times the schedule's factor, all else the same", async () => {
  const inputs = inputWidths(CHOICES.features);
  const whole = initialWeights(ARCHITECTURE, inputs, createRandom(3));
  const small = initialWeights(ARCHITECTURE, inputs, createRandom(3), 0.25);
  for (const [name, { data }] of Object.entries(whole)) {
    const factor = name === "encoder/0/kernel" ? 0.25 : 1;
    assertEquals(small[name]!.data, data.map((value) => factor * value));
  }
  const still = { epochs: 1, learningRate: 1e-12 };
  const [first, second] = [
    endOf(await collect(choose(still))).weights,
    endOf(await collect(choose({ ...still, encoderStart: 0.25 }))).weights,
  ];
  const [a, b] = [first, second].map((weights) => weights["encoder/0/kernel"]!.data);
  assertAlmostEquals(b![0]! / a![0]!, 0.25, 1e-6);
});

Deno.test("turning the terse value negates it and leaves every prediction as it was, bit for bit", async () => {
  const inputs = inputWidths(CHOICES.features);
  const weights = initialWeights(ARCHITECTURE, inputs, createRandom(11));
  weights["terse/bias"]!.data[0] = 0.37;
  const turned = orientTerse(weights, -1, CHOICES);
  assertEquals(orientTerse(weights, 1, CHOICES), weights);
  const engine = openLinearEngine();
  const batch = joinCatalogs(makeCatalogs(50, 4));
  const [before, after] = [
    await engine.create(ARCHITECTURE, inputs, weights),
    await engine.create(ARCHITECTURE, inputs, turned),
  ];
  assertEquals(await after.predict(batch), await before.predict(batch));
  assertEquals(await after.encode(batch), (await before.encode(batch)).map((value) => -value));
  assertThrows(() => orientTerse({}, -1, CHOICES), TypeError, "terse/kernel is missing");
});

Deno.test("the terse value of the selected weights rises with gas mass, whatever the seed", async () => {
  const engine = openLinearEngine();
  const inputs = inputWidths(CHOICES.features);
  const batch = joinCatalogs(DATA.validation);
  const gasMass = batch.pixels.filter((_, i) => i % 3 === 1);
  let turned = 0;
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const start = initialWeights(ARCHITECTURE, inputs, createRandom(seed));
    const untrained = await engine.create(ARCHITECTURE, inputs, start);
    turned += Number(correlation(await untrained.encode(batch), gasMass) < 0);
    const { weights } = endOf(await collect(choose({ epochs: 1, learningRate: 1e-6 }), { seed }));
    const network = await engine.create(ARCHITECTURE, inputs, weights);
    assertGreater(correlation(await network.encode(batch), gasMass), 0);
  }
  assert(turned > 0 && turned < 6, "the seeds do not test both signs");
});

const NORMALIZATION = {
  pixels: [{ offset: 1, scale: 2 }, { offset: 14, scale: 0.5 }, { offset: 0, scale: 1 }],
  supplementary: [{ offset: 0, scale: 0.7 }, { offset: 14, scale: 0.3 }],
  sigma8: { offset: 0.81, scale: 0.11 },
};

/** Catalogs in physical units, of heights in no order. */
function makeFeatures(heights: readonly number[], seed: number): FeatureArray[] {
  return heights.map((count, c) => {
    const random = createRandom(seed).fork(c);
    const draw = (width: number, scales: readonly { offset: number; scale: number }[]) =>
      new Float32Array(count * width).map((_, i) => {
        const { offset, scale } = scales[i % width]!;
        return offset + scale * random.normal();
      });
    return {
      count,
      width: 3,
      supplementaryWidth: 2,
      pixels: draw(3, NORMALIZATION.pixels),
      supplementary: draw(2, NORMALIZATION.supplementary),
      tie: new Float32Array(0),
      sigma8: NaN,
      rows: Uint32Array.from({ length: count }, (_, i) => i),
    };
  });
}

async function openModel(outputs: Architecture["outputs"] = "value") {
  const architecture = { ...ARCHITECTURE, outputs };
  const weights = initialWeights(architecture, inputWidths(CHOICES.features), createRandom(2));
  weights["output/bias"]!.data.set([0.25, -1.5].slice(0, weights["output/bias"]!.data.length));
  const network = await openLinearEngine().create(
    architecture,
    inputWidths(CHOICES.features),
    weights,
  );
  return createModel(network, NORMALIZATION, architecture);
}

Deno.test("a model predicts in the order of its input, the same alone or among others", async () => {
  const model = await openModel();
  const catalogs = makeFeatures([7, 1, 3000, 2, 190, 7, 15, 3000], 9);
  const together = await model.predict(catalogs);
  for (const [c, catalog] of catalogs.entries()) {
    assertEquals((await model.predict([catalog]))[0], together[c]);
  }
  assertEquals(new Set(together).size, 8);
  assertEquals((await model.predict([])).length, 0);
});

Deno.test("a model's regression of its terse values is its prediction", async () => {
  const model = await openModel();
  const catalogs = makeFeatures([12, 5, 80, 1], 10);
  const terse = await Promise.all(catalogs.map(async (catalog) => ({
    count: catalog.count,
    terse: await model.encode(catalog),
    supplementary: catalog.supplementary,
  })));
  assertEquals(await model.regress(terse), await model.predict(catalogs));
});

Deno.test("a model's encoder gradient is that of the terse value by normalized pixel", async () => {
  const model = await openModel();
  const [catalog] = makeFeatures([4], 11);
  const gradient = await model.encoderGradient(catalog!);
  const moved = catalog!.pixels.slice();
  moved[4] = moved[4]! + 0.5; // cluster 1, pixel 1: one scale
  const before = await model.encode(catalog!);
  const after = await model.encode({ ...catalog!, pixels: moved });
  assertAlmostEquals(after[1]! - before[1]!, gradient[4]!, 1e-5);
  assertEquals(after[0], before[0]);
});

Deno.test("a model predicts a distribution if its network has a mean and a variance", async () => {
  const model = await openModel("mean and log variance");
  const catalogs = makeFeatures([12, 5, 80], 10);
  const { mean, standardDeviation } = await model.predictDistribution(catalogs);
  assertEquals(mean, await model.predict(catalogs));
  const expected = 0.11 * Math.exp(-0.75);
  for (const width of standardDeviation) assertAlmostEquals(width, expected, 1e-9);
  const plain = await openModel();
  await assertRejects(() => plain.predictDistribution(catalogs), RangeError, 'outputs is "value"');
});

Deno.test("a model refuses catalogs without clusters and those of another width", async () => {
  const model = await openModel();
  const [catalog, empty] = makeFeatures([4, 0], 12);
  await assertRejects(() => model.predict([catalog!, empty!]), RangeError, "0 clusters");
  await assertRejects(
    () => model.encode({ ...catalog!, width: 5 }),
    TypeError,
    "a cluster has 5 pixels, expected 3",
  );
  await assertRejects(
    () =>
      model.regress([{ count: 4, terse: new Float32Array(4), supplementary: new Float32Array(4) }]),
    TypeError,
    "a cluster has 1 supplementary values, expected 2",
  );
});

Deno.test("a training run is read from its file as it was written, and refused if damaged", async () => {
  const choices = {
    ...experiment("standard", "compact", { ...CHOICES, seed: 5 }),
  };
  const { history, selectedEpoch, weights } = endOf(await collect(CHOICES));
  const run = {
    experiment: choices,
    normalization: NORMALIZATION,
    history,
    selectedEpoch,
    weights,
  };
  const saved = trainingRunToArrays(run);
  const file = decodeSafetensors(encodeSafetensors(saved.arrays, saved.metadata));
  assertEquals(trainingRunFromArrays(file, validateExperiment), run);
  const { "terse/bias": _, ...fewer } = file.arrays;
  assertThrows(
    () => trainingRunFromArrays({ ...file, arrays: fewer }, validateExperiment),
    SyntaxError,
    "checksum",
  );
  const other = trainingRunToArrays({ ...run, weights: fewer });
  assertThrows(
    () => trainingRunFromArrays(other, validateExperiment),
    TypeError,
    "terse/bias is missing",
  );
  const checkpoint = checkpointToArrays(await stopAfter(1, CHOICES));
  assertThrows(
    () => trainingRunFromArrays(checkpoint, validateExperiment),
    SyntaxError,
    "expected terse training run",
  );
});

/** Table 3's form with narrow layers, on the test's own catalogs. */
const NARROW = choose({
  epochs: 3,
  gradientClip: 1,
  optimizer: { kind: "adamw", weightDecay: 1e-3 },
}, {
  encoder: [6, 4],
  convolution: [4, 4],
  dense: [6, 4],
  globalPooling: "mean+max",
  regression: "convolution",
  cluster: [],
  context: [],
  frequencies: [],
  dropout: { encoder: 0.25, dense: 0.3 },
});

Deno.test("a tfjs network resumed after any epoch ends with the same bits as without a stop", async () => {
  const engine = await openTfjsEngine("cpu");
  const run = (resume?: Checkpoint) =>
    Array.fromAsync(train(engine, NARROW, DATA, createRandom(7), { resume }));
  const checkpoints: Checkpoint[] = [];
  let uninterrupted: EndEvent | undefined;
  for await (const event of train(engine, NARROW, DATA, createRandom(7))) {
    if (event.kind === "epoch") checkpoints.push(await event.checkpoint());
    if (event.kind === "end") uninterrupted = event;
  }
  assertEquals(checkpoints.length, 3);
  for (const checkpoint of checkpoints) {
    const saved = checkpointFromArrays(checkpointToArrays(checkpoint));
    assertEquals(endOf(await run(saved)), uninterrupted);
  }
  engine.close();
});

Deno.test("turning the terse value of a tfjs network leaves its predictions, bit for bit", async () => {
  const engine = await openTfjsEngine("cpu");
  const inputs = inputWidths(NARROW.features);
  const weights = initialWeights(NARROW.architecture, inputs, createRandom(11));
  weights["terse/bias"]!.data[0] = 0.37;
  const batch = joinCatalogs(makeCatalogs(20, 4));
  const before = await engine.create(NARROW.architecture, inputs, weights);
  const after = await engine.create(NARROW.architecture, inputs, orientTerse(weights, -1, NARROW));
  assertEquals(await after.predict(batch), await before.predict(batch));
  assertEquals(await after.encode(batch), (await before.encode(batch)).map((value) => -value));
  engine.close();
});

Deno.test("a model on tfjs regresses its terse values to its predictions, in any order", async () => {
  const engine = await openTfjsEngine("cpu");
  const inputs = inputWidths(NARROW.features);
  const weights = initialWeights(NARROW.architecture, inputs, createRandom(11));
  const network = await engine.create(NARROW.architecture, inputs, weights);
  const model = createModel(network, NORMALIZATION, NARROW.architecture);
  const catalogs = makeFeatures([12, 5, 80, 1], 10);
  const predicted = await model.predict(catalogs);
  const terse = await Promise.all(catalogs.map(async (catalog) => ({
    count: catalog.count,
    terse: await model.encode(catalog),
    supplementary: catalog.supplementary,
  })));
  const regressed = await model.regress(terse);
  for (const [c, catalog] of catalogs.entries()) {
    // Single precision of sums over up to 80 rows.
    assertAlmostEquals(regressed[c]!, predicted[c]!, 1e-6);
    assertAlmostEquals((await model.predict([catalog]))[0]!, predicted[c]!, 1e-6);
  }
  engine.close();
});
