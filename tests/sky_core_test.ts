/** Mock catalogs of the sky survey drawn in WASM against the TypeScript reference. */
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { drawSkyParameters, prepareSkyDrawing, type SkyDrawing } from "../src/catalogs/sky/draw.ts";
import { STUDENT_OFFSETS } from "../src/catalogs/sky/offsets.ts";
import { FIDUCIAL_SKY, SKY_PRIORS } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { checkSkyClusters, type SkyMock } from "../src/catalogs/sky/sky_clusters.ts";
import { createRandom } from "../src/numerics/random.ts";
import { kolmogorovSmirnov } from "../src/numerics/statistics.ts";

type SkyColumn = Exclude<keyof SkyMock, "lensing">;

const SURVEY = SKY_PRESETS.hiflugcs.survey;
const NAMES = Object.keys(
  prepareSkyDrawing(SURVEY).draw(FIDUCIAL_SKY, createRandom(1)),
) as SkyColumn[];

Deno.test("catalogs of the core are those of the reference to rounding, from the same streams", () => {
  const drawings: SkyDrawing[] = [{}, {
    offsets: STUDENT_OFFSETS,
    temperatureErrors: [0.02, 0.1, 0.3],
  }];
  for (const drawing of drawings) {
    const [reference, core] = [prepareSkyDrawing, prepareSkyCoreDrawing].map((prepare) =>
      prepare(SURVEY, drawing)
    );
    let clusters = 0;
    for (let i = 0; i < 60; i++) {
      const stream = createRandom(4).fork("mock", i);
      const parameters = drawSkyParameters(SKY_PRIORS, stream.fork("parameters"));
      const [expected, found] = [reference!, core!].map((drawer) =>
        drawer.draw(parameters, stream)
      ) as [SkyMock, SkyMock];
      assertEquals(found.redshift.length, expected.redshift.length);
      clusters += found.redshift.length;
      for (const name of NAMES) {
        expected[name].forEach((value, row) =>
          assertAlmostEquals(found[name][row]!, value, 1e-11, name)
        );
      }
    }
    assert(clusters > 1000);
  }
});

Deno.test("a catalog of an unwanted number is not drawn, and one of a wanted number is the same", () => {
  for (const prepare of [prepareSkyDrawing, prepareSkyCoreDrawing]) {
    const drawer = prepare(SURVEY);
    let kept = 0;
    for (let i = 0; i < 40; i++) {
      const stream = createRandom(6).fork("mock", i);
      const parameters = drawSkyParameters(SKY_PRIORS, stream.fork("parameters"));
      const whole = drawer.draw(parameters, stream);
      const asked: number[] = [];
      const found = drawer.drawIf(
        parameters,
        stream,
        (count) => asked.push(count) > 0 && count < 60,
      );
      assertEquals(asked, [whole.redshift.length]);
      assertEquals(found, whole.redshift.length < 60 ? whole : null);
      kept += found === null ? 0 : 1;
    }
    assert(kept > 5 && kept < 35, `${kept}`);
  }
});

Deno.test("from other streams every column has the reference's distribution", () => {
  const draw = (drawer: ReturnType<typeof prepareSkyDrawing>, name: string) => {
    const random = createRandom(8).fork(name);
    const mocks = Array.from({ length: 150 }, (_, i) => drawer.draw(FIDUCIAL_SKY, random.fork(i)));
    return (column: SkyColumn) => mocks.flatMap((mock) => Array.from(mock[column]));
  };
  const reference = draw(prepareSkyDrawing(SURVEY), "reference");
  const core = draw(prepareSkyCoreDrawing(SURVEY), "core");
  for (const name of NAMES) {
    const [a, b] = [core(name), reference(name)];
    if (new Set(b).size === 1) assertEquals(new Set(a), new Set(b));
    else assert(kolmogorovSmirnov(a, b).probability > 1e-3, name);
  }
});

Deno.test("a catalog has the same bits from any instance, in any order and of any size", () => {
  const survey = SKY_PRESETS["erass1-like"].survey;
  const stream = (i: number) => createRandom(2).fork("catalog", i);
  const one = prepareSkyCoreDrawing(survey);
  const small = one.draw({ ...FIDUCIAL_SKY, S8: 0.56 }, stream(0));
  const large = one.draw(FIDUCIAL_SKY, stream(1)); // more clusters than the core has room for at first
  assert(large.redshift.length > 3000);
  checkSkyClusters(large, survey);
  const other = prepareSkyCoreDrawing(survey);
  assertEquals(other.draw(FIDUCIAL_SKY, stream(1)), large);
  assertEquals(other.draw({ ...FIDUCIAL_SKY, S8: 0.56 }, stream(0)), small);
  assertNotEquals(other.draw(FIDUCIAL_SKY, stream(2)).redshift, large.redshift);
});
