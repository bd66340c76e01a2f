/** The network that ships with the package, and `demo`, which shows it. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { measureReference } from "../src/runs/safety.ts";
import { openModel } from "../src/network/trained_model.ts";
import type { PretrainedName, SafetyReference } from "../mod.ts";
import {
  drawBaseSample,
  experiment,
  loadPretrained,
  loadPretrainedReference,
  openEngine,
} from "../mod.ts";
import { safetyReferenceToArrays } from "../src/interpretation/safety/mod.ts";
import { fieldsRead } from "../src/features/mod.ts";
import { standardDeviation } from "../src/numerics/mod.ts";
import { crc32 } from "../src/formats/crc32.ts";
import { COMPACT } from "../src/pretrained/compact.ts";
import { COMPACT_REFERENCE } from "../src/pretrained/compact_reference.ts";
import { GLOBAL } from "../src/pretrained/global.ts";
import { GLOBAL_REFERENCE } from "../src/pretrained/global_reference.ts";
import { packBytes, unpackBytes } from "../src/pretrained/packing.ts";
import { decodeReference } from "../src/pretrained/reference_file.ts";
import type { Finished } from "./cli_process.ts";
import { assertRefused, decode, documentOf, terseAlone } from "./cli_process.ts";

/** Runs `demo` in a process that may do nothing but compute. */
const demo = (...args: string[]): Promise<Finished> => terseAlone("demo", ...args);

Deno.test("The network that ships is the standard experiment's of the compact preset as it is", async () => {
  const { run, provenance } = await loadPretrained();
  assertEquals(run.experiment, experiment("standard", "compact", { seed: 1 }));
  assertEquals(provenance, COMPACT.provenance);
  assertEquals(run.history.length, run.experiment.schedule.epochs);
});

Deno.test("The smaller network reads luminosity, temperature and gas mass, as its command says", async () => {
  const { run: { experiment: found, history }, provenance } = await loadPretrained("global");
  const features = { pixels: ["logTemperature", "logGasMass"] } as const;
  const expected = experiment("noWeakLensing", "compact", { seed: 1, features });
  assertEquals(found, expected);
  assertEquals(fieldsRead(found.features), ["logLuminosity", "logTemperature", "logGasMass"]);
  assertEquals(history.length, found.schedule.epochs);
  assertStringIncludes(provenance.command, JSON.stringify(features.pixels));
  // Without weak lensing, and as good as with profiles: 0.0235 +- 0.0003.
  assertLess(provenance.fresh.scatter, 0.0245);
});

/** Every network that ships. */
const SHIPPED = [
  { name: "compact", network: COMPACT, reference: COMPACT_REFERENCE },
  { name: "global", network: GLOBAL, reference: GLOBAL_REFERENCE },
] as const;

Deno.test("The modules with a network's bytes are below 300 kB together", () => {
  for (const { name } of SHIPPED) {
    const sizes = [`${name}.ts`, `${name}_reference.ts`].map((file) =>
      Deno.statSync(new URL(`../src/pretrained/${file}`, import.meta.url)).size
    );
    assertLess(sizes[0]! + sizes[1]!, 300_000);
  }
});

Deno.test("The references that ship were measured with the weights that ship", async () => {
  for (const { network, reference } of SHIPPED) {
    const { weights } = decodeReference(await unpackBytes(reference));
    assertEquals(weights, crc32(await unpackBytes(network.weights)));
  }
});

for (const { name } of SHIPPED) {
  Deno.test(`The reference that ships holds what the network ${name} gives`, () =>
    checkReference(name));
}

async function checkReference(name: PretrainedName): Promise<void> {
  const { run } = await loadPretrained(name);
  const shipped = await loadPretrainedReference(name);
  const engine = await openEngine("core", { threads: 1 });
  const model = await openModel(engine, run);
  const base = drawBaseSample(run.experiment.seed);
  const measured = await measureReference(model, run.experiment, base);
  engine.close();
  const numbers = (reference: SafetyReference) => safetyReferenceToArrays(reference);
  const [found, expected] = [numbers(shipped), numbers(measured)];
  assertEquals(found.header.pools, expected.header.pools);
  assertEquals(found.header.tests, expected.header.tests);
  assertEquals(found.header.usual, expected.header.usual);
  // Values are shortened to a part in 4000 of their size; one that rounding moves may take a step.
  for (const name of ["pools", "usual", "tests"]) {
    const [a, b] = [found.arrays[name]!.data, expected.arrays[name]!.data];
    assertEquals(a.length, b.length);
    const far = a.findIndex((value, i) => Math.abs(value - b[i]!) > 3e-4 * (1 + Math.abs(b[i]!)));
    assertEquals(far, -1, name);
  }
}

Deno.test("Bytes are the same after packing, for any number of them, and damage is told", async () => {
  for (const count of [0, 1, 4, 7, 1000]) {
    const bytes = Uint8Array.from({ length: count }, (_, i) => (i * i) % 251);
    assertEquals(await unpackBytes(await packBytes(bytes)), bytes);
  }
  const damaged = COMPACT_REFERENCE.replace("A", "B");
  await assertRejects(async () => decodeReference(await unpackBytes(damaged)));
});

Deno.test("demo needs no permission, and its errors are those that the network's record states", async () => {
  const { network, catalogs, terseCorrelations } = documentOf(
    await demo("--catalogs=400", "--json", "--quiet"),
  ) as {
    network: { fresh: { scatter: number } };
    catalogs: { clusters: number; sigma8: number; predicted: number }[];
    terseCorrelations: Record<string, number>;
  };
  assertEquals(catalogs.length, 400);
  const scatter = standardDeviation(catalogs.map(({ sigma8, predicted }) => predicted - sigma8));
  const { scatter: stated } = network.fresh;
  // Five standard errors of a standard deviation.
  assertAlmostEquals(scatter, stated, 5 * stated / Math.sqrt(2 * catalogs.length));
  // It depends on the training: 0.93 and 0.79 were seen for two that predict equally well.
  assertGreater(terseCorrelations.logMass!, 0.9);
});

Deno.test("demo gives the same catalogs for the same seed, and others for another", async () => {
  const first = await demo("--json");
  const again = await demo("--json", "--catalogs=2");
  const other = await demo("--json", "--seed=3");
  const catalogsOf = (found: Finished) => documentOf(found).catalogs as unknown[];
  assertEquals(catalogsOf(again), catalogsOf(first).slice(0, 2));
  assert(JSON.stringify(catalogsOf(other)) !== JSON.stringify(catalogsOf(first)));
  assertRefused(await demo("--catalogs=0"), 2, "--catalogs", "from 1 on");
});

Deno.test("The command that measures the verdict's rates judges every fault of every catalog", async () => {
  const script = new URL("../bench/safety_rates.ts", import.meta.url).pathname;
  const args = ["run", "-A", script, "--bases=2", "--catalogs=2", "--seed=5", "--json"];
  const { code, stdout, stderr } = decode(
    await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output(),
  );
  assertEquals(code, 0, stderr);
  const rates: Record<string, number | string | null>[] = JSON.parse(stdout);
  assertEquals(rates.length, 10);
  for (const { catalogs, consistent, caution, doNotApply } of rates) {
    assertEquals([catalogs, +consistent! + +caution! + +doNotApply!], [4, 4]);
  }
  const kelvin = rates.find(({ fault }) => String(fault).includes("in K"))!;
  assertEquals([kelvin.doNotApply, kelvin.bias], [4, null]);
  assertGreater(Number(rates[0]!.consistent), 1); // of honest ones, 19 of 20
});
