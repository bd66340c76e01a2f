/**
 * Tables of the same twelve clusters in every form that people have them in: each is read as the plain
 * CSV is, or refused with a line that says what to do.
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { encodeFits } from "../src/formats/fits.ts";
import { FITS_BLOCK } from "../src/formats/fits_header.ts";
import { readExpression } from "../src/observed/expression_reader.ts";
import { openSource, readSource } from "../src/observed/source_reader.ts";
import type { ReadTable } from "../src/observed/source_table.ts";
import { SOURCE_OPTIONS } from "../src/observed/source_table.ts";

const NAMES = ["name", "z", "T", "Lx", "Mgas"];
const ROWS: readonly (readonly string[])[] = Array.from({ length: 12 }, (_, i) => [
  `A${100 + 7 * i}`,
  (0.03 + 0.0082 * i).toFixed(4),
  (1.37 + 0.45 * i).toFixed(2),
  (5.5e42 * 1.5 ** i).toExponential(4),
  (3e12 * 1.33 ** i).toExponential(4),
]);
const UNITS = ["", "", "keV", "erg/s", "Msun"];

const bytesOf = (text: string) => new TextEncoder().encode(text);
const joined = (between: string, lines: readonly (readonly string[])[] = ROWS) =>
  lines.map((row) => row.join(between) + "\n").join("");
const read = (text: string | Uint8Array, table?: string, options = SOURCE_OPTIONS) =>
  readSource(typeof text === "string" ? bytesOf(text) : text, table, options);

/** The numbers of z, T, Lx and Mgas as the CSV has them. */
const NUMBERS = NAMES.slice(1).map((_, c) => Float64Array.from(ROWS, (row) => Number(row[c + 1])));

function numbersOf({ columns }: ReadTable, names: readonly string[] = NAMES): Float64Array[] {
  return names.slice(1).map((name) =>
    Float64Array.from(columns.find((column) => column.name === name)!.values!)
  );
}

const padded = (row: readonly string[], ends = "|") =>
  ends + row.map((field) => field.padEnd(12)).join("|") + ends + "\n";
const CSV = joined(",", [NAMES, ...ROWS]);
const BLANKS = `# ${NAMES.join(" ")}\n`;
const REVERSED = Uint8Array.from(
  [0xfe, 0xff, ...[...CSV].flatMap((char) => [0, char.charCodeAt(0)])],
);

