/** Networks in a report: the run's own, one without weak lensing, the overspecialized one. */
import type { Catalog } from "../catalogs/catalog.ts";
import { measureErrors } from "../evaluation/errors.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { Engine } from "../model.ts";
import type { TrainingRun } from "../network/trained_model.ts";
import type { Predictions } from "../report/figures/predictions.ts";
import type { OverspecializedRun } from "../report/report_data.ts";
import { splitOf } from "./sets.ts";
import { openStream } from "./streams.ts";
import type { JudgedInterpretation, RunGround } from "./interpretation.ts";
import { interpretRun } from "./interpretation.ts";

/** A network on its test catalogs. */
export interface Examined {
  /** Interpretation with a saliency map of every test catalog, judged where a ground was given. */
  readonly interpretation: JudgedInterpretation;
  readonly predictions: Predictions;
}

/** Catalogs of Figs. 6 and 10. */
const SAMPLES = 4;

/** Places of the catalogs that stand for all: the design is in order of sigma8, so are the tests. */
export function samplePlaces(count: number): number[] {
  const places = Array.from({ length: SAMPLES }, (_, k) => Math.floor((k + 0.5) * count / SAMPLES));
  return [...new Set(places)];
}

/** Interprets a network, and measures its errors as `evaluate` does. */
export async function examineRun(
  engine: Engine,
  run: TrainingRun<Experiment>,
  origin: Experiment,
  catalogs: readonly Catalog[],
  ground?: RunGround,
): Promise<Examined> {
  const { test } = splitOf(origin, catalogs.length);
  const shown = samplePlaces(test.length);
  const rest = Array.from(test, (_, i) => i).filter((i) => !shown.includes(i));
  const maps = [...shown, ...rest];
  const interpretation = await interpretRun(engine, run, catalogs, {
    origin,
    saliency: { maps },
    ...ground ? { ground } : {},
  });
  const predicted = interpretation.leaveOneOut.original;
  const truth = Float64Array.from(test, (row) => catalogs[row]!.parameters.sigma8);
  const random = openStream(run.experiment.seed, "bootstrap").fork("test");
  const errors = measureErrors(predicted, truth, random);
  return { interpretation, predictions: { predicted, truth, errors } };
}

/** An overspecialized run and what belongs to it, read before anything is computed. */
export interface OverspecializedSource {
  readonly run: TrainingRun<Experiment>;
  readonly catalogs: readonly Catalog[];
}

/** An overspecialized network on its own catalogs. */
export interface ExaminedControl {
  /** Figs. 19 to 21, and the verdict. */
  readonly shown: OverspecializedRun;
  /** What the sixth conclusion is checked by. */
  readonly interpretation: JudgedInterpretation;
}

/** Examines the overspecialized network. */
export async function examineOverspecialized(
  engine: Engine,
  { run, catalogs }: OverspecializedSource,
): Promise<ExaminedControl> {
  const { predictions, interpretation } = await examineRun(engine, run, run.experiment, catalogs);
  const { terseTable, overspecialization: verdict } = interpretation;
  const shown = { predictions, history: run.history, terseTable, ...(verdict ? { verdict } : {}) };
  return { shown, interpretation };
}
