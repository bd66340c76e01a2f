/**
 * Inputs without an end, or with one that no memory reaches: devices, pipes, long lines, packed bombs, and lines
 * that a pattern could take for ever to try. Each is read in bounded memory and time, or refused in one line.
 */
import { assert, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { readSourceTable } from "../cli/storage/source_table.ts";
import { proposeMapping } from "../src/observed/proposal.ts";
import { openSource } from "../src/observed/source_reader.ts";
import { SOURCE_OPTIONS } from "../src/observed/source_table.ts";
import {
  assertRefused,
  command,
  decode,
  documentOf,
  type Finished,
  makeTestFolder,
  terse,
} from "./cli_process.ts";

const folder = makeTestFolder("endless");

const encoder = new TextEncoder();
const refusal = (path: string): string =>
  assertThrows(() => readSourceTable(path, undefined), Error).message;

/** Bytes by which the process grew at most while an action ran. */
function growth(action: () => void): number {
  const before = Deno.memoryUsage().rss;
  action();
  return Deno.memoryUsage().rss - before;
}

const isUnix = Deno.build.os !== "windows";

Deno.test({
  name: "Devices without an end are refused by their first bytes",
  ignore: !isUnix,
  fn: () => {
    for (const device of ["/dev/zero", "/dev/urandom"]) {
      const grown = growth(() => {
        assert(/^Cannot read catalog: [^\n]{1,280}$/.test(refusal(device)), refusal(device));
      });
      assertLess(grown, 64e6);
    }
    assertStringIncludes(refusal("/dev/null"), "the file is empty");
  },
});

Deno.test({
  name: "Every command that reads a stranger's file refuses a device without an end in one line",
  ignore: !isUnix,
  fn: async () => {
    const calls = [
      ["predict", "--catalog=/dev/zero"],
      ["columns", "/dev/zero"],
      ["predict", "--survey=hiflugcs", "--catalog=/dev/zero"],
      ["survey", "--catalog=/dev/zero"],
      ["simulate", `--out=${folder}/run`, "--base-sample=/dev/zero"],
      ["simulate", `--out=${folder}/run`, "--config=/dev/zero"],
      ["predict", "--catalog=/dev/null", "--mapping=/dev/zero"],
    ];
    for (const args of calls) assertRefused(await terse(folder, ...args), 1, "/dev/");
  },
});

const pipe = `${folder}/pipe`;

/** Runs commands on pipes that nobody writes to; each has a process of its own, as opening a pipe is never done. */
function openPipes(): Promise<Deno.CommandOutput>[] {
  Deno.mkdirSync(`${folder}/odd`);
  for (const path of [pipe, `${folder}/odd/experiment.json`]) {
    assert(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
  }
  const calls = [
    ["columns", pipe],
    ["predict", `--catalog=${pipe}`],
    ["predict", `--catalog=${pipe}x`, `--run=${folder}/odd`],
  ];
  return calls.map((args) => command(folder, ...args).output());
}

/** They wait for ten seconds, while other tests run. */
const opened = isUnix ? openPipes() : [];

Deno.test({
  name: "A table is read from a pipe whose writer is slow, packed or not",
  ignore: !isUnix,
  fn: async () => {
    const text = `name,T,z\n${"A,5.1,0.05\n".repeat(2000)}`;
    const slow = `${folder}/slow`;
    assert(new Deno.Command("mkfifo", { args: [slow] }).outputSync().success);
    for (const bytes of [encoder.encode(text), gzipSync(text)]) {
      Deno.writeFileSync(`${folder}/first`, bytes.subarray(0, 40));
      Deno.writeFileSync(`${folder}/rest`, bytes.subarray(40));
      const script = '(cat "$1"; sleep 0.3; cat "$2") >"$3"';
      const writer = new Deno.Command("sh", {
        args: ["-c", script, "sh", `${folder}/first`, `${folder}/rest`, slow],
      }).spawn();
      const found = documentOf(await terse(folder, "columns", slow, "--json"));
      await writer.status;
      assertEquals(found.rows, 2000);
    }
  },
});

Deno.test("A file of zeros that was packed a thousandfold is refused before it is unpacked", async () => {
  const path = `${folder}/bomb.gz`;
  // 200 MB of them in a hundred parts, which gzip reads as one.
  const part = gzipSync(new Uint8Array(2e6), { level: 1 });
  Deno.writeFileSync(path, await new Blob(Array(100).fill(part)).bytes());
  assertLess(Deno.statSync(path).size, 2e6);
  const began = performance.now();
  const grown = growth(() => {
    assertStringIncludes(refusal(path), "byte 0 of the file is 0, which no text has");
  });
  assertLess(grown, 100e6);
  assertLess(performance.now() - began, 20_000);
});

Deno.test("A packed file that lies about its size is read as it is", () => {
  const packed = Uint8Array.from(gzipSync("name,T\nA,5\n"));
  const path = `${folder}/lie.csv.gz`;
  for (const size of [0, 3, 0x3fffffff, 0xffffffff]) {
    const bytes = packed.slice();
    new DataView(bytes.buffer).setUint32(bytes.length - 4, size, true);
    Deno.writeFileSync(path, bytes);
    // The size is part of what gzip checks.
    assertStringIncludes(refusal(path), "it cannot be unpacked with gzip");
  }
  const twice = new Uint8Array([...packed, ...gzipSync("B,6\n")]);
  Deno.writeFileSync(path, twice);
  assertEquals(readSourceTable(path, undefined).textsOf("name"), ["A", "B"]);
});

Deno.test("A line longer than any row is refused with its number, in text of any encoding", () => {
  const line = `T,z\n5,1\n${"1,".repeat(4e6)}`;
  const utf16 = new Uint8Array(2 + 2 * line.length);
  utf16.set([0xff, 0xfe]);
  for (let i = 0; i < line.length; i++) utf16[2 + 2 * i] = line.charCodeAt(i);
  for (const bytes of [encoder.encode(line), utf16]) {
    Deno.writeFileSync(`${folder}/long.csv`, bytes);
    assertStringIncludes(refusal(`${folder}/long.csv`), "a line after line 2 is longer than");
  }
});

/** What a line may be full of, and where it may stand. */
const FILLERS = [..." \t-=_~*|#\"',;:.+([{<\\/%!10aeD\u2212\u00b1", "1 ", "1,", "- ", "a,", "ab: "];
const PLACES: readonly ((line: string) => string)[] = [
  (line) => `T,z\n5,1\n${line}x\n6,2\n`,
  (line) => `${line}x\n5,1\n6,2\n`,
  (line) => `# T z\n# ${line}x\n5 1\n6 2\n`,
  (line) => `T z\n5 1\n${line}x\n6 2\n`,
  (line) => `T\tz\n5\t1\n${line}x\t3\n`,
  (line) =>
    `Byte-by-byte Description of file: t\n-----\n Bytes\n-----\n 1- 3 F3.1 --- T x\n${line}x\n-----\n1.1\n`,
  (line) =>
    `# %ECSV 1.0\n# ---\n# datatype:\n# - {name: T, ${line}x datatype: float64}\nT z\n1 2\n`,
  (line) => `| T | z |\n|${line}x|\n  1   2 \n`,
];

Deno.test("A long line of any characters is read or refused in less than ten seconds", () => {
  for (const filler of FILLERS) {
    for (const [place, make] of PLACES.entries()) {
      const bytes = encoder.encode(make(filler.repeat(30_000 / filler.length)));
      const began = performance.now();
      try {
        const { tables } = openSource(bytes, SOURCE_OPTIONS);
        for (const table of tables) proposeMapping(table.read().columns);
      } catch (error) {
        assert(/^Cannot [^\n]+$/.test((error as Error).message), String(error));
      }
      // Patterns that tried every cut of such a line took a minute.
      assertLess(performance.now() - began, 10_000, `${JSON.stringify(filler)} in place ${place}`);
    }
  }
});

Deno.test("Tables of more columns, units or tables than there are in catalogs end in one line", () => {
  const began = performance.now();
  const wide = Array.from({ length: 40_000 }, (_, i) => i).join(",");
  const names = wide.replaceAll(/\d+/g, "c$&");
  const read = (text: string) =>
    openSource(encoder.encode(text), SOURCE_OPTIONS).tables.map((table) => table.read());
  assertThrows(() => read(`${names}\n${wide}\n`), SyntaxError, "40000 columns are named");
  const tables = "<TABLE/>".repeat(100_000);
  const many = openSource(
    encoder.encode(`<VOTABLE><RESOURCE>${tables}</RESOURCE></VOTABLE>`),
    SOURCE_OPTIONS,
  );
  assertEquals(many.tables.length, 100_000);
  assertLess(performance.now() - began, 30_000);
});

Deno.test({
  name: "A pipe that nobody writes to is refused after a while, wherever it is given",
  ignore: !isUnix,
  fn: async () => {
    const ends = await Promise.all(opened);
    const [columns, predict, run] = ends.map(decode) as [Finished, Finished, Finished];
    assertRefused(columns, 1, pipe, "no program writes to");
    assertRefused(predict, 1, pipe, "no program writes to");
    assertRefused(run, 1, "experiment.json: it is a pipe, a file is needed");
  },
});
