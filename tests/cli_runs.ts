/** Tiny runs for tests of commands that look at trained networks. */
import { documentOf, terse } from "./cli_process.ts";

/** Options of a design of 23 x 6 x 3 catalogs. */
export const DESIGN: readonly string[] = [
  "--set=catalog.priors.temperatureBias.min=0.9",
  "--set=catalog.priors.temperatureBias.max=1.1",
  "--set=catalog.priors.gasMassBias.min=1",
  "--set=catalog.priors.gasMassBias.max=1",
];

/** Options of a network of a few hundred weights, trained for two epochs. */
export const NETWORK: readonly string[] = [
  "--set=architecture.encoder=[8,4]",
  "--set=architecture.cluster=[4]",
  "--set=architecture.dense=[4]",
  "--epochs=2",
];

/** The backend that starts fastest. */
export const BACKEND = "--backend=core";

/** The same bits on one thread: of networks so small, a second one would do nothing but wait. */
export const ONE_THREAD: readonly string[] = [BACKEND, "--threads=1"];

/** Simulates and trains a tiny run in a folder. */
export async function makeRun(folder: string, out: string, ...args: string[]): Promise<void> {
  const all = [...DESIGN, ...NETWORK, ...ONE_THREAD, "--fresh-test=2", "--json", ...args];
  documentOf(await terse(folder, "reproduce", `--out=${out}`, ...all));
}
