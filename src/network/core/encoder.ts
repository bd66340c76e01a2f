/** The encoder on one chunk of rows, forward and backward, whatever the regression. */
import type { Chunk } from "./chunks.ts";
import * as op from "./opcodes.ts";
import type { Panels } from "./panels.ts";
import { TILE } from "./panels.ts";
import type { LayerDropout } from "./products.ts";
import { activationSlopes, addBackward, addDropout, addForward, layerDropout } from "./products.ts";
import type { Setting } from "./setting.ts";
import { dropoutRate, isLeaky, TERSE } from "./setting.ts";

/** Panels of each layer; 0 is the input. */
export type PanelsOfLayer = (layer: number) => Panels;

/** Dropout of each of the encoder's layers. */
export function encoderDropouts(setting: Setting): (LayerDropout | null)[] {
  return setting.layers.encoder.map((layer, i) =>
    layerDropout(setting, i, layer, dropoutRate(setting, TERSE, i))
  );
}

/** Adds the encoder's layers, from the batch's pixels to the terse values. */
export function addChunkEncoder(
  setting: Setting,
  chunk: Chunk,
  values: PanelsOfLayer,
  dropouts: readonly (LayerDropout | null)[],
): void {
  const { plan, program, layers } = setting;
  const { thread, first, count, tiles } = chunk;
  const width = layers.encoder[0]!.inputs[0]!;
  const x = values(0);
  const pixels = plan.pixels + 4 * first * width;
  program.add(op.INPUT, thread, [pixels, width, x.start, x.stride, count, tiles * TILE]);
  for (const [i, layer] of layers.encoder.entries()) {
    const y = values(i + 1);
    const operands = { table: chunk, x: values(i), y };
    addForward(setting, thread, layer, operands, isLeaky(layers.encoder, i));
    const dropout = dropouts[i];
    if (!dropout) continue;
    const [catalogs, places] = [plan.catalogs + 4 * first, plan.places + 4 * first];
    addDropout(setting, thread, y, dropout, { count, catalogs, places });
  }
}

/** Adds the pass from the terse values' gradient back to the first layer or to the pixels. */
export function addChunkEncoderBackward(
  setting: Setting,
  chunk: Chunk,
  values: PanelsOfLayer,
  gradients: PanelsOfLayer,
  to: "first layer" | "pixels",
): void {
  const { encoder } = setting.layers;
  for (let i = encoder.length - 1; i >= (to === "pixels" ? 0 : 1); i--) {
    const places = { table: chunk, x: gradients(i), y: gradients(i + 1) };
    const slopes = i > 0
      ? activationSlopes(isLeaky(encoder, i - 1), dropoutRate(setting, TERSE, i - 1))
      : null;
    const activation = slopes && { values: values(i), slopes };
    addBackward(setting, chunk.thread, encoder[i]!, places, activation);
  }
}
