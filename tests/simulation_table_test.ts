/** The simulation's cluster table as base sample: columns, units, redshift, gaps and twins. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { SHELLS } from "../src/clusters/cluster_table.ts";
import { radius500c } from "../src/clusters/radius_check.ts";
import { fitScalingRelations } from "../src/clusters/scaling_relation.ts";
import { readSimulationTable, type TextRow } from "../src/clusters/simulation_table.ts";
import { TABLE_2 } from "../src/clusters/stand_ins.ts";
import { MAGNETICUM } from "../src/cosmology/cosmology.ts";
import { createRandom } from "../src/numerics/random.ts";

const SEED = 20240101;

/** Rows by heading of a table without quotes, so that commas are the only marks. */
function readRows(text: string): Record<string, string>[] {
  const [heading, ...lines] = text.trim().split("\n").map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(heading!.map((name, c) => [name, line[c]!])));
}

const ROWS = readRows(
  Deno.readTextFileSync(new URL("../fixtures/magneticum_table.csv", import.meta.url)),
);
const random = () => createRandom(SEED);

/** The fixture with one value replaced in a data row, counted from 1. */
function spoil(row: number, column: string, value: string): TextRow[] {
  return ROWS.map((entry, i) => i + 1 === row ? { ...entry, [column]: value } : entry);
}

Deno.test("the simulation's table becomes a base sample, rows below the mass limit counted", () => {
  const sample = readSimulationTable(ROWS, random());
  assertEquals(ROWS.length, 60);
  assertEquals(sample.belowLimit, 4);
  assertEquals(sample.clusters.count, 56);
  assertEquals(sample.cosmology, MAGNETICUM);
  assertEquals(sample.redshift, 0.07);
  const mass = Number(ROWS[0]!["m500c[Msol/h]"]);
  assertAlmostEquals(sample.clusters.logMass[0]!, Math.log10(mass), 1e-12);
  const gasMass = mass * Number(ROWS[0]!["gas_frac"]);
  assertAlmostEquals(sample.clusters.logGasMass[0]!, Math.log10(gasMass), 1e-12);
  const luminosity = Number(ROWS[0]!["Lx[1e44erg/s]"]);
  assertAlmostEquals(sample.clusters.logLuminosity[0]!, Math.log10(luminosity), 1e-12);
  const temperature = Number(ROWS[0]!["T[kev]"]);
  assertAlmostEquals(sample.clusters.logTemperature[0]!, Math.log10(temperature), 1e-12);
});

Deno.test("the table's relations are fitted to it, and its profiles sum to its gas masses", () => {
  const { clusters, relations } = readSimulationTable(ROWS, random());
  assertAlmostEquals(relations.luminosity.slope, TABLE_2.luminosity.slope, 0.3);
  assertEquals(relations, fitScalingRelations(clusters));
  const shells = clusters.logGasMassProfile.subarray(0, SHELLS);
  const total = shells.reduce((sum, logMass) => sum + 10 ** logMass, 0);
  assertAlmostEquals(Math.log10(total), clusters.logGasMass[0]!, 1e-12);
});

const OBSERVABLE_COLUMNS = ["Lx[1e44erg/s]", "T[kev]", "gas_frac"];

const without = (...columns: string[]): TextRow[] =>
  ROWS.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name)))
  );

Deno.test("masses and observables are enough, but then the radii are not mentioned", () => {
  const rows = ROWS.map((row) =>
    Object.fromEntries(["m500c[Msol/h]", ...OBSERVABLE_COLUMNS].map((name) => [name, row[name]!]))
  );
  const whole = readSimulationTable(ROWS, random());
  assertEquals(whole.radii, "comoving");
  assertEquals(readSimulationTable(rows, random()), { ...whole, radii: null });
});

