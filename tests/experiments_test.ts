/** The named experiments, and the strict reading of their JSON. */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Experiment, ExperimentName, PresetName } from "../mod.ts";
import {
  applyOverride,
  experiment,
  EXPERIMENTS,
  mergeExperiment,
  PRESETS,
  validateExperiment,
} from "../mod.ts";
import { readOldOrigin, readOldPlan } from "../src/experiments/old_form.ts";
import { inputWidths, weightShapes } from "../src/network/mod.ts";

const NAMES = Object.keys(EXPERIMENTS) as ExperimentName[];
const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** What a function throws, as text. */
function messageOf(fn: () => unknown): string {
  const error = assertThrows(fn) as Error;
  assert(error instanceof TypeError || error instanceof RangeError, error.stack ?? "");
  assert(!error.message.includes("\n"), "the message has more than one line");
  return error.message;
}

Deno.test("every experiment with every preset survives JSON and is valid", () => {
  for (const name of NAMES) {
    for (const preset of PRESET_NAMES) {
      const whole = experiment(name, preset);
      assertEquals(validateExperiment(JSON.parse(JSON.stringify(whole))), whole);
    }
  }
});

Deno.test("the experiments of Table 4 differ from standard in their features alone", () => {
  const standard = experiment("standard", "paper");
  for (const name of ["shuffled", "noWeakLensing", "ones"] as const) {
    const other = experiment(name, "paper");
    assertNotEquals(other.features, standard.features);
    assertEquals({ ...other, features: standard.features }, standard);
  }
});

Deno.test("no weak lensing has one supplementary column fewer, ones has as many as standard", () => {
  assertEquals(inputWidths(EXPERIMENTS.standard.features), { pixels: 15, supplementary: 2 });
  assertEquals(inputWidths(EXPERIMENTS.noWeakLensing.features), { pixels: 15, supplementary: 1 });
  assertEquals(inputWidths(EXPERIMENTS.ones.features), { pixels: 15, supplementary: 2 });
  const names = [...EXPERIMENTS.ones.features.pixels, ...EXPERIMENTS.ones.features.supplementary];
  assertEquals(new Set(names), new Set(["one" as const]));
});

Deno.test("overspecialized is Appendix B: five pixels and nothing else, max pooling, rate 0.01", () => {
  const { catalog, features, architecture, schedule } = experiment("overspecialized", "paper");
  assertEquals(catalog.recipe, "prescriptive");
  assertEquals(inputWidths(features), { pixels: 5, supplementary: 0 });
  assertEquals([architecture.pooling, architecture.globalPooling], ["max", "max"]);
  assertEquals([schedule.optimizer.kind, schedule.learningRate], ["sgd", 0.01]);
  const compact = experiment("overspecialized", "compact").schedule;
  assertEquals([compact.catalogs, compact.tie, compact.jitter], ["fresh", null, 0]);
  assertEquals([compact.loss, compact.epochs, compact.decay], ["gaussian", 160, "cosine"]);
});

Deno.test("compact and best are one network that ignores order, after one number per cluster", () => {
  const { paper, compact, best } = PRESETS;
  assertEquals(compact.architecture, best.architecture);
  assertEquals([compact.schedule.catalogs, best.schedule.catalogs], ["fixed", "fresh clusters"]);
  for (const { architecture, schedule } of [compact, best]) {
    assertEquals([architecture.regression, architecture.label], ["set", "probit"]);
    assertEquals([architecture.outputs, schedule.loss], ["mean and log variance", "gaussian"]);
    assertEquals(schedule.tie, { column: "logWeakLensingMass", weight: 10 });
    assertEquals([schedule.selectFrom, schedule.decay], [schedule.epochs, "cosine"]);
    assertEquals([schedule.jitter, schedule.encoderStart], [0.05, 0.1]);
  }
  const { tie, jitter, encoderStart } = paper.schedule;
  assertEquals([tie, jitter, encoderStart], [null, 0, 1]);
  for (const { architecture } of Object.values(PRESETS)) {
    const shapes = weightShapes(architecture, inputWidths(EXPERIMENTS.standard.features));
    assertEquals(shapes["terse/kernel"]![1], 1);
  }
});

