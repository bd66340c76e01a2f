/** The command `train-survey`, and `predict` with the network that it makes. */
import { assert, assertEquals } from "@std/assert";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { assertRefused, documentOf, makeTestFolder, terse } from "./cli_process.ts";

const folder = makeTestFolder("train_survey");
const SAMPLE = new URL("../fixtures/hiflugcs.csv", import.meta.url).pathname;

Deno.test("train-survey trains, measures, resumes where it was stopped, and refuses another recipe", async () => {
  const train = (out: string, ...args: string[]) =>
    terse(
      folder,
      "train-survey",
      `--out=${folder}/${out}`,
      ...["--catalogs=128", "--fresh=64", "--test=40", "--backend=core", "--threads=1"],
      ...args,
    );
  const whole = documentOf(await train("whole", "--epochs=2", "--json")) as {
    catalogs: number;
    evaluation: { coverage: Record<string, { rmsError: number }>; joint: { probability: number } };
  };
  assertEquals(whole.catalogs, 192);
  assertEquals(Object.keys(whole.evaluation.coverage), ["S8", "omegaM", "sigma8"]);
  assert(whole.evaluation.coverage.S8!.rmsError > 0);
  const files = [...Deno.readDirSync(`${folder}/whole`)].map(({ name }) => name).sort();
  assertEquals(files, ["evaluation.json", "network.safetensors", "training.safetensors"]);
  const network = Deno.readFileSync(`${folder}/whole/network.safetensors`);
  // As if it had been killed after its last epoch.
  Deno.removeSync(`${folder}/whole/network.safetensors`);
  const again = await train("whole", "--epochs=2");
  assert(again.stderr.includes("Resuming after epoch 2 of 2"), again.stderr);
  assert(again.stdout.includes("(S8, omegaM) together, TARP"), again.stdout);
  assertEquals(Deno.readFileSync(`${folder}/whole/network.safetensors`), network);
  assertRefused(await train("whole", "--epochs=3"), 1, "epochs 2, this one 3", "another folder");

  const predict = (...args: string[]) =>
    terse(folder, "predict", `--catalog=${SAMPLE}`, `--run=${folder}/whole`, ...args);
  const answer = documentOf(await predict("--survey=hiflugcs", "--backend=core", "--json")) as {
    network: { S8: { mean: number }; correlation: number };
    distance: { S8: number };
  };
  assert(answer.network.S8.mean > 0.55 && answer.network.S8.mean < 0.95);
  assert(Number.isFinite(answer.distance.S8));
  const other = { ...SKY_PRESETS.hiflugcs.survey, area: 8 };
  Deno.writeTextFileSync(`${folder}/other.json`, JSON.stringify(other));
  assertRefused(
    await predict(`--survey=${folder}/other.json`),
    1,
    "its network is of a survey with area 8.14",
  );
  assertRefused(
    await terse(folder, "predict", `--catalog=${SAMPLE}`, `--run=${folder}`, "--survey=hiflugcs"),
    1,
    'run "train-survey" first',
  );
});
