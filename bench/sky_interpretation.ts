/**
 * What the network of HIFLUGCS has learned: its terse value as a mass on mocks and on the real
 * clusters, its saliency, and its leave-one-outs against the exact ones.
 *
 * usage: sky_interpretation.ts [--proxy 400] [--mocks 10] [--seed 1]
 */
import { parseArgs } from "@std/cli/parse-args";
import { prepareSkyDrawing } from "../src/catalogs/sky/draw.ts";
import { GAUSSIAN_OFFSETS, STUDENT_OFFSETS } from "../src/catalogs/sky/offsets.ts";
import { type SkyClusters, takeSkyClusters } from "../src/catalogs/sky/sky_clusters.ts";
import { SKY_COSMOLOGY } from "../src/evaluation/sky/coverage.ts";
import { leaveEachOutOrSample } from "../src/evaluation/sky/influence.ts";
import { jointPoints } from "../src/evaluation/sky/joint_posterior.ts";
import { prepareSkyLikelihood } from "../src/evaluation/sky/likelihood.ts";
import {
  fitMassProxy,
  ownProxyScatter,
  type ProxyCatalog,
} from "../src/evaluation/sky/mass_proxy.ts";
import {
  sampleSkyPosterior,
  type SkyPosterior,
  summarizeSky,
} from "../src/evaluation/sky/posterior.ts";
import { SKY_COLUMNS, skyColumns } from "../src/features/sky_inputs.ts";
import { openEngine } from "../src/network/backends.ts";
import { createRandom } from "../src/numerics/random.ts";
import { correlation, fitLine, mean, standardDeviation } from "../src/numerics/statistics.ts";
import { readSkyCatalog } from "../src/observed/sky_catalog.ts";
import { readSource } from "../src/observed/source_reader.ts";
import { SOURCE_OPTIONS } from "../src/observed/source_table.ts";
import { loadSkyNetwork } from "../src/pretrained/sky.ts";
import { openSkyNetwork } from "../src/runs/sky_network.ts";
import { drawSkyPair } from "../src/runs/sky_training.ts";
import { print } from "./files.ts";

const options = parseArgs(Deno.args, { default: { proxy: 400, mocks: 10, seed: 1 } });
const run = await loadSkyNetwork("hiflugcs");
const { survey } = run.recipe;
const engine = await openEngine("core", { threads: 1 });
const network = await openSkyNetwork(engine, run);
const random = createRandom(Number(options.seed)).fork("sky interpretation");
const { S8, omegaM } = SKY_COSMOLOGY;

const table = readSource(
  await Deno.readFile(new URL("../fixtures/hiflugcs.csv", import.meta.url)),
  undefined,
  SOURCE_OPTIONS,
);
const { clusters, names } = readSkyCatalog(table, survey, "leave out");
const posterior = sampleSkyPosterior(prepareSkyLikelihood(survey, clusters), random.fork("real"));

await proxiesOfMocks(Number(options.proxy));
await realClusters();
await leaveOneOuts("HIFLUGCS", clusters, posterior, names);
await mocksLikeIt(Number(options.mocks));
engine.close();

/** A column of a catalog. */
function columnOf(values: ArrayLike<number>, k: number): number[] {
  return Array.from({ length: values.length / 4 }, (_, i) => values[4 * i + k]!);
}

/** The terse value as a mass on mocks of the whole prior, ten clusters or more each. */
async function proxiesOfMocks(count: number): Promise<void> {
  const drawer = prepareSkyDrawing(survey);
  const mocks = Array.from(
    { length: count },
    (_, i) => drawSkyPair(drawer, random.fork("proxy", i)),
  )
    .map(({ mock }) => mock).filter(({ redshift }) => redshift.length >= 10);
  const known = await Promise.all(mocks.map(async (mock) => ({
    lnMass: mock.lnMass,
    terse: await network.encode(mock),
    columns: skyColumns(mock),
  })));
  const ways: Record<string, (of: (typeof known)[number]) => ArrayLike<number>[]> = {
    "terse value": ({ terse }) => [terse],
    "terse value and ln L": ({ terse, columns }) => [terse, columnOf(columns, 0)],
    "all four columns": ({ columns }) => [0, 1, 2, 3].map((k) => columnOf(columns, k)),
    "ln L": ({ columns }) => [columnOf(columns, 0)],
    "ln L and ln z": ({ columns }) => [0, 3].map((k) => columnOf(columns, k)),
    "ln T": ({ columns }) => [columnOf(columns, 1)],
    "ln Mgas": ({ columns }) => [columnOf(columns, 2)],
  };
  print(
    `ln M on ${mocks.length} mocks: scatter over all, within catalogs, about each catalog's own fit`,
  );
  for (const [name, columns] of Object.entries(ways)) {
    const catalogs = known.map((of): ProxyCatalog => ({ lnMass: of.lnMass, columns: columns(of) }));
    const [all, within] = (["over all", "within catalogs"] as const).map((spread) =>
      (100 * fitMassProxy(catalogs, spread).scatter).toFixed(1)
    );
    print(
      `  ${name.padEnd(22)} ${all}%  ${within}%  ${(100 * ownProxyScatter(catalogs)).toFixed(1)}%`,
    );
  }
  const columns = known.map((of): ProxyCatalog => ({
    lnMass: of.terse,
    columns: [0, 1, 2, 3].map((k) => columnOf(of.columns, k)),
  }));
  const fit = fitMassProxy(columns, "over all");
  const spread = standardDeviation(known.flatMap(({ terse }) => [...terse]));
  print(
    `terse = ${
      [...fit.coefficients].map((c, k) => `${c.toFixed(2)} ${SKY_COLUMNS[k]}`).join(" + ")
    }` +
      `; ${(100 * fit.scatter / spread).toFixed(0)}% of its spread is not linear`,
  );
}

