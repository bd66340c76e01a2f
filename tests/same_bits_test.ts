/** What was made faster gives the bits of the plain form: jitter, checksums, and what a worker does. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { startAssistant } from "../cli/stages/assistant.ts";
import { threadsOf } from "../cli/stages/network_pool.ts";
import { createProgress } from "../cli/program/progress.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { onesComplementSum } from "../src/formats/fits_checksum.ts";
import { probitScale } from "../src/features/label_scale.ts";
import { fitNormalization } from "../src/features/normalization.ts";
import { openEngine } from "../src/network/backends.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import { initialWeights } from "../src/network/weights.ts";
import { jitterPixels } from "../src/network/jitter.ts";
import { normalQuantile } from "../src/numerics/distributions.ts";
import { createRandom } from "../src/numerics/random.ts";
import { drawFreshCatalogs } from "../src/runs/catalogs.ts";
import { buildFresh } from "../src/runs/evaluation.ts";
import { recalibrateRun } from "../src/runs/recalibration.ts";
import { recalibrationStream } from "../src/runs/training.ts";

Deno.test("Jitter is sfc32's words in a table of 4096 normal quantiles, for odd numbers of pixels too", () => {
  const raw = Float64Array.from({ length: 4096 }, (_, i) => normalQuantile((i + 0.5) / 4096));
  const rms = Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0) / 4096);
  for (const length of [0, 1, 2, 3, 4098, 4099]) {
    const random = createRandom(7).fork(length);
    const found = Float32Array.from({ length }, (_, i) => Math.sin(i));
    const expected = found.slice();
    const [key0, key1] = random.state.key;
    let [a, b, c, counter] = [BigInt(key0), BigInt(key1), 0n, 1n];
    const word = (value: bigint) => value & 0xffffffffn;
    for (let i = -12; 2 * i < length; i++) {
      const next = word(a + b + counter);
      counter = word(counter + 1n);
      a = b ^ (b >> 9n);
      b = word(c + (c << 3n));
      c = word(word((c << 21n) | (c >> 11n)) + next);
      if (i < 0) continue;
      const levels = [next & 4095n, next >> 20n];
      for (const [k, level] of levels.entries()) {
        const at = 2 * i + k;
        if (at < length) expected[at] = expected[at]! + 0.05 * (raw[Number(level)]! / rms);
      }
    }
    jitterPixels(found, 0.05, random);
    assertEquals(found, expected);
  }
});

Deno.test("Checksums of any length are the sum of big-endian words modulo 2^32 - 1", () => {
  const random = createRandom(8);
  for (const words of [1, 2, 720, 8191, 8192, 8193, 30000]) {
    const bytes = Uint8Array.from({ length: 4 * words }, () => random.integer(256));
    const view = new DataView(bytes.buffer);
    let sum = 12345n;
    for (let i = 0; i < words; i++) sum += BigInt(view.getUint32(4 * i));
    assertEquals(BigInt(onesComplementSum(bytes, 12345)), (sum - 1n) % 0xffffffffn + 1n);
  }
  assertEquals(onesComplementSum(new Uint8Array(4 * 8193).fill(255)), 0xffffffff);
});

Deno.test("Fresh catalogs that a worker draws ahead are those that are drawn here", async () => {
  const choices = experiment("standard", "compact");
  const base = drawBaseSample(choices.seed);
  const plan = { experiment: choices, base, count: 1000, tile: undefined };
  const assistant = startAssistant(plan, 2, createProgress("none"));
  const here = buildFresh(choices, [...drawFreshCatalogs(choices, base, 1000)]);
  const found = await assistant.fresh();
  assistant.close();
  assertEquals(found.length, 1000);
  for (const c of [0, 1, 499, 999]) assertEquals(found[c], here[c]);
  const all = (name: "pixels" | "supplementary" | "rows") =>
    found.every((catalog, c) => catalog[name].every((x, i) => Object.is(x, here[c]![name][i])));
  assertEquals([all("pixels"), all("supplementary"), all("rows")], [true, true, true]);
  const alone = await startAssistant({ ...plan, count: 3 }, 1, createProgress("none")).fresh();
  assertEquals(alone[2]!.pixels, here[2]!.pixels);
});

Deno.test("A recalibration of which a worker does half gives the scale of one that is done here", async () => {
  const choices = experiment("standard", "compact");
  const { architecture, features, catalog, seed } = choices;
  const base = drawBaseSample(seed);
  const label = probitScale(catalog.priors.sigma8);
  const drawn = buildFresh(choices, [...drawFreshCatalogs(choices, base, 50)]);
  const normalization = fitNormalization(drawn, features, architecture.normalization, label);
  const weights = initialWeights(architecture, inputWidths(features), createRandom(seed));
  const run = { experiment: choices, normalization, history: [], selectedEpoch: 1, weights };
  const origin = { base, trained: 250, random: recalibrationStream(seed) };
  const engine = await openEngine("core", { threads: 2 });
  const plan = { experiment: choices, base, count: 1000, tile: undefined };
  const assistant = startAssistant(plan, 2, createProgress("none"));
  const alone = await recalibrateRun(engine, run, origin);
  const helped = await recalibrateRun(engine, run, origin, await assistant.help(engine));
  assistant.close();
  engine.close();
  assertNotEquals(alone.normalization.sigma8, label);
  assertEquals(helped, alone);
});

Deno.test("The last networks of a pool take the threads that have nothing left to do", () => {
  const threads = (networks: number, workers: number) =>
    Array.from({ length: networks }, (_, place) => threadsOf(place, networks, workers));
  assertEquals(threads(9, 2), [1, 1, 1, 1, 1, 1, 1, 1, 2]);
  assertEquals(threads(4, 2), [1, 1, 1, 1]);
  assertEquals(threads(5, 3), [1, 1, 1, 1, 1]);
  assertEquals(threads(9, 8), [1, 1, 1, 1, 1, 1, 1, 1, 8]);
});
