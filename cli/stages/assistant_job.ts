/**
 * What a worker takes off the main thread of a run: it draws fresh catalogs while that draws the design, and
 * measures half of the catalogs by which a trained network's posteriors are recalibrated.
 */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { FeatureArray } from "../../src/features/features.ts";
import { widthOf } from "../../src/features/features.ts";
import type { ProbitScale } from "../../src/features/normalization.ts";
import { openEngine } from "../../src/network/backends.ts";
import type { TrainingRun } from "../../src/network/trained_model.ts";
import { joinFloats } from "../../src/numerics/arrays.ts";
import { drawFreshCatalogs } from "../../src/runs/catalogs.ts";
import { buildFresh } from "../../src/runs/evaluation.ts";
import type { MeasuredShare, Share } from "../../src/runs/recalibration.ts";
import { measureShare, rankShare } from "../../src/runs/recalibration.ts";
import { recalibrationStream } from "../../src/runs/training.ts";

/** The run that is worked for. */
export interface AssistantPlan {
  readonly experiment: Experiment;
  readonly base: BaseSample;
  /** Fresh catalogs. */
  readonly count: number;
  readonly tile: "narrow" | "wide" | undefined;
}

/** What is asked of the worker. */
export type AssistantTask =
  | { readonly kind: "draw fresh" }
  | {
    readonly kind: "measure";
    readonly run: TrainingRun<Experiment>;
    readonly share: Share;
  }
  | { readonly kind: "rank"; readonly scale: ProbitScale };

/** What it answers, by the kind of the task. */
export interface AssistantAnswers {
  readonly "draw fresh": PackedFeatures;
  readonly measure: Pick<MeasuredShare, "pulls">;
  readonly rank: Float64Array;
}

/** The inputs of all catalogs, one catalog after the other. */
export interface PackedFeatures {
  /** Clusters of each catalog. */
  readonly counts: Uint32Array;
  readonly sigma8: Float64Array;
  readonly pixels: Float32Array;
  readonly supplementary: Float32Array;
  readonly rows: Uint32Array;
  /** How long they took [ms]. */
  readonly milliseconds: number;
}

/** Does the tasks for one run. */
export function createAssistantJob(
  plan: AssistantPlan,
): (task: AssistantTask) => Promise<AssistantAnswers[AssistantTask["kind"]]> {
  let measured: MeasuredShare | null = null;
  return async (task) => {
    if (task.kind === "draw fresh") return packFresh(plan);
    if (task.kind === "rank") return rankShare(measured!, task.scale);
    const { tile, base, experiment } = plan;
    const run = { ...task.run, experiment }; // the same record, whose counts are known
    const random = recalibrationStream(experiment.seed);
    const engine = await openEngine("core", { threads: 1, ...tile && { tile } });
    try {
      measured = await measureShare(engine, run, { base, random }, task.share);
    } finally {
      engine.close();
    }
    return { pulls: measured.pulls };
  };
}

/** The memory of an answer's arrays, which the worker needs no longer. */
export function largeBuffers(answer: AssistantAnswers[AssistantTask["kind"]]): ArrayBuffer[] {
  const arrays = answer instanceof Float64Array ? [answer] : Object.values(answer);
  return arrays.flatMap((array) => ArrayBuffer.isView(array) ? [array.buffer as ArrayBuffer] : []);
}

function packFresh({ experiment, base, count }: AssistantPlan): PackedFeatures {
  const began = performance.now();
  const all = buildFresh(experiment, [...drawFreshCatalogs(experiment, base, count)]);
  const rows = new Uint32Array(all.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const { rows: own, count } of all) {
    rows.set(own, at);
    at += count;
  }
  return {
    counts: Uint32Array.from(all, ({ count }) => count),
    sigma8: Float64Array.from(all, ({ sigma8 }) => sigma8),
    pixels: joinFloats(all.map(({ pixels }) => pixels)),
    supplementary: joinFloats(all.map(({ supplementary }) => supplementary)),
    rows,
    milliseconds: performance.now() - began,
  };
}

/** The inputs of each catalog, in the memory in which they came. */
export function unpackFresh(
  { features }: Pick<Experiment, "features">,
  { counts, sigma8, pixels, supplementary, rows }: PackedFeatures,
): FeatureArray[] {
  const width = widthOf(features.pixels);
  const supplementaryWidth = widthOf(features.supplementary);
  let at = 0;
  return Array.from(counts, (count, c) => {
    const [from, to] = [at, at += count];
    return {
      count,
      width,
      supplementaryWidth,
      pixels: pixels.subarray(from * width, to * width),
      supplementary: supplementary.subarray(from * supplementaryWidth, to * supplementaryWidth),
      tie: new Float32Array(0),
      sigma8: sigma8[c]!,
      rows: rows.subarray(from, to),
    };
  });
}