Deno.test("a table without masses, or without any observable, is refused with the columns there are", () => {
  for (const gone of [["m500c[Msol/h]"], OBSERVABLE_COLUMNS]) {
    const error = assertThrows(() => readSimulationTable(without(...gone), random()), TypeError);
    assertStringIncludes(error.message, `column ${gone.join(", ")} is missing`);
    assertStringIncludes(error.message, "star_frac");
  }
});

Deno.test("an observable that a table lacks is a gap, and everything else is as before", () => {
  const whole = readSimulationTable(ROWS, random());
  const dark = readSimulationTable(without("Lx[1e44erg/s]"), random());
  assertEquals(dark.missing, ["luminosity"]);
  assert(dark.clusters.logLuminosity.every(Number.isNaN));
  assertEquals(dark.relations, { ...whole.relations, luminosity: TABLE_2.luminosity });
  const { logLuminosity: _, ...rest } = dark.clusters;
  const { logLuminosity: __, ...wanted } = whole.clusters;
  assertEquals(rest, wanted);
  assertEquals(readSimulationTable(without("gas_frac"), random()).missing, ["gasMass"]);
});

Deno.test("a text, a NaN, an empty or an infinite value is refused by row and column", () => {
  for (const text of ["warm", "NaN", "nan", "", "  ", "Infinity", "0x10", "1,5"]) {
    const rows = spoil(7, "T[kev]", text);
    const error = assertThrows(() => readSimulationTable(rows, random()), SyntaxError);
    assertStringIncludes(error.message, `row 7, column T[kev] is ${JSON.stringify(text)}`);
  }
  assertThrows(
    () => readSimulationTable(spoil(7, "T[kev]", "1e999"), random()),
    RangeError,
    "row 7",
  );
});

Deno.test("a row that ends early is refused by row and column", () => {
  const rows = ROWS.map((row, i) => i === 4 ? { "m500c[Msol/h]": "1e14" } : row);
  const error = assertThrows(() => readSimulationTable(rows, random()), SyntaxError);
  assertStringIncludes(error.message, "row 5, column gas_frac is missing");
});

Deno.test("a mass, luminosity or temperature that is not above 0 is refused, below the limit too", () => {
  for (const name of ["m500c[Msol/h]", ...OBSERVABLE_COLUMNS]) {
    for (const text of ["-1e14", "0"]) {
      const error = assertThrows(
        () => readSimulationTable(spoil(12, name, text), random()),
        RangeError,
      );
      assertStringIncludes(error.message, `row 12, column ${name} is "${text}"`);
    }
  }
});

Deno.test("a gas fraction in percent is refused", () => {
  const rows = spoil(2, "gas_frac", "10.1");
  assertThrows(() => readSimulationTable(rows, random()), RangeError, "a fraction below 1");
});

Deno.test("a radius that belies the mass is refused: Msun instead of Msun/h, or kpc instead of kpc/h", () => {
  const mass = Number(ROWS[2]!["m500c[Msol/h]"]);
  const radius = Number(ROWS[2]!["r500c[kpc/h]"]);
  const refused = [
    spoil(3, "m500c[Msol/h]", String(mass / 0.704)),
    spoil(3, "r500c[kpc/h]", String(radius / 0.704)),
    spoil(3, "r500c[kpc/h]", "-5"),
  ];
  for (const rows of refused) {
    assertThrows(() => readSimulationTable(rows, random()), RangeError, "row 3, column r500c");
  }
});

/** The fixture with one column changed in every row. */
function change(column: string, of: (value: number) => number): TextRow[] {
  return ROWS.map((row) => ({ ...row, [column]: String(of(Number(row[column]))) }));
}

Deno.test("physical radii are read as well as comoving ones, and the sample says which they are", () => {
  const physical = readSimulationTable(change("r500c[kpc/h]", (r) => r / 1.07), random());
  assertEquals(physical, { ...readSimulationTable(ROWS, random()), radii: "physical" });
});

