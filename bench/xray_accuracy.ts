// deno-lint-ignore-file no-console -- a report prints
/**
 * How well mock observations recover the gas (section 2.1.2): errors and bias of the total gas mass by mass
 * bin, pulls of shells and slopes, substructure found and missed, distances between observed and
 * drawn profiles, and the time. A report, not a timed bench:
 *
 *     deno run -A bench/xray_accuracy.ts [--clusters 200] [--seed 1] [--json]
 */
import {
  type BaseSample,
  createRandom,
  drawBaseSample,
  kolmogorovSmirnov,
  mean,
  type Observation,
  type Observatory,
  observeCluster,
  prepareObservatory,
  RELAXED_SKY,
  shellGasMasses,
  SHELLS,
  shellSlopes,
  type SkyOptions,
  STANDARD_SKY,
  standardDeviation,
  totalGasMass,
} from "../mod.ts";

const SKIES: Readonly<Record<string, SkyOptions>> = {
  "relaxed": RELAXED_SKY,
  "elliptical": { ...RELAXED_SKY, ellipticity: STANDARD_SKY.ellipticity },
  "clumps": { ...RELAXED_SKY, clumps: STANDARD_SKY.clumps },
  "standard": STANDARD_SKY,
};
const MASS_BINS = [13.5, 13.7, 13.9, 14.2, 14.5, 15.5];
const SIGNAL_BINS = [0, 3, 5, 10, Infinity];
const NAMES = [
  ...Array.from({ length: SHELLS }, (_, i) => `shell ${i}`),
  ...Array.from({ length: SHELLS }, (_, i) => `slope ${i}`),
  "total",
];

interface Line {
  readonly row: number;
  readonly logMass: number;
  readonly quality: string;
  readonly photons: number;
  readonly errors: readonly number[];
  readonly misses: readonly number[];
  readonly observed: readonly number[];
  readonly planted: readonly { readonly signal: number; readonly found: boolean }[];
  readonly falseAlarms: number;
}

function describe(observatory: Observatory, base: BaseSample, row: number, o: Observation): Line {
  const { density, r500 } = o.truth;
  const truth = [
    ...shellGasMasses(density, r500).map(Math.log10),
    ...shellSlopes(density, r500),
    Math.log10(totalGasMass(density, r500)),
  ];
  const { gas } = o;
  const observed = gas ? [...gas.logShellMasses, ...gas.slopes, gas.logGasMass] : [];
  return {
    row,
    logMass: base.clusters.logMass[row]!,
    quality: o.quality,
    photons: o.photons.reduce((sum, n) => sum + n, 0),
    observed,
    misses: observed.map((value, i) => value - truth[i]!),
    errors: gas ? [...gas.logShellMassErrors, ...gas.slopeErrors, gas.logGasMassError] : [],
    ...detections(observatory, o),
  };
}

/** A source counts as found if its center is masked; its signal is taken within two core radii. */
function detections(
  { pointing: { side, pixel } }: Observatory,
  { truth, photons, substructure }: Observation,
): Pick<Line, "planted" | "falseAlarms"> {
  const inField = truth.sources.filter(({ center: { x, y } }) =>
    x >= 0 && y >= 0 && x < side && y < side
  );
  const planted = inField.map(({ center: { x, y }, coreRadius, beta, photons: total }) => {
    const reach = 2 * coreRadius / pixel;
    let noise = 0;
    for (let p = 0; p < photons.length; p++) {
      const distance = Math.hypot(p % side + 0.5 - x, Math.floor(p / side) + 0.5 - y);
      if (distance < reach) noise += photons[p]!;
    }
    const signal = total * (1 - 5 ** (1.5 - 3 * beta)) / Math.sqrt(Math.max(noise, 1));
    return { signal, found: substructure.mask[Math.floor(y) * side + Math.floor(x)] === 1 };
  });
  const falseAlarms =
    substructure.regions.filter(({ center, pixels }) =>
      !truth.sources.some((source) =>
        Math.hypot(source.center.x - center.x, source.center.y - center.y) <
          Math.sqrt(pixels / Math.PI) + 2 * source.coreRadius / pixel
      )
    ).length;
  return { planted, falseAlarms };
}

