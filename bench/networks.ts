/**
 * The networks and batches that training is measured on: Table 3, and a sixteenth of its widths.
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

/** "full" is Table 3; "compact" has a sixteenth of its widths. */
export const NETWORKS: Readonly<Record<"full" | "compact", Architecture>> = {
  full: paper,
  compact: {
    ...paper,
    encoder: divide(paper.encoder),
    convolution: divide(paper.convolution),
    dense: divide(paper.dense),
  },
};

export type NetworkName = keyof typeof NETWORKS;

export const STEP: StepOptions = {
  loss: "mae",
  optimizer: { kind: "adam" },
  learningRate: 1e-3,
  gradientClip: null,
  dropoutKey: [1, 2],
};

/** Shards of a batch: those of the presets of these networks. */
export const SHARDS: Readonly<Record<NetworkName, number>> = {
  full: PRESETS.paper.schedule.shards,
  compact: PRESETS.compact.schedule.shards,
};

/** Catalogs of {@linkcode ROWS} normal clusters each. */
export function makeBatch(catalogs: number): Batch {
  const random = createRandom(3);
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  return joinCatalogs(Array.from({ length: catalogs }, () => ({
    count: ROWS,
    pixels: normals(ROWS * INPUTS.pixels),
    supplementary: normals(ROWS * INPUTS.supplementary),
    label: random.normal(),
    tie: new Float32Array(0),
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
    const rows = part === "dense" || part === "output" ? 1 : height;
    const flops = 2 * catalogs * rows * kernel.reduce((product, width) => product * width, 1);
    all += flops;
    if (part === "encoder" || part === "terse") encoder += flops;
    if (kernel[0] === CONVOLUTION_ROWS && part === "convolution") height = Math.ceil(height / 2);
  }
  return { encoder, all };
}
