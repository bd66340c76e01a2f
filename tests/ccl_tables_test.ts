/**
 * Halo mass functions against the tables of CCL's benchmark (LSSTDESC/CCL, benchmarks/data/hmf_*.txt, BSD
 * license), where a folder has them: TERSE_CCL names it, or else it is ../shared/reference/ccl. They hold
 * CCL's own tests to 1%.
 */
import { assertEquals, assertLess } from "@std/assert";
import type { Cosmology, MassDefinition, MassFunctionName } from "../src/cosmology/mod.ts";
import { computeMassFunction } from "../src/cosmology/mod.ts";

const FOLDER = Deno.env.get("TERSE_CCL") ??
  new URL("../../shared/reference/ccl", import.meta.url).pathname;

/** Fits that both have, in the masses that CCL tabulates. */
const TABLES: readonly [file: string, MassFunctionName, MassDefinition][] = [
  ["hmf_tinker08.txt", "tinker08", "200m"],
  ["hmf_bocquet16.txt", "bocquet16-hydro", "200c"],
];
const COSMOLOGY: Cosmology = { omegaM: 0.3, omegaB: 0.05, h: 0.7, ns: 0.96, sigma8: 0.8 };
const REDSHIFTS = [0, 0.5, 1];
const TOLERANCE = 0.01;

function hasTables(): boolean {
  try {
    return TABLES.every(([file]) => Deno.statSync(`${FOLDER}/${file}`).isFile);
  } catch {
    return false;
  }
}

const isHere = hasTables();

for (const [file, fit, definition] of TABLES) {
  Deno.test({
    name: `${fit} at ${definition} is CCL's${isHere ? "" : ` (ignored: needs ${FOLDER})`}`,
    ignore: !isHere,
    fn() {
      const rows = Deno.readTextFileSync(`${FOLDER}/${file}`).trim().split("\n")
        .filter((line) => !line.startsWith("#"))
        .map((line) => line.trim().split(/\s+/).map(Number));
      assertEquals(rows.length, 9);
      const { h } = COSMOLOGY;
      const logMass = rows.map(([mass]) => Math.log10(mass! * h));
      for (const [i, redshift] of REDSHIFTS.entries()) {
        const plan = { cosmology: COSMOLOGY, fit, definition, redshift };
        const { dndlnM } = computeMassFunction(plan, logMass);
        for (const [row, numbers] of rows.entries()) {
          // Per dex and Mpc^3, where ours are per e-fold and (Mpc/h)^3.
          const own = dndlnM[row]! * Math.LN10 * h ** 3;
          const off = Math.abs(own / numbers[1 + i]! - 1);
          assertLess(off, TOLERANCE, `M = ${numbers[0]} at z = ${redshift}: ${own}`);
        }
      }
    },
  });
}