Deno.test("without weak lensing sets see waves and a context, and an array of ones is not tied", () => {
  for (const preset of ["compact", "best"] as const) {
    const { architecture, features, schedule } = experiment("noWeakLensing", preset);
    assertEquals(features.supplementary, ["logLuminosity"]);
    assertEquals(architecture.frequencies, [2, 4, 8, 16]);
    assertEquals(schedule.tie?.column, "logWeakLensingMass");
    assertEquals(experiment("standard", preset).architecture.frequencies, []);
    const ones = experiment("ones", preset);
    assertEquals([ones.schedule.tie, ones.schedule.jitter], [null, 0]);
  }
  const { architecture } = experiment("noWeakLensing", "paper");
  assertEquals(architecture, PRESETS.paper.architecture);
});

Deno.test("a regression has its own layers, and is refused with those of the other", () => {
  const set = { regression: "set", convolution: [], cluster: [8], context: [4, 4] } as const;
  const { architecture } = experiment("standard", "compact", { architecture: set });
  const shapes = weightShapes(architecture, { pixels: 15, supplementary: 2 });
  const [first] = architecture.dense as [number];
  assertEquals(shapes["context/0/kernel"], [3, 4]);
  assertEquals(shapes["context/1/kernel"], [4 + 2, 4]);
  assertEquals(shapes["cluster/0/kernel"], [3 + 3 + 4, 8]);
  assertEquals(shapes["dense/0/kernel"], [8 + 2 + 3, first]);
  const refused = (change: object, message: string) =>
    assertThrows(
      () => experiment("standard", "compact", { architecture: { ...set, ...change } }),
      RangeError,
      message,
    );
  refused({ cluster: [] }, "cluster [], expected no convolution");
  refused({ context: [4] }, "context [4], expected no convolution");
  refused({ convolution: [4] }, "convolution [4], expected no convolution");
  refused({ regression: "convolution", convolution: [4] }, "cluster [8] and context [4, 4], exp");
});

Deno.test("overrides replace fields and leave their neighbors", () => {
  const changed = experiment("standard", "compact", {
    seed: 9,
    schedule: { epochs: 3, optimizer: { kind: "sgd" } },
    architecture: { encoder: [8, 4] },
  });
  const base = experiment("standard", "compact");
  assertEquals(changed, {
    ...base,
    seed: 9,
    schedule: { ...base.schedule, epochs: 3, optimizer: { kind: "sgd" } },
    architecture: { ...base.architecture, encoder: [8, 4] },
  });
});

Deno.test("a config file may hold a few fields, and is refused if one is unknown", () => {
  const base = experiment("standard", "compact");
  const merged = mergeExperiment(base, { catalog: { survey: { volumeFraction: 0.8 } } });
  assertEquals(merged.catalog.survey, { ...base.catalog.survey, volumeFraction: 0.8 });
  assertStringIncludes(
    messageOf(() => mergeExperiment(base, { catalog: { survey: { volume: 0.8 } } })),
    "catalog.survey.volume is an unknown field, expected one of volumeFraction, redshift",
  );
  assertStringIncludes(messageOf(() => mergeExperiment(base, [])), "it is [], expected a record");
  assertStringIncludes(
    messageOf(() => mergeExperiment(base, JSON.parse('{"__proto__": {"seed": 3}}'))),
    "__proto__ is an unknown field",
  );
});

Deno.test("the base sample's profiles are drawn or observed, those of the named experiments drawn", () => {
  const drawn = experiment("standard", "compact");
  assertEquals(drawn.base, { standIn: "table2", profiles: "drawn" });
  const observed = experiment("standard", "compact", { base: { profiles: "observed" } });
  assertEquals(observed, { ...drawn, base: { ...drawn.base, profiles: "observed" } });
  assertEquals(validateExperiment(JSON.parse(JSON.stringify(observed))), observed);
  assertStringIncludes(
    messageOf(() => mergeExperiment(drawn, { base: { profiles: "real" } })),
    'base.profiles is "real", expected one of "drawn", "observed"',
  );
});

