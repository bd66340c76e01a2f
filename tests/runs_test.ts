/** A run in a program: the same bits as on the command line, with any preset. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { measureErrors } from "../src/evaluation/errors.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { decodeSafetensors } from "../src/formats/safetensors.ts";
import type { Engine } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import { openModel } from "../src/network/trained_model.ts";
import { createRandom } from "../src/numerics/random.ts";
import { drawDesign } from "../src/runs/catalogs.ts";
import { interpretRun } from "../src/runs/interpretation.ts";
import { buildSets, buildTests } from "../src/runs/sets.ts";
import { openStream } from "../src/runs/streams.ts";
import type { TrainingProgress } from "../src/runs/training.ts";
import { trainRun } from "../src/runs/training.ts";
import { documentOf, terse } from "./cli_process.ts";
import { DESIGN, NETWORK, ONE_THREAD } from "./cli_runs.ts";

/** What the options in {@linkcode DESIGN} and {@linkcode NETWORK} choose. */
function chooseSmall(preset: "compact" | "best"): Experiment {
  const { priors } = experiment("standard", preset).catalog;
  return experiment("standard", preset, {
    catalog: {
      priors: {
        ...priors,
        temperatureBias: { ...priors.temperatureBias, min: 0.9, max: 1.1 },
        gasMassBias: { ...priors.gasMassBias, min: 1, max: 1 },
      },
    },
    architecture: { encoder: [8, 4], cluster: [4], dense: [4] },
    schedule: { epochs: 2 },
  });
}

interface Trained {
  readonly engine: Engine;
  readonly choices: Experiment;
  readonly base: BaseSample;
}

async function withEngine(use: (trained: Trained) => Promise<void>, preset: "compact" | "best") {
  const engine = await openEngine("core", { threads: 1 });
  const choices = chooseSmall(preset);
  await use({ engine, choices, base: drawBaseSample(choices.seed) });
  engine.close();
}

Deno.test("the inputs of the test set are the same alone or with the other sets, in either order", () => {
  for (const name of ["standard", "shuffled"] as const) {
    const choices = experiment(name, "compact", { seed: 3 });
    const catalogs = [...drawDesign(choices, drawBaseSample(3), { from: 0, to: 40 })];
    assertEquals(buildTests(choices, catalogs), buildSets(choices, catalogs).test);
  }
});

for (const preset of ["compact", "best"] as const) {
  Deno.test(`a program that trains ${preset} gets the weights of the command line, bit for bit`, async () => {
    const folder = Deno.makeTempDirSync();
    const args = [
      ...DESIGN,
      ...NETWORK,
      ...ONE_THREAD,
      `--preset=${preset}`,
      "--fresh-test=2",
      "--json",
    ];
    documentOf(await terse(folder, "reproduce", `--out=${folder}/run`, ...args));
    const saved = decodeSafetensors(Deno.readFileSync(`${folder}/run/weights.safetensors`)).arrays;
    Deno.removeSync(folder, { recursive: true });
    await withEngine(async ({ engine, choices, base }) => {
      const catalogs = [...drawDesign(choices, base)];
      const sets = buildSets(choices, catalogs);
      const events: TrainingProgress[] = [];
      const run = await trainRun(engine, choices, { sets, base }, {
        onProgress: (event) => void events.push(event),
      });
      assertEquals(run.weights, saved);
      assertEquals(events.filter(({ kind }) => kind === "epoch").length, 2);
      const model = await openModel(engine, run);
      const truth = sets.test.map(({ sigma8 }) => sigma8);
      const predicted = await model.predict(sets.test);
      model.dispose();
      const { leaveOneOut, saliency } = await interpretRun(engine, run, catalogs);
      assertEquals(leaveOneOut.original, predicted);
      assertEquals(saliency.pixels.length, 15);
      assert(measureErrors(predicted, truth).scatter > 0);
    }, preset);
  });
}

Deno.test("a training that is stopped by its caller resumes from its checkpoint, with the same bits", async () => {
  await withEngine(async ({ engine, choices, base }) => {
    const sets = buildSets(choices, [...drawDesign(choices, base, { from: 0, to: 60 })]);
    const whole = await trainRun(engine, choices, { sets, base });
    let resume;
    await assertRejects(
      () =>
        trainRun(engine, choices, { sets, base }, {
          async onProgress(event) {
            if (event.kind === "step") return;
            resume = await event.checkpoint();
            throw new Error("enough");
          },
        }),
      Error,
      "enough",
    );
    assertEquals(await trainRun(engine, choices, { sets, base }, { resume }), whole);
  }, "compact");
});

Deno.test("fresh clusters are refused where the base sample was not drawn from the seed", async () => {
  await withEngine(async ({ engine, choices }) => {
    const base = drawBaseSample(choices.seed + 1);
    const sets = buildSets(choices, [...drawDesign(choices, base, { from: 0, to: 60 })]);
    await assertRejects(
      () => trainRun(engine, choices, { sets, base }),
      RangeError,
      'Cannot train: schedule.catalogs is "fresh clusters"',
    );
  }, "best");
});

Deno.test("the streams of a run's parts are those that its seed forks by their names", () => {
  const root = createRandom(7);
  assertEquals(openStream(7, "baseSample").state, root.fork("base sample").state);
  assertEquals(openStream(7, "comparisons").state, root.fork("table 4", "comparisons").state);
  assertEquals(openStream(7, "catalogs").state, root.state);
});
