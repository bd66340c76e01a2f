/**
 * Builds the networks of surveys on the sky that ship: `deno task build:sky` trains each with the
 * command's own defaults, in a folder that it removes, and writes src/pretrained/sky_NAME.ts. With a
 * run folder as argument, it takes the network of HIFLUGCS that is there.
 */
import { packBytes } from "../src/pretrained/packing.ts";
import { runDeno } from "./run_deno.ts";

const ROOT = new URL("..", import.meta.url);
const NAME = "hiflugcs";
/** Characters of a line of base64. */
const LINE = 4000;

const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "terse_sky_" });
await runDeno(
  ...["run", "--allow-read", `--allow-write=${folder}`, "cli/main.ts", "train-survey"],
  ...[`--survey=${NAME}`, `--out=${folder}`, "--backend=core"],
);
const packed = await packBytes(await Deno.readFile(`${folder}/network.safetensors`));
if (Deno.args[0] === undefined) await Deno.remove(folder, { recursive: true });
const lines = packed.match(new RegExp(`.{1,${LINE}}`, "g"))!.join("\n");
const target = new URL(`src/pretrained/sky_${NAME}.ts`, ROOT);
await Deno.writeTextFile(
  target,
  `/**
 * The network of the survey "${NAME}". Made by \`deno task build:sky\`.
 *
 * @module
 */

/** \`network.safetensors\` of its run folder, packed. */
export const SKY_${NAME.toUpperCase()} = \`
${lines}
\`;
`,
);
await runDeno("fmt", "--quiet", target.pathname);
