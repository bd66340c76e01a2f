/** Tiny runs for tests of commands that look at trained networks. */
import { documentOf, terse } from "./cli_process.ts";

/** Options of a design of 23 x 6 x 3 catalogs. */
export const DESIGN: readonly string[] = [
  "--set=catalog.priors.temperatureBias.min=0.9",
  "--set=catalog.priors.temperatureBias.max=1.1",
  "--set=catalog.priors.gasMassBias.min=1",
  "--set=catalog.priors.gasMassBias.max=1",
];

/** Options of a design of 23 x 6 catalogs. */
export const FEW_CATALOGS: readonly string[] = ["temperatureBias", "gasMassBias"].flatMap((name) =>
  ["min", "max"].map((end) => `--set=catalog.priors.${name}.${end}=1`)
);

/** Options of a network of a few hundred weights, trained for two epochs. */
export const NETWORK: readonly string[] = [
  "--set=architecture.encoder=[8,4]",
  "--set=architecture.cluster=[4]",
  "--set=architecture.dense=[4]",
  "--epochs=2",
];

/** Some 32 clusters a catalog, of 79. */
export const FEW_CLUSTERS = "--set=catalog.survey.volumeFraction=0.2";

/** A network that sees one column: measured on catalogs of few clusters, it takes a fourth of the time. */
export const ONE_COLUMN: readonly string[] = [
  '--set=features.pixels=["logTemperature"]',
  "--set=features.supplementary=[]",
];

/** The backend that starts fastest. */
export const BACKEND = "--backend=core";

/** The same bits on one thread: of networks so small, a second one would do nothing but wait. */
export const ONE_THREAD: readonly string[] = [BACKEND, "--threads=1"];

/** Where the suite keeps runs that several files need (run.ts); a file that runs alone has no such place. */
const SHARED = Deno.env.get("TERSE_TEST_RUNS");

/**
 * Simulates and trains a tiny run in a folder, of few clusters unless the options say how many. The suite makes a run once, and gives other tests that
 * ask for it a copy of their own.
 */
export async function makeRun(folder: string, out: string, ...args: string[]): Promise<void> {
  const few = args.some((arg) => arg.includes("volumeFraction")) ? [] : [FEW_CLUSTERS];
  const tiny = [...DESIGN, ...few, ...NETWORK, ...ONE_THREAD];
  const all = [...tiny, "--fresh-test=2", "--json", ...args];
  const make = async () => {
    documentOf(await terse(folder, "reproduce", `--out=${out}`, ...all));
  };
  if (SHARED === undefined) return await make();
  const kept = `${SHARED}/run${encodeURIComponent(args.join(" "))}`;
  using lock = await Deno.open(`${kept}.lock`, { create: true, write: true });
  await lock.lock(true); // of those who ask at the same time, the first makes it
  if (exists(kept)) return copy(kept, out);
  await make();
  copy(out, `${kept}.part`);
  Deno.renameSync(`${kept}.part`, kept);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Copies a folder of files and folders to a place that has none yet. */
function copy(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) copy(source, target);
    else Deno.copyFileSync(source, target);
  }
}
