/**
 * A base sample from a file, read as the command line reads it.
 */
import type { BaseSample } from "../src/clusters/base_sample.ts";
import { decodeFits } from "../src/formats/fits_reader.ts";
import { baseSampleFromTables } from "../src/runs/cluster_tables.ts";
import { print } from "./files.ts";

/** The table of a file, read as `simulate --base-sample` reads it. */
export async function readBase(path: string, redshift: string | undefined): Promise<BaseSample> {
  const folder = Deno.makeTempDirSync();
  const main = new URL("../cli/main.ts", import.meta.url).pathname;
  const short = ["sigma8", "luminosityBias", "temperatureBias", "gasMassBias"]
    .map((name) => `--set=catalog.priors.${name}.step=${name === "sigma8" ? 0.22 : 0.5}`);
  const args = [
    "run",
    "-A",
    main,
    "simulate",
    `--out=${folder}`,
    `--base-sample=${path}`,
    ...short,
  ];
  if (redshift !== undefined) args.push(`--base-redshift=${redshift}`);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const text = new TextDecoder().decode(stderr);
  if (code !== 0) throw new Error(text.trim());
  await print(text.split("\n").find((line) => line.startsWith("Base sample")) ?? "");
  const bytes = Deno.readFileSync(`${folder}/base_sample.fits`);
  Deno.removeSync(folder, { recursive: true });
  return baseSampleFromTables(decodeFits(bytes).tables);
}