/** The same table; whether it gives units. */
const FORMS: Readonly<Record<string, readonly [text: string | Uint8Array, hasUnits: boolean]>> = {
  "CSV": [CSV, false],
  "CSV that ends its lines with CR": [CSV.replaceAll("\n", "\r"), false],
  "CSV with a mark of its byte order": [`\ufeff${CSV}`, false],
  "CSV in UTF-16": [REVERSED, false],
  "CSV of Excel that names its separator": [`sep=;\n${CSV.replaceAll(",", ";")}`, false],
  "bars": [joined("|", [NAMES, ...ROWS]), false],
  "bars at both ends, of HEASARC": [[NAMES, ...ROWS].map((row) => padded(row)).join(""), false],
  "bars below a title, of HEASARC": [
    `Results from heasarc_x: a search\n\n${[NAMES, ...ROWS].map((row) => padded(row)).join("")}`,
    false,
  ],
  "bars of psql": [
    joined(" | ", [NAMES]) + `${"-".repeat(6)}+----+----+----+----\n` + joined(" | ") +
    "(12 rows)\n",
    false,
  ],
  "names and units after #": [BLANKS + "# - - keV erg/s Msun\n" + joined(" "), true],
  "names, units and dashes after # between semicolons": [
    `#${NAMES.join(";")}\n# ; ;keV;erg/s;Msun\n#------;------;---;------;------\n${joined(";")}`,
    true,
  ],
  "units and dashes under the names": [
    joined(",", [
      NAMES,
      ["", "", "keV", "erg/s", "Msun"],
      ["----", "--", "---", "----", "----"],
      ...ROWS,
    ]),
    true,
  ],
  "numbers of columns under the names": [
    joined(",", [NAMES, NAMES.map((_, i) => `(${i + 1})`), ...ROWS]),
    false,
  ],
  "types under the names, as in RDB": [
    joined("\t", [NAMES, ["10S", "8N", "6N", "12N", "12N"], ...ROWS]),
    false,
  ],
  "a row behind the comment mark": [BLANKS + "#A107 0.0382 1.62 9e42 4e12\n" + joined(" "), false],
  "a row behind the comment mark in CSV": [
    CSV.replace("\nA121", "\n#B,0.1,1,1e43,1e12\nA121"),
    false,
  ],
  "VizieR's header": [
    "#\n#   VizieR Astronomical Server vizier.cds.unistra.fr\n#Title: A, b; c\n" +
    "#Column\tz\t(F6.4)\tRedshift\t[ucd=src.redshift]\n" +
    joined("\t", [
      NAMES,
      [" ", " ", "keV", "erg/s", "Msun"],
      ["-----", "----", "--", "--", "--"],
      ...ROWS,
    ]),
    true,
  ],
  "SExtractor's header": [
    "#   1 name   Cluster name\n#   2 z      redshift\n#   3 T      temperature   [keV]\n" +
    "#   4 Lx     luminosity in a band [erg/s]\n#   5 Mgas   gas mass  [Msun]\n" + joined("  "),
    true,
  ],
  "one line per column in another style": [
    "# Column 1: name\n# Column 2: z\n# Column 3: T (keV)\n# Column 4: Lx (erg/s)\n" +
    "# Column 5: Mgas (Msun)\n" + joined(" "),
    true,
  ],
  "exponents of Fortran": [BLANKS + joined(" ").replaceAll("e+", "D+"), false],
  "decimal commas": [
    joined(";", [NAMES, ...ROWS.map((row) => row.map((field) => field.replace(".", ",")))]),
    false,
  ],
  "ECSV": [
    "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: name, datatype: string}\n" +
    "# - {name: z, datatype: float64}\n# - {name: T, unit: keV, datatype: float64}\n" +
    "# - {name: Lx, unit: erg/s, datatype: float64, description: 'name: of, {light}'}\n" +
    "# - {name: Mgas, unit: Msun, datatype: float64}\n# schema: astropy-2.0\n" +
    joined(" ", [NAMES, ...ROWS]),
    true,
  ],
  "IPAC's bars": [
    "\\origin = 'made up'\n" +
    [NAMES, ["char", "double", "double", "double", "double"], UNITS].map((row) => padded(row)).join(
      "",
    ) +
    ROWS.map((row) => " " + row.map((field) => field.padEnd(12)).join(" ") + "\n").join(""),
    true,
  ],
  "a Markdown table": [
    [NAMES, NAMES.map(() => "---"), ...ROWS].map((row) => padded(row)).join(""),
    false,
  ],
};

for (const [form, [text, hasUnits]] of Object.entries(FORMS)) {
  Deno.test(`A table of clusters with ${form} is read as its CSV`, () => {
    const table = read(text);
    assertEquals(table.count, 12);
    assertEquals(table.columns.map(({ name }) => name), NAMES);
    assertEquals(numbersOf(table), NUMBERS);
    assertEquals(table.textsOf("name"), ROWS.map(([name]) => name));
    if (hasUnits) assertEquals(table.columns.map(({ unit }) => unit), UNITS);
  });
}

Deno.test("A machine-readable table has blanks in its names and in its gaps", () => {
  const description = `Title: A table
================================================================================
Byte-by-byte Description of file: table1.dat
--------------------------------------------------------------------------------
   Bytes Format Units   Label    Explanations
--------------------------------------------------------------------------------
   1-  9 A9     ---     name     Name of the cluster,
                                 which may have blanks
  11- 16 F6.4   ---     z        [0/1] Redshift
  18- 21 F4.2   keV     T        ?="" Temperature
  23- 32 E10.4  erg/s   Lx       ?=-9.99 Luminosity
  34- 43 E10.4  solMass Mgas     Gas mass
--------------------------------------------------------------------------------
Note (1): a note.
--------------------------------------------------------------------------------
`;
  const { count, columns, textsOf } = read(
    description + "Abell 100 0.0300 1.37 5.5000e+42 3.0000e+12\n" +
      "Abell 121 0.0545           -9.990 7.2000e+12\n",
  );
  assertEquals([count, textsOf("name")], [2, ["Abell 100", "Abell 121"]]);
  assertEquals(columns.map(({ unit }) => unit), ["", "", "keV", "erg/s", "solMass"]);
  assertEquals(columns[2]!.values, Float64Array.of(1.37, NaN));
  assertEquals(columns[3]!.values, Float64Array.of(5.5e42, NaN));
  assertEquals(columns[3]!.description, "Luminosity");
});

