/**
 * Dense layers one after the other, as the encoder and the end of the network are, and their
 * gradients.
 */
import * as tf from "@tensorflow/tfjs";
import type { Gradients, Layer } from "./layers.ts";
import { activationGradient, addDenseGradients, applyDense, denseInputGradient } from "./layers.ts";

/** Input of a chain of dense layers and output of each layer, which its backward pass needs. */
export interface ChainTrace {
  readonly values: readonly tf.Tensor[];
  /** Dropout factors after each layer; `null` for none. */
  readonly factors: readonly (tf.Tensor | null)[];
}

/** Runs dense layers one after the other on rows [1 x rows x width]. */
export function runChain(
  layers: readonly Layer[],
  x: tf.Tensor,
  factors: readonly (tf.Tensor | null)[],
): ChainTrace {
  const values = [x];
  for (const [i, layer] of layers.entries()) {
    const input = values[i]!;
    values.push(tf.tidy(() => {
      const y = applyDense(layer, input);
      return factors[i] ? tf.mul(y, factors[i]) : y;
    }));
  }
  return { values, factors };
}

/**
 * The gradient of a chain's input. Adds the gradients of its weights to `gradients`, if given.
 *
 * @param wanted "weights" omits the gradient of the first layer's input, and returns `null`
 */
export function runChainBackward(
  layers: readonly Layer[],
  { values, factors }: ChainTrace,
  dOutput: tf.Tensor,
  wanted: { readonly gradients: Gradients | null; readonly input: "needed" | "unused" },
): tf.Tensor | null {
  let dy: tf.Tensor | null = dOutput;
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i]!;
    const dz = activationGradient(layer, values[i + 1]!, dy!, factors[i] ?? null);
    if (i < layers.length - 1) dy!.dispose();
    if (wanted.gradients) addDenseGradients(wanted.gradients, layer, values[i]!, dz);
    dy = i > 0 || wanted.input === "needed" ? denseInputGradient(layer, dz) : null;
    dz.dispose();
  }
  return dy;
}