Deno.test("experiments of earlier versions, with the base sample's choices in the catalog, are read", () => {
  const present = experiment("standard", "compact", {
    base: { profiles: "observed", standIn: "measured" },
  });
  const { base: _, catalog, ...rest } = present;
  const old = { ...rest, catalog: { ...catalog, profiles: "observed", base: "measured" } };
  assertEquals(validateExperiment(old), present);
  const usual = experiment("standard", "compact");
  assertEquals(validateExperiment({ ...rest, catalog }), usual);
  assertEquals(mergeExperiment(usual, { catalog: { profiles: "drawn" } }), usual);
  assertEquals(
    validateExperiment(applyOverride(usual, "catalog.profiles", "observed")),
    experiment("standard", "compact", { base: { profiles: "observed" } }),
  );
  const { encoderStart: _start, ...schedule } = usual.schedule;
  assertEquals(validateExperiment({ ...usual, schedule }).schedule, {
    ...usual.schedule,
    encoderStart: 1,
  });
  assertEquals(readOldOrigin({ seed: 1, plan: old.catalog }), { seed: 1, plan: catalog });
  assertEquals(readOldPlan(catalog), catalog);
});

const JSON_TEXT = JSON.stringify(experiment("standard", "compact"));

/** The message about an experiment in which one field has another value. */
function refuse(path: string, text: string): string {
  return messageOf(() => validateExperiment(applyOverride(JSON.parse(JSON_TEXT), path, text)));
}

Deno.test("a field of the wrong kind is refused in one line with its path and what was expected", () => {
  assertEquals(
    refuse("schedule.epochs", "many"),
    'Cannot read experiment: schedule.epochs is "many", expected a whole number from 1',
  );
  assertEquals(
    refuse("architecture.encoder.1", "null"),
    "Cannot read experiment: architecture.encoder.1 is null, expected a whole number from 1",
  );
  assertStringIncludes(refuse("architecture", "7"), "architecture is 7, expected a record");
  assertStringIncludes(refuse("architecture.dense", "[]"), "expected a list of 1 to 1000");
  assertStringIncludes(
    refuse("architecture.pooling", "median"),
    'architecture.pooling is "median", expected one of "mean", "max"',
  );
  assertStringIncludes(
    refuse("features.pixels.0", "logtemperature"),
    'features.pixels.0 is "logtemperature", expected one of "logTemperature"',
  );
  assertStringIncludes(refuse("catalog.massFunction", "tinker"), '"tinker08"');
  assertStringIncludes(
    refuse("schedule.tie", '{"column":"one","weight":1}'),
    'schedule.tie.column is "one", expected one of "logTemperature"',
  );
  assertStringIncludes(refuse("catalog.recipe", "none"), '"neighbor", "prescriptive"');
  assertStringIncludes(refuse("seed", "1.5"), "seed is 1.5, expected a whole number from 0");
});

Deno.test("a number out of range is refused with a RangeError", () => {
  const outOfRange: [path: string, text: string, message: string][] = [
    ["schedule.epochs", "0", "schedule.epochs is 0, expected a whole number from 1"],
    ["schedule.learningRate", "-1", "expected a number above 0"],
    ["schedule.learningRate", "1e999", "schedule.learningRate is Infinity"],
    ["architecture.dropout.dense", "1", "expected a number from 0 below 1"],
    ["catalog.survey.volumeFraction", "0", "expected a number above 0"],
    ["catalog.survey.smoothing", "7", "smoothing is 7"],
    ["catalog.priors.sigma8.max", "0.6", "0.7 to 0.6"],
    ["schedule.jitter", "-0.1", "schedule.jitter is -0.1, expected a number from 0"],
    [
      "schedule.loss",
      "mae",
      'architecture.outputs is "mean and log variance" and schedule.loss "mae"',
    ],
    ["architecture.outputs", "value", 'outputs is "value" and schedule.loss "gaussian"'],
  ];
  for (const [path, text, message] of outOfRange) {
    const json = applyOverride(JSON.parse(JSON_TEXT), path, text);
    assertThrows(() => validateExperiment(json), RangeError, message);
  }
});

