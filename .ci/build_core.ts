/**
 * Builds the WASM core: `deno task build:core` compiles src/network/core/assembly and writes core.wasm
 * and core_wasm.ts, which carries its bytes, so that the core loads without any permission from a
 * file and from a URL alike. With a folder as argument it writes there, for the test that compares.
 */
const CORE = new URL("../src/network/core/", import.meta.url);
const COMPILER = "npm:assemblyscript@0.28.20/asc";
/** Initial pages above zero let V8 skip its second bounds check; see memory.ts for the maximum. */
const FLAGS = [
  ..."-O1 --noAssert --runtime stub --importMemory --sharedMemory".split(" "),
  ..."--initialMemory 64 --maximumMemory 65535".split(" "),
  ..."--enable simd --enable relaxed-simd --enable threads".split(" "),
];
const LINE = 96;

const target = Deno.args[0] ? new URL(`file://${Deno.realPathSync(Deno.args[0])}/`) : CORE;
const wasm = new URL("core.wasm", target);
const { success, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", COMPILER, "assembly/index.ts", "-o", wasm.pathname, ...FLAGS],
  cwd: CORE.pathname,
}).output();
if (!success) {
  await Deno.stderr.write(stderr);
  Deno.exit(1);
}
const text = btoa(String.fromCharCode(...await Deno.readFile(wasm)));
const lines = text.match(new RegExp(`.{1,${LINE}}`, "g"))!;
await Deno.writeTextFile(
  new URL("core_wasm.ts", target),
  `/**
 * The bytes of core.wasm in base64. Made by \`deno task build:core\`.
 *
 * @module
 */

/** core.wasm in base64, with line breaks. */
export const CORE_WASM: string = \`
${lines.join("\n")}
\`;
`,
);
