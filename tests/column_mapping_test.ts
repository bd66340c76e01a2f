import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { SourceColumn } from "../src/observed/mod.ts";
import { SHELLS } from "../src/clusters/mod.ts";
import { COLUMNS, fieldsRead } from "../src/features/mod.ts";
import { decodeFits } from "../src/formats/mod.ts";
import {
  checkMapping,
  countReasons,
  mapColumns,
  parseMapping,
  readExpression,
} from "../src/observed/mod.ts";
import type { ColumnName } from "../src/features/mod.ts";

const column = (name: string, values: number[] | null, unit = "", width = 1): SourceColumn => ({
  name,
  unit,
  width,
  values,
});

const TABLE: readonly SourceColumn[] = [
  column("T", [2, 8], "keV"),
  column("M500", [1e14, 4e14], "Msun"),
  column("M500 err", [1, 2], "Msun"),
  column("m500c[Msol/h]", [3e14, 5e14]),
  column("gas-mass (R<R500)", [1e13, 2e13]),
  column("log_L", [-0.5, 0.25]),
  column("h", [7, 9]),
  column("name", null),
];

const evaluate = (text: string, row = 0) => readExpression(text, TABLE, 0.7).evaluate(row, 0);

Deno.test("An expression has the value that arithmetic gives it", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["8 / 4 / 2", 1],
    ["7 - 4 - 2", 1],
    ["2 ^ 3 ^ 2", 512],
    ["-2 ^ 2", -4],
    ["2 ^ -1", 0.5],
    ["- - 3", 3],
    ["1.5e3 * 2.E-1 + .5", 300.5],
    ["log10(1000)", 3],
    ["ln(exp(2))", 2],
    ["log10 ( 10 ) + ln(1)", 1],
    ["h", 0.7],
    ['"h"', 7],
    ["T", 2],
    ["T[keV]", 2],
    ["T [keV]", 2],
    ["log10(M500[Msun]*0.7)", Math.log10(7e13)],
    ["log10(M500*h)", Math.log10(7e13)],
    ["M500 err", 1],
    ["M500 err[Msun] + M500 - M500", 1],
    ["m500c[Msol/h] / 1e14", 3],
    ["gas-mass (R<R500) * 2", 2e13],
    ['"gas-mass (R<R500)" * 2', 2e13],
    ["log_L + log10(4)", -0.5 + Math.log10(4)],
  ];
  for (const [text, expected] of cases) {
    assertAlmostEquals(evaluate(text) as number, expected, Math.abs(expected) * 1e-14, text);
  }
  assertEquals(evaluate("T * 10", 1), 80);
});

Deno.test("An expression that cannot be read says where, and what should be there", () => {
  const refuse = (text: string, kind: new () => Error, ...words: string[]) => {
    const { message } = assertThrows(() => evaluate(text), kind as never) as Error;
    assert(message.startsWith("Cannot "), message);
    for (const word of words) assertStringIncludes(message, word);
  };
  refuse("", SyntaxError, "it ends", "a number, a column or a function");
  refuse("log10(T", SyntaxError, "it ends", '")"');
  refuse("T T", SyntaxError, 'there is "T"', "the end");
  refuse("2 +* 3", SyntaxError, 'there is "* 3"');
  refuse("log(T)", SyntaxError, "no function log", "log10, ln, exp");
  refuse("constructor(T)", SyntaxError, "no function constructor");
  refuse('"T', SyntaxError, "a closing quote");
  refuse("name + 1", TypeError, "column name holds text");
  refuse("Temperature", TypeError, "no column Temperature", "the nearest are");
  refuse("M50O", TypeError, "no column M50O", "M500");
  refuse("T[K]", TypeError, "T[K] is asked for", "the unit keV");
  refuse("log_L[erg/s]", TypeError, "no unit", "write log_L");
  refuse("T [K] * 2", TypeError, "T [K] is asked for", "the unit keV");
  refuse("(".repeat(1001), SyntaxError, "1001 characters");
});

Deno.test("A mapping is split at its own commas, not at those in names and parentheses", () => {
  assertEquals(
    parseMapping('logTemperature = log10("T, spectral"), logGasMass=log10(M[a,b]),redshift=z'),
    { logTemperature: 'log10("T, spectral")', logGasMass: "log10(M[a,b])", redshift: "z" },
  );
  assertThrows(() => parseMapping("logTemperature"), SyntaxError, "target=expression");
  assertThrows(() => parseMapping("temperature=T"), SyntaxError, "no target temperature");
  assertThrows(() => parseMapping("redshift=z,redshift=y"), SyntaxError, "given twice");
  assertThrows(() => checkMapping(["T"]), SyntaxError, "an object");
  assertThrows(() => checkMapping({ redshift: 3 }), SyntaxError, "redshift is 3");
  assertThrows(() => checkMapping({ redshift: " " }), SyntaxError, "an expression");
});

Deno.test("Every row is used or refused for a reason that names column and value", () => {
  const columns = [
    column("T", [2, NaN, -1, 3, 100, 4, -Infinity], "keV"),
    column("L", [1, 1, 1, 0, 1, 1e60, 1]),
  ];
  const { clusters, rows, refusals } = mapColumns(columns, [0, 1, 2, 3, 4, 5, 6], {
    mapping: parseMapping("logTemperature=log10(T),logLuminosity=L"),
    fields: ["logLuminosity", "logTemperature"],
    h: 0.7,
    ranges: { logTemperature: { min: -1, max: 1.5 }, logLuminosity: { min: 0.5, max: 1e99 } },
  });
  assertEquals([...rows], [0]);
  assertEquals([...clusters.logTemperature], [Math.log10(2)]);
  assertEquals(refusals, [
    { row: 1, reason: "logTemperature: T is not a number", isOutside: false },
    { row: 2, reason: "logTemperature: T is not above 0", isOutside: false },
    { row: 3, reason: "logLuminosity is below 0.5", isOutside: true, value: 0 },
    { row: 4, reason: "logTemperature is above 1.5", isOutside: true, value: 2 },
    { row: 5, reason: "logLuminosity is not a finite number", isOutside: false },
    { row: 6, reason: "logTemperature: T is infinite", isOutside: false },
  ]);
});

