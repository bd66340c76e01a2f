/**
 * `train`: the supervised encoder (section 3).
 *
 * @module
 */
import type { Experiment } from "../src/experiments.ts";
import type { Engine } from "../src/model.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import type { EndEvent, TrainingEvent } from "../src/network/training.ts";
import { train } from "../src/network/training.ts";
import { countParameters } from "../src/network/weights.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import { createRandom } from "../src/numerics/random.ts";
import { BACKEND_OPTIONS, openBackend } from "./backend_options.ts";
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";
import { nameFile, RunError } from "./errors.ts";
import { chooseExperiment, EXPERIMENT_OPTIONS } from "./experiment_options.ts";
import type { FeatureSets } from "./feature_sets.ts";
import { buildSets, scaleSets } from "./feature_sets.ts";
import { textOption } from "./options.ts";
import type { Bar, Progress } from "./progress.ts";
import { formatSeconds } from "./progress.ts";
import {
  claimRunFolder,
  fileIn,
  FILES,
  loadCatalogs,
  loadCheckpoint,
  requireExperiment,
  saveCheckpoint,
  saveTrainingRun,
} from "./run_folder.ts";

/** Trains, saving a checkpoint after every epoch and resuming from the one that is there. */
export async function trainNetwork(
  experiment: Experiment,
  sets: FeatureSets,
  engine: Engine,
  { folder, progress }: { readonly folder: string; readonly progress: Progress },
): Promise<TrainingRun<Experiment>> {
  claimRunFolder(folder, experiment);
  const resume = loadCheckpoint(folder);
  const { epochs } = experiment.schedule;
  if (resume) {
    progress.say(
      `Resuming after epoch ${resume.history.length} of ${epochs} (${FILES.checkpoint})`,
    );
  }
  const { normalization, ...data } = scaleSets(experiment, sets);
  const random = createRandom(experiment.seed).fork("training");
  const events = train(engine, experiment, data, random, resume ? { resume } : {});
  const { history, selectedEpoch, weights } = await followTraining(
    events,
    epochs,
    folder,
    progress,
  ).catch((error: Error) => {
    throw error.message.startsWith("Cannot resume")
      ? nameFile(fileIn(folder, "checkpoint"), error)
      : error;
  });
  const run = { experiment, normalization, history, selectedEpoch, weights };
  saveTrainingRun(folder, run);
  return run;
}

/** How long Ctrl-C may go unheard, beside the time of one step. */
const SIGNAL_MILLISECONDS = 100;

/** Tells what happens, saves checkpoints, and stops after the step in which Ctrl-C came. */
async function followTraining(
  events: AsyncGenerator<TrainingEvent, void, void>,
  epochs: number,
  folder: string,
  progress: Progress,
): Promise<EndEvent> {
  let isStopping = false;
  let bar: Bar | null = null;
  let began = performance.now();
  let heard = began;
  const stop = () => {
    if (isStopping) Deno.exit(1); // a second Ctrl-C does not wait for the step
    isStopping = true;
  };
  Deno.addSignalListener("SIGINT", stop);
  try {
    for await (const event of events) {
      if (event.kind === "end") return event;
      // A backend on the CPU never waits for anything, and signals come only while the program waits.
      if (performance.now() - heard > SIGNAL_MILLISECONDS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        heard = performance.now();
      }
      if (event.kind === "step") {
        bar ??= progress.start(`Epoch ${event.epoch} of ${epochs}`, event.steps, "steps");
        bar.update(event.step, `loss ${event.loss.toPrecision(3)}`);
      } else {
        const { epoch, trainMse, validationMse, selected } = event.epoch;
        saveCheckpoint(folder, await event.checkpoint());
        const seconds = (performance.now() - began) / 1000;
        progress.say(
          `Epoch ${epoch} of ${epochs}: train ${trainMse.toPrecision(4)}, validation ` +
            `${validationMse.toPrecision(4)}${selected ? " (best)" : ""}, ` +
            `${formatSeconds(seconds)}, ${formatSeconds(seconds * (epochs - epoch))} left`,
        );
        began = performance.now();
        bar = null;
      }
      if (isStopping) {
        throw new RunError("Stopped; the same command resumes from the last epoch that was saved");
      }
    }
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
  }
  throw new RunError("Cannot train: the training ended without weights");
}

/** The command `train`. */
export const TRAIN: Command = defineCommand({
  summary: "train the supervised encoder on the run folder's catalogs (section 3)",
  details: [
    `Writes ${FILES.weights}, ${FILES.history} and, after every epoch, ${FILES.checkpoint}.`,
    "Stopped by Ctrl-C or killed, the same command resumes after the last epoch, with the same bits.",
  ],
  options: {
    ...EXPERIMENT_OPTIONS,
    out: textOption("DIR", "runs/standard", { description: "the run folder" }),
    ...BACKEND_OPTIONS,
  },
  async run(values, { progress }) {
    const experiment = chooseExperiment(values, requireExperiment(values.out));
    claimRunFolder(values.out, experiment);
    const sets = buildSets(experiment, loadCatalogs(values.out, experiment));
    const engine = await openBackend(values, progress);
    const began = performance.now();
    const run = await trainNetwork(experiment, sets, engine, { folder: values.out, progress });
    engine.close();
    const json = {
      out: values.out,
      backend: engine.name,
      seed: experiment.seed,
      parameters: countParameters(experiment.architecture, inputWidths(experiment.features)),
      catalogs: sets.train.length,
      epochs: run.history.length,
      selectedEpoch: run.selectedEpoch,
      validationMse: run.history[run.selectedEpoch - 1]!.validationMse,
      seconds: { train: (performance.now() - began) / 1000 },
    };
    const text =
      `${json.epochs} epochs over ${json.catalogs} catalogs, ${json.parameters} parameters, ` +
      `${
        formatSeconds(json.seconds.train)
      } on ${json.backend}: epoch ${json.selectedEpoch} selected, ` +
      `validation error ${json.validationMse.toPrecision(4)} (scaled, squared)`;
    return { json, text };
  },
});
