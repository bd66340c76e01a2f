/** Gradients for tfjs-core alone, whose own are in no file that Node or Deno can load. */
import * as tf from "@tensorflow/tfjs-core";
import { ELEMENTWISE_GRADIENTS } from "./elementwise.ts";
import { LAYER_GRADIENTS } from "./layers.ts";
import { MOVEMENT_GRADIENTS } from "./movements.ts";
import { REDUCTION_GRADIENTS } from "./reductions.ts";

/** Gradients of all kernels that tfjs-core differentiates, except those of complex numbers. */
export const GRADIENTS: readonly tf.GradConfig[] = [
  ...ELEMENTWISE_GRADIENTS,
  ...REDUCTION_GRADIENTS,
  ...MOVEMENT_GRADIENTS,
  ...LAYER_GRADIENTS,
];

/** Registers each gradient that is not registered yet. */
export function registerMissingGradients(): void {
  for (const config of GRADIENTS) {
    if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
  }
}