Deno.test("missing and unknown fields are refused", () => {
  const whole = JSON.parse(JSON_TEXT);
  const { schedule: _, ...fewer } = whole;
  assertStringIncludes(
    messageOf(() => validateExperiment(fewer)),
    "schedule is missing, expected a record of epochs, ",
  );
  assertStringIncludes(
    refuse("schedule.epoch", "3"),
    "schedule.epoch is an unknown field, expected one of epochs, catalogs, selectFrom",
  );
  assertStringIncludes(messageOf(() => validateExperiment(null)), "it is null, expected a record");
  assertStringIncludes(messageOf(() => validateExperiment("{}")), 'it is "{}"');
});

Deno.test("alternatives are refused with what each would be", () => {
  assertStringIncludes(
    refuse("schedule.batches", "big"),
    'schedule.batches is "big", expected "equal height" or a whole number from 1',
  );
  assertStringIncludes(refuse("schedule.batches", '{"random":0}'), "schedule.batches.random is 0");
  assertStringIncludes(refuse("schedule.gradientClip", "0"), "expected null or a number above 0");
  assertStringIncludes(
    refuse("schedule.optimizer", '{"kind":"rmsprop"}'),
    'schedule.optimizer.kind is "rmsprop", expected one of "sgd", "adam" or "adamw"',
  );
  assertStringIncludes(
    refuse("schedule.optimizer", '{"kind":"adamw"}'),
    "schedule.optimizer.weightDecay is missing, expected a number from 0",
  );
  assertStringIncludes(
    refuse("schedule.optimizer", '{"kind":"adam","weightDecay":1}'),
    "schedule.optimizer.weightDecay is an unknown field",
  );
  assertStringIncludes(
    refuse("schedule.tie.weight", "0"),
    "schedule.tie.weight is 0, expected a number above 0",
  );
});

Deno.test("an override sets one field to JSON, or to a bare word", () => {
  const json: Experiment = JSON.parse(JSON_TEXT);
  const set = (path: string, text: string) => validateExperiment(applyOverride(json, path, text));
  assertEquals(set("schedule.gradientClip", "null").schedule.gradientClip, null);
  assertEquals(set("architecture.pooling", "max").architecture.pooling, "max");
  assertEquals(set("architecture.dense", "[5, 3]").architecture.dense, [5, 3]);
  assertEquals(set("architecture.dense.1", "5").architecture.dense, [64, 5]);
  assertEquals(
    set("catalog.exponents", '{"luminosity":0.1,"temperature":0,"gasMass":0}').catalog.exponents,
    { luminosity: 0.1, temperature: 0, gasMass: 0 },
  );
  assertEquals(JSON.stringify(json), JSON_TEXT, "the given record was changed");
});

Deno.test("an override through a field that is not there is refused, naming those that are", () => {
  const json = JSON.parse(JSON_TEXT);
  assertStringIncludes(
    messageOf(() => applyOverride(json, "shedule.epochs", "3")),
    "Cannot set shedule.epochs: there is no shedule, expected one of base, catalog, features",
  );
  assertStringIncludes(
    messageOf(() => applyOverride(json, "architecture.dense.9", "3")),
    "there is no 9, expected one of 0, 1",
  );
  for (const path of ["__proto__.polluted", "seed.x.y", "architecture.dense.length", ""]) {
    messageOf(() => validateExperiment(applyOverride(json, path, "1")));
  }
  assert(!("polluted" in {}));
});
