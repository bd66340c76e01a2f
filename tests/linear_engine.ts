/**
 * An engine written by hand, so that the training loop is tested without tfjs: a linear network on
 * pooled rows, with exact gradients. It reads five of an architecture's weights and leaves the rest:
 *
 *     terse(row) = pixels(row) . encoder/0/kernel . terse/kernel + terse/bias   (dropout on encoder/0)
 *     output     = mean over rows of [terse, supplementary] . convolution/0/kernel[0, :, 0]
 *                  + output/bias[0];  a second output is output/bias[1]
 */
import type { Engine } from "../mod.ts";
import type { Batch } from "../src/features/mod.ts";
import type {
  Architecture,
  InputWidths,
  LossGradients,
  Network,
  StepOptions,
} from "../src/network/mod.ts";
import type { NamedArray, NamedArrays } from "../src/numerics/mod.ts";
import { dropoutMask, layerDropoutKey } from "../src/network/dropout.ts";

type Weights = Record<string, { shape: readonly number[]; data: Float32Array }>;

/** Counts what was made and disposed, and the heights of the batches that were stepped on. */
export interface LinearEngine extends Engine {
  readonly alive: { count: number };
  readonly batchHeights: number[][];
}

export function openLinearEngine(): LinearEngine {
  const alive = { count: 0 };
  const batchHeights: number[][] = [];
  return {
    name: "linear",
    alive,
    batchHeights,
    create(architecture: Architecture, inputs: InputWidths, weights: NamedArrays) {
      alive.count++;
      return Promise.resolve(
        createLinearNetwork(architecture, inputs, weights, { alive, batchHeights }),
      );
    },
    close() {},
  };
}

function copy(arrays: NamedArrays): Weights {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]: [string, NamedArray]) => [
      name,
      { shape, data: Float32Array.from(data) },
    ]),
  );
}

