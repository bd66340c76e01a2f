/** Numbers of the paper that pin the design. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom, experiment, EXPERIMENTS, PRESETS } from "../mod.ts";
import { designParameters, STANDARD_PRIORS } from "../src/catalogs/mod.ts";
import { gridValues } from "../src/catalogs/grid.ts";
import { SHELL_EDGES } from "../src/clusters/mod.ts";
import { splitCatalogs, widthOf } from "../src/features/mod.ts";
import { countParameters, inputWidths, layerShapes, weightShapes } from "../src/network/mod.ts";
import { sizeOf } from "../src/numerics/mod.ts";

const INPUTS = inputWidths(EXPERIMENTS.standard.features);

/** Parameters of the layers whose names a rule picks. */
function countWhere(rule: (name: string) => boolean): number {
  const shapes = weightShapes(PRESETS.paper.architecture, INPUTS);
  return Object.entries(shapes)
    .filter(([name]) => rule(name))
    .reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
}

Deno.test("the design has 23 x 6^3 = 4968 catalogs (section 2.2.2)", () => {
  const { sigma8, luminosityBias, temperatureBias, gasMassBias } = STANDARD_PRIORS;
  assertEquals(gridValues(sigma8).length, 23);
  for (const grid of [luminosityBias, temperatureBias, gasMassBias]) {
    assertEquals(gridValues(grid), [0.8, 0.9, 1, 1.1, 1.2, 1.3]);
  }
  assertEquals(designParameters(STANDARD_PRIORS, createRandom(1)).length, 4968);
  assertEquals(4968, 23 * 6 ** 3);
});

Deno.test("80, 10 and 10 percent of the catalogs are 3974, 497 and 497 (section 3.2)", () => {
  const { train, validation, test } = splitCatalogs(4968, createRandom(1));
  assertEquals([train.length, validation.length, test.length], [3974, 497, 497]);
});

Deno.test("the Standard Catalog has w = 1 + 7 + 7 = 15 and two supplementary columns (section 3.1)", () => {
  const { pixels } = EXPERIMENTS.standard.features;
  assertEquals(pixels.map((name) => widthOf([name])), [1, 7, 7]);
  assertEquals(INPUTS, { pixels: 15, supplementary: 2 });
});

Deno.test("0.67 and 0.13 R500 are shell edges (section 5.2)", () => {
  assertAlmostEquals(SHELL_EDGES.at(-2)!, 0.67, 0.005);
  assertAlmostEquals(SHELL_EDGES[1]!, 0.13, 0.005);
  assertEquals(SHELL_EDGES.at(-1), 1);
});

Deno.test("Table 3 has 10 472 834 trainable parameters, 2.8 million of them in the encoder", () => {
  assertEquals(countParameters(PRESETS.paper.architecture, INPUTS), 10_472_834);
  const isEncoder = (name: string) => /^(encoder|terse)\//.test(name);
  assertEquals(countWhere(isEncoder), 2_830_337);
  assertEquals(countWhere((name) => !isEncoder(name)), 7_642_497);
});

Deno.test("Table 3's layers have the widths that it prints", () => {
  const widths = layerShapes(PRESETS.paper.architecture, INPUTS).map(({ bias }) => bias[0]!);
  const encoder = [2048, 1024, 512, 256, 128, 64, 32, 1];
  const convolution = [128, 256, 512, 1024];
  const dense = [2048, 1024, 512, 256, 128, 1];
  assertEquals(widths, [...encoder, ...convolution, ...dense]);
});

Deno.test("the compact network has 12 291 parameters", () => {
  assertEquals(countParameters(PRESETS.compact.architecture, INPUTS), 12_291);
});

Deno.test("the paper's preset is section 3.3: SGD 0.001, MAE, 5000 epochs, selection from 2000", () => {
  const { schedule, architecture } = experiment("standard", "paper");
  assertEquals(schedule, {
    epochs: 5000,
    catalogs: "fixed",
    selectFrom: 2000,
    batches: "equal height",
    loss: "mae",
    optimizer: { kind: "sgd" },
    learningRate: 0.001,
    decay: "constant",
    warmupSteps: 0,
    gradientClip: null,
    tie: null,
    jitter: 0,
    encoderStart: 1,
    shards: schedule.shards, // of our engines, not the paper's
  });
  assertEquals(architecture.dropout, { encoder: 0.25, dense: 0.3 });
  assertEquals([architecture.pooling, architecture.globalPooling], ["mean", "max"]);
});
