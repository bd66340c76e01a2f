/**
 * How often the verdict on a sky catalog passes honest mocks, and how often it finds planted faults.
 * `deno task bench:sky-verdicts`.
 *
 * usage: sky_verdicts.ts [--mocks 300] [--seed 1]
 */
import { parseArgs } from "@std/cli/parse-args";
import { drawSkyParameters, prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { STUDENT_OFFSETS } from "../src/catalogs/sky/offsets.ts";
import { SKY_PRIORS } from "../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS } from "../src/catalogs/sky/presets.ts";
import { type SkyClusters, takeSkyClusters } from "../src/catalogs/sky/sky_clusters.ts";
import { drawReference } from "../src/evaluation/sky/reference.ts";
import { judgeSkyCatalog } from "../src/evaluation/sky/verdict.ts";
import { argsort } from "../src/numerics/arrays.ts";
import { createRandom, type Random } from "../src/numerics/random.ts";
import { print } from "./files.ts";

const { mocks, seed } = parseArgs(Deno.args, { default: { mocks: 300, seed: 1 } });

const SURVEY = SKY_PRESETS.hiflugcs.survey;

/** Mocks have as many clusters as HIFLUGCS within this factor, as its reference has. */
const [COUNT, FACTOR] = [54, 1.5];

type Fault = (clusters: SkyClusters, random: Random) => SkyClusters;

const rowsOf = ({ redshift }: SkyClusters) => Array.from(redshift.keys());

/**
 * Exchanges measurements of some clusters: how many rows on those of T, and of gas mass, move; 0: they stay.
 */
function shuffle(share: number, [byT, byGas]: readonly [number, number]): Fault {
  return (clusters, random) => {
    const order = random.permutation(clusters.redshift.length);
    const moved = Array.from(order.slice(0, Math.round(share * order.length)));
    const mix = (column: Float64Array, by: number) => {
      const mixed = column.slice();
      moved.forEach((row, i) => mixed[row] = column[moved[(i + by) % moved.length]!]!);
      return mixed;
    };
    return {
      ...clusters,
      lnTemperature: mix(clusters.lnTemperature, byT),
      lnGasMass: mix(clusters.lnGasMass, byGas),
    };
  };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "none: honest catalogs": (clusters) => clusters,
  "fluxes 25% high": (clusters) => ({
    ...clusters,
    lnFlux: clusters.lnFlux.map((ln) => ln + Math.log(1.25)),
  }),
  "faintest third missing": (clusters) =>
    takeSkyClusters(clusters, argsort(clusters.lnFlux).slice(clusters.lnFlux.length / 3)),
  "20% of the rows shuffled": shuffle(0.2, [1, 2]),
  "... T and gas mass together": shuffle(0.2, [1, 1]),
  "... temperatures alone": shuffle(0.2, [1, 0]),
  "... gas masses alone": shuffle(0.2, [0, 1]),
  "10% of the rows shuffled": shuffle(0.1, [1, 2]),
  "clusters below 3 keV missing": (clusters) =>
    takeSkyClusters(
      clusters,
      rowsOf(clusters).filter((row) => clusters.lnTemperature[row]! > Math.log(3)),
    ),
  "half of z > 0.05 missing": (clusters, random) =>
    takeSkyClusters(
      clusters,
      rowsOf(clusters).filter((row) => clusters.redshift[row]! < 0.05 || random.uniform() < 0.5),
    ),
  "temperatures 16% high": (clusters) => ({
    ...clusters,
    lnTemperature: clusters.lnTemperature.map((ln) => ln + Math.log(1.16)),
  }),
  "gas masses in Msun/h": (clusters) => ({
    ...clusters,
    lnGasMass: clusters.lnGasMass.map((ln) => ln + Math.log(0.7)),
  }),
};

const random = createRandom(Number(seed));
const drawer = prepareSkyDrawing(SURVEY, { offsets: STUDENT_OFFSETS });
const reference = drawReference(SURVEY, COUNT, drawer, random.fork("reference"));
const counts = Object.fromEntries(
  Object.keys(FAULTS).map((name) => [name, { "consistent": 0, "caution": 0, "do not apply": 0 }]),
);
let judged = 0;
for (let i = 0; judged < Number(mocks); i++) {
  const stream = random.fork("mock", i);
  const mock = drawer.draw(drawSkyParameters(SKY_PRIORS, stream.fork("parameters")), stream);
  const found = mock.redshift.length;
  if (found < COUNT / FACTOR || found > COUNT * FACTOR) continue;
  judged++;
  for (const [name, plant] of Object.entries(FAULTS)) {
    const clusters = plant(mock, stream.fork(name));
    counts[name]![judgeSkyCatalog(SURVEY, clusters, reference).verdict]++;
  }
}
print(`${judged} mocks of 36 to 81 clusters`);
print(`${"fault".padEnd(30)} consistent  caution  do not apply`);
for (const [name, verdicts] of Object.entries(counts)) {
  const [a, b, c] = Object.values(verdicts).map((n) => `${(100 * n / judged).toFixed(1)}%`);
  print(`${name.padEnd(30)} ${a!.padStart(10)}  ${b!.padStart(7)}  ${c!.padStart(12)}`);
}
