/** Rows of a sky catalog that hold measurements of other clusters, and what the verdict says of them. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { STUDENT_OFFSETS } from "../src/catalogs/sky/offsets.ts";
import { FIDUCIAL_SKY } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { MISSING_ERROR, type SkyClusters } from "../src/catalogs/sky/sky_clusters.ts";
import { findJoinedColumns, findMismatch } from "../src/evaluation/sky/mismatch.ts";
import { drawReference } from "../src/evaluation/sky/reference.ts";
import { judgeSkyCatalog } from "../src/evaluation/sky/verdict.ts";
import { createRandom } from "../src/numerics/random.ts";
import { mean } from "../src/numerics/statistics.ts";

const SURVEY = SKY_PRESETS.hiflugcs.survey;
const DRAWER = prepareSkyCoreDrawing(SURVEY, { offsets: STUDENT_OFFSETS });
const MOCKS = Array.from(
  { length: 60 },
  (_, i) => DRAWER.draw(FIDUCIAL_SKY, createRandom(5).fork("mock", i)),
);
const BOTH = ["ln T", "ln Mgas"] as const;

/** A catalog some of whose rows have the temperature and the gas mass of the next ones but `by`. */
function shift(clusters: SkyClusters, rows: number[], [byT, byGas]: [number, number]): SkyClusters {
  const mix = (column: Float64Array, by: number) => {
    const mixed = column.slice();
    rows.forEach((row, i) => mixed[row] = column[rows[(i + by) % rows.length]!]!);
    return mixed;
  };
  return {
    ...clusters,
    lnTemperature: mix(clusters.lnTemperature, byT),
    lnGasMass: mix(clusters.lnGasMass, byGas),
  };
}

const fifth = ({ redshift }: SkyClusters) => [...redshift.keys()].filter((row) => row % 5 === 0);

Deno.test("rows that were mixed up are found, whichever table was joined wrongly, and honest ones are not", () => {
  const honest = MOCKS.map((mock) => findMismatch(mock, BOTH)!);
  const usual = honest.map(({ gain }) => gain).sort((a, b) => a - b);
  const edge = usual[Math.floor(0.95 * usual.length)]!;
  assertLess(mean(honest.map(({ share }) => share)), 0.03);
  for (
    const [moves, least] of [[[1, 2], 0.8], [[1, 0], 0.6], [[0, 1], 0.6], [[1, 1], 0.3]] as const
  ) {
    const found = MOCKS.map((mock) => findMismatch(shift(mock, fifth(mock), [...moves]), BOTH)!);
    const seen = found.filter(({ gain }) => gain > edge).length / found.length;
    assertGreater(seen, least, `${moves}`);
  }
  const apart = MOCKS.map((mock) => findMismatch(shift(mock, fifth(mock), [1, 2]), BOTH)!);
  assertAlmostEquals(mean(apart.map(({ share }) => share)), 0.2, 0.06);
  const rows = apart.flatMap(({ rows }) => rows);
  assertGreater(rows.filter((row) => row % 5 === 0).length / rows.length, 0.8);
});

Deno.test("one column is enough, and too few rows have no answer", () => {
  const mock: SkyClusters = MOCKS[0]!;
  const without = (name: "lnTemperatureError" | "lnGasMassError", kept: number) => ({
    ...mock,
    [name]: mock[name].map((error, row) => row < kept ? error : MISSING_ERROR),
  });
  assertEquals(findJoinedColumns(mock), BOTH);
  assertEquals(findJoinedColumns(without("lnGasMassError", 7)), ["ln T"]);
  assertEquals(findJoinedColumns(without("lnTemperatureError", 7)), ["ln Mgas"]);
  assertEquals(findJoinedColumns(without("lnGasMassError", 8)), BOTH);
  const bare = {
    ...without("lnGasMassError", 0),
    lnTemperatureError: mock.lnGasMassError.map(() => 1e6),
  };
  assertEquals(findJoinedColumns(bare), []);
  assertEquals(findMismatch(bare, []), null);
  assertEquals(findMismatch(without("lnGasMassError", 7), BOTH), null);
  const some = without("lnGasMassError", 30);
  const moved = fifth(mock).filter((row) => row < 30);
  const found = findMismatch(shift(some, moved, [1, 2]), BOTH)!;
  assertGreater(found.gain, findMismatch(some, BOTH)!.gain + 3);
  assert(found.rows.every((row) => row < 30));
});

Deno.test("the verdict names the rows, and its mocks lack what the catalog lacks", () => {
  const mock: SkyClusters = MOCKS[0]!;
  const half = {
    ...mock,
    lnGasMassError: mock.lnGasMassError.map((error, row) => row % 2 ? error : MISSING_ERROR),
  };
  const lacking = drawReference(SURVEY, half, DRAWER, createRandom(3), 20);
  const whole = drawReference(SURVEY, half.redshift.length, DRAWER, createRandom(3), 20);
  assertEquals(lacking.counts, whole.counts);
  // The mean of ln T is of all clusters, that of ln Mgas of those that have one.
  const at = (of: typeof whole, s: number) => of.statistics.map((row) => row[s]);
  assertEquals(at(lacking, 8), at(whole, 8));
  assert(lacking.statistics.every((row, i) => row[10] !== whole.statistics[i]![10]));

  const reference = drawReference(SURVEY, mock, DRAWER, createRandom(4), 700);
  assertEquals(reference.joined, BOTH);
  const names = [...mock.redshift.keys()].map((row) => `A${row}`);
  const mixed = judgeSkyCatalog(SURVEY, shift(mock, fifth(mock), [1, 2]), reference, names);
  assertEquals(mixed.verdict, "do not apply");
  const reason = mixed.reasons.find((text) => text.startsWith("rows of other clusters"))!;
  assert(reason.includes(names[mixed.mismatch!.rows[0]!]!), reason);
  assertGreater(judgeSkyCatalog(SURVEY, mock, reference).tests["rows of other clusters"]!, 0.05);
});
