/** The regression that ignores the order of clusters, as Keras layers. */
import type { Architecture } from "../model.ts";
import { addChain } from "./layers_dense.ts";
import type { LayersGraph } from "./layers_graph.ts";
import { addLayer } from "./layers_graph.ts";
import type { TrainingRun } from "./trained_model.ts";

/**
 * Adds a set regression.
 *
 * @param on The terse and supplementary values [catalogs x clusters x values], how many values they are,
 * and the layer of N/80 - 1 and ln(N/80) [catalogs x 2]
 * @returns Name of the layer that the output layer takes
 * @throws {RangeError} If the network has sines and cosines, for which Keras has no layer
 */
export function addSetRegression(
  graph: LayersGraph,
  run: TrainingRun,
  { cluster, context, frequencies, dense }: Architecture,
  { clusters, seen, size }: {
    readonly clusters: string;
    readonly seen: number;
    readonly size: string;
  },
): string {
  if (frequencies.length > 0) {
    throw new RangeError(
      `Cannot export a LayersModel: architecture.frequencies is [${
        frequencies.join(", ")
      }], should ` +
        "be empty, since Keras has no layer for sines; weights.safetensors has all weights",
    );
  }
  const join = (name: string, on: readonly string[]) =>
    addLayer(graph, "Concatenate", { name, on, axis: -1 });
  const mean = addMean(graph, "clusters_mean", clusters);
  // tfjs has no layer that subtracts.
  const negative = addFixed(graph, addRow(graph, mean, seen), {
    inputs: seen,
    units: seen,
    of: -1,
  });
  const deviations = addLayer(graph, "Add", { name: "deviations", on: [clusters, negative] });
  const inputs = [clusters, deviations];
  if (context.length > 0) {
    const last = context.length - 1;
    const each = addChain(graph, run, {
      room: "context",
      widths: context.slice(0, last),
      on: clusters,
    });
    const catalog = addChain(graph, run, {
      room: "context",
      widths: context.slice(last),
      on: join("context_joined", [addMean(graph, "context_mean", each), size]),
      first: last,
    });
    const units = context[last]!;
    inputs.push(addRepeated(graph, addRow(graph, catalog, units), { like: clusters, seen, units }));
  }
  const each = addChain(graph, run, {
    room: "cluster",
    widths: cluster,
    on: join("cluster_inputs", inputs),
  });
  const pooled = addMean(graph, "catalog_mean", each);
  const joined = join("catalog", [pooled, size, mean]);
  return addChain(graph, run, { room: "dense", widths: dense, on: joined });
}

/** Adds the mean over clusters, [catalogs x values]. */
function addMean(graph: LayersGraph, name: string, on: string): string {
  return addLayer(graph, "GlobalAveragePooling1D", {
    name,
    on: [on],
    data_format: "channels_last",
  });
}

/** Adds a catalog's values as one row, which the merging layers repeat. */
function addRow(graph: LayersGraph, on: string, width: number): string {
  return addLayer(graph, "Reshape", { name: `${on}_row`, on: [on], target_shape: [1, width] });
}

/** Adds one row per cluster: joining layers do not repeat, so zeros of that shape are added. */
function addRepeated(
  graph: LayersGraph,
  row: string,
  { like, seen, units }: { readonly like: string; readonly seen: number; readonly units: number },
): string {
  const nothing = addFixed(graph, like, { inputs: seen, units, of: 0 });
  return addLayer(graph, "Add", { name: `${row}_repeated`, on: [nothing, row] });
}

/** Adds a dense layer without bias whose kernel has one number on its diagonal. */
function addFixed(
  graph: LayersGraph,
  on: string,
  { inputs, units, of }: { readonly inputs: number; readonly units: number; readonly of: number },
): string {
  const layer = {
    name: `${on}_times_${of < 0 ? "minus_one" : "zero"}`,
    on: [on],
    units,
    activation: "linear",
    use_bias: false,
  };
  const data = new Float32Array(inputs * units);
  for (let i = 0; i < Math.min(inputs, units); i++) data[i * units + i] = of;
  return addLayer(graph, "Dense", layer, { kernel: { shape: [inputs, units], data } });
}