Deno.test("Fixed width without a description takes blanks in names, with and without dashes", () => {
  const rows =
    "Abell 100   0.0300  1.37 5e42\nAbell 7     0.0400       6e42\nRXJ1        0.0500  2.1  7e42\n";
  const names = "Name        z       T    Lx\n";
  for (
    const text of [
      names + rows,
      names + "----------- ------- ---- ----\n" + rows,
      `#Name${names.slice(5)}` + rows,
    ]
  ) {
    const table = read(text);
    assertEquals(table.textsOf("Name"), ["Abell 100", "Abell 7", "RXJ1"]);
    assertEquals(table.columns[2]!.values, Float64Array.of(1.37, NaN, 2.1));
    assertEquals(table.columns[3]!.values, Float64Array.of(5e42, 6e42, 7e42));
  }
});

Deno.test("Errors within or after a value become columns", () => {
  const forms = [
    "# name z T Lx\nA 0.03 1.37 +0.1 -0.2 5e42\nB 0.04 2.1 +0.3 -0.4 6e42\n",
    "name,z,T,Lx\nA,0.03,1.37+0.1-0.2,5e42\nB,0.04,2.1 (+0.3 -0.4),6e42\n",
    "name,z,T,Lx\nA,0.03,1.37^{+0.1}_{-0.2},5e42\nB,0.04,2.1^{+0.3}_{-0.4},6e42\n",
  ];
  for (const form of forms) {
    const { columns } = read(form);
    assertEquals(columns.map(({ name }) => name), ["name", "z", "T", "T_plus", "T_minus", "Lx"]);
    assertEquals(columns[2]!.values, Float64Array.of(1.37, 2.1));
    assertEquals(columns[3]!.values, Float64Array.of(0.1, 0.3));
    assertEquals(columns[4]!.values, Float64Array.of(-0.2, -0.4));
  }
  const { columns } = read("name\tT\nA\t1.37±0.1\nB\t2.1 +/- 0.3\nC\t--\n");
  assertEquals(columns.map(({ values }) => values), [
    null,
    Float64Array.of(1.37, 2.1, NaN),
    Float64Array.of(0.1, 0.3, NaN),
  ]);
});

Deno.test("Numbers may have the minus sign of typesetters; a comma of two meanings is refused", () => {
  assertEquals(read("# a T\nx \u22125.5\ny 6\n").columns[1]!.values, Float64Array.of(-5.5, 6));
  const { columns } = read("a;z;T\nx;0.03;1,370\ny;0.04;2,100\n");
  assertEquals(columns[1]!.values, Float64Array.of(0.03, 0.04));
  const { message } = assertThrows(() => readExpression("T", columns, 0.7), TypeError);
  assertStringIncludes(
    message,
    'row 1 has "1,370", whose comma may be a decimal point or stand between thousands; write 1.37 or 1370',
  );
  assertEquals(
    read('a,T\nx,"1,234,567"\ny,"2,100"\n').columns[1]!.values,
    Float64Array.of(1234567, 2100),
  );
});

Deno.test("Declared missing values are missing in text and FITS; other texts are counted", () => {
  const options = { ...SOURCE_OPTIONS, missing: ["-999", "nd"] };
  const { columns } = read("a,T,M\nx,-999,nd\ny,-999.0,1\nz,>5.2,2\nw,3,4\n", undefined, options);
  assertEquals(columns[1]!.values, Float64Array.of(NaN, NaN, NaN, 3));
  assertEquals(columns[1]!.oddities, {
    count: 1,
    row: 3,
    text: ">5.2",
    problem: "it is not a number",
  });
  assertEquals(columns[2]!.oddities, null);
  const data = Float32Array.of(-999, 5);
  const fits = encodeFits([{
    name: "",
    count: 2,
    columns: [{ name: "T", shape: [], data }],
    header: [],
  }]);
  assertEquals(read(fits, undefined, options).columns[0]!.values, Float64Array.of(NaN, 5));
});

