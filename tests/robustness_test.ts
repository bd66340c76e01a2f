/** Variants of the mocks that a trained network is tested on, with models whose answers are known. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import type { FeatureArray, Model } from "../mod.ts";
import type { RobustnessRow, RobustnessSetting } from "../src/evaluation/mod.ts";
import { createRandom, drawBaseSample, experiment } from "../mod.ts";
import {
  changePlan,
  measureRobustness,
  measureVariant,
  ROBUSTNESS_VARIANTS,
} from "../src/evaluation/mod.ts";
import { mean } from "../src/numerics/mod.ts";
import { CATALOG_FAULTS } from "../src/observed/mod.ts";

const { catalog: PLAN } = experiment("standard", "compact");
const BASE = drawBaseSample(createRandom(1).fork("base sample"));
const COUNT = 60;

/** A model that predicts by one rule; nothing else is asked of it here. */
function modelOf(rule: (catalog: FeatureArray) => number): Model {
  const unused = () => Promise.reject(new Error("robustness asks for predictions alone"));
  return {
    predict: (catalogs) => Promise.resolve(Float64Array.from(catalogs, rule)),
    encode: unused,
    encoderGradient: unused,
    regress: unused,
  };
}

function settingOf(rule: (catalog: FeatureArray) => number): RobustnessSetting {
  return {
    model: modelOf(rule),
    features: {
      pixels: ["logGasMass", "logTemperature"],
      supplementary: ["logWeakLensingMass"],
      order: "luminosity",
    },
    base: BASE,
    plan: PLAN,
    count: COUNT,
  };
}

const meanWeakLensing = ({ supplementary }: FeatureArray) => mean(supplementary);

async function measureAll(setting: RobustnessSetting): Promise<Map<string, RobustnessRow>> {
  const rows = new Map<string, RobustnessRow>();
  for await (const row of measureRobustness(setting, ROBUSTNESS_VARIANTS, createRandom(3))) {
    rows.set(row.variant.name, row);
  }
  return rows;
}

const ROWS = await measureAll(settingOf(meanWeakLensing));
const biasOf = (name: string) => ROWS.get(name)!.bias;

Deno.test("every variant is measured, the first on the training's own plan", () => {
  assertEquals([...ROWS.keys()], ROBUSTNESS_VARIANTS.map(({ name }) => name));
  assertEquals(changePlan(PLAN, ROBUSTNESS_VARIANTS[0]!.plan), PLAN);
  for (const { count, scatter, scatterError, biasError } of ROWS.values()) {
    assertEquals(count, COUNT);
    assertAlmostEquals(biasError, scatter / Math.sqrt(COUNT), 1e-15);
    assertGreater(scatterError, 0);
  }
});

Deno.test("masses in Msun shift a model of the mean mass by log 1/h and change no scatter", () => {
  const [fine, wrong] = [ROWS.get("as trained")!, ROWS.get("masses in Msun instead of Msun/h")!];
  assertAlmostEquals(wrong.bias - fine.bias, -Math.log10(BASE.cosmology.h), 1e-6);
  assertAlmostEquals(wrong.scatter, fine.scatter, 1e-6);
});

Deno.test("a fault in the masses leaves temperatures, luminosities, slopes and the truth", () => {
  const clusters = { ...BASE.clusters, logWeakLensingMass: BASE.clusters.logMass };
  const spoiled = CATALOG_FAULTS["all masses in Msun"].plant(clusters, 0.704, createRandom(1));
  for (const name of ["logTemperature", "logLuminosity", "gasSlopeProfile", "logMass"] as const) {
    assertEquals(spoiled[name], clusters[name]);
  }
  for (const name of ["logGasMass", "logGasMassProfile", "logWeakLensingMass"] as const) {
    assertAlmostEquals(spoiled[name][8]! - clusters[name][8]!, -Math.log10(0.704), 1e-12);
  }
});

Deno.test("each variant changes what a model sees, and a variant without a fault by less than 0.05", () => {
  const own = biasOf("as trained");
  for (const { name, fault } of ROBUSTNESS_VARIANTS.slice(1)) {
    const shift = Math.abs(biasOf(name) - own);
    // Mean log masses agree to a hundredth or two [dex] unless the unit is wrong.
    if (fault === "none" && !name.startsWith("another base")) assertGreater(shift, 0);
    assert(fault !== "none" || shift < 0.05, `${name}: ${shift}`);
  }
});

Deno.test("another base sample moves gas masses though the cluster masses stay", async () => {
  const setting = settingOf(({ pixels }) => pixels[0]!);
  const [own, one, two] = await Promise.all(
    ROBUSTNESS_VARIANTS.slice(0, 3).map((variant) =>
      measureVariant(setting, variant, createRandom(3))
    ),
  );
  assert(own!.bias !== one!.bias && one!.bias !== two!.bias);
  const masses = ["as trained", "another base sample (1)"].map(biasOf);
  assertAlmostEquals(masses[0]!, masses[1]!, 0.01); // M_break follows the fitted relation
});

Deno.test("a wider weak lensing scatter is what the variant's catalogs have", async () => {
  const setting = settingOf(({ supplementary }) => {
    const center = mean(supplementary);
    return Math.max(...supplementary) - center;
  });
  const wide = ROBUSTNESS_VARIANTS.find(({ name }) => name.startsWith("weak lensing"))!;
  const [own, wider] = await Promise.all(
    [ROBUSTNESS_VARIANTS[0]!, wide].map((variant) =>
      measureVariant(setting, variant, createRandom(3))
    ),
  );
  assertGreater(wider!.bias, own!.bias + 0.01);
});

Deno.test("the same stream gives the same row", async () => {
  const row = await measureVariant(
    settingOf(meanWeakLensing),
    ROBUSTNESS_VARIANTS[4]!,
    createRandom(3),
  );
  assertEquals(row, ROWS.get(row.variant.name));
});

Deno.test("variants that cannot be drawn are refused", async () => {
  const setting = settingOf(meanWeakLensing);
  const own = ROBUSTNESS_VARIANTS[0]!;
  const measure = (changes: Partial<typeof own>, count = 2) =>
    measureVariant({ ...setting, count }, { ...own, ...changes }, createRandom(1));
  await assertRejects(() => measure({}, 1), RangeError, "count is 1, should be 2 or more");
  await assertRejects(() => measure({ baseSample: 0 }), RangeError, "base sample is number 0");
  await assertRejects(
    () => measure({ plan: { survey: { volumeFraction: 1e-6 } } }),
    RangeError,
    "Cannot prepare catalogs: the survey holds",
  );
  await assertRejects(
    () => measureVariant({ ...setting, model: modelOf(() => NaN) }, own, createRandom(1)),
    RangeError,
    "Cannot measure errors",
  );
});
