/** What a run holds, as tables for other programs. */
import type { Catalog } from "../catalogs/catalog.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { FeatureArray } from "../features/features.ts";
import type { FitsTable } from "../formats/fits.ts";
import type { FitsColumn } from "../formats/fits_columns.ts";
import type { Engine } from "../model.ts";
import { inputWidths } from "../network/checkpoint.ts";
import type { TrainedModel, TrainingRun } from "../network/trained_model.ts";
import { openModel } from "../network/trained_model.ts";
import { openStream } from "./streams.ts";
import { nameSets, rangeColumns } from "./cluster_tables.ts";
import { buildAll, splitOf } from "./sets.ts";

/** A run's network inputs: the table FEATURE_CATALOGS, one row per catalog, and FEATURES, one row per cluster. */
export function tabulateFeatures(
  experiment: Experiment,
  catalogs: readonly Catalog[],
): FitsTable[] {
  const features = buildAll(experiment, catalogs, openStream(experiment.seed, "features"));
  const { pixels, supplementary } = inputWidths(experiment.features);
  const rows = features.reduce((sum, { count }) => sum + count, 0);
  const join = (width: number, of: (catalog: FeatureArray) => Float32Array) => {
    const data = new Float32Array(rows * width);
    let at = 0;
    for (const catalog of features) {
      data.set(of(catalog), at);
      at += catalog.count * width;
    }
    return { shape: [width], data };
  };
  const order = Int32Array.from(features.flatMap((catalog) => [...catalog.rows]));
  const columns: FitsColumn[] = [
    { name: "pixels", ...join(pixels, (catalog) => catalog.pixels) },
    ...supplementary === 0
      ? []
      : [{ name: "supplementary", ...join(supplementary, (catalog) => catalog.supplementary) }],
    { name: "cluster", shape: [], data: order },
  ];
  return [
    { ...describeCatalogs(experiment, catalogs), name: "FEATURE_CATALOGS" },
    { name: "FEATURES", count: rows, columns, header: [] },
  ];
}

/** What a run's network predicts of its catalogs: the table PREDICTIONS, one row per catalog. */
export async function tabulatePredictions(
  engine: Engine,
  run: TrainingRun<Experiment>,
  catalogs: readonly Catalog[],
): Promise<FitsTable[]> {
  const { experiment } = run;
  const { architecture, seed } = experiment;
  const model = await openModel(engine, run);
  const inputs = buildAll(experiment, catalogs, openStream(seed, "features"));
  const found = architecture.outputs === "value"
    ? { predicted: await model.predict(inputs) }
    : await predictBoth(model, inputs);
  model.dispose();
  const { columns, ...table } = describeCatalogs(experiment, catalogs);
  const added = Object.entries(found).map(([name, data]) => ({ name, shape: [], data }));
  return [{ ...table, name: "PREDICTIONS", columns: [...columns, ...added] }];
}

async function predictBoth(
  model: TrainedModel,
  inputs: readonly FeatureArray[],
): Promise<Record<string, Float64Array>> {
  const { mean, standardDeviation } = await model.predictDistribution(inputs);
  return { predicted: mean, standardDeviation };
}

function describeCatalogs(
  experiment: Experiment,
  catalogs: readonly Catalog[],
): Omit<FitsTable, "name"> {
  const sigma8 = Float64Array.from(catalogs, ({ parameters }) => parameters.sigma8);
  const columns: FitsColumn[] = [
    { name: "sigma8", shape: [], data: sigma8 },
    ...rangeColumns(catalogs),
    { name: "split", shape: [], data: nameSets(splitOf(experiment, catalogs.length)) },
  ];
  return { count: catalogs.length, columns, header: [] };
}
