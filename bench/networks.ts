/**
 * The networks and batches that training is measured on: Table 3, a sixteenth of its widths, and a set.
 */
import type { Batch } from "../src/features/dataset.ts";
import { joinCatalogs } from "../src/features/dataset.ts";
import type { Architecture, InputWidths, StepOptions } from "../src/model.ts";
import { CONVOLUTION_ROWS } from "../src/model.ts";
import { PRESETS } from "../src/experiments/experiments.ts";
import { layerShapes } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";

export const INPUTS: InputWidths = { pixels: 15, supplementary: 2 };

/** Clusters of each catalog: the round number near the mean of the mocks. */
export const ROWS = 100;

const { architecture: paper } = PRESETS.paper;
const DIVISOR = 16;
const divide = (widths: readonly number[]) => widths.map((width) => width / DIVISOR);

export type NetworkName = "full" | "compact" | "convolution" | "set";

const compact: Architecture = {
  ...paper,
  encoder: divide(paper.encoder),
  convolution: divide(paper.convolution),
  dense: divide(paper.dense),
};

/**
 * "full" is Table 3; "compact" has a sixteenth of its widths. "set" is the regression that is blind to
 * the order of clusters, and "convolution" the compact network that it replaces, without dropout.
 */
export const NETWORKS: Readonly<Record<NetworkName, Architecture>> = {
  full: paper,
  compact,
  convolution: { ...compact, globalPooling: "mean+max", dropout: { encoder: 0, dense: 0 } },
  set: {
    ...compact,
    regression: "set",
    encoder: [32, 16],
    convolution: [],
    globalPooling: "mean",
    cluster: [64, 64],
    dense: [64, 32],
    dropout: { encoder: 0, dense: 0 },
    outputs: "mean and log variance",
  },
};

/** One step of Table 3 at any widths; the batch is whole. */
export const STEP: StepOptions = {
  loss: "mae",
  optimizer: { kind: "adam" },
  learningRate: 1e-3,
  gradientClip: null,
  dropoutKey: [1, 2],
};

/** One step of each network, in as many shards as its preset has. */
export const STEPS: Readonly<Record<NetworkName, StepOptions>> = {
  full: { ...STEP, shards: PRESETS.paper.schedule.shards },
  compact: { ...STEP, shards: PRESETS.compact.schedule.shards },
  convolution: { ...STEP, shards: PRESETS.compact.schedule.shards },
  set: { ...STEP, loss: "gaussian", tieWeight: 10, shards: PRESETS.compact.schedule.shards },
};

/** Catalogs of normal clusters, {@linkcode ROWS} each if no number is given. */
export function makeBatch(catalogs: number, rows?: number): Batch {
  const count = rows ?? ROWS;
  const random = createRandom(3);
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  return joinCatalogs(Array.from({ length: catalogs }, () => ({
    count,
    pixels: normals(count * INPUTS.pixels),
    supplementary: normals(count * INPUTS.supplementary),
    label: random.normal(),
    tie: normals(count),
  })));
}

/** Operations of a forward pass, 2 M N K a product, of the encoder and of the whole network. */
export function forwardFlops(
  architecture: Architecture,
  catalogs: number,
): { encoder: number; all: number } {
  let encoder = 0;
  let all = 0;
  let height = ROWS;
  for (const { name, kernel } of layerShapes(architecture, INPUTS)) {
    const part = name.split("/")[0]!;
    const rows = part === "dense" || part === "output" ? 1 : height; // a set here has no context
    const flops = 2 * catalogs * rows * kernel.reduce((product, width) => product * width, 1);
    all += flops;
    if (part === "encoder" || part === "terse") encoder += flops;
    if (kernel[0] === CONVOLUTION_ROWS && part === "convolution") height = Math.ceil(height / 2);
  }
  return { encoder, all };
}