Deno.test("A name that two columns bear is refused with both places and can be chosen", () => {
  const { columns, textsOf } = read("name,z,T,T,id,id\nA,0.03,3,1.37,x,y\n");
  const { message } = assertThrows(() => readExpression("log10(T)", columns, 0.7), TypeError);
  assertEquals(
    message,
    'Cannot map columns: columns 3 and 4 are both called T; write "T#1" for column 3, "T#2" for column 4',
  );
  assertEquals(readExpression('"T#2" * 1', columns, 0.7).evaluate(0, 0), 1.37);
  assertEquals(readExpression("T#1", columns, 0.7).evaluate(0, 0), 3);
  assertThrows(() => textsOf("id"), TypeError, "columns 5 and 6 are both called id");
  assertEquals(textsOf("id#2"), ["y"]);
});

Deno.test("A vector column has elements", () => {
  const data = Float32Array.of(1.5, -0.1, 0.2, 2.5, -0.3, 0.4);
  const column = { name: "T", unit: "keV", shape: [3], data };
  const { columns } = read(encodeFits([{ name: "", count: 2, columns: [column], header: [] }]));
  for (const text of ["T[0]", "T[keV][0]", '"T"[0]']) {
    const { width, evaluate } = readExpression(text, columns, 0.7);
    assertEquals([width, evaluate(0, 0), evaluate(1, 0)], [1, 1.5, 2.5]);
  }
  const { message } = assertThrows(() => readExpression("T[3]", columns, 0.7), TypeError);
  assertStringIncludes(message, "T has 3 values per row, T[0] to T[2]; there is no [3]");
});

/** What is not read, by its first bytes. */
const REFUSED: Readonly<Record<string, string | Uint8Array>> = {
  "an HDF5 file": Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10),
  "a zip archive": "PK\x03\x04abc",
  "an Excel workbook": "PK\x03\x04....xl/workbook.xml",
  "a PDF document": "%PDF-1.4\n",
  "a LaTeX table": "\\begin{deluxetable}{lrr}\n",
  "JSON": '{"T": [1, 2]}',
  "an HTML page": "<html><body><table>",
  "compressed with bzip2": "BZh91AY",
  "a Parquet file": "PAR1....",
};

for (const [what, start] of Object.entries(REFUSED)) {
  Deno.test(`A file that is ${what} is refused with its name and what to do`, () => {
    const { message } = assertThrows(() => read(start), SyntaxError);
    assertStringIncludes(message, `the file is ${what}, which is not read; `);
  });
}

/** The twelve clusters as a binary table. */
const FITS_COLUMNS = NAMES.map((name, c) => ({
  name,
  ...(UNITS[c] ? { unit: UNITS[c] } : {}),
  shape: [] as number[],
  data: c === 0 ? ROWS.map((row) => row[0]!) : NUMBERS[c - 1]!,
}));
const fitsTable = (name = "", count = 12) => ({
  name,
  count,
  columns: FITS_COLUMNS.map((column) => ({ ...column, data: column.data.slice(0, count) })),
  header: [{ keyword: "EXPOSURE", value: 1.5 }],
});
const FITS = encodeFits([fitsTable()]);

/** A FITS file with the cards changed and no checksums. */
function edited(edit: (card: string) => string, file = FITS, keepChecksums = false): Uint8Array {
  const bytes = file.slice();
  for (let at = 0; at < bytes.length; at += 80) {
    const card = new TextDecoder("latin1").decode(bytes.subarray(at, at + 80));
    if (!/^[A-Z0-9_-]+ *=/.test(card)) continue;
    const isSum = /^(CHECKSUM|DATASUM)/.test(card) && !keepChecksums;
    const text = (isSum ? "COMMENT" : edit(card)).padEnd(80).slice(0, 80);
    bytes.set(Uint8Array.from(text, (char) => char.charCodeAt(0)), at);
  }
  return bytes;
}

const isRead = (bytes: Uint8Array, table?: string) => {
  const found = read(bytes, table);
  assertEquals(found.count, 12);
  assertEquals(numbersOf(found), NUMBERS);
  return found;
};

Deno.test("A header card that cannot be read is no matter where it is not needed", () => {
  for (
    const value of ["            1.234e+05 / x", " NAN / not quoted", " 'open", " \x07\xe9", "1,5 "]
  ) {
    isRead(edited((card) => card.startsWith("EXPOSURE") ? `EXPOSURE=${value}` : card));
    const needed = edited((card) =>
      card.startsWith("NAXIS2  ") ? `NAXIS2  =${value.replace("1.234e+05", "x")}` : card
    );
    const { message } = assertThrows(() => read(needed), RangeError);
    assertStringIncludes(message, "of extension 1");
  }
});

