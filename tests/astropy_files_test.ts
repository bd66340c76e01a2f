/**
 * Astropy's own test files, where a machine has them: none is misread, and each that is not read is named
 * in one line.
 */
import { assert, assertEquals } from "@std/assert";
import { readSourceBytes } from "../cli/storage/source_table.ts";
import { chooseTable, openSource } from "../src/observed/source_reader.ts";
import type { ReadTable } from "../src/observed/source_table.ts";
import { SOURCE_OPTIONS } from "../src/observed/source_table.ts";
import { testWith } from "./tools.ts";

interface PeerTable {
  readonly number: number;
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly values: readonly (number | string | boolean | null)[];
  }[];
}

type Peers = Readonly<
  Record<string, { readonly tables: readonly PeerTable[] | null; readonly fault: string }>
>;

/** A table that is read, or why it is not. */
function read(path: string, number: number): ReadTable | string {
  try {
    const file = openSource(readSourceBytes(path), SOURCE_OPTIONS);
    return chooseTable(file, number === 0 ? undefined : String(number)).read();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Differences between a table as it is read here and by astropy. */
function differences(found: ReadTable, { rows, columns }: PeerTable): string[] {
  if (found.count !== rows) return [`${found.count} rows, expected ${rows}`];
  return columns.flatMap(({ name, values }) => {
    const place = found.columns.findIndex((column) => column.name === name);
    if (place < 0) {
      const isSkipped = found.skipped.some((text) => JSON.stringify(text).includes(name));
      return isSkipped ? [] : [`no column ${name}`];
    }
    const column = found.columns[place]!;
    const texts = found.textsOf(
      found.columns.filter((c) => c.name === name).length > 1 ? `${name}#1` : name,
    );
    const at = values.findIndex((value, row) => {
      if (typeof value === "number") {
        return column.values ? column.values[row] !== value : Number(texts[row]) !== value;
      }
      if (value === null) return column.values ? Number.isFinite(column.values[row]!) : false;
      return String(value).trim() !== texts[row]!.trim();
    });
    if (at < 0) return [];
    const own = column.values ? column.values[at] : texts[at];
    return [`${name}, row ${at + 1}: ${own}, expected ${values[at]}`];
  });
}

/** Where the two differ and this reading is meant. */
const KNOWN: readonly { readonly place: string; readonly reason: string }[] = [
  { place: "bars_at_ends.txt: no column", reason: "a bar at the end of a line makes no column" },
  { place: "nls1_stackinfo.dbout: no column col0", reason: "as above" },
  { place: "fits/tests/data/ascii.fits", reason: "a blank field is a gap, to astropy it is 0" },
  { place: "gemini.xml: content_length", reason: "an empty cell is a gap, to astropy it is 0" },
  { place: "regression.xml: fixed string test", reason: "longer than declared: whole, not cut" },
  { place: "regression.xml: unicode test", reason: "as above" },
  { place: "regression.xml: string array test", reason: "as above" },
  { place: "regression.xml: unsignedByte", reason: "beyond its type: as written, not the nearest" },
  { place: "regression.xml: short", reason: "as above" },
];

await testWith(["astropy"], "Astropy's own test files are not misread", () => {
  const script = new URL("./astropy_files.py", import.meta.url).pathname;
  const { code, stdout, stderr } = new Deno.Command("/usr/bin/python3", { args: [script] })
    .outputSync();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const peers = JSON.parse(new TextDecoder().decode(stdout)) as Peers;
  const misread: string[] = [];
  const unread: string[] = [];
  let compared = 0;
  for (const [path, { tables }] of Object.entries(peers)) {
    const name = path.replace(/^.*\/io\//, "");
    for (const expected of tables ?? [{ number: 0, rows: -1, columns: [] }]) {
      const found = read(path, expected.number);
      if (typeof found === "string") {
        assert(/^Cannot [^\n]{1,292}$/.test(found), `${name}: ${found}`);
        unread.push(`${name} ${expected.number}: ${found}`);
      } else if (tables !== null) {
        compared++;
        misread.push(...differences(found, expected).map((text) => `${name}: ${text}`));
      }
    }
  }
  if (Deno.env.has("TERSE_LIST")) {
    Deno.writeTextFileSync(Deno.env.get("TERSE_LIST")!, unread.join("\n"));
  }
  assertEquals(misread.filter((text) => !KNOWN.some(({ place }) => text.includes(place))), []);
  assert(compared > 40, `${compared} tables were compared`);
});
