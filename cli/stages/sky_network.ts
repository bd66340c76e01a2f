/**
 * The stage of `train-survey`: trains the network of a survey on the sky, saving it after every
 * epoch, and measures it on new catalogs.
 */
import { createRandom } from "../../src/numerics/random.ts";
import { countParameters } from "../../src/network/weights.ts";
import { skyInputs } from "../../src/features/sky_inputs.ts";
import type { Engine } from "../../src/model.ts";
import { evaluateSkyNetwork, type SkyEvaluation } from "../../src/runs/sky_evaluation.ts";
import { recalibrateRun } from "../../src/runs/sky_recalibration.ts";
import { finishSkyRun, openSkyNetwork, type SkyRun } from "../../src/runs/sky_network.ts";
import { type SkyRecipe, skyRecipe } from "../../src/runs/sky_recipe.ts";
import { trainSky } from "../../src/runs/sky_training.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { UsageError } from "../program/errors.ts";
import { openBackend } from "../program/backend_options.ts";
import { writeFile } from "../program/outputs.ts";
import type { Progress } from "../program/progress.ts";
import { trainingSeconds } from "../../src/runs/sky_needs.ts";
import { requireSkyRoom } from "./sky_room.ts";
import { openSkySurvey } from "../storage/sky_files.ts";
import {
  findSkyRun,
  loadSkyTraining,
  refuseOtherRecipe,
  saveSkyRun,
  saveSkyTraining,
  SKY_FILES,
} from "../storage/sky_network_files.ts";

/** What is trained, and how long. */
export interface TrainSurveyValues extends BackendValues {
  /** A preset's name or a file. */
  readonly survey: string;
  readonly out: string;
  readonly seed: number;
  readonly epochs: number;
  /** Catalogs at hand in each epoch. */
  readonly catalogs: number;
  /** New ones of each epoch. */
  readonly fresh: number;
  /** New catalogs that the network is measured on. */
  readonly test: number;
  /** Factor on the loss that ties terse values to lensing masses or Y_X; undefined for the recipe's. */
  readonly tie: number | undefined;
}

/** A trained network in numbers, which are the document of `--json`. */
export interface TrainedSurvey {
  readonly out: string;
  readonly survey: string;
  readonly backend: string;
  readonly seed: number;
  readonly parameters: number;
  /** Different catalogs that it was trained on. */
  readonly catalogs: number;
  readonly epochs: number;
  readonly validationLoss: number;
  readonly evaluation: SkyEvaluation;
  readonly seconds: { readonly train: number; readonly evaluate: number };
}

/** Trains, or takes the network that the folder has, and measures it. */
export async function trainSurvey(
  values: TrainSurveyValues,
  progress: Progress,
): Promise<TrainedSurvey> {
  const { out: folder, seed, epochs, catalogs, fresh } = values;
  const survey = openSkySurvey(values.survey);
  if (values.tie !== undefined && !(values.tie >= 0)) {
    throw new UsageError(`Cannot use --tie: it is ${values.tie}, expected a number from 0 on`);
  }
  const recipe = skyRecipe(survey, {
    ...{ seed, epochs, catalogs, fresh: Math.min(fresh, catalogs) },
    ...(values.tie !== undefined && { tieWeight: values.tie }),
  });
  const size = requireSkyRoom("train", survey, { trained: catalogs, fresh: values.test });
  progress.say(
    `Catalogs of ${Math.round(size.mean)} clusters on average, up to ${Math.round(size.most)}; ` +
      `some ${Math.ceil(trainingSeconds(size, recipe))} CPU seconds of training`,
  );
  const engine = await openBackend(values, progress);
  const began = performance.now();
  const run = await trainInFolder(recipe, engine, folder, progress);
  const trained = performance.now();
  progress.say(`Measuring the network on ${values.test} new catalogs`);
  const network = await openSkyNetwork(engine, run);
  const random = createRandom(seed).fork("sky evaluation");
  const evaluation = await evaluateSkyNetwork(network, survey, values.test, random);
  network.dispose();
  engine.close();
  const found: TrainedSurvey = {
    out: folder,
    survey: values.survey,
    backend: engine.name,
    seed,
    parameters: countParameters(recipe.architecture, skyInputs(recipe)),
    catalogs: recipe.catalogs + recipe.fresh * (epochs - 1),
    epochs,
    validationLoss: run.history.at(-1)!,
    evaluation,
    seconds: { train: (trained - began) / 1000, evaluate: (performance.now() - trained) / 1000 },
  };
  writeFile(`${folder}/${SKY_FILES.evaluation}`, `${JSON.stringify(found, null, 2)}\n`);
  return found;
}

/** Trains from where the folder's training stopped. */
async function trainInFolder(
  recipe: SkyRecipe,
  engine: Engine,
  folder: string,
  progress: Progress,
): Promise<SkyRun> {
  const done = findSkyRun(folder);
  if (done !== null) {
    refuseOtherRecipe(folder, done.recipe, recipe);
    progress.say(`${folder} has its network (${SKY_FILES.network}): nothing is left to train`);
    return done;
  }
  let state = loadSkyTraining(folder, recipe);
  if (state !== null) {
    progress.say(
      `Resuming after epoch ${state.epoch} of ${recipe.epochs} (${SKY_FILES.training})`,
    );
  }
  const bar = progress.start("Training", recipe.epochs, "epochs");
  for await (const next of trainSky(engine, recipe, state ?? undefined)) {
    saveSkyTraining(folder, recipe, next);
    state = next;
    bar.update(next.epoch, `validation loss ${next.history.at(-1)!.toFixed(4)}`);
  }
  bar.end();
  progress.say(`Recalibrating on ${recipe.recalibration} new catalogs`);
  const run = await recalibrateRun(engine, await finishSkyRun(engine, recipe, state!));
  saveSkyRun(folder, run);
  return run;
}
