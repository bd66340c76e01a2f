/** A simulation's table as its portal gives it: packed, blanks between columns, names after "#". */
import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { readBaseTable } from "../cli/storage/base_table.ts";
import { readSourceBytes } from "../cli/storage/source_table.ts";

const folder = Deno.makeTempDirSync({ prefix: "terse_base_table_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const NAMES = "#  m500c[Msol/h]   r500c[kpc/h]  gas_frac  Lx[1e44erg/s]  T[kev]  x[kpc/h]";
const ROWS = [
  "  6.0569e+14  1084.33  0.119408  20.954   7.27982  310306.5",
  " 4.1e13 441.9 0.0931 0.21 1.3 0.5",
];

function write(name: string, lines: readonly string[]): string {
  const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
  const path = `${folder}/${name}`;
  Deno.writeFileSync(path, name.endsWith(".gz") ? gzipSync(bytes) : bytes);
  return path;
}

Deno.test("the portal's file is read as it comes, packed or not", () => {
  for (const name of ["cluster.txt", "cluster.txt.gz"]) {
    const { rows, redshift } = readBaseTable(
      readSourceBytes(write(name, [NAMES, ...ROWS])),
      {},
      0.704,
    );
    assertEquals(rows.map((row) => Number(row["m500c[Msol/h]"])), [6.0569e14, 4.1e13]);
    assertEquals(rows.map((row) => Number(row["T[kev]"])), [7.27982, 1.3]);
    assertEquals(redshift, null);
  }
});

Deno.test("a header line gives the snapshot's redshift, packed or not; a column named z does not", () => {
  const cases = [
    ["# Magneticum Box2_hr snap_136, redshift = 0.066340191", 0.066340191],
    ["# z: 6.634e-2", 0.06634],
    ["# snapshot 132 (redshift=.101)", 0.101],
    ["# z = third coordinate, 12 = last column", null],
  ] as const;
  for (const [line, expected] of cases) {
    for (const name of ["header.txt", "header.txt.gz"]) {
      assertEquals(
        readBaseTable(readSourceBytes(write(name, [line, NAMES, ...ROWS])), {}, 0.704).redshift,
        expected,
      );
    }
  }
});
