/**
 * Builds the WASM cores: `deno task build:core` compiles the assembly/ folder of each, with its marked
 * loops written out (see unroll.ts), and writes the module's bytes as x_wasm.ts, so that it loads without
 * any permission from a file and from a URL alike. With a folder as argument it writes there, for the
 * test that compares.
 */
import asc from "npm:assemblyscript@0.28.20/asc";
import { unroll } from "./unroll.ts";

interface Core {
  readonly name: string;
  readonly folder: string;
  readonly flags: string;
}

/** Initial pages above zero let V8 skip its second bounds check. */
const FLAGS = "--noAssert --runtime stub --maximumMemory 65535 --enable simd";
const CORES: readonly Core[] = [
  {
    name: "core",
    folder: "src/network/core/",
    // See memory.ts for the maximum.
    flags:
      "-O1 --importMemory --sharedMemory --initialMemory 64 --enable relaxed-simd --enable threads",
  },
  { name: "mock", folder: "src/catalogs/core/", flags: "-O3 --initialMemory 16" },
  { name: "sky", folder: "src/catalogs/sky/core/", flags: "-O3 --initialMemory 16" },
];
/** Characters of a line of base64. */
const LINE = 4000;

for (const core of CORES) await build(core);

async function build({ name, folder, flags }: Core): Promise<void> {
  const source = new URL(`../${folder}`, import.meta.url);
  const target = Deno.args[0] ? new URL(`file://${Deno.realPathSync(Deno.args[0])}/`) : source;
  const room = await Deno.makeTempDir({ prefix: `terse_${name}_` });
  await unrollFolder(source, room);
  const wasm = `${name}.wasm`;
  const options = `${FLAGS} ${flags}`.split(" ");
  // In this process: to start the compiler for each core took as long as to compile them.
  const { error, stderr } = await asc.main([
    ...["assembly/index.ts", "--baseDir", room, "-o", wasm],
    ...options,
  ]);
  if (error !== null) {
    await Deno.stderr.write(new TextEncoder().encode(stderr.toString()));
    Deno.exit(1);
  }
  const text = btoa(String.fromCharCode(...await Deno.readFile(`${room}/${wasm}`)));
  await Deno.remove(room, { recursive: true });
  const lines = text.match(new RegExp(`.{1,${LINE}}`, "g"))!;
  await Deno.writeTextFile(
    new URL(`${name}_wasm.ts`, target),
    `/**
 * The bytes of the core "${name}" in base64. Made by \`deno task build:core\`.
 *
 * @module
 */

/** The WASM module in base64, with line breaks. */
export const ${name.toUpperCase()}_WASM: string = \`
${lines.join("\n")}
\`;
`,
  );
}

/** Copies what the compiler reads, assembly/ and the files that it imports, with loops written out. */
async function unrollFolder(source: URL, room: string): Promise<void> {
  await Deno.mkdir(`${room}/assembly`);
  for (const folder of ["", "assembly/"]) {
    for (const { name, isFile } of Deno.readDirSync(new URL(folder, source))) {
      if (!isFile || !name.endsWith(".ts")) continue;
      const text = await Deno.readTextFile(new URL(folder + name, source));
      await Deno.writeTextFile(`${room}/${folder}${name}`, unroll(text, folder + name));
    }
  }
}