function createLinearNetwork(
  architecture: Architecture,
  inputs: InputWidths,
  start: NamedArrays,
  log: { alive: { count: number }; batchHeights: number[][] },
): Network {
  let weights = copy(start);
  let state: Weights = {};
  const channels = 1 + inputs.supplementary;
  const hiddenWidth = architecture.encoder[0]!;
  const filters = architecture.convolution[0]!;
  const data = (name: string) => weights[name]!.data;

  function hidden(batch: Batch, dropoutKey: StepOptions["dropoutKey"]): Float64Array {
    const rows = batch.rowOffsets[batch.count]!;
    const values = new Float64Array(rows * hiddenWidth);
    const rate = architecture.dropout.encoder;
    for (let c = 0; c < batch.count; c++) {
      const [from, to] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
      const mask = dropoutKey && rate > 0
        ? dropoutMask(layerDropoutKey(dropoutKey, 0), c, to - from, hiddenWidth, rate)
        : null;
      for (let row = from; row < to; row++) {
        for (let j = 0; j < hiddenWidth; j++) {
          let sum = 0;
          for (let p = 0; p < inputs.pixels; p++) {
            sum += batch.pixels[row * inputs.pixels + p]! *
              data("encoder/0/kernel")[p * hiddenWidth + j]!;
          }
          values[row * hiddenWidth + j] = sum * (mask?.[(row - from) * hiddenWidth + j] ?? 1);
        }
      }
    }
    return values;
  }

  function terseOf(batch: Batch, values: Float64Array): Float32Array {
    return Float32Array.from({ length: batch.rowOffsets[batch.count]! }, (_, row) => {
      let sum = 0;
      for (let j = 0; j < hiddenWidth; j++) {
        sum += values[row * hiddenWidth + j]! * data("terse/kernel")[j]!;
      }
      return sum + data("terse/bias")[0]!;
    });
  }

  /** Means over rows of [terse, supplementary], [catalogs x channels]. */
  function pool(batch: Batch, terse: Float32Array): Float64Array {
    const pooled = new Float64Array(batch.count * channels);
    for (let c = 0; c < batch.count; c++) {
      const [from, to] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
      for (let row = from; row < to; row++) {
        pooled[c * channels]! += terse[row]! / (to - from);
        for (let s = 0; s < inputs.supplementary; s++) {
          pooled[c * channels + 1 + s]! += batch.supplementary[row * inputs.supplementary + s]! /
            (to - from);
        }
      }
    }
    return pooled;
  }

  function outputsOf(batch: Batch, pooled: Float64Array): Float32Array {
    const bias = data("output/bias");
    const outputs = new Float32Array(batch.count * bias.length);
    for (let c = 0; c < batch.count; c++) {
      let sum = 0;
      for (let k = 0; k < channels; k++) {
        sum += pooled[c * channels + k]! * data("convolution/0/kernel")[k * filters]!;
      }
      bias.forEach((value, o) => outputs[c * bias.length + o] = o === 0 ? sum + value : value);
    }
    return outputs;
  }

  function gradients(
    batch: Batch,
    { loss: kind, dropoutKey }: Pick<StepOptions, "loss" | "dropoutKey">,
  ): LossGradients {
    const values = hidden(batch, dropoutKey);
    const pooled = pool(batch, terseOf(batch, values));
    const outputs = outputsOf(batch, pooled);
    const width = outputs.length / batch.count;
    const found = copy(weights);
    for (const { data } of Object.values(found)) data.fill(0);
    const convolution = found["convolution/0/kernel"]!.data;
    const terseWeight = data("convolution/0/kernel")[0]!;
    let loss = 0;
    for (let c = 0; c < batch.count; c++) {
      const error = outputs[c * width]! - batch.labels[c]!;
      loss += (kind === "mae" ? Math.abs(error) : error * error) / batch.count;
      const slope = (kind === "mae" ? Math.sign(error) : 2 * error) / batch.count;
      found["output/bias"]!.data[0]! += slope;
      found["terse/bias"]!.data[0]! += slope * terseWeight;
      for (let k = 0; k < channels; k++) {
        convolution[k * filters]! += slope * pooled[c * channels + k]!;
      }
      const [from, to] = [batch.rowOffsets[c]!, batch.rowOffsets[c + 1]!];
      for (let row = from; row < to; row++) {
        for (let j = 0; j < hiddenWidth; j++) {
          found["terse/kernel"]!.data[j]! += slope * terseWeight * values[row * hiddenWidth + j]! /
            (to - from);
        }
      }
    }
    return { loss, outputs, gradients: found };
  }

  function update(found: NamedArrays, { optimizer, learningRate }: StepOptions): void {
    if (optimizer.kind === "sgd") {
      for (const [name, { data: slope }] of Object.entries(found)) {
        slope.forEach((value, i) => weights[name]!.data[i]! -= learningRate * value);
      }
      return;
    }
    state["steps"] ??= { shape: [1], data: new Float32Array(1) };
    const steps = ++state["steps"].data[0]!;
    for (const [name, { shape, data: slope }] of Object.entries(found)) {
      const m = (state[`m/${name}`] ??= { shape, data: new Float32Array(slope.length) }).data;
      const v = (state[`v/${name}`] ??= { shape, data: new Float32Array(slope.length) }).data;
      slope.forEach((value, i) => {
        m[i] = 0.9 * m[i]! + 0.1 * value;
        v[i] = 0.999 * v[i]! + 0.001 * value * value;
        const direction = m[i]! / (1 - 0.9 ** steps) /
          (Math.sqrt(v[i]! / (1 - 0.999 ** steps)) + 1e-8);
        weights[name]!.data[i]! -= learningRate * direction;
      });
    }
  }

  // deno-lint-ignore require-await
  const later = async <T>(value: () => T): Promise<T> => value();
  const regress = (batch: Batch, terse: Float32Array) => outputsOf(batch, pool(batch, terse));
  const encode = (batch: Batch) => terseOf(batch, hidden(batch, null));
  return {
    step: (batch, options) =>
      later(() => {
        const heights = Array.from(
          { length: batch.count },
          (_, c) => batch.rowOffsets[c + 1]! - batch.rowOffsets[c]!,
        );
        log.batchHeights.push(heights);
        const { loss, outputs, gradients: found } = gradients(batch, options);
        update(found, options);
        return { loss, outputs };
      }),
    gradients: (batch, options) => later(() => gradients(batch, options)),
    predict: (batch) => later(() => regress(batch, encode(batch))),
    encode: (batch) => later(() => encode(batch)),
    encoderGradient: (batch) =>
      later(() =>
        Float32Array.from({ length: batch.pixels.length }, (_, i) => {
          let sum = 0;
          for (let j = 0; j < hiddenWidth; j++) {
            sum += data("encoder/0/kernel")[(i % inputs.pixels) * hiddenWidth + j]! *
              data("terse/kernel")[j]!;
          }
          return sum;
        })
      ),
    regress: (batch, terse) => later(() => regress(batch, terse)),
    weights: () => later(() => copy(weights)),
    optimizerState: () => later(() => copy(state)),
    load: (loaded, optimizerState) =>
      later(() => {
        weights = copy(loaded);
        if (optimizerState) state = copy(optimizerState);
      }),
    dispose() {
      log.alive.count--;
    },
  };
}
