/**
 * Tables of clusters as text: one small catalog as astropy, TOPCAT, numpy and spreadsheets write it.
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { RunError } from "../cli/program/errors.ts";
import type { ReadTable, SourceTable } from "../src/observed/source_table.ts";
import { readSourceTable } from "../cli/storage/source_table.ts";

const folder = Deno.makeTempDirSync({ prefix: "terse_source_table_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

function read(text: string): ReadTable {
  Deno.writeTextFileSync(`${folder}/clusters.txt`, text);
  return readSourceTable(`${folder}/clusters.txt`, undefined);
}

/** What a prediction sees of a table: the columns, and the texts of the first. */
function contentOf({ count, columns, textsOf }: SourceTable) {
  const plain = columns.map(({ name, unit, width, values }) => ({ name, unit, width, values }));
  return { count, columns: plain, ids: textsOf(columns[0]!.name) };
}

const CSV = `id,T[keV],M 500,z
A 85,5.1,1e14,0.055
B2,nan,200000000000000.0,
"C ""3""",7.2,,-0.07
`;

/** The same table; what writers leave out or put in varies, the numbers and names do not. */
const FORMS: Readonly<Record<string, string>> = {
  "with semicolons": CSV.replaceAll(",", ";"),
  "with tabs and lines that end in CR LF": CSV.replaceAll(",", "\t").replaceAll("\n", "\r\n"),
  "of astropy's basic format": `id T[keV] "M 500" z
"A 85" 5.1 100000000000000.0 0.055
B2 nan 200000000000000.0 ""
"C ""3""" 7.2 "" -0.07
`,
  "of astropy's commented_header, with a comment below the names,": `# id T[keV] "M 500" z
# Written by hand
"A 85" 5.1 1e14 0.055
B2 nan 2e14 --
"C ""3""" 7.2 null -.07
`,
  "of astropy's ECSV": `# %ECSV 1.0
# ---
# datatype:
# - {name: id, datatype: string}
# schema: astropy-2.0
id T[keV] "M 500" z
"A 85" 5.1 1e14 0.055
B2 nan 2e14 ""
"C ""3""" 7.2 "" -0.07
`,
  "of TOPCAT's ASCII": `# Title: Clusters, four columns; one title
# Survey: eROSITA
# id        T[keV]  "M 500"  z
  "A 85"    5.1     1.0E14   0.055
  B2        NaN     2.0E14   ""
  "C \\"3\\"" 7.2     ""       -0.07
`,
  "by hand, with empty lines, notes and tabs,": `
#Found again after forty years

#id\tT[keV]  "M 500"\tz

"A 85"\t5.1  1e14 0.055
  # The next one has no temperature
B2    nan  2e14 null\t
"C ""3""" +7.2 - -7e-2`,
  "with commas and its names after #": `# made by me, for you
# ${CSV}`,
  "with commas and a comment above its names": `# made by me, for, you
${CSV}`,
  "with tabs below names between blanks": `# id T[keV] "M 500" z\n` +
    CSV.slice(CSV.indexOf("\n") + 1).replaceAll(",", "\t"),
};

for (const [name, text] of Object.entries(FORMS)) {
  Deno.test(`A table ${name} is read as what it is in CSV`, () => {
    assertEquals(contentOf(read(text)), contentOf(read(CSV)));
  });
}

Deno.test("A table as CSV has its numbers, NaN where one is missing, and its texts", () => {
  const { count, columns, ids } = contentOf(read(CSV));
  assertEquals(count, 3);
  assertEquals(columns.map(({ name }) => name), ["id", "T[keV]", "M 500", "z"]);
  assertEquals(columns.map(({ values }) => values), [
    null,
    Float64Array.of(5.1, NaN, 7.2),
    Float64Array.of(1e14, 2e14, NaN),
    Float64Array.of(0.055, NaN, -0.07),
  ]);
  assertEquals(ids, ["A 85", "B2", 'C "3"']);
});

Deno.test("What numpy.savetxt writes below a header is read, with blanks or commas", () => {
  const blanks = read(`# made by me
# T M500
5.099999999999999645e+00 1.000000000000000000e+14
nan 2.000000000000000000e+14
`);
  const commas = read(`# T,M500
5.099999999999999645e+00,1.000000000000000000e+14
nan,2.000000000000000000e+14
`);
  for (const { columns } of [blanks, commas]) {
    assertEquals(columns.map(({ name }) => name), ["T", "M500"]);
    assertEquals(columns[0]!.values, Float64Array.of(5.1, NaN));
    assertEquals(columns[1]!.values, Float64Array.of(1e14, 2e14));
  }
});

Deno.test("Comments that could be names are none where the table has a line of names", () => {
  const { columns } = read("# schema: astropy-2.0\nT M500\n5.1 1e14\n");
  assertEquals(columns.map(({ name }) => name), ["T", "M500"]);
  const byPandas = read("# made by pandas\n,T,M500\n0,5.1,1e14\n1,6,2e14\n");
  assertEquals(byPandas.columns.map(({ name }) => name), ["", "T", "M500"]);
});

