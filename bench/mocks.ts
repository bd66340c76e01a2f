/**
 * The work that mock generation is measured on: the standard catalogs, straight to scaled inputs, by
 * the readable TypeScript path, by the WASM core, and by NumPy where it is installed.
 */
import { LOG_MASS_PIVOT } from "../src/clusters/scaling_relation.ts";
import { binCenter, MASS_BIN } from "../src/catalogs/abundance.ts";
import type { CatalogMaker } from "../src/catalogs/catalog.ts";
import { drawCatalog, prepareCatalogs } from "../src/catalogs/catalog.ts";
import type { RowArrays } from "../src/catalogs/core/draw_batch.ts";
import { tabulateNeighbors } from "../src/catalogs/core/neighbor_intervals.ts";
import { QUANTITY_RECIPES, referenceOf } from "../src/catalogs/core/quantities.ts";
import type { CatalogParameters } from "../src/catalogs/priors.ts";
import { drawParameters, STANDARD_PRIORS } from "../src/catalogs/priors.ts";
import { breakLogMass } from "../src/catalogs/survey.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { EXPERIMENTS } from "../src/experiments/experiments.ts";
import type { NormalizedCatalog } from "../src/features/dataset.ts";
import { normalizeCatalog } from "../src/features/dataset.ts";
import { buildFeatures } from "../src/features/features.ts";
import { createMockCore } from "../src/features/fresh.ts";
import { linearColumns } from "../src/features/linear_columns.ts";
import { fitNormalization } from "../src/features/normalization.ts";
import { encodeNpz } from "../src/formats/npz.ts";
import type { NamedArray } from "../src/numerics/arrays.ts";
import { createRandom } from "../src/numerics/random.ts";

const CATALOGS = 1000;
const FITTED_ON = 200;

const random = createRandom(1);
const { catalog: plan, features } = EXPERIMENTS.standard;
const maker: CatalogMaker = prepareCatalogs(drawBaseSample(random.fork("base sample")), plan);
const parameters: CatalogParameters[] = drawParameters(STANDARD_PRIORS, CATALOGS, random);

const fitted = Array.from({ length: FITTED_ON }, (_, i) => featuresOf(i));
const normalization = fitNormalization(fitted, features, "z-score");
const cores = {
  new: createMockCore(maker, features, normalization),
  reused: createMockCore(maker, features, normalization, { arrays: "reused" }),
};

function featuresOf(i: number) {
  const catalog = drawCatalog(maker, parameters[i]!, random.fork("catalog", i));
  return buildFeatures(catalog, features, random.fork("rows", i));
}

/** 1000 catalogs by the TypeScript path. */
function drawInTypeScript(): NormalizedCatalog[] {
  return parameters.map((_, i) => normalizeCatalog(featuresOf(i), normalization));
}

/** The draw by the WASM core, into new or reused arrays. */
function drawInWasm(arrays: RowArrays): NormalizedCatalog[] {
  return cores[arrays].draw(parameters, random);
}

/** A way to draw the 1000 catalogs. */
export interface Contestant {
  readonly name: string;
  readonly draw: () => readonly NormalizedCatalog[];
}

/** The ways in this process. */
export const CONTESTANTS: readonly Contestant[] = [
  { name: "TypeScript", draw: drawInTypeScript },
  { name: "WASM, new arrays", draw: () => drawInWasm("new") },
  { name: "WASM, reused arrays", draw: () => drawInWasm("reused") },
];

/** Times of one round [ns per cluster]. */
export interface Round {
  readonly wall: number;
  /** CPU time, which tells more than wall time on a machine that others use as well. */
  readonly processor: number;
}

/** A NumPy process that draws on request. */
export interface NumpyPeer {
  readonly name: string;
  /** Works for one round. */
  readonly draw: () => Promise<Round>;
  readonly close: () => Promise<void>;
}

/** How glibc keeps freed memory in the process: faster than as shipped, for NumPy's temporaries. */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: "1000000000", MALLOC_TRIM_THRESHOLD_: "4000000000" };

/** The choices of peers/mock_numpy.py that are measured, with the run length that suits each best. */
const NUMPY_CHOICES = [
  { name: "NumPy, Poisson in bins", args: ["128", "masses_by_bin", "order_by_stable"], env: {} },
  { name: "NumPy, arrivals", args: ["128", "masses_by_arrival", "order_by_stable"], env: {} },
  {
    name: "NumPy, arrivals, memory kept",
    args: ["128", "masses_by_arrival", "order_by_stable"],
    env: KEEP_MEMORY,
  },
];

