/** Cells and streams of a VOTable in an encoding of their own: base64 is read, any other is named. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { openSource } from "../src/observed/source_reader.ts";
import { SOURCE_OPTIONS } from "../src/observed/source_table.ts";

const FIELDS = '<FIELD name="name" datatype="char" arraysize="*"/>' +
  '<FIELD name="T" datatype="float"/><FIELD name="n" datatype="int" arraysize="2"/>';

const open = (data: string) =>
  openSource(
    new TextEncoder().encode(
      `<VOTABLE><RESOURCE><TABLE name="t">${FIELDS}<DATA>${data}</DATA></TABLE></RESOURCE></VOTABLE>`,
    ),
    SOURCE_OPTIONS,
  ).tables[0]!;
const rows = (...cells: readonly string[]) => `<TABLEDATA><TR>${cells.join("")}</TR></TABLEDATA>`;
const NAME = "<TD>A85</TD>";

Deno.test("A cell in base64 has the numbers that its bytes are, and the others theirs", () => {
  const base64 = (bytes: readonly number[]) => btoa(String.fromCharCode(...bytes));
  const name = `<TD encoding="base64">${base64([0x41, 0x38, 0x35])}</TD>`;
  const one = `<TD encoding="base64">${base64([0x3f, 0x80, 0, 0])}</TD>`;
  const two = `<TD encoding="base64">${base64([0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff])}</TD>`;
  const plain = [NAME, "<TD>1</TD>", "<TD>7 -1</TD>"];
  for (const cells of [[name, one, two], plain, [NAME, one, "<TD>7 -1</TD>"]]) {
    const table = open(rows(...cells)).read();
    assertEquals(table.textsOf("name"), ["A85"]);
    assertEquals(table.columns[1]!.values, Float64Array.of(1));
    assertEquals(table.columns[2]!.values, Float64Array.of(7, -1));
  }
});

Deno.test("A cell or stream in another encoding, or in base64 that is not a value, is named with its row", () => {
  const refused = (data: string, words: string) => {
    const table = open(data);
    assertStringIncludes(table.fault, words);
    assertThrows(() => table.read(), SyntaxError, words);
  };
  const cell = (encoding: string, text: string) =>
    rows(NAME, `<TD encoding="${encoding}">${text}</TD>`, "<TD>7 -1</TD>");
  refused(cell("gzip", "abc"), "row 1 has a cell of T with the encoding gzip, base64 or none");
  refused(cell("base64", "P4AA"), "row 1 has a cell of T in base64 that is not of datatype float");
  refused(cell("base64", "%%%"), "row 1 has a cell of T in base64 that is not of datatype float");
  for (const encoding of ["gzip", "dynamic", "none"]) {
    const stream = `<BINARY><STREAM encoding="${encoding}">AAAA</STREAM></BINARY>`;
    refused(stream, `its stream has the encoding ${encoding}, base64 is read`);
  }
});