function summarize(lines: readonly Line[]) {
  const measured = lines.filter(({ observed }) => observed.length > 0);
  const total = NAMES.length - 1;
  const percent = (dex: number) => 100 * Math.LN10 * dex;
  const bins = MASS_BINS.slice(1).map((high, b) => {
    const inBin = measured.filter(({ logMass }) => logMass >= MASS_BINS[b]! && logMass < high);
    if (inBin.length === 0) return { from: MASS_BINS[b]!, to: high, count: 0 };
    const misses = inBin.map(({ misses }) => percent(misses[total]!));
    return {
      from: MASS_BINS[b]!,
      to: high,
      count: inBin.length,
      meanErrorPercent: mean(inBin.map(({ errors }) => percent(errors[total]!))),
      largestErrorPercent: Math.max(...inBin.map(({ errors }) => percent(errors[total]!))),
      biasPercent: mean(misses),
      scatterPercent: standardDeviation(misses),
    };
  });
  const pulls = NAMES.map((name, i) => {
    const values = measured.map(({ misses, errors }) => misses[i]! / errors[i]!);
    return { name, mean: mean(values), width: standardDeviation(values) };
  });
  const planted = lines.flatMap(({ planted }) => planted);
  const completeness = SIGNAL_BINS.slice(1).map((high, b) => {
    const inBin = planted.filter(({ signal }) => signal >= SIGNAL_BINS[b]! && signal < high);
    const found = inBin.filter(({ found }) => found).length;
    return { signalFrom: SIGNAL_BINS[b]!, signalTo: high, planted: inBin.length, found };
  });
  const qualities: Record<string, number> = {};
  for (const { quality } of lines) qualities[quality] = (qualities[quality] ?? 0) + 1;
  const falseAlarms = lines.reduce((sum, line) => sum + line.falseAlarms, 0) / lines.length;
  return { qualities, bins, pulls, completeness, falseAlarms };
}

/** Kolmogorov-Smirnov distances from the same clusters' drawn columns. */
function distances(base: BaseSample, lines: readonly Line[]) {
  const measured = lines.filter(({ observed }) => observed.length > 0);
  return NAMES.slice(0, 2 * SHELLS).map((name, i) => {
    const table = i < SHELLS ? base.clusters.logGasMassProfile : base.clusters.gasSlopeProfile;
    const { distance, probability } = kolmogorovSmirnov(
      measured.map(({ observed }) => observed[i]! - (i < SHELLS ? observed[2 * SHELLS]! : 0)),
      measured.map(({ row }) =>
        table[row * SHELLS + i % SHELLS]! - (i < SHELLS ? base.clusters.logGasMass[row]! : 0)
      ),
    );
    return { name, distance, probability };
  });
}

function main(args: readonly string[]): void {
  const option = (name: string, fallback: number) =>
    args.includes(name) ? Number(args[args.indexOf(name) + 1]) : fallback;
  const count = option("--clusters", 200);
  const base = drawBaseSample(createRandom(option("--seed", 1)));
  const random = createRandom(option("--seed", 1) + 1);
  const byMass = Array.from(base.clusters.logMass.keys())
    .sort((a, b) => base.clusters.logMass[a]! - base.clusters.logMass[b]!);
  const rows = Array.from(
    { length: count },
    (_, k) => byMass[Math.floor((k + 0.5) / count * byMass.length)]!,
  );
  const report: Record<string, unknown> = {};
  for (const [name, sky] of Object.entries(SKIES)) {
    const observatory = prepareObservatory(base.cosmology, base.redshift, { sky });
    const start = performance.now();
    const lines = rows.map((row) =>
      describe(
        observatory,
        base,
        row,
        observeCluster(observatory, base.clusters, row, random.fork("observe", row)),
      )
    );
    const secondsPerCluster = (performance.now() - start) / 1000 / count;
    const summary = { ...summarize(lines), distances: distances(base, lines), secondsPerCluster };
    report[name] = summary;
    if (args.includes("--json")) continue;
    console.log(`\n## ${name}: ${count} clusters, ${secondsPerCluster.toFixed(2)} s each`);
    console.log(JSON.stringify(summary.qualities));
    console.table(summary.bins);
    console.table(summary.pulls.map((pull, i) => ({ ...pull, ...summary.distances[i] })));
    console.table(summary.completeness);
    console.log(`false alarms an image: ${summary.falseAlarms.toFixed(3)}`);
  }
  if (args.includes("--json")) console.log(JSON.stringify(report, undefined, 1));
}

if (import.meta.main) main(Deno.args);