/** NumPy's contestants; none where there is no NumPy. */
export async function openNumpy(python = "/usr/bin/python3"): Promise<NumpyPeer[]> {
  const check = await new Deno.Command(python, { args: ["-c", "import numpy"] }).output()
    .catch(() => ({ success: false }));
  if (!check.success) return [];
  const tables = await Deno.makeTempFile({ suffix: ".npz" });
  await Deno.writeFile(tables, tablesForNumpy());
  const script = new URL("peers/mock_numpy.py", import.meta.url).pathname;
  return NUMPY_CHOICES.map(({ name, args, env }) => {
    const child = new Deno.Command(python, {
      args: [script, tables, ...args],
      env,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    return {
      name,
      async draw() {
        await input.write(new TextEncoder().encode("\n"));
        let text = "";
        while (!text.endsWith("\n")) text += (await output.read()).value ?? "";
        return JSON.parse(text);
      },
      async close() {
        await input.close();
        await child.status;
      },
    };
  });
}

/** Clusters in all. */
export function countClusters(catalogs: readonly NormalizedCatalog[]): number {
  return catalogs.reduce((sum, { count }) => sum + count, 0);
}

/** What peers/mock_numpy.py reads: everything that does not depend on the draw, in float32. */
function tablesForNumpy(): Uint8Array {
  const { bins, source } = maker;
  const { survey } = maker.plan;
  const recipe = QUANTITY_RECIPES.neighbor(maker);
  const span = bins.count * MASS_BIN;
  const intervals = tabulateNeighbors(
    bins.logMassMin,
    span,
    recipe.changes,
    recipe.findRange,
  );
  const [luminosity, temperature, gasMass] = referenceOf(source);
  const reference = [temperature, gasMass, luminosity, LOG_MASS_PIVOT];
  const pixels = linearColumns(source, features.pixels, normalization.pixels);
  const clusters = source.base.clusters;
  const rows = Array.from(
    { length: clusters.count },
    (_, k) =>
      pixels.map(({ base, perDex }) =>
        base[k]! - perDex[1] * (clusters.logTemperature[k]! - temperature) -
        perDex[2] * (clusters.logGasMass[k]! - gasMass)
      ),
  );
  const [light, lensing] = normalization.supplementary;
  const scales = [
    normalization.pixels[0]!.scale,
    normalization.pixels[1]!.scale,
    light!.scale,
    lensing!.scale,
  ].map((scale) => 1 / scale);
  const shifts = [
    (reference[2]! - light!.offset) / light!.scale,
    (reference[3]! - lensing!.offset) / lensing!.scale,
  ];
  const flux = Array.from(
    { length: bins.count },
    (_, i) => 10 ** (survey.slope * (binCenter(bins, i) - survey.logMassMin)),
  );
  const terms = parameters.map((entry) => {
    const logMassBreak = breakLogMass(survey, source.base.relations.luminosity, entry);
    const { slope, constant, factor, noise } = recipe.terms(entry);
    return [
      10 ** (survey.slope * (survey.logMassMin - logMassBreak)),
      maker.sigma8.indexOf(entry.sigma8),
      ...slope.slice(0, 3),
      ...constant.slice(0, 3),
      ...factor.slice(0, 3),
      constant[3],
      noise[3],
    ];
  });
  const offsets = Array.from(
    { length: clusters.count },
    (_, k) => [...recipe.offsets.subarray(4 * k, 4 * k + 3)],
  );
  const isFirst = (_: number, i: number) => i % 2 === 0;
  return encodeNpz({
    flux: vector(flux),
    volume: matrix(maker.volumeCounts.map((counts) => [...counts])),
    terms: matrix(terms),
    ends: vector([...intervals.ends]),
    first: integers([...intervals.ranges].filter(isFirst)),
    number: vector([...intervals.ranges].filter((value, i) => !isFirst(value, i))),
    offsets: matrix(offsets),
    rows: matrix(rows),
    scales: vector(scales),
    shifts: vector(shifts),
  });
}

function vector(values: readonly number[]): NamedArray {
  return { shape: [values.length], data: Float32Array.from(values) };
}

function integers(values: readonly number[]): NamedArray {
  return { shape: [values.length], data: Int32Array.from(values) };
}

function matrix(rows: readonly (readonly number[])[]): NamedArray {
  return { shape: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat()) };
}
