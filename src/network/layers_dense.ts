/** Dense layers of a trained network as Keras layers. */
import { LEAKY_SLOPE } from "../model.ts";
import type { NamedArray } from "../numerics/arrays.ts";
import type { LayersGraph } from "./layers_graph.ts";
import { addLayer } from "./layers_graph.ts";
import type { TrainingRun } from "./trained_model.ts";

/** A layer's name without slashes, which Keras reads as scopes. */
export const layerName = (name: string): string => name.replace("/", "_");

/** A layer's weights, by Keras's names. */
export function kernelAndBias({ weights }: TrainingRun, name: string): Record<string, NamedArray> {
  return { kernel: weights[`${name}/kernel`]!, bias: weights[`${name}/bias`]! };
}

/** A linear dense layer on the last axis. */
export function addDense(
  graph: LayersGraph,
  run: TrainingRun,
  name: string,
  on: string,
  units: number,
): string {
  const layer = { name: layerName(name), on: [on], units, activation: "linear", use_bias: true };
  return addLayer(graph, "Dense", layer, kernelAndBias(run, name));
}

/** Adds the activation of a layer. */
export function addLeaky(graph: LayersGraph, on: string): string {
  return addLayer(graph, "LeakyReLU", { name: `${on}_leaky`, on: [on], alpha: LEAKY_SLOPE });
}

/** Adds dense layers from "room/0" on, each with its activation except possibly the last. */
export function addChain(
  graph: LayersGraph,
  run: TrainingRun,
  { room, widths, on, first = 0, last = "leaky" }: {
    readonly room: string;
    readonly widths: readonly number[];
    readonly on: string;
    /** Number of the first layer. */
    readonly first?: number;
    /** What follows the last layer. */
    readonly last?: "leaky" | "linear";
  },
): string {
  let name = on;
  for (const [i, units] of widths.entries()) {
    name = addDense(graph, run, `${room}/${first + i}`, name, units);
    if (i < widths.length - 1 || last === "leaky") name = addLeaky(graph, name);
  }
  return name;
}
