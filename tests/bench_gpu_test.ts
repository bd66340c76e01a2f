/**
 * The GPU benchmark on whatever adapter is here, a software one included: its ceilings, its gate, and
 * the label that keeps a software adapter's numbers from being taken for speeds.
 */
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { largestDifference } from "../bench/gpu/gate.ts";
import { roofline } from "../bench/gpu/measure.ts";
import type { Results } from "../bench/results.ts";
import { describeAdapter } from "../src/network/backends.ts";
import { testWith } from "./tools.ts";

const adapter = await describeAdapter();

async function runBench(...options: string[]): Promise<{ text: string; results: Results }> {
  const out = await Deno.makeTempFile({ suffix: ".json" });
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", new URL("../bench/gpu.ts", import.meta.url).pathname, "--quick"],
      ...["--network", "compact", "--catalogs", "1", "--rounds", "1", "--out", out, ...options],
    ],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const results: Results = JSON.parse(await Deno.readTextFile(out));
  await Deno.remove(out);
  return { text: new TextDecoder().decode(stdout), results };
}

await testWith(
  ["webgpu"],
  "every layer, the encoder and the step agree with the CPU before they have a speed",
  async () => {
    const { text, results } = await runBench();
    const label = adapter!.kind === "software" ? "correctness only, software adapter" : null;
    assertEquals(results.label, label);
    const rows = text.split("\n").filter((line) => line.startsWith("| compact"));
    assertEquals(rows.length, results.works.flatMap(({ contestants }) => contestants).length);
    for (const row of rows) if (label !== null) assertStringIncludes(row, `(${label})`);
    // 18 layers in three directions, without the gradient of the pixels; the encoder; the step.
    assertEquals(results.works.length, 18 * 3 - 1 + 2);
    for (const { name, contestants } of results.works) {
      for (const { name: on, difference, milliseconds, reason } of contestants) {
        assertLess(difference!, on.includes("f16") ? 1e-2 : 1e-5, `${name} ${on}`);
        assertEquals(milliseconds === null, reason !== null, name);
        if (milliseconds !== null) assertGreater(milliseconds, 0, name);
      }
    }
    const encoder = results.works.find(({ name }) => name.includes("encoder forward"))!;
    const halves = results.device!.features.includes("shader-f16") ? 2 : 0;
    assertEquals(encoder.contestants.length, 3 + halves);
    const { limits, features, ceilings } = results.device!;
    assertGreater(limits["maxStorageBufferBindingSize"]!, 0);
    assert(Array.isArray(features));
    assertGreater(ceilings.readback!, 0);
    assertGreater(ceilings.readbackBandwidth!, 0, "the copy was wrong");
  },
);

await testWith(["webgpu"], "what is above the tolerance has no speed", async () => {
  const { text, results } = await runBench("--tolerance", "0");
  const wrong = results.works.flatMap(({ contestants }) => contestants)
    .filter(({ difference }) => difference! > 0);
  assertGreater(wrong.length, 10);
  for (const { milliseconds, reason } of wrong) {
    assertEquals(milliseconds, null);
    assertStringIncludes(reason!, "at most 0.0e+0 is allowed");
  }
  assertStringIncludes(text, "none: differs by");
});

Deno.test("a difference is a fraction of the largest value, and infinite for what is not a number", () => {
  assertEquals(largestDifference([1, 4.5], [1, -4]), 8.5 / 4);
  assertEquals(largestDifference([0, 0], [0, 0]), 0);
  assertEquals(largestDifference([1, NaN], [1, 2]), Infinity);
  assertEquals(largestDifference([1], [1, 2]), Infinity);
  assertEquals(largestDifference([1], [0]), Infinity);
});

Deno.test("the roofline is the bandwidth's below the ridge and the peak above it", () => {
  const ceilings = {
    peak: 1000,
    halfPeak: 2000,
    bandwidth: 100,
    dispatch: 1,
    readback: 1,
    readbackBandwidth: 1,
  };
  assertEquals(roofline(ceilings, 1, 1e9), 100);
  assertEquals(roofline(ceilings, 1, 1e7), 1000);
  assertEquals(roofline({ ...ceilings, peak: null }, 1, 1e9), undefined);
});
