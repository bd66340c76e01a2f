/** The stage that trains: it reports, saves after every epoch, and resumes when it was stopped. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { nameFile, RunError } from "../program/errors.ts";
import type { TrainingSets } from "../../src/runs/sets.ts";
import type { TrainingProgress } from "../../src/runs/training.ts";
import { trainHelped } from "../../src/runs/training.ts";
import type { Assistant } from "./assistant.ts";
import type { Bar, Progress } from "../program/progress.ts";
import { formatSeconds } from "../program/progress.ts";
import { claimRunFolder, fileIn, FILES } from "../storage/run_folder.ts";
import { loadCheckpoint, saveCheckpoint, saveTrainingRun } from "../storage/training_files.ts";

/** Trains, saving a checkpoint after every epoch and resuming from the one that is there. */
export async function trainNetwork(
  experiment: Experiment,
  origin: TrainingSets,
  engine: Engine,
  { folder, progress, assistant }: {
    readonly folder: string;
    readonly progress: Progress;
    readonly assistant?: Assistant;
  },
): Promise<TrainingRun<Experiment>> {
  claimRunFolder(folder, experiment);
  const stopped = loadCheckpoint(folder);
  const { epochs } = experiment.schedule;
  if (stopped) {
    const { checkpoint, backend } = stopped;
    const isOther = backend !== undefined && backend !== engine.name;
    progress.say(
      `Resuming after epoch ${checkpoint.history.length} of ${epochs} (${FILES.checkpoint})` +
        (isOther
          ? `; it was trained on ${backend}, ${engine.name} continues with other rounding`
          : ""),
    );
  }
  const help = await assistant?.help(engine);
  const follower = followTraining(epochs, { folder, progress, backend: engine.name });
  const run = await trainHelped(engine, experiment, origin, {
    help,
    onProgress: follower.onProgress,
    ...stopped && { resume: stopped.checkpoint },
  })
    .catch((error: Error) => {
      throw error.message.startsWith("Cannot resume")
        ? nameFile(fileIn(folder, "checkpoint"), error)
        : error;
    })
    .finally(() => follower.end());
  saveTrainingRun(folder, run);
  return run;
}

/** How long Ctrl-C may go unnoticed, in addition to the time of one step. */
const SIGNAL_MILLISECONDS = 100;

/** What follows a training. */
interface Follower {
  /** Handles a step or an epoch; it must be called with every one. */
  onProgress(event: TrainingProgress): Promise<void>;
  /** Stops listening for Ctrl-C. */
  end(): void;
}

/** Reports steps and epochs, saves checkpoints, and stops after the step in which Ctrl-C came. */
function followTraining(
  epochs: number,
  { folder, progress, backend }: {
    readonly folder: string;
    readonly progress: Progress;
    readonly backend: string;
  },
): Follower {
  let isStopping = false;
  let bar: Bar | null = null;
  let began = performance.now();
  let heard = began;
  const stop = () => {
    if (isStopping) Deno.exit(1); // a second Ctrl-C does not wait for the step
    isStopping = true;
  };
  Deno.addSignalListener("SIGINT", stop);
  return {
    async onProgress(event) {
      // A backend on the CPU never waits for anything, and signals come only while the program waits.
      if (performance.now() - heard > SIGNAL_MILLISECONDS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        heard = performance.now();
      }
      if (event.kind === "step") {
        bar ??= progress.start(`Epoch ${event.epoch} of ${epochs}`, event.steps, "steps", began);
        bar.update(event.step, `loss ${event.loss.toPrecision(3)}`);
      } else {
        const { epoch, trainMse, validationMse, selected } = event.epoch;
        saveCheckpoint(folder, await event.checkpoint(), backend);
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
    },
    end: () => Deno.removeSignalListener("SIGINT", stop),
  };
}
