/** Table 4 as a record: rows, the paper's order, notes; and the comparison of scatters. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { MeasuredScatter, Table4Entry, Table4RowName } from "../src/evaluation/mod.ts";
import { createRandom, EXPERIMENTS, measureErrors } from "../mod.ts";
import { compareScatters, makeTable4, TABLE4_ROWS } from "../src/evaluation/mod.ts";
import { standardDeviation } from "../src/numerics/mod.ts";

const RANDOM = createRandom(4);

function measured(scatter: number, scatterError = 0.0003): MeasuredScatter {
  return { count: 3000, scatter, scatterError, bias: 0.001 };
}

/** The decisions' numbers for the paper's form, on fresh catalogs. */
const FRESH: Readonly<Record<Table4RowName, number>> = {
  standard: 0.0196,
  shuffled: 0.025,
  noWeakLensing: 0.0277,
  ones: 0.066,
  countBaseline: 0.031,
  summariesBaseline: 0.0209,
  limit: 0.0182,
  limitNoWeakLensing: 0.0203,
};

function entries(
  changes: Partial<Record<Table4RowName, number>> = {},
): Record<Table4RowName, Table4Entry> {
  const rows = Object.entries({ ...FRESH, ...changes }).map(([name, scatter]) =>
    [name, { test: "the run has no test set", fresh: measured(scatter) }] as const
  );
  return Object.fromEntries(rows) as Record<Table4RowName, Table4Entry>;
}

Deno.test("the table has the paper's five rows with its values, then ours without", () => {
  const { rows } = makeTable4({}, RANDOM);
  const paper = rows.map(({ paper }) => paper && [paper.scatter, paper.scatterError]);
  assertEquals(paper, [
    [0.0212, 0.0009],
    [0.0262, 0.0011],
    [0.0297, 0.0013],
    [0.062, 0.0027],
    [0.065, 0.003],
    null,
    null,
    null,
  ]);
  // Every network row is an experiment.
  for (const { name, kind } of rows) assertEquals(name in EXPERIMENTS, kind === "network");
});

Deno.test("the paper's five errors are scatter over the root of about 497", () => {
  for (const { paper } of Object.values(TABLE4_ROWS)) {
    if (paper) assertAlmostEquals(paper.scatter / paper.scatterError / Math.sqrt(497), 1, 0.07);
  }
});

Deno.test("a row holds what was measured, and a reason where nothing was", () => {
  const { rows } = makeTable4({ standard: entries().standard }, RANDOM);
  assertEquals(rows[0]!.fresh, { measured: measured(0.0196), reason: null });
  assertEquals(rows[0]!.test, { measured: null, reason: "the run has no test set" });
  assertEquals(rows[1]!.fresh, { measured: null, reason: "not measured" });
});

Deno.test("the table is plain JSON, without the errors that it was compared by", () => {
  const errors = Float64Array.of(0.01, -0.01, 0.02);
  const scatter = standardDeviation(errors);
  const fresh = { count: 3, scatter, scatterError: 0.004, bias: 0.02 / 3, errors };
  const table = makeTable4({ standard: { test: fresh, fresh } }, RANDOM);
  assertEquals(JSON.parse(JSON.stringify(table)), table);
  assertEquals(Object.keys(table.rows[0]!.fresh.measured!), [
    "count",
    "scatter",
    "scatterError",
    "bias",
  ]);
});

Deno.test("the order of the paper holds for these entries, with its significance", () => {
  const { order } = makeTable4(entries(), RANDOM);
  assertEquals(order.fresh.verdict, "holds");
  assertEquals(order.fresh.pairs.map(({ lower, higher }) => `${lower} < ${higher}`), [
    "standard < shuffled",
    "standard < noWeakLensing",
    "shuffled < ones",
    "noWeakLensing < ones",
  ]);
  const { difference, error, significance } = order.fresh.pairs[0]!.comparison!;
  assertAlmostEquals(difference, 0.0054, 1e-12);
  assertAlmostEquals(error, 0.0003 * Math.SQRT2, 1e-12);
  assertAlmostEquals(significance, 0.0054 / (0.0003 * Math.SQRT2), 1e-9);
  assertEquals(order.test.verdict, "not measured");
});

Deno.test("the order fails, is undecided or not measured as its worst relation is", () => {
  const verdict = (changes: Partial<Record<Table4RowName, number>>) =>
    makeTable4(entries(changes), RANDOM).order.fresh.verdict;
  assertEquals(verdict({ shuffled: 0.0198 }), "undecided");
  assertEquals(verdict({ shuffled: 0.018 }), "fails");
  assertEquals(verdict({ noWeakLensing: 0.07 }), "fails");
  const { ones: _, ...withoutOnes } = entries();
  const { order } = makeTable4(withoutOnes, RANDOM);
  assertEquals(order.fresh.pairs.map(({ verdict }) => verdict), [
    "holds",
    "holds",
    "not measured",
    "not measured",
  ]);
  assertEquals(order.fresh.verdict, "not measured");
});