/** Terse values of the real clusters against hydrostatic masses that no training saw, and saliency. */
async function realClusters(): Promise<void> {
  const masses = table.columns.find(({ name }) => name === "M500")!.values!;
  const all = table.textsOf("name");
  const lnMass = names!.map((name) => Math.log(masses[all.indexOf(name)]!));
  const terse = await network.encode(clusters);
  const columns = skyColumns(clusters);
  const ways: Record<string, ArrayLike<number>[]> = {
    "terse value": [terse],
    "terse value and ln L": [terse, columnOf(columns, 0)],
    "ln L": [columnOf(columns, 0)],
    "ln T": [columnOf(columns, 1)],
    "ln Mgas": [columnOf(columns, 2)],
  };
  print(`${lnMass.length} real clusters, scatter of ln M (hydrostatic):`);
  for (const [name, columns] of Object.entries(ways)) {
    const { scatter } = fitMassProxy([{ lnMass, columns }], "over all");
    print(`  ${name.padEnd(22)} ${(100 * scatter).toFixed(1)}%`);
  }
  print(`  r(terse, ln M) ${correlation(terse, lnMass).toFixed(2)}`);
  const gradient = await network.encoderGradient(clusters);
  print("saliency: mean slope of the terse value, and times the column's spread");
  SKY_COLUMNS.forEach((name, k) => {
    const slope = mean(columnOf(gradient, k));
    const spread = standardDeviation(columnOf(columns, k));
    print(`  ${name.padEnd(8)} ${slope.toFixed(2).padStart(6)}  ${(slope * spread).toFixed(2)}`);
  });
}

/** Changes of S8 and omegaM when each cluster is left out, in widths: by the network and exact. */
async function leaveOneOuts(
  title: string,
  catalog: SkyClusters,
  exact: SkyPosterior,
  labels?: readonly string[],
): Promise<void> {
  const likelihood = prepareSkyLikelihood(survey, catalog);
  const influences = leaveEachOutOrSample(exact, likelihood, [S8, omegaM], {
    ...{ survey, clusters: catalog, random: random.fork("left out", title) },
  });
  const rows = Array.from(catalog.redshift.keys());
  const without = rows.map((row) =>
    takeSkyClusters(catalog, rows.filter((other) => other !== row))
  );
  const [whole, ...others] = (await network.posteriors([catalog, ...without])).map(jointPoints);
  const found = [S8, omegaM].map((quantity) => {
    const { mean: middle, deviation } = summarizeSky(whole!, quantity);
    return others.map((points) => (summarizeSky(points, quantity).mean - middle) / deviation);
  });
  ["S8", "omegaM"].forEach((name, q) => {
    const truth = influences.map(({ changes }) => changes[q]!);
    print(
      `${title}, leave-one-out of ${name}: r ${correlation(found[q]!, truth).toFixed(2)}, slope ${
        fitLine(truth, found[q]!).slope.toFixed(2)
      }, spread of the exact ${standardDeviation(truth).toFixed(3)} widths`,
    );
  });
  if (labels === undefined) return;
  const order = rows.toSorted((a, b) =>
    Math.abs(influences[b]!.changes[0]!) - Math.abs(influences[a]!.changes[0]!)
  );
  for (const row of order.slice(0, 8)) {
    const numbers = [0, 1].map((q) =>
      `${influences[row]!.changes[q]!.toFixed(2)} (network ${found[q]![row]!.toFixed(2)})`
    );
    print(`  ${labels[row]!.padEnd(10)} S8 ${numbers[0]}, omegaM ${numbers[1]}`);
  }
}

/** Mocks from the real sample's posterior, with Gaussian and with Student scatter. */
async function mocksLikeIt(count: number): Promise<void> {
  for (const offsets of [GAUSSIAN_OFFSETS, STUDENT_OFFSETS]) {
    const drawer = prepareSkyDrawing(survey, { offsets });
    const distances: [number[], number[]] = [[], []];
    for (let i = 0; i < count; i++) {
      const stream = random.fork("like it", i);
      const target = stream.uniform();
      let below = 0;
      const point = posterior.weights.findIndex((weight) => (below += weight) > target);
      const mock = drawer.draw(posterior.parameters[point]!, stream.fork("catalog"));
      const exact = sampleSkyPosterior(
        prepareSkyLikelihood(survey, mock),
        stream.fork("posterior"),
      );
      const [own] = await network.posteriors([mock]);
      [S8, omegaM].forEach((quantity, q) => {
        const { mean: middle, deviation } = summarizeSky(exact, quantity);
        distances[q]!.push((summarizeSky(jointPoints(own!), quantity).mean - middle) / deviation);
      });
      if (i === 0) await leaveOneOuts(`mock, ${offsets.kind}`, mock, exact);
    }
    const text = distances.map((values) =>
      `${mean(values).toFixed(2)} (scatter ${standardDeviation(values).toFixed(2)})`
    );
    print(
      `${count} mocks like HIFLUGCS, ${offsets.kind} scatter: network less likelihood, S8 ${
        text[0]
      }, ` +
        `omegaM ${text[1]} widths`,
    );
  }
}
