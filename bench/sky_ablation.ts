/**
 * The effect of the wrong selection: mocks selected by flux, analyzed as if clusters had been
 * selected by their true mass, next to the right analysis of the same mocks. `deno task
 * bench:sky-ablation`.
 *
 * usage: sky_ablation.ts [--mocks 24] [--seed 1]
 */
import { parseArgs } from "@std/cli/parse-args";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { FIDUCIAL_SKY, SKY_PRIORS, type SkyParameters } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import { sampleSkyPosterior, SKY_SAMPLING, summarizeSky } from "../src/evaluation/sky/posterior.ts";
import { createRandom } from "../src/numerics/random.ts";
import { mean, standardDeviation } from "../src/numerics/statistics.ts";
import { print } from "./files.ts";

const { mocks, seed } = parseArgs(Deno.args, { default: { mocks: 24, seed: 1 } });

const SURVEY = { ...SKY_PRESETS.hiflugcs.survey, redshiftMin: 0.01 };

/** A third of the usual points: a mean is known to 0.07 widths, and there are many mocks. */
const SAMPLING = {
  ...SKY_SAMPLING,
  starts: 1000,
  burnIn: 200,
  steps: 200,
  rounds: [2000, 4000],
  effectiveSamples: 150,
};

const QUANTITIES: Readonly<Record<string, (parameters: SkyParameters) => number>> = {
  ...SKY_COSMOLOGY,
  "L(4e14)": ({ lnL }) => Math.exp(lnL),
  "scatter L": ({ scatterL }) => scatterL,
};

const random = createRandom(Number(seed));
const drawer = prepareSkyDrawing(SURVEY);
const pairs: { flux: number[]; mass: number[] }[] = [];
for (let i = 0; i < Number(mocks); i++) {
  const mock = drawer.draw(FIDUCIAL_SKY, random.fork("ablation", i));
  const [flux, mass] = (["flux", "true mass"] as const).map((by) => {
    const likelihood = prepareSkyLikelihood(SURVEY, mock, { by });
    const stream = random.fork("posterior", i);
    const posterior = sampleSkyPosterior(likelihood, stream, SKY_PRIORS, SAMPLING);
    return Object.values(QUANTITIES).map((quantity) => summarizeSky(posterior, quantity).mean);
  });
  pairs.push({ flux: flux!, mass: mass! });
}
print(`${pairs.length} mocks of ${Math.round(FIDUCIAL_SKY.S8 * 100) / 100} S8, selected by flux`);
print("             by flux  by true mass  difference");
Object.keys(QUANTITIES).forEach((name, q) => {
  const differences = pairs.map(({ flux, mass }) => mass[q]! - flux[q]!);
  const error = standardDeviation(differences) / Math.sqrt(pairs.length);
  print(
    `${name.padEnd(10)}  ${mean(pairs.map(({ flux }) => flux[q]!)).toFixed(4)}   ${
      mean(pairs.map(({ mass }) => mass[q]!)).toFixed(4)
    }        ${mean(differences).toFixed(4)} +- ${error.toFixed(4)}`,
  );
});
