// deno-lint-ignore-file no-console -- a report prints
/**
 * Accuracy of mock observations of the gas (section 2.1.2): errors and bias of the total gas mass
 * by mass bin, pulls of shells and slopes, substructure found and missed, distances between
 * observed and drawn profiles, bright neighbors planted next to clusters, and the time. A report,
 * not a timed bench:
 *
 *     deno task bench:xray [--clusters 200] [--seed 1] [--sky standard] [--json]
 *
 * Distances of the whole base sample are those of `--sky standard --clusters 1165`.
 */
import { type BaseSample, createRandom, drawBaseSample } from "../mod.ts";
import { SHELLS } from "../src/clusters/mod.ts";
import { kolmogorovSmirnov, mean, standardDeviation } from "../src/numerics/mod.ts";
import {
  type Observation,
  type Observatory,
  observeCluster,
  prepareObservatory,
  RELAXED_SKY,
  type SkyOptions,
  STANDARD_SKY,
} from "../src/xray/mod.ts";
import { listTruth, plantNeighbors } from "./xray_neighbors.ts";

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
  /** Values of the density model that stands for the row. */
  readonly model: readonly number[];
  readonly planted: readonly { readonly signal: number; readonly found: boolean }[];
  readonly falseAlarms: number;
}

function describe(observatory: Observatory, base: BaseSample, row: number, o: Observation): Line {
  const model = listTruth(o.truth);
  const { gas } = o;
  const observed = gas ? [...gas.logShellMasses, ...gas.slopes, gas.logGasMass] : [];
  return {
    row,
    logMass: base.clusters.logMass[row]!,
    quality: o.quality,
    photons: o.photons.reduce((sum, n) => sum + n, 0),
    observed,
    model,
    misses: observed.map((value, i) => value - model[i]!),
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
  const good = measured.filter(({ quality }) => quality === "good");
  const pulls = NAMES.map((name, i) => {
    const of = (some: readonly Line[]) => some.map(({ misses, errors }) => misses[i]! / errors[i]!);
    const [all, best] = [of(measured), of(good)];
    return {
      name,
      mean: mean(all),
      width: standardDeviation(all),
      meanOfGood: mean(best),
      widthOfGood: standardDeviation(best),
    };
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

/**
 * Kolmogorov-Smirnov distances of the columns from the same clusters' drawn ones, with what makes
 * them: the density model that stands for a drawn profile, and the observation's errors. Shells are
 * taken relative to the drawn total.
 */
function distances({ clusters }: BaseSample, lines: readonly Line[]) {
  const measured = lines.filter(({ observed }) => observed.length > 0);
  const total = 2 * SHELLS;
  return NAMES.map((name, i) => {
    const offset = ({ row }: Line) => i < SHELLS ? clusters.logGasMass[row]! : 0;
    const drawn = measured.map((line) =>
      i === total
        ? clusters.logGasMass[line.row]!
        : i < SHELLS
        ? clusters.logGasMassProfile[line.row * SHELLS + i]! - offset(line)
        : clusters.gasSlopeProfile[line.row * SHELLS + i - SHELLS]!
    );
    const observed = measured.map((line) => line.observed[i]! - offset(line));
    const model = measured.map((line) => line.model[i]! - offset(line));
    return {
      name,
      distance: kolmogorovSmirnov(observed, drawn).distance,
      ofModel: kolmogorovSmirnov(model, drawn).distance,
      meanShift: mean(observed) - mean(drawn),
      drawnScatter: standardDeviation(drawn),
      modelScatter: standardDeviation(model),
      observedScatter: standardDeviation(observed),
      meanError: mean(measured.map(({ errors }) => errors[i]!)),
    };
  });
}

/** Numbers to four digits, for tables. */
function rounded(line: object): object {
  return Object.fromEntries(
    Object.entries(line).map(([name, value]) => [
      name,
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    ]),
  );
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
  const only = args.includes("--sky") ? args[args.indexOf("--sky") + 1] : undefined;
  if (only !== undefined && !Object.hasOwn(SKIES, only)) {
    throw new RangeError(
      `Cannot observe sky ${only}: it should be one of ${Object.keys(SKIES).join(", ")}`,
    );
  }
  const skies = Object.entries(SKIES).filter(([name]) => only === undefined || name === only);
  for (const [name, sky] of skies) {
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
    console.table(summary.bins.map(rounded));
    console.table(summary.pulls.map(rounded));
    console.table(summary.distances.map(rounded));
    console.table(summary.completeness);
    console.log(`false alarms an image: ${summary.falseAlarms.toFixed(3)}`);
  }
  if (only === undefined) {
    const planted = plantNeighbors(base, byMass, random);
    report["planted neighbors"] = planted;
    if (!args.includes("--json")) {
      console.log(
        "\n## planted neighbors, by photons in units of the cluster's and distance [R500]",
      );
      console.table(planted.map(rounded));
    }
  }
  if (args.includes("--json")) console.log(JSON.stringify(report, undefined, 1));
}

if (import.meta.main) main(Deno.args);