Deno.test("a network that does not beat the regression says so, others do not", () => {
  const { notes } = makeTable4(entries(), RANDOM);
  assertEquals(notes.map((note) => note.split(" does not")[0]), [
    "Shuffled",
    "No WL",
    "Array of Ones",
  ]);
  assertEquals(
    notes[0],
    "Shuffled does not beat the regression on eleven summaries: 0.0250 +- 0.0003 against " +
      "0.0209 +- 0.0003 on fresh catalogs",
  );
  assertStringIncludes(notes[1]!, "eleven summaries, which sees more: 0.0277");
});

Deno.test("a network within two errors of the regression does not beat it significantly", () => {
  const { notes } = makeTable4(entries({ standard: 0.0207 }), RANDOM);
  assertStringIncludes(notes[0]!, "Standard does not significantly beat");
});

Deno.test("a network below the information limit is noted, against the limit of what it sees", () => {
  const { notes } = makeTable4(entries({ standard: 0.016, noWeakLensing: 0.0185 }), RANDOM);
  const found = notes.filter((note) => note.includes("information limit"));
  assertEquals(found.map((note) => note.split(" scatters")[0]), ["Standard", "No WL"]);
  assertStringIncludes(found[0]!, "by 5.2 errors on fresh catalogs");
});

Deno.test("notes rest on test catalogs where there are no fresh ones", () => {
  const swapped = Object.fromEntries(
    Object.entries(entries()).map(([name, { fresh }]) => [name, { test: fresh, fresh: "none" }]),
  );
  const { notes, order } = makeTable4(swapped, RANDOM);
  assertEquals(order.test.verdict, "holds");
  assertStringIncludes(notes[0]!, "on test catalogs");
});

/** Two sets of errors that share most of what they are. */
function drawSharedErrors(count: number, extra: number) {
  const random = createRandom(21);
  const first = Float64Array.from({ length: count }, () => 0.02 * random.normal());
  const second = first.map((error) => error + extra * random.normal());
  const measure = (errors: Float64Array) => {
    const truth = new Float64Array(count).fill(0.8);
    const { scatter, scatterError, bias } = measureErrors(
      errors.map((error) => 0.8 + error),
      truth,
      createRandom(5),
    );
    return { count, scatter, scatterError, bias, errors };
  };
  return [measure(first), measure(second)] as const;
}

Deno.test("pairs tell a difference of 3% in the scatter that the error bars do not", () => {
  const [first, second] = drawSharedErrors(2000, 0.005);
  const paired = compareScatters(first, second, createRandom(1));
  const { errors: _, ...alone } = second;
  const independent = compareScatters(first, alone, createRandom(1));
  assertEquals([paired.method, independent.method], ["paired", "independent"]);
  assertEquals(paired.difference, independent.difference);
  assertLess(Math.abs(independent.significance), 2);
  assertGreater(paired.significance, 3);
  // Closed form: var(s2^2 - s1^2) = 2 (s2^4 + s1^4 - 2 s1^4) / n for shared errors.
  const [s1, s2] = [0.02, Math.hypot(0.02, 0.005)];
  const expected = Math.sqrt((s1 ** 2 + s2 ** 2 - 2 * s1 ** 3 / s2) / 2 / 2000);
  assertAlmostEquals(paired.error / expected, 1, 0.15);
});

Deno.test("pairs that share nothing have the error of independent scatters", () => {
  const random = createRandom(8);
  const draw = () => Float64Array.from({ length: 2000 }, () => 0.02 * random.normal());
  const [a, b] = [draw(), draw()].map((errors) => ({
    count: 2000,
    scatter: standardDeviation(errors),
    scatterError: 0.02 / Math.sqrt(4000),
    bias: 0,
    errors,
  }));
  const { error } = compareScatters(a!, b!, createRandom(1));
  assertAlmostEquals(error / (0.02 / Math.sqrt(2000)), 1, 0.12);
});

Deno.test("the same predictions twice differ by nothing, without a NaN", () => {
  const [first] = drawSharedErrors(200, 0.005);
  assertEquals(compareScatters(first, first, createRandom(1)).significance, 0);
  const shifted = { ...first, errors: first.errors.map((error) => error + 0.1) };
  const { significance, method } = compareScatters(first, shifted, createRandom(1));
  assertEquals([significance, method], [0, "independent"]);
});

Deno.test("scatters that cannot be compared are refused in one line that names the row", () => {
  const refused = (change: Partial<MeasuredScatter>, message: string) => {
    const error = assertThrows(
      () =>
        makeTable4({
          shuffled: { test: { ...measured(0.02), ...change }, fresh: "none" },
        }, RANDOM),
      RangeError,
      `Cannot use the scatter of shuffled on test catalogs: ${message}`,
    );
    assert(!error.message.includes("\n"));
  };
  refused({ count: 0 }, "count is 0, should be 2 or more");
  refused({ count: 2.5 }, "count is 2.5");
  refused({ scatter: NaN }, "scatter is NaN");
  refused({ scatter: -0.1 }, "scatter is -0.1");
  refused({ scatterError: 0 }, "scatterError is 0, should be above 0");
  refused({ scatterError: Infinity }, "scatterError is Infinity");
  refused({ bias: NaN }, "bias is NaN");
  refused({ errors: [0.1] }, "there is 1 error, should be 3000");
  refused({ count: 2, errors: [0.1, NaN] }, "error 1 is NaN");
  refused({ count: 2, errors: [0.1, 0.2] }, "it is 0.02, should be 0.05");
});