Deno.test("A first row of text and missing numbers is a row where a comment names the columns", () => {
  const { count, columns } = read('# id T M500\nA nan --\nB 6 1e14\nC 7 ""\n');
  assertEquals(count, 3);
  assertEquals(columns[1]!.values, Float64Array.of(NaN, 6, 7));
  for (const text of ['# id T of\nA "" x\nB 6 y\n', "# id,T,M500\nA,,\nB,6,1e14\n"]) {
    assertEquals(read(text).columns[1]!.values, Float64Array.of(NaN, 6));
  }
});

Deno.test("CSV without comments above it keeps rows that begin with #", () => {
  const { count, textsOf } = read("id,T\n#1,5\n#2,6\n");
  assertEquals([count, textsOf("id")], [2, ["#1", "#2"]]);
});

Deno.test("One column is read with or without blanks in its name", () => {
  for (const [text, name] of [["M 500\n1e14\n2e14\n", "M 500"], ["# T\n1e14\n2e14\n", "T"]]) {
    const { columns } = read(text!);
    assertEquals(columns.map(({ name }) => name), [name]);
    assertEquals(columns[0]!.values, Float64Array.of(1e14, 2e14));
  }
});

Deno.test("Commas in the names of a table with blanks or tabs do not make it CSV", () => {
  for (const between of [" ", "\t"]) {
    const text = "id T(r,500) M(r,500)\nA 5 1e14\nB,C 6 2e14\n".replaceAll(" ", between);
    assertEquals(read(text).columns.map(({ name }) => name), ["id", "T(r,500)", "M(r,500)"]);
  }
  const { count } = read("id T(r,500)\nA 5\n# a note on B\nB 6\n");
  assertEquals(count, 2);
});

Deno.test("A row without any value is counted, in tabs as in quotes", () => {
  for (const text of ["# T\tz\n5\t1\n\t\n6\t2\n", '# T z\n5 1\n"" ""\n6 2\n']) {
    assertEquals(read(text).columns[0]!.values, Float64Array.of(5, NaN, 6));
  }
  assertEquals(read('# T\n""\n5\n').columns[0]!.values, Float64Array.of(NaN, 5));
});

Deno.test("Of several comments with as many names as columns, the last names them", () => {
  const { columns } = read("# two words\n# T z\n5 0.1\n");
  assertEquals(columns.map(({ name }) => name), ["T", "z"]);
});

Deno.test("A comment that is a sentence does not name columns where another can, and is doubted where none can", () => {
  for (const sentence of ["A comment line", "The cluster sample", "made by hand"]) {
    for (const head of [`# T M z\n# ${sentence}\n`, `# ${sentence}\n# T M z\n`]) {
      const { columns, warnings } = read(`${head}5 1 0.1\n`);
      assertEquals(columns.map(({ name }) => name), ["T", "M", "z"]);
      assertEquals(warnings, []);
    }
    const { warnings } = read(`# ${sentence}\n5 1 0.1\n`);
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, "may be a sentence");
  }
  for (const names of ["a b c", "id T z", "name T_X flag"]) {
    assertEquals(read(`# ${names}\n5 1 0.1\n`).warnings, []);
  }
});

/** What is wrong with a text, and the line that says so. */
const REFUSED: readonly (readonly [what: string, text: string, message: string])[] = [
  ["is empty", "", "the file is empty, a line of names and rows are needed"],
  [
    "has comments only",
    "# T M\n",
    "the file has comments only, a line of names and rows are needed",
  ],
  ["has names only", "T M\n", "the table has no rows, one per cluster is needed"],
  ["has names only, with commas", "T,M\n", "the table has no rows, one per cluster is needed"],
  ["has a short line", "# T M z\n1 2 3\n4 5\n", "row 2 has 2 fields, should have 3, one per name"],
  [
    "has a short first line",
    "# T z\n5\n6 1\n",
    "row 1 has 1 field, the last line with # above it has 2 names, these should be as many",
  ],
  ["has a long line", 'T M\n1 2\n"a b" 2 3\n', "row 2 has 3 fields, should have 2, one per name"],
  [
    "has a short line between commas",
    "# T,M\n1,2\n3\n",
    "row 2 has 1 field, should have 2, one per name",
  ],
  ["has too few names", "T M\n1 2 3\n4 5 6\n", "row 1 has 3 fields, should have 2, one per name"],
  [
    "has too many names after #",
    "# T [keV] M\n1 2\n3 4\n",
    "row 1 has 2 fields, the last line with # above it has 3 names, these should be as many",
  ],
  [
    "has too few names after #, with commas",
    "# T,M\n1,2,3\n",
    "row 1 has 3 fields, the last line with # above it has 2 names, these should be as many",
  ],
  ["has no names", "1 2\n3 4\n", "its first line has numbers, names are needed"],
];

for (const [what, text, message] of REFUSED) {
  Deno.test(`A table that ${what} is refused with one line that says so`, () => {
    const { message: found } = assertThrows(() => read(text), RunError) as Error;
    assertEquals(found, `Cannot read catalog: ${message} (in ${folder}/clusters.txt)`);
  });
}
