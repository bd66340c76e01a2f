/**
 * Compares the network of HIFLUGCS with the explicit posteriors of the mocks that bench/sky.ts
 * recorded, and on many new mocks with the truth.
 *
 * usage: sky_network.ts --record FILE [--network FILE] [--count 3000] [--seed 1] [--test-seed 2]
 *
 * `--record` is bench/sky.ts's of the network's survey and `--seed`; without `--network` the network
 * that ships is taken.
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import {
  measureSkyCoverage,
  SKY_COSMOLOGY,
  type SkyCosmologyName,
} from "../src/evaluation/sky/coverage.ts";
import { decodeSafetensors } from "../src/formats/safetensors.ts";
import { openEngine } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { loadSkyNetwork } from "../src/pretrained/sky.ts";
import { compareWithExplicit, type ExplicitMock } from "../src/runs/sky_agreement.ts";
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

if (options.record !== undefined) await compareWithRecord(options.record);
if (Number(options.count) > 0) await evaluate(Number(options.count));
engine.close();

/** On the same mocks as the explicit posteriors. */
async function compareWithRecord(path: string): Promise<void> {
  const explicit = (await Deno.readTextFile(path)).split("\n").filter(Boolean)
    .map((line): ExplicitMock => JSON.parse(line));
  const random = createRandom(Number(options.seed));
  const { network: judged, agreement } = await compareWithExplicit(
    network,
    survey,
    explicit,
    random,
  );
  print(`${explicit.length} mocks with explicit posteriors`);
  print(
    "        rms error: network, explicit, ratio   width ratio: mean, median   means   widths' r   68%, 95% held: network, explicit",
  );
  for (const name of NAMES) {
    const of = agreement[name];
    const held = [judged, explicit].map((mocks) =>
      measureSkyCoverage(mocks.map((mock) => mock[name])).intervals
        .map(({ covered }) => `${(100 * covered).toFixed(1)}%`).join(" ")
    );
    print(
      `${name.padEnd(7)} ${short(of.rmsError)} ${short(of.explicitRmsError)} ` +
        `${(of.rmsError / of.explicitRmsError).toFixed(3)}   ${of.widthRatio.toFixed(3)} ${
          of.medianWidthRatio.toFixed(3)
        }   ${of.distance.toFixed(3)}   ${of.widthCorrelation.toFixed(3)}   ${held.join(", ")}`,
    );
  }
}

/** On new mocks. */
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
