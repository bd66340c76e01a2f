/**
 * Random tables in every form, written by astropy (or, for VizieR and SExtractor, as these services do)
 * and read value by value as astropy reads them. TERSE_TABLES sets how many of each form are tried.
 */
import { assert, assertEquals } from "@std/assert";
import { readSource } from "../src/observed/source_reader.ts";
import { readSourceBytes } from "../cli/storage/source_table.ts";

const COUNT = Number(Deno.env.get("TERSE_TABLES") ?? 20);
const SEED = 16;
const PYTHON = "/usr/bin/python3";
/** Where these are named, a test that needs them must run, as in CI. */
const REQUIRED = (Deno.env.get("TERSE_REQUIRE") ?? "").split(" ");
const hasAstropy = new Deno.Command("sh", {
  args: ["-c", `${PYTHON} -c "import astropy"`],
  stdout: "null",
  stderr: "null",
}).outputSync().success;

interface PeerColumn {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly (number | string | null)[];
}

const FORMS = (Deno.env.get("TERSE_FORMS") ??
  "csv tab semicolon basic commented ecsv ecsv_csv bars two_line ipac cds rdb sextractor vizier " +
    "votable votable2 fits ascii_fits").split(" ");

/** Units are compared without blanks, as each form writes them in its own style. */
const plainUnit = (unit: string) => unit.replace(/[\s().]/g, "").replace(/(s)-1/g, "/$1");

const folder = Deno.makeTempDirSync({ prefix: "terse_peers_" });
addEventListener("unload", () => {
  if (!Deno.env.has("TERSE_KEEP")) Deno.removeSync(folder, { recursive: true });
});

/** One Python process writes the tables of all forms. */
let written = false;
function writeTables(): void {
  if (written) return;
  written = true;
  const script = new URL("./table_peers.py", import.meta.url).pathname;
  const args = [script, FORMS.join(","), String(COUNT), String(SEED), folder];
  const { code, stderr } = new Deno.Command(PYTHON, { args }).outputSync();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

for (const form of FORMS) {
  Deno.test({
    name: `Random tables of the form ${form} are read value by value as astropy reads them`,
    ignore: !REQUIRED.includes("astropy") && !hasAstropy,
    fn: () => {
      writeTables();
      const truth = JSON.parse(Deno.readTextFileSync(`${folder}/${form}/truth.json`));
      assertEquals(truth.length, COUNT);
      (truth as PeerColumn[][]).forEach((columns, i) =>
        compare(`${folder}/${form}/${i}`, columns, form)
      );
    },
  });
}

function compare(path: string, expected: readonly PeerColumn[], form: string): void {
  const table = readSource(readSourceBytes(path), undefined);
  assertEquals(table.columns.map(({ name }) => name), expected.map(({ name }) => name), path);
  for (const [c, { name, unit, values }] of expected.entries()) {
    const column = table.columns[c]!;
    assertEquals(table.count, values.length, path);
    if (UNITS.has(form)) assertEquals(plainUnit(column.unit), plainUnit(unit), `${path}: ${name}`);
    const texts = table.textsOf(name);
    for (const [row, value] of values.entries()) {
      const place = `${path}: ${name}, row ${row + 1}`;
      if (typeof value === "string") {
        assertEquals(texts[row], value, place);
        continue;
      }
      assert(column.values !== null, place);
      const found = column.values[row]!;
      assert(
        value === null ? Number.isNaN(found) : found === value,
        `${place}: ${found}, ${value}`,
      );
    }
  }
}

/** Forms that carry units which astropy gives back as they were written. */
const UNITS = new Set(["ecsv", "ecsv_csv", "votable", "votable2", "fits", "sextractor", "ipac"]);
