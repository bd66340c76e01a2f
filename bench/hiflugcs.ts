/**
 * What a real flux-limited sample, HIFLUGCS, says of sigma8 and omegaM: by redshift cut, by prior of
 * the mass scale, by what is measured, and with the wrong selection. `deno task bench:hiflugcs`.
 *
 * usage: hiflugcs.ts [--rows TEXT] [--seed 1] [--record FILE]
 *
 * `--rows` runs the rows with that text in their names; `--record` adds a line of JSON per row.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { SkySelection } from "../src/catalogs/sky/abundance.ts";
import { massScalePrior, SKY_PRIORS, type SkyPriors } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import {
  MISSING_ERROR,
  type SkyClusters,
  takeSkyClusters,
} from "../src/catalogs/sky/sky_clusters.ts";
import { SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import { sampleSkyPosterior, summarizeSky } from "../src/evaluation/sky/posterior.ts";
import { createRandom } from "../src/numerics/random.ts";
import { readSkyCatalog } from "../src/observed/sky_catalog.ts";
import { readSource } from "../src/observed/source_reader.ts";
import { SOURCE_OPTIONS } from "../src/observed/source_table.ts";
import { print } from "./files.ts";

const { rows, seed, record } = parseArgs(Deno.args, {
  string: ["rows", "record"],
  default: { rows: "", seed: 1 },
});

const BYTES = await Deno.readFile(new URL("../fixtures/hiflugcs.csv", import.meta.url));
const TABLE = readSource(BYTES, undefined, SOURCE_OPTIONS);
const SURVEY = SKY_PRESETS.hiflugcs.survey;

/** One row of the table. */
interface Row {
  readonly min?: number;
  readonly max?: number;
  readonly priors?: Partial<SkyPriors>;
  readonly selection?: SkySelection;
  readonly change?: (clusters: SkyClusters) => SkyClusters;
  /** Clusters that are left out. */
  readonly without?: readonly string[];
  readonly fluxError?: number;
}

const missing = (name: "lnTemperatureError" | "lnGasMassError") => (clusters: SkyClusters) => ({
  ...clusters,
  [name]: clusters[name].map(() => MISSING_ERROR),
});

const FREE_GAS = { lnG: { kind: "normal", mean: Math.log(0.44), deviation: 0.6 } } as const;

const ROWS: Readonly<Record<string, Row>> = {
  "z > 0.003": { min: 0.003 },
  "z > 0.01": { min: 0.01 },
  "z > 0.02": {},
  "z > 0.03": { min: 0.03 },
  "0.03 < z < 0.2": { min: 0.03, max: 0.2 },
  "z > 0.05": { min: 0.05 },
  "0.01 < z < 0.1": { min: 0.01, max: 0.1 },
  "z > 0.01, mass scale known to 1%": { min: 0.01, priors: { lnT: massScalePrior(4.3, 0.01) } },
  "z > 0.01, mass scale known to 5%": { min: 0.01, priors: { lnT: massScalePrior(4.3, 0.05) } },
  "z > 0.01, mass scale known to 15%": { min: 0.01, priors: { lnT: massScalePrior(4.3, 0.15) } },
  "z > 0.01, mass scale and gas fraction free (60%)": {
    min: 0.01,
    priors: { lnT: massScalePrior(4.3, 0.6), ...FREE_GAS },
  },
  "z > 0.01, M500 of 5 keV 4.8e14 (1-b = 0.9)": {
    min: 0.01,
    priors: { lnT: massScalePrior(4.8, 0.1) },
  },
  "z > 0.01, M500 of 5 keV 5.4e14 (1-b = 0.8)": {
    min: 0.01,
    priors: { lnT: massScalePrior(5.4, 0.1) },
  },
  "z > 0.01, gas fraction 0.12 to 8%, mass scale free": {
    min: 0.01,
    priors: {
      lnT: massScalePrior(4.3, 0.6),
      lnG: { kind: "normal", mean: Math.log(0.48), deviation: 0.08 },
    },
  },
  "z > 0.01, no gas masses": { min: 0.01, change: missing("lnGasMassError") },
  "z > 0.01, no temperatures": { min: 0.01, change: missing("lnTemperatureError") },
  "z > 0.01, flux and redshift alone": {
    min: 0.01,
    change: (clusters) => missing("lnGasMassError")(missing("lnTemperatureError")(clusters)),
  },
  "z > 0.01, without A754": { min: 0.01, without: ["A754"] },
  "z > 0.01, without Shapley (A3558, A3562, A1736)": {
    min: 0.01,
    without: ["A3558", "A3562", "A1736"],
  },
  "z > 0.01, flux error 10%": { min: 0.01, fluxError: 0.1 },
  "z > 0.01, SELECTION BY TRUE MASS": { min: 0.01, selection: { by: "true mass" } },
  "z > 0.02, SELECTION BY TRUE MASS": { selection: { by: "true mass" } },
};

const format = ({ mean, deviation }: { mean: number; deviation: number }) =>
  `${mean.toFixed(3)}(${Math.round(1000 * deviation)})`.padEnd(11);

print(`${"selection".padEnd(52)} n   sigma8     omegaM     S8         L(4e14)    scatter L  ESS`);
for (const [name, row] of Object.entries(ROWS)) {
  if (!name.includes(rows)) continue;
  const { min = SURVEY.redshiftMin, max = SURVEY.redshiftMax, fluxError = 0.05 } = row;
  const survey = { ...SURVEY, redshiftMin: min, redshiftMax: max, fluxError };
  const catalog = readSkyCatalog(TABLE, survey, "leave out");
  const kept = [...catalog.names!.keys()].filter((i) => !row.without?.includes(catalog.names![i]!));
  const clusters = (row.change ?? ((same) => same))(takeSkyClusters(catalog.clusters, kept));
  const likelihood = prepareSkyLikelihood(survey, clusters, row.selection);
  const priors = { ...SKY_PRIORS, ...row.priors };
  const posterior = sampleSkyPosterior(likelihood, createRandom(Number(seed)), priors);
  const found = {
    sigma8: summarizeSky(posterior, SKY_COSMOLOGY.sigma8),
    omegaM: summarizeSky(posterior, SKY_COSMOLOGY.omegaM),
    S8: summarizeSky(posterior, SKY_COSMOLOGY.S8),
    luminosity: summarizeSky(posterior, ({ lnL }) => Math.exp(lnL)),
    scatterL: summarizeSky(posterior, ({ scatterL }) => scatterL),
  };
  print(
    `${name.padEnd(52)} ${kept.length}  ${Object.values(found).map(format).join("")}${
      Math.round(posterior.effectiveSamples)
    }`,
  );
  if (record !== undefined) {
    const line = { name, n: kept.length, ...found, effectiveSamples: posterior.effectiveSamples };
    await Deno.writeTextFile(record, JSON.stringify(line) + "\n", { append: true });
  }
}