Deno.test("Reasons are counted, the most frequent first, with the values that are outside", () => {
  const columns = [column("logTemperature", [NaN, 9, NaN, 7, NaN])];
  const plan = { mapping: {}, fields: ["logTemperature"], h: 1 } as const;
  const ranges = { logTemperature: { min: 0, max: 2 } };
  const { refusals } = mapColumns(columns, [0, 1, 2, 3, 4], { ...plan, ranges });
  assertEquals(countReasons(refusals), [
    { reason: "logTemperature: logTemperature is not a number", rows: 3 },
    { reason: "logTemperature is above 2", rows: 2, values: { min: 7, max: 9 } },
  ]);
});

Deno.test("Fields that a table cannot give are named all at once, with the columns there are", () => {
  const plan = { mapping: {}, h: 1, ranges: {} };
  const columns = [column("kT spec", [1], "keV"), column("x", [1]), column("name", null)];
  const { message } = assertThrows(
    () => mapColumns(columns, [], { ...plan, fields: ["logTemperature", "logGasMass"] }),
    TypeError,
  );
  for (const word of ["logTemperature, logGasMass are read", "has kT spec [keV], x"]) {
    assertStringIncludes(message, word);
  }
  assert(!message.includes("name"), "a column of text is none to choose");
  const many = Array.from({ length: 50 }, (_, i) => column(`c${i}`, [1]));
  assertThrows(
    () => mapColumns(many, [], { ...plan, fields: ["logTemperature"] }),
    TypeError,
    "c39 and 10 more",
  );
});

Deno.test("Profiles come as vectors or shell by shell", () => {
  const shells = Array.from({ length: SHELLS }, (_, s) => s);
  const fields = ["logGasMassProfile"] as const;
  const plan = { fields, h: 1, ranges: {} };
  const vector = column("mass", shells.map((s) => 10 ** s), "", SHELLS);
  const mapping = { logGasMassProfile: "log10(mass) + 12" };
  const whole = mapColumns([vector], [0], { ...plan, mapping });
  const single = shells.map((s) => column(`logGasMassProfile_${s}`, [s + 12]));
  const parts = mapColumns(single, [0], { ...plan, mapping: {} });
  assertEquals([...whole.clusters.logGasMassProfile], shells.map((s) => s + 12));
  assertEquals(parts.clusters.logGasMassProfile, whole.clusters.logGasMassProfile);
  assertThrows(
    () => mapColumns(single.slice(1), [0], { ...plan, mapping: {} }),
    TypeError,
    "logGasMassProfile_0",
  );
  assertThrows(
    () => mapColumns([column("mass", [1, 2, 3], "", 3)], [0], { ...plan, mapping }),
    TypeError,
    "3 values per row, 7 expected",
  );
});

Deno.test("The fields that each column reads are found by asking it", () => {
  const read = (name: ColumnName) =>
    fieldsRead({ pixels: [name], supplementary: [], order: "shuffled" });
  const expected: Readonly<Record<ColumnName, readonly string[]>> = {
    logTemperature: ["logTemperature"],
    logGasMassProfile: ["logGasMassProfile"],
    gasSlopeProfile: ["gasSlopeProfile"],
    logLuminosity: ["logLuminosity"],
    logWeakLensingMass: ["logWeakLensingMass"],
    logGasMass: ["logGasMass"],
    logYx: ["logTemperature", "logGasMass"],
    one: [],
  };
  for (const name of Object.keys(COLUMNS) as ColumnName[]) {
    assertEquals<readonly string[]>(read(name), expected[name], name);
  }
  assertEquals(
    fieldsRead({ pixels: ["one"], supplementary: [], order: "luminosity" }),
    ["logLuminosity"],
  );
});

Deno.test("The SPT clusters of Bulbul et al. are mapped from their own columns and units", () => {
  const path = new URL("../fixtures/xmm_spt_bulbul_chiu_2019.fits", import.meta.url);
  const [table] = decodeFits(Deno.readFileSync(path)).tables;
  const columns = table!.columns.map(({ name, unit = "", data }) =>
    column(name, Array.isArray(data) ? null : Array.from(data as Float64Array), unit)
  );
  const rows = Array.from({ length: table!.count }, (_, row) => row);
  const { clusters, refusals } = mapColumns(columns, rows, {
    mapping: parseMapping(
      "logTemperature=log10(Txcin[keV]), logLuminosity=log10(Lxcin[erg/s])-44, " +
        "logGasMass=log10(Mgas[Msun]*h), redshift=redshift",
    ),
    fields: ["logLuminosity", "logTemperature", "logGasMass"],
    h: 0.7,
    ranges: { redshift: { min: 0, max: 0.17 } },
  });
  assertEquals([clusters.count, refusals.length], [8, 60]);
  // The second row of the table: 6.163 keV, 1.56e44 erg/s, 5.088e13 Msun at z = 0.117.
  assertAlmostEquals(10 ** clusters.logTemperature[0]!, 6.16328, 1e-4);
  assertAlmostEquals(10 ** clusters.logLuminosity[0]!, 1.56, 1e-6);
  assertAlmostEquals(10 ** clusters.logGasMass[0]! / 0.7, 5.088e13, 1e10);
  assert(clusters.logWeakLensingMass.every(Number.isNaN) && clusters.logMass.every(Number.isNaN));
});