Deno.test("radii tell a table in other units, of another overdensity or of another redshift", () => {
  const cases: [rows: TextRow[], words: string][] = [
    [change("m500c[Msol/h]", (m) => m / 0.704), "masses were in Msun, without h"],
    [change("r500c[kpc/h]", (r) => r / 0.704), "radii were in kpc, without h"],
    [change("r500c[kpc/h]", (r) => r / 1000), "Mpc/h"],
    [change("r500c[kpc/h]", (r) => r * Math.cbrt(500 / 200)), "overdensity 200c"],
    [change("r500c[kpc/h]", (r) => r * 1.031), "comoving radii have it at redshift 0.12"],
  ];
  for (const [rows, words] of cases) {
    assertThrows(() => readSimulationTable(rows, random()), RangeError, words);
  }
});

Deno.test("another snapshot is read at its own redshift, and a wrong one is refused with the right one", () => {
  const at = (redshift: number) => ({ redshift });
  const moved = ROWS.map((row) => {
    const radius = 1.2 * radius500c(Number(row["m500c[Msol/h]"]), MAGNETICUM, 0.2);
    return { ...row, "r500c[kpc/h]": String(radius) };
  });
  const sample = readSimulationTable(moved, random(), at(0.2));
  assertEquals([sample.redshift, sample.radii], [0.2, "comoving"]);
  for (const wrong of [0, 0.07, 0.18, 0.22, 0.5]) {
    const read = () => readSimulationTable(moved, random(), at(wrong));
    assertThrows(read, RangeError, "at redshift 0.200 (--base-redshift)");
  }
  const other = { ...MAGNETICUM, omegaM: 0.4 };
  assertThrows(
    () => readSimulationTable(moved, random(), { redshift: 0.2, cosmology: other }),
    RangeError,
    "r500c is",
  );
});

Deno.test("an object that stands twice is refused by row: at one place, or without places by its values", () => {
  const later = ROWS.map((row) => ({
    ...row,
    "m500c[Msol/h]": String(1.01 * Number(row["m500c[Msol/h]"])),
    "r500c[kpc/h]": String(Math.cbrt(1.01) * Number(row["r500c[kpc/h]"])),
    "x[kpc/h]": String(Number(row["x[kpc/h]"]) + 40),
  }));
  const twice = () => readSimulationTable([...ROWS, ...later], random());
  assertThrows(twice, RangeError, "rows 1 and 61 lie within 100 kpc/h");
  const bare = without("x[kpc/h]", "y[kpc/h]", "z[kpc/h]");
  const same = () => readSimulationTable([...bare, bare[4]!], random());
  assertThrows(same, RangeError, "rows 5 and 61 have the same values");
});

const DATA = new URL("../../shared/data/magneticum/", import.meta.url);
const hasData = (() => {
  try {
    return Deno.statSync(DATA).isDirectory;
  } catch {
    return false;
  }
})();

Deno.test({
  name: "the simulation's own snapshots are read at their redshifts" +
    (hasData ? "" : " [ignored: needs the tables of shared/data/magneticum]"),
  ignore: !hasData,
  fn: () => {
    for (const [name, redshift, count] of [["0.10", 0.10114286, 518], ["0.14", 0.1370814, 501]]) {
      const url = new URL(`portal_style_z${name}.csv`, DATA);
      const rows = readRows(Deno.readTextFileSync(url));
      const sample = readSimulationTable(rows, random(), { redshift: redshift as number });
      assertEquals([sample.clusters.count, sample.radii], [count, "comoving"]);
      assertThrows(() => readSimulationTable(rows, random()), RangeError, "--base-redshift");
    }
  },
});

Deno.test("a table without rows, or with too few clusters above the limit, is refused", () => {
  assertThrows(() => readSimulationTable([], random()), RangeError, "0 rows");
  const rows = ROWS.slice(0, 9);
  assertThrows(() => readSimulationTable(rows, random()), RangeError, "9 of 9 clusters lie above");
});
