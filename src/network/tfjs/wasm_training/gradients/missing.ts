/**
 * Gradients for programs that have tfjs-core alone, whose own are registered by no file that Node or Deno
 * can load.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { ELEMENTWISE_GRADIENTS } from "./elementwise.ts";
import { LAYER_GRADIENTS } from "./layers.ts";
import { MOVEMENT_GRADIENTS } from "./movements.ts";
import { REDUCTION_GRADIENTS } from "./reductions.ts";

/** The gradients, of all kernels that tfjs-core differentiates but those of complex numbers. */
export const GRADIENTS: readonly tf.GradConfig[] = [
  ...ELEMENTWISE_GRADIENTS,
  ...REDUCTION_GRADIENTS,
  ...MOVEMENT_GRADIENTS,
  ...LAYER_GRADIENTS,
];

/** Registers each gradient that is not there. */
export function registerMissingGradients(): void {
  for (const config of GRADIENTS) {
    if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
  }
}
