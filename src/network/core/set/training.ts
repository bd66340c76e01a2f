/**
 * From a set's batch to the gradients of its loss: each chunk forward, backward, and into the
 * gradients of the weights, while it is in the cache.
 */
import type { PanelsOfLayer } from "../encoder.ts";
import { addChunkEncoder, addChunkEncoderBackward, encoderDropouts } from "../encoder.ts";
import type { CoreLayer } from "../layers.ts";
import type { Objective } from "../losses.ts";
import type { Panels } from "../panels.ts";
import { ROW } from "../panels.ts";
import { addTranspose } from "../products.ts";
import * as op from "../opcodes.ts";
import type { Shard } from "../shards.ts";
import type { WeightOperands } from "../weight_gradients.ts";
import { addWeightGradients } from "../weight_gradients.ts";
import { addChunkRegressionBackward } from "./backward.ts";
import type { SetChunk } from "./chunks.ts";
import { addChunkRegression } from "./forward.ts";
import type { SetSetting } from "./places.ts";
import { placeOf } from "./places.ts";
import type { Chain } from "./layout.ts";
import { addUnits, atSlot } from "./units.ts";

/**
 * Adds all that comes before the sum over shards.
 *
 * Each thread takes one chunk after the other, and they meet at the end. Those that share the only shard meet
 * also before all chunks, and where its weight gradients are summed, of which each thread takes some outputs.
 */
export function addSetTraining(setting: SetSetting, objective: Objective): void {
  const { plan, program, layers } = setting;
  const dropouts = encoderDropouts(setting);
  const addPasses = (setting: SetSetting, chunk: SetChunk) => {
    const { values, gradients } = plan.slots[chunk.slot]!.encoder;
    const [of, ofGradients] = [layersOf(values), layersOf(gradients)];
    addChunkEncoder(setting, chunk, of, dropouts);
    addChunkRegression(setting, chunk, { start: values.at(-1)!.start, step: ROW });
    addChunkRegressionBackward(setting, chunk, objective);
    addChunkEncoderBackward(setting, chunk, of, ofGradients, "first layer");
  };
  const transposed = layers.all.slice(1);
  if (plan.units) {
    for (let thread = 0; thread < plan.threads; thread++) {
      addTranspose(atSlot(setting, thread), transposed, [thread]);
    }
    const key = [plan.count, objective.loss, objective.tieWeight, setting.dropoutKey].join();
    addUnits(setting, plan.units, key, (inner, { chunk, index, gradients, mode }) => {
      addPasses(inner, chunk);
      inner.program.add(op.AWAIT, chunk.thread, []);
      const target = { gradients, threads: [chunk.thread] };
      addWeightGradients(inner, target, chunkOperands(inner, chunk, index), mode);
    });
  } else {
    addTranspose(setting, transposed);
    program.barrier();
    for (const chunk of plan.chunks) addPasses(setting, chunk);
    program.barrier();
    const [{ threads }] = plan.shards as [Shard];
    for (const [c, chunk] of plan.chunks.entries()) {
      const target = { gradients: setting.gradients, threads };
      const operands = chunkOperands(setting, chunk, c);
      addWeightGradients(setting, target, operands, c === 0 ? "overwrite" : "add");
    }
  }
  program.barrier();
}

/** Panels by the index of their layer. */
export function layersOf(panels: readonly Panels[]): PanelsOfLayer {
  return (layer) => panels[layer]!;
}

/**
 * A chunk's operands of all weight gradients. Their costs are the whole batch's: each output must be one
 * thread's in all chunks, since nothing else keeps the order of its sum.
 */
function chunkOperands(
  { plan, layers }: SetSetting,
  chunk: SetChunk,
  c: number,
): WeightOperands[] {
  const slot = plan.slots[chunk.slot]!;
  const operands = (
    layers: readonly CoreLayer[],
    { values, gradients }: Chain,
    rows: number,
    table: number,
    place: (panels: Panels) => Panels,
  ) =>
    layers.map((layer, i): WeightOperands => ({
      layer,
      x: place(values[i]!),
      dy: place(gradients[i + 1]!),
      chunks: [table, 1, 0, 0],
      rows,
    }));
  const ofRows = (layers: readonly CoreLayer[], chain: Chain) =>
    operands(layers, chain, plan.rows, plan.rowCounts + 4 * c, (panels) => panels);
  const ofCatalogs = (layers: readonly CoreLayer[], chain: Chain) =>
    operands(layers, chain, plan.count, plan.catalogCounts + 4 * c, (p) => placeOf(p, chunk));
  return [
    ...ofRows(layers.encoder, slot.encoder),
    ...ofRows(layers.context.slice(0, -1), slot.context),
    ...ofCatalogs(layers.context.slice(-1), plan.contextOutput),
    ...ofRows(layers.cluster, slot.cluster),
    ...ofCatalogs(layers.dense, plan.dense),
  ];
}
