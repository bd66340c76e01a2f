/**
 * Holds the network of HIFLUGCS against the explicit posteriors of the mocks that bench/sky.ts
 * recorded, and on many new mocks against the truth.
 *
 * usage: sky_network.ts --record FILE [--network FILE] [--count 3000] [--seed 1] [--test-seed 2]
 *
 * `--record` is bench/sky.ts's of the network's survey and `--seed`; without `--network` the network
 * that ships is taken.
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { drawSkyParameters, prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { SKY_PRIORS } from "../src/catalogs/sky/parameters.ts";
import {
  type JudgedCosmology,
  judgePosterior,
  measureSkyCoverage,
  SKY_COSMOLOGY,
  type SkyCosmologyName,
} from "../src/evaluation/sky/coverage.ts";
import { jointPoints } from "../src/evaluation/sky/joint_posterior.ts";
import { decodeSafetensors } from "../src/formats/safetensors.ts";
import { openEngine } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, mean, median } from "../src/numerics/statistics.ts";
import { loadSkyNetwork } from "../src/pretrained/sky.ts";
import { evaluateSkyNetwork } from "../src/runs/sky_evaluation.ts";
import { openSkyNetwork, skyRunFromArrays } from "../src/runs/sky_network.ts";
import { print } from "./files.ts";

const options = parseArgs(Deno.args, {
  string: ["record", "network"],
  default: { count: 3000, seed: 1, "test-seed": 2 },
});
const NAMES = Object.keys(SKY_COSMOLOGY) as SkyCosmologyName[];

const run = options.network === undefined
  ? await loadSkyNetwork("hiflugcs")
  : skyRunFromArrays(decodeSafetensors(await Deno.readFile(options.network)));
const { survey } = run.recipe;
const engine = await openEngine("core", { threads: 1 });
const network = await openSkyNetwork(engine, run);

if (options.record !== undefined) await compareWithExplicit(options.record);
if (Number(options.count) > 0) await evaluate(Number(options.count));
engine.close();

/** Compares the network with the explicit posteriors on the same mocks. */
async function compareWithExplicit(path: string): Promise<void> {
  const explicit = (await Deno.readTextFile(path)).split("\n").filter(Boolean)
    .map((line): JudgedCosmology & { mock: number; count: number } => JSON.parse(line));
  const random = createRandom(Number(options.seed));
  const drawer = prepareSkyDrawing(survey);
  const mocks = explicit.map(({ mock, count }) => {
    const stream = random.fork("mock", mock);
    const truth = drawSkyParameters(SKY_PRIORS, stream.fork("parameters"));
    const clusters = drawer.draw(truth, stream.fork("catalog"));
    if (clusters.redshift.length === count) return { truth, clusters };
    throw new RangeError(`Cannot compare mock ${mock}: it has another number of clusters`);
  });
  const posteriors = await network.posteriors(mocks.map(({ clusters }) => clusters));
  const judged = posteriors.map((posterior, i) =>
    judgePosterior(jointPoints(posterior), mocks[i]!.truth)
  );
  print(`${mocks.length} mocks with explicit posteriors`);
  print(
    "        rms error: network, explicit, ratio   width ratio: mean, median   means   widths' r   68%, 95% held: network, explicit",
  );
  for (const name of NAMES) {
    const own = judged.map((mock) => mock[name]);
    const other = explicit.map((mock) => mock[name]);
    const error = (numbers: typeof own) => rms(numbers.map((x) => x.mean - x.truth));
    const ratios = own.map((x, i) => x.deviation / other[i]!.deviation);
    const widths = mean(own.map((x) => x.deviation)) / mean(other.map((x) => x.deviation));
    const distance = rms(own.map((x, i) => (x.mean - other[i]!.mean) / other[i]!.deviation));
    const held = [own, other].map((numbers) =>
      measureSkyCoverage(numbers).intervals.map(({ covered }) => `${(100 * covered).toFixed(1)}%`)
        .join(" ")
    );
    const r = correlation(own.map((x) => x.deviation), other.map((x) => x.deviation));
    print(
      `${name.padEnd(7)} ${short(error(own))} ${short(error(other))} ` +
        `${(error(own) / error(other)).toFixed(3)}   ${widths.toFixed(3)} ${
          median(ratios).toFixed(3)
        }   ${distance.toFixed(3)}   ${r.toFixed(3)}   ${held.join(", ")}`,
    );
  }
}

/** Measures the network on new mocks. */
async function evaluate(count: number): Promise<void> {
  const start = process.cpuUsage();
  const random = createRandom(Number(options["test-seed"])).fork("sky evaluation");
  const found = await evaluateSkyNetwork(network, survey, count, random);
  const seconds = process.cpuUsage(start).user / 1e6;
  print(
    `${count} new mocks, ${seconds.toFixed(0)} CPU seconds; TARP of both: p ${
      short(found.joint.probability)
    }`,
  );
  print("        bias     rms error  rms width  68%    95%    ranks KS, chi2 p   TARP p");
  for (const name of NAMES) {
    const { bias, rmsError, rmsWidth, intervals } = found.coverage[name];
    const { ranks, randomPoints } = found.calibration[name];
    const [low, high] = intervals.map(({ covered }) => `${(100 * covered).toFixed(1)}%`);
    print(
      `${name.padEnd(7)} ${short(bias).padStart(7)}  ${short(rmsError)}     ${
        short(rmsWidth)
      }     ` +
        `${low}  ${high}  ${short(found.coverage[name].rankProbability)}, ${
          short(ranks.chiSquareProbability)
        }   ${short(randomPoints.probability)}`,
    );
  }
}

function short(value: number): string {
  return value.toFixed(4);
}

function rms(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((x) => x * x)));
}