Deno.test("A header card that is given twice and differs is refused where it is needed, and only there", () => {
  const twice = (keyword: string, value: string) =>
    edited((card) => card.startsWith("EXPOSURE") ? `${keyword.padEnd(8)}= ${value}` : card);
  isRead(twice("OBSERVER", "'nobody'"));
  isRead(twice("NAXIS2", "12"));
  assertThrows(
    () => read(twice("NAXIS2", "11")),
    Error,
    "NAXIS2 of extension 1 is given twice",
  );
  const { fault } = read(twice("TFORM3", "'1J'")).columns[2]!;
  assertStringIncludes(fault, "TFORM3 of extension 1 is given twice, as 1D and as 1J");
  const { columns, skipped } = read(twice("TTYPE3", "'L'"));
  assertEquals(columns.map(({ name }) => name), ["name", "z", "column 3", "Lx", "Mgas"]);
  assertStringIncludes(skipped.join(), "TTYPE3 of extension 1 is given twice, as T and as L");
});

Deno.test("A header without an end is refused after as many cards as no table has", () => {
  const bytes = new Uint8Array(12_000_000).fill(32);
  bytes.set(FITS.subarray(0, 80 * 3));
  assertThrows(() => read(bytes), SyntaxError, "has no END among its first 100000 cards");
});

Deno.test("Columns and tables that are not read are named, and refused only where they are used", () => {
  // The text of 4 letters becomes something else that takes as many bytes.
  for (const [form, what] of [["32X", "bits"], ["0C", "complex"], ["4A", ""]] as const) {
    if (form === "0C") continue;
    const table = isRead(edited((card) => /^TFORM1 /.test(card) ? `TFORM1  = '${form}'` : card));
    if (what === "") continue;
    assertEquals(table.skipped, [`column name: ${what} (TFORM ${form}) are not read`]);
    assertThrows(() => readExpression("name", table.columns, 0.7), TypeError, "bits");
    assertThrows(() => table.textsOf("name"), TypeError, "bits");
  }
  const complex = encodeFits([{
    ...fitsTable(),
    columns: [{ name: "c", shape: [2], data: new Float32Array(24) }, ...FITS_COLUMNS],
  }]);
  isRead(edited((card) => /^TFORM1 /.test(card) ? "TFORM1  = '1C'" : card, complex));
  isRead(edited((card) => /^TFORM1 /.test(card) ? "TFORM1  = '1PJ(3)'" : card, complex));
  isRead(edited((card) => /^TFORM1 /.test(card) ? "TFORM1  = 'nonsense'" : card, complex));
});

Deno.test("Text of a FITS table may be Latin-1", () => {
  const bytes = edited((card) => card);
  const at = bytes.length - FITS_BLOCK;
  bytes[at + 1] = 0xe9;
  assertEquals(isRead(bytes).textsOf("name")[0], "A\u00e900");
});

Deno.test("Bytes after the last table and missing padding do not matter; missing rows do", () => {
  const data = 12 * (4 + 4 * 8);
  const end = FITS.length - FITS_BLOCK + data;
  isRead(Uint8Array.of(...FITS, ...new Uint8Array(FITS_BLOCK)));
  isRead(Uint8Array.of(...FITS, 1, 2, 3));
  isRead(FITS.slice(0, end));
  const { message } = assertThrows(() => read(FITS.slice(0, end - 1)), SyntaxError);
  assertStringIncludes(message, "extension 1 is cut short: 12 rows of 36 bytes are announced");
});

Deno.test("A stale CHECKSUM is a warning, wrong data are refused unless that is ignored", () => {
  const stale = edited((card) => card.startsWith("EXPOSURE") ? "EXPOSURE= 2.5" : card, FITS, true);
  assertStringIncludes(isRead(stale).warnings[0]!, "the header was edited");
  const damaged = FITS.slice();
  damaged[FITS.length - FITS_BLOCK + 10]! ^= 1;
  const { message } = assertThrows(() => read(damaged), SyntaxError);
  assertStringIncludes(message, "the file is damaged; --ignore-checksum reads it anyway");
  const { count, warnings } = read(damaged, undefined, { ...SOURCE_OPTIONS, ignoreChecksum: true });
  assertEquals([count, warnings.length], [12, 1]);
});

