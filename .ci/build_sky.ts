/**
 * Builds the networks of surveys on the sky that ship: `deno task build:sky [NAME [FOLDER]]` trains that of
 * one survey, HIFLUGCS unless named, in a folder that it removes, and writes src/pretrained/sky_NAME.ts.
 * With a run folder, it takes the network that is there.
 */
import { packBytes } from "../src/pretrained/packing.ts";
import { runDeno } from "./run_deno.ts";

const ROOT = new URL("..", import.meta.url);
const NAME = Deno.args[0] ?? "hiflugcs";
/** How long each is trained, where it is not the command's own length. */
const LENGTHS: Readonly<Record<string, readonly string[]>> = {
  "hiflugcs": [],
  "hiflugcs-lensing": ["--catalogs=60000", "--fresh=20000", "--epochs=8"],
};
const length = LENGTHS[NAME];
if (length === undefined) {
  throw new RangeError(
    `Cannot build ${NAME}: it is none of ${Object.keys(LENGTHS).join(", ")}`,
  );
}
/** Characters of a line of base64. */
const LINE = 4000;

const folder = Deno.args[1] ?? await Deno.makeTempDir({ prefix: "terse_sky_" });
await runDeno(
  ...["run", "--allow-read", `--allow-write=${folder}`, "cli/main.ts", "train-survey"],
  ...[`--survey=${NAME}`, `--out=${folder}`, "--backend=core", ...length],
);
const packed = await packBytes(await Deno.readFile(`${folder}/network.safetensors`));
if (Deno.args[1] === undefined) await Deno.remove(folder, { recursive: true });
const lines = packed.match(new RegExp(`.{1,${LINE}}`, "g"))!.join("\n");
const plain = NAME.replaceAll("-", "_");
const target = new URL(`src/pretrained/sky_${plain}.ts`, ROOT);
await Deno.writeTextFile(
  target,
  `/**
 * The network of the survey "${NAME}". Made by \`deno task build:sky\`.
 *
 * @module
 */

/** \`network.safetensors\` of its run folder, packed. */
export const SKY_${plain.toUpperCase()} = \`
${lines}
\`;
`,
);
await runDeno("fmt", "--quiet", target.pathname);
