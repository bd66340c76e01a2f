/** Fresh catalogs, drawn with a bar. */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Random } from "../../src/numerics/random.ts";
import { drawFreshCatalogs } from "../../src/runs/catalogs.ts";
import { openStream } from "../../src/runs/streams.ts";
import type { Progress } from "../program/progress.ts";
import { collectWithBar } from "../program/progress.ts";

/** Draws catalogs that no training has seen; see `drawFreshCatalogs`. */
export function drawFresh(
  experiment: Experiment,
  base: BaseSample,
  count: number,
  progress: Progress,
  random: Random = openStream(experiment.seed, "fresh"),
): Catalog[] {
  return collectWithBar(drawFreshCatalogs(experiment, base, count, random), {
    progress,
    title: "Simulating fresh",
    total: count,
    unit: "catalogs",
  });
}