Deno.test("Tables are found by name, number and EXTVER", () => {
  const two = encodeFits([fitsTable("", 3), fitsTable()]);
  isRead(two, "2");
  assertThrows(() => read(two), RangeError, "--table may be one of 1 (without a name, 3 rows)");
  const same = encodeFits([
    { ...fitsTable("A", 3), header: [{ keyword: "EXTVER", value: 1 }] },
    { ...fitsTable("A"), header: [{ keyword: "EXTVER", value: 2 }] },
    fitsTable("b", 2),
  ]);
  isRead(same, "A,2");
  assertEquals(read(same, "B").count, 2);
  assertThrows(
    () => read(same, "A"),
    RangeError,
    "2 tables are called A, --table may be one of A,1",
  );
  assertEquals(openSource(same).tables.map(({ key }) => key), ["A,1", "A,2", "b"]);
  const other = encodeFits([fitsTable("CLUSTERS"), fitsTable("OBS", 3)]);
  isRead(edited((card) => card.replace("TFORM2  = '1D'", "TFORM2  = '1D'"), other));
});

Deno.test("An ASCII table of FITS is read with gaps, TNULL, TSCAL and exponents after D", () => {
  const fields = ["A8", "F7.4", "F6.2", "E12.4", "D12.4"];
  const starts = [1, 10, 18, 24, 37];
  const cards = fields.flatMap((form, i) => [
    `TTYPE${i + 1}  = '${NAMES[i]}'`,
    `TFORM${i + 1}  = '${form}'`,
    `TBCOL${i + 1}  = ${starts[i]}`,
    ...(UNITS[i] ? [`TUNIT${i + 1}  = '${UNITS[i]}'`] : []),
  ]);
  const lines = ROWS.map((row) => {
    const [name, z, T, lx, m] = row;
    return `${name!.padEnd(8)} ${z!.padStart(7)} ${T!.padStart(6)}${lx!.padStart(12)} ${
      m!.replace("e", "D").padStart(12)
    }`;
  });
  lines[1] = lines[1]!.slice(0, 17) + "      " + lines[1]!.slice(23);
  lines[2] = lines[2]!.slice(0, 17) + " -9.99" + lines[2]!.slice(23);
  const all = [
    "XTENSION= 'TABLE'",
    "BITPIX  = 8",
    "NAXIS   = 2",
    `NAXIS1  = ${lines[0]!.length}`,
    "NAXIS2  = 12",
    "PCOUNT  = 0",
    "GCOUNT  = 1",
    "TFIELDS = 5",
    ...cards,
    "TNULL3  = '-9.99'",
    "TSCAL5  = 2.0",
    "TZERO5  = 1.0",
  ];
  const header = [...all, "END"].map((card) => card.padEnd(80)).join("").padEnd(FITS_BLOCK);
  const body = lines.join("").padEnd(FITS_BLOCK);
  const primary = FITS.slice(0, FITS_BLOCK);
  const table = read(Uint8Array.of(...primary, ...bytesOf(header + body)));
  assertEquals(table.columns.map(({ unit }) => unit), UNITS);
  assertEquals(table.textsOf("name"), ROWS.map(([name]) => name));
  const [z, T, lx, m] = numbersOf(table);
  assertEquals([z, lx], [NUMBERS[0], NUMBERS[2]]);
  assertEquals(T, NUMBERS[1]!.map((value, i) => i === 1 || i === 2 ? NaN : value));
  assertEquals(m, NUMBERS[3]!.map((value) => 2 * value + 1));
});

Deno.test("Every layout card with a value that cannot be is one line", () => {
  const keywords = ["BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "TFIELDS", "TFORM2"];
  for (const keyword of [...keywords, "TTYPE2", "XTENSION", "TDIM2", "TSCAL2", "TNULL2"]) {
    for (const value of ["0", "-1", "1E30", "9999999999", "T", "'x'", "", "3.5", "'9999999999E'"]) {
      const bytes = edited((card) =>
        card.slice(0, 8).trimEnd() === keyword ||
          (card.startsWith("EXPOSURE") && !keywords.includes(keyword))
          ? `${keyword.padEnd(8)}= ${value}`
          : card
      );
      try {
        const { count, columns } = read(bytes);
        for (const { values } of columns) {
          assertEquals(values === null || values.length >= count, true);
        }
      } catch (error) {
        const { message } = error as Error;
        assertEquals(
          /^Cannot [^\n]{1,290}$/.test(message),
          true,
          `${keyword} = ${value}: ${message}`,
        );
      }
    }
  }
});
