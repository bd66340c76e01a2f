/** Geometries of windows over images and volumes. */
import type * as tf from "@tensorflow/tfjs";
import type { Random } from "../../src/numerics/random.ts";
import { between, pick } from "./program.ts";

export type Pair = [number, number];
export type Padding = "same" | "valid" | number | tf.backend_util.ExplicitPadding;

export const pair = (random: Random, least: number, most: number): Pair => [
  between(random, least, most),
  between(random, least, most),
];

export function paddingOf(random: Random, window: Pair): Padding {
  return pick<() => Padding>(random, [
    () => "same",
    () => "same",
    () => "valid",
    () => between(random, 0, Math.min(...window) - 1),
    () => [[0, 0], pair(random, 0, window[0] - 1), pair(random, 0, window[1] - 1), [0, 0]],
  ])();
}

/** Strides and dilations: tfjs allows one of them to be above one. */
export function stepsOf(random: Random): { strides: Pair; dilations: Pair } {
  return random.integer(3) > 0
    ? { strides: pair(random, 1, 4), dilations: [1, 1] }
    : { strides: [1, 1], dilations: pair(random, 1, 3) };
}

export const describe = (name: string, geometry: unknown): string =>
  `${name} ${JSON.stringify(geometry)}`;

/** Images [batch, height, width, channels] that hold the window at least once if not padded. */
export function imagesOf(random: Random, window: Pair, dilations: Pair, pad: Padding): number[] {
  const sizes = window.map((n, i) =>
    between(random, pad === "same" ? 1 : (n - 1) * dilations[i]! + 1, 9)
  );
  return [between(random, 1, 3), ...sizes, between(random, 1, 6)];
}

export type Triple = [number, number, number];
export const triple = (random: Random, least: number, most: number): Triple => [
  between(random, least, most),
  ...pair(random, least, most),
];

export function volumesOf(random: Random, window: Triple, pad: string): number[] {
  const sizes = window.map((n) => between(random, pad === "same" ? 1 : n, 5));
  return [between(random, 1, 3), ...sizes, between(random, 1, 3)];
}
