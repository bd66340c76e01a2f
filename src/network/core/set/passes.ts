/** A set regression on the core: chunk by chunk of whole catalogs. */
import { addChunkEncoder, addChunkEncoderBackward, encoderDropouts } from "../encoder.ts";
import * as op from "../opcodes.ts";
import type { Panels } from "../panels.ts";
import { ROW, TILE } from "../panels.ts";
import type { Passes } from "../passes.ts";
import { addTranspose } from "../products.ts";
import { readPanels } from "../readback.ts";
import type { Chunk } from "../chunks.ts";
import { blocksOf, isTall } from "./blocks.ts";
import { addChunkRegression } from "./forward.ts";
import type { SetSetting } from "./places.ts";
import { placeOf } from "./places.ts";
import type { SetPlan } from "./plan.ts";
import { planSet } from "./plan.ts";
import { addSetTraining, layersOf } from "./training.ts";

/** The passes of a set; see {@linkcode Passes}. */
export const SET_PASSES: Passes<SetPlan> = {
  plan: planSet,
  addTraining: addSetTraining,
  addPrediction(setting) {
    const { plan } = setting;
    const dropouts = encoderDropouts(setting);
    for (const chunk of plan.chunks) {
      const { values } = plan.slots[chunk.slot]!.encoder;
      if (isTall(setting, chunk)) {
        for (const block of blocksOf(setting, chunk)) {
          addChunkEncoder(setting, block, layersOf(values), dropouts);
          addOutput(setting, block, values.at(-1)!, 1, plan.terse);
        }
        addChunkRegression(setting, chunk, { start: plan.terse + 4 * chunk.first, step: 4 });
      } else {
        addChunkEncoder(setting, chunk, layersOf(values), dropouts);
        addChunkRegression(setting, chunk, { start: values.at(-1)!.start, step: ROW });
      }
    }
  },
  addRegression(setting) {
    const { plan } = setting;
    for (const chunk of plan.chunks) {
      addChunkRegression(setting, chunk, { start: plan.terse + 4 * chunk.first, step: 4 });
    }
  },
  addEncoding(setting) {
    const { plan } = setting;
    const dropouts = encoderDropouts(setting);
    for (const chunk of plan.chunks) {
      const { values } = plan.slots[chunk.slot]!.encoder;
      for (const block of blocksOf(setting, chunk)) {
        addChunkEncoder(setting, block, layersOf(values), dropouts);
        addOutput(setting, block, values.at(-1)!, 1, plan.terse);
      }
    }
  },
  addEncoderGradient(setting) {
    const { plan, program, layers } = setting;
    addTranspose(setting, layers.encoder);
    program.barrier();
    const dropouts = encoderDropouts(setting);
    for (const chunk of plan.chunks) {
      const { values, gradients } = plan.slots[chunk.slot]!.encoder;
      addChunkEncoder(setting, chunk, layersOf(values), dropouts);
      const { start } = gradients.at(-1)!;
      program.add(op.SPLIT, chunk.thread, [0, 0, start, chunk.count, chunk.tiles * TILE]);
      addChunkEncoderBackward(setting, chunk, layersOf(values), layersOf(gradients), "pixels");
      // The chunk's pixels are in its panels: their gradient may take their place.
      addOutput(setting, chunk, gradients[0]!, layers.encoder[0]!.inputs[0]!, plan.pixels);
    }
  },
  readOutputs({ memory, plan, layers }) {
    const width = layers.dense.at(-1)!.outputs;
    const panels = plan.dense.values.at(-1)!;
    const outputs = new Float32Array(plan.count * width);
    for (const chunk of plan.chunks) {
      const { from, to } = chunk;
      readPanels(memory, placeOf(panels, chunk), to - from, width, outputs, from);
    }
    return outputs;
  },
  readTerse({ memory, plan }) {
    return memory.floats.slice(plan.terse / 4, plan.terse / 4 + plan.rows);
  },
  readEncoderGradient({ memory, plan, layers }) {
    const length = plan.rows * layers.encoder[0]!.inputs[0]!;
    return memory.floats.slice(plan.pixels / 4, plan.pixels / 4 + length);
  },
};

/** Adds the copy of a chunk's rows from panels to the batch's rows at `target`. */
function addOutput(
  { program }: SetSetting,
  { thread, first, count }: Chunk,
  { start, stride }: Panels,
  width: number,
  target: number,
): void {
  program.add(op.OUTPUT, thread, [start, stride, width, count, target + 4 * first * width]);
}
