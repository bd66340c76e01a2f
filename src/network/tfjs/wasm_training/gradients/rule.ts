/**
 * The form of a gradient that is registered where tfjs-core's own is not. Those are in files that
 * only a bundler, Bun, or another of tfjs's packages loads.
 */
import * as tf from "@tensorflow/tfjs-core";

/** A kernel's attributes. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Arguments of a rule. */
export interface Given {
  /** Gradient of the only output, or of the first. */
  readonly dy: tf.Tensor;
  /** Gradients of all outputs. */
  readonly dys: readonly tf.Tensor[];
  /** Tensors that the rule requested, inputs first, in the order of its names. */
  readonly saved: readonly tf.Tensor[];
  readonly attrs: Attributes;
}

/** A gradient rule: gradients of a kernel's inputs by name, each computed on demand. */
export type Rule = (given: Given) => Record<string, () => tf.Tensor>;

/** Tensors of the forward pass that a rule needs. */
export interface Needs {
  /** Inputs by name, or all of them. */
  readonly inputs?: readonly string[] | "all";
  /** Whether it needs the first output. */
  readonly output?: boolean;
}

/** A rule in tfjs's form. */
export function gradient(kernelName: string, needs: Needs, rule: Rule): tf.GradConfig {
  const { inputs = [], output = false } = needs;
  return {
    kernelName,
    ...(inputs === "all" ? { saveAllInputs: true } : { inputsToSave: [...inputs] }),
    ...(output && { outputsToSave: [true] }),
    gradFunc(dy, saved, attrs) {
      const dys = Array.isArray(dy) ? dy : [dy];
      return rule({ dy: dys[0]!, dys, saved, attrs: attrs as Attributes });
    },
  };
}

/** Runs a kernel by its name. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: Attributes,
): tf.Tensor {
  return tf.engine().runKernel(name, { ...inputs }, { ...attrs } as tf.NamedAttrMap) as tf.Tensor;
}

/** A gradient summed to the shape of an input that was broadcast. */
export function sumTo(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], gradient.shape);
  const sum = axes.length > 0 ? tf.sum(gradient, axes) : gradient;
  return tf.reshape(sum, [...shape]);
}

/** Bool values as factors of 0 and 1. */
export const factors = (truths: tf.Tensor): tf.Tensor => tf.cast(truths, "float32");
