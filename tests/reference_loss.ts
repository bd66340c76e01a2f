/**
 * The losses of networks in Float64, which the tests hold engines against.
 */
import type { Loss } from "../src/model.ts";

/** The loss of catalog `c` of a batch, from its outputs. */
export function referenceLossOf(
  loss: Loss,
  output: readonly number[],
  labels: ArrayLike<number>,
  c: number,
): number {
  if (loss === "joint gaussian") return jointLoss(output, labels[2 * c]!, labels[2 * c + 1]!);
  const [mean, lnVariance] = output as [number, number];
  const error = mean - labels[c]!;
  if (loss === "mae") return Math.abs(error);
  if (loss === "mse") return error ** 2;
  return 0.5 * (lnVariance + error ** 2 * Math.exp(-lnVariance));
}

/** -ln of a Gaussian's density, by the matrix that is the inverse of its covariance. */
function jointLoss(output: readonly number[], label1: number, label2: number): number {
  const [mean1, mean2, ln1, ln2, slope] = output as [number, number, number, number, number];
  const [r1, r2] = [mean1 - label1, mean2 - label2];
  const a = Math.exp(2 * ln1);
  const [b, c] = [a * slope, a * slope ** 2 + Math.exp(2 * ln2)];
  return (a * r1 ** 2 + 2 * b * r1 * r2 + c * r2 ** 2 - Math.log(a * c - b ** 2)) / 2;
}
