/**
 * Builds the WASM cores: `deno task build:core` compiles the assembly/ folder of each and writes its
 * module as x.wasm and as x_wasm.ts, which carries its bytes, so that it loads without any permission
 * from a file and from a URL alike. With a folder as argument it writes there, for the test that
 * compares.
 */
interface Core {
  readonly name: string;
  readonly folder: string;
  readonly flags: string;
}

const COMPILER = "npm:assemblyscript@0.28.20/asc";
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
];
const LINE = 96;

for (const core of CORES) await build(core);

async function build({ name, folder, flags }: Core): Promise<void> {
  const source = new URL(`../${folder}`, import.meta.url);
  const target = Deno.args[0] ? new URL(`file://${Deno.realPathSync(Deno.args[0])}/`) : source;
  const wasm = new URL(`${name}.wasm`, target);
  const options = `${FLAGS} ${flags}`.split(" ");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", COMPILER, "assembly/index.ts", "-o", wasm.pathname, ...options],
    cwd: source.pathname,
  }).output();
  if (!success) {
    await Deno.stderr.write(stderr);
    Deno.exit(1);
  }
  const text = btoa(String.fromCharCode(...await Deno.readFile(wasm)));
  const lines = text.match(new RegExp(`.{1,${LINE}}`, "g"))!;
  await Deno.writeTextFile(
    new URL(`${name}_wasm.ts`, target),
    `/**
 * The bytes of ${name}.wasm in base64. Made by \`deno task build:core\`.
 *
 * @module
 */

/** ${name}.wasm in base64, with line breaks. */
export const ${name.toUpperCase()}_WASM: string = \`
${lines.join("\n")}
\`;
`,
  );
}
