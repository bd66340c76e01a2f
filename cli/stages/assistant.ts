/**
 * A worker that takes work off the main thread of a run, so that two processors have something to do: it draws
 * the fresh catalogs while the design's are drawn, and takes half of the recalibration after the training.
 */
import type { FeatureArray } from "../../src/features/features.ts";
import type { Engine } from "../../src/model.ts";
import { openEngine } from "../../src/network/backends.ts";
import { buildFresh } from "../../src/runs/evaluation.ts";
import type { RecalibrationHelp } from "../../src/runs/recalibration.ts";
import type { Progress } from "../program/progress.ts";
import { startWorker } from "../program/worker_pool.ts";
import type { AssistantAnswers, AssistantPlan, AssistantTask } from "./assistant_job.ts";
import { createAssistantJob, unpackFresh } from "./assistant_job.ts";
import { drawFresh } from "./fresh_catalogs.ts";
import { hasRoom } from "./needed_room.ts";

/** Fewer catalogs are drawn sooner than a worker starts. */
const WORTH_A_WORKER = 1000;

/** A worker of a run, or what does the same on this thread. */
export interface Assistant {
  /** Waits for the network inputs of the fresh catalogs, or draws them only then. */
  fresh(): Promise<FeatureArray[]>;
  /**
   * Half of a recalibration; undefined where there is no worker, or the engine is not the core.
   *
   * @param engine The one that trains
   */
  help(engine: Engine): Promise<RecalibrationHelp | undefined>;
  /** Ends the worker. */
  close(): void;
}

/**
 * Starts the worker if a second thread may be used, and there is room for it, and has it draw the fresh catalogs.
 *
 * @param threads As many as the command may use; undefined for one per CPU
 */
export function startAssistant(
  plan: AssistantPlan,
  threads: number | undefined,
  progress: Progress,
): Assistant {
  const { experiment, base, count } = plan;
  const isWorth = (threads ?? navigator.hardwareConcurrency) > 1 && count >= WORTH_A_WORKER &&
    hasRoom(experiment, base, { design: "catalogs", fresh: 2 * count, workers: 1 });
  const worker = isWorth ? openAssistant(plan) : null;
  if (!worker) {
    return {
      fresh: () =>
        Promise.resolve(buildFresh(experiment, drawFresh(experiment, base, count, progress))),
      help: () => Promise.resolve(undefined),
      close: () => {},
    };
  }
  const { ask } = worker;
  const drawn = ask({ kind: "draw fresh" });
  drawn.catch(() => {}); // it is awaited later
  const engines: Engine[] = [];
  return {
    async fresh() {
      const packed = await drawn;
      const began = performance.now() - packed.milliseconds;
      progress.start("Simulating fresh", count, "catalogs", began).end("next to the design's");
      return unpackFresh(experiment, packed);
    },
    async help({ name }) {
      if (name !== "core") return undefined;
      const { tile } = plan;
      const engine = await openEngine("core", { threads: 1, ...tile && { tile } });
      engines.push(engine);
      return {
        engine,
        async measure(run, share) {
          await drawn;
          return await ask({ kind: "measure", run, share });
        },
        rank: (scale) => ask({ kind: "rank", scale }),
      };
    },
    close() {
      for (const engine of engines) engine.close();
      worker.close();
    },
  };
}

/** Starts a worker that does one task after the other. */
function openAssistant(plan: AssistantPlan): {
  ask<T extends AssistantTask>(task: T): Promise<AssistantAnswers[T["kind"]]>;
  close(): void;
} | null {
  const worker = startWorker<AssistantPlan, AssistantTask, AssistantAnswers[AssistantTask["kind"]]>(
    {
      module: new URL("./assistant_worker.ts", import.meta.url),
      prepare: createAssistantJob,
      plan,
      describe: ({ kind }) => DESCRIPTIONS[kind],
    },
  );
  return worker && {
    ask: async <T extends AssistantTask>(task: T) =>
      await worker.run(task) as AssistantAnswers[T["kind"]],
    close: () => worker.close(),
  };
}

const DESCRIPTIONS: Readonly<Record<AssistantTask["kind"], string>> = {
  "draw fresh": "draw fresh catalogs",
  measure: "recalibrate the network",
  rank: "recalibrate the network",
};
