/** Network inputs of fresh catalogs, drawn by a worker and sent in few arrays. */
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { FeatureArray } from "../../src/features/features.ts";
import { widthOf } from "../../src/features/features.ts";
import { joinFloats } from "../../src/numerics/arrays.ts";
import { drawFreshCatalogs } from "../../src/runs/catalogs.ts";
import { buildFresh } from "../../src/runs/evaluation.ts";

/** What is drawn. */
export interface FreshPlan {
  readonly experiment: Experiment;
  readonly base: BaseSample;
  /** Catalogs. */
  readonly count: number;
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

/** Draws the catalogs of a plan; there is one task. */
export function createFreshJob(plan: FreshPlan): (task: null) => PackedFeatures {
  return () => packFresh(plan);
}

function packFresh({ experiment, base, count }: FreshPlan): PackedFeatures {
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
