/**
 * What networks of a survey with lensing masses have learned: their terse values as masses, by themselves
 * and with the luminosity, on the same mock catalogs.
 *
 * usage: sky_lensing.ts [--mocks 400] [--seed 1] [NAME=FILE ...]
 *
 * FILE is the `network.safetensors` of a run folder of `train-survey`. The networks that ship are measured
 * as well: that of HIFLUGCS, which knows no lensing masses, sees the same clusters.
 */
import { parseArgs } from "@std/cli/parse-args";
import { prepareSkyCoreDrawing } from "../src/catalogs/sky/core/draw_core.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import {
  fitMassProxy,
  ownProxyScatter,
  type ProxyCatalog,
  withinCorrelation,
} from "../src/evaluation/sky/mass_proxy.ts";
import { SKY_COLUMNS, skyColumns } from "../src/features/sky_inputs.ts";
import { decodeSafetensors } from "../src/formats/safetensors.ts";
import { openEngine } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { standardDeviation } from "../src/numerics/statistics.ts";
import { loadSkyNetwork, SKY_NETWORK_NAMES } from "../src/pretrained/sky.ts";
import { openSkyNetwork, type SkyRun, skyRunFromArrays } from "../src/runs/sky_network.ts";
import { drawSkyPair } from "../src/runs/sky_training.ts";
import { print } from "./files.ts";

const options = parseArgs(Deno.args, { default: { mocks: 400, seed: 1 } });
const { survey } = SKY_PRESETS["hiflugcs-lensing"];
/** Fewest clusters of a mock whose own line is fitted. */
const FEWEST = 10;

const drawer = prepareSkyCoreDrawing(survey);
const random = createRandom(Number(options.seed)).fork("sky lensing");
const mocks = Array.from(
  { length: Number(options.mocks) },
  (_, i) => drawSkyPair(drawer, random.fork("mock", i)).mock,
).filter(({ redshift }) => redshift.length >= FEWEST);
const columns = mocks.map((mock) => {
  const flat = skyColumns(mock);
  return SKY_COLUMNS.map((_, k) =>
    Array.from(mock.redshift, (_, i) => flat[SKY_COLUMNS.length * i + k]!)
  );
});

print(
  `ln M on ${mocks.length} mocks: r within catalogs; scatter within catalogs, one fit and each`,
);
describe("ln L", columns.map(([lnL]) => [lnL!]));
describe("ln T", columns.map(([, lnT]) => [lnT!]));
describe("ln Mgas", columns.map(([, , lnG]) => [lnG!]));
describe("all four columns", columns);
const engine = await openEngine("core", { threads: 1 });
for (const name of SKY_NETWORK_NAMES) await describeNetwork(name, await loadSkyNetwork(name));
for (const argument of options._.map(String)) {
  const [name, path] = argument.split("=");
  const bytes = await Deno.readFile(path ?? name!);
  await describeNetwork(name!, skyRunFromArrays(decodeSafetensors(bytes)));
}
engine.close();

function describe(name: string, catalogs: readonly (readonly ArrayLike<number>[])[]): void {
  const proxies = mocks.map(({ lnMass }, i): ProxyCatalog => ({ lnMass, columns: catalogs[i]! }));
  const percent = (scatter: number) => `${(100 * scatter).toFixed(1)}%`;
  print(
    `  ${name.padEnd(34)} ${withinCorrelation(proxies).toFixed(3)}  ${
      percent(fitMassProxy(proxies, "within catalogs").scatter)
    }  ${percent(ownProxyScatter(proxies))}`,
  );
}

async function describeNetwork(name: string, run: SkyRun): Promise<void> {
  const network = await openSkyNetwork(engine, run);
  const terse: Float32Array[] = [];
  for (const mock of mocks) terse.push(await network.encode(mock));
  network.dispose();
  describe(`${name}: terse value`, terse.map((own) => [own]));
  describe(`${name}: terse value and ln L`, terse.map((own, i) => [own, columns[i]![0]!]));
  const made = terse.map((own, i): ProxyCatalog => ({ lnMass: own, columns: columns[i]! }));
  const { coefficients, scatter } = fitMassProxy(made, "over all");
  const unit = run.scales.length > SKY_COLUMNS.length ? run.scales[SKY_COLUMNS.length]!.scale : 1;
  const formula = SKY_COLUMNS.map((column, k) =>
    `${(unit * coefficients[k]!).toFixed(2)} ${column}`
  );
  const spread = standardDeviation(terse.flatMap((own) => [...own]));
  print(
    `    = ${formula.join(", ")}${unit === 1 ? "" : " [ln M]"}; ${
      (100 * scatter / spread).toFixed(0)
    }% of its spread is not linear`,
  );
}
