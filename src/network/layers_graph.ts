/**
 * A graph of Keras layers in JSON, as tfjs's and Keras's own readers take it: built layer by layer,
 * each on the outputs of others, with the weights that it needs.
 */
import type { NamedArray } from "../numerics/arrays.ts";
import { sizeOf } from "../numerics/arrays.ts";

/** One layer of a functional Keras model. */
export interface GraphLayer {
  /** Keras's name of the kind of layer. */
  readonly class_name: string;
  /** Name of the layer. */
  readonly name: string;
  /** Configuration of the layer in Keras's form. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Layers whose outputs it takes; none for an input. */
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number, object])[])[];
}

/** A weight, whose place in the bytes follows from those before it. */
export interface GraphWeight extends NamedArray {
  /** The layer's name, a slash, and Keras's name of the weight. */
  readonly name: string;
}

/** A functional model under construction. */
export interface LayersGraph {
  /** Layers in the order in which they were added. */
  readonly layers: GraphLayer[];
  /** Weights in the order of the layers. */
  readonly weights: GraphWeight[];
}

/**
 * Adds a layer to a graph.
 *
 * @param on Names of the layers whose outputs it takes; none for an input
 * @param weights Weights by Keras's names, in Keras's order
 * @returns Name of the layer
 */
export function addLayer(
  graph: LayersGraph,
  kind: string,
  layer: { readonly name: string; readonly on: readonly string[] } & Record<string, unknown>,
  weights: Readonly<Record<string, NamedArray>> = {},
): string {
  const { name, on, ...config } = layer;
  graph.layers.push({
    class_name: kind,
    name,
    config: { name, ...config },
    inbound_nodes: on.length === 0 ? [] : [on.map((from) => [from, 0, 0, {}] as const)],
  });
  for (const [weight, array] of Object.entries(weights)) {
    graph.weights.push({ name: `${name}/${weight}`, ...array });
  }
  return name;
}

/** The name of the file that `model.json` says holds the weights. */
export const LAYERS_WEIGHTS_FILE = "weights.bin";

/**
 * The record of `model.json`, in the format "layers-model".
 *
 * @param inputs Names of the input layers
 * @param outputs Names of the output layers
 * @param metadata Any metadata; readers pass it on
 */
export function describeGraph(
  { layers, weights }: LayersGraph,
  inputs: readonly string[],
  outputs: readonly string[],
  metadata: unknown,
): Readonly<Record<string, unknown>> {
  const places = (names: readonly string[]) => names.map((name) => [name, 0, 0]);
  return {
    format: "layers-model",
    generatedBy: "Terse",
    convertedBy: null,
    modelTopology: {
      keras_version: "2.15.0",
      backend: "tensorflow",
      model_config: {
        class_name: "Functional",
        config: {
          name: "terse",
          trainable: true,
          layers,
          input_layers: places(inputs),
          output_layers: places(outputs),
        },
      },
    },
    weightsManifest: [{
      paths: [LAYERS_WEIGHTS_FILE],
      weights: weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" })),
    }],
    userDefinedMetadata: metadata,
  };
}

/** The bytes of {@linkcode LAYERS_WEIGHTS_FILE}: Float32, little-endian, one weight after the other. */
export function joinWeights({ weights }: LayersGraph): Uint8Array<ArrayBuffer> {
  const all = new Float32Array(weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let at = 0;
  for (const { data } of weights) {
    all.set(data, at);
    at += data.length;
  }
  return new Uint8Array(all.buffer);
}
