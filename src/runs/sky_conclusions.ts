/**
 * The paper's six conclusions asked of the network of a flux-limited survey, where no sharp limit
 * of mass anchors the scaling relations: each decided by numbers measured on mock catalogs.
 */
import { prepareSkyDrawing } from "../catalogs/sky/draw.ts";
import { FIDUCIAL_SKY } from "../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import type { SkyAgreement } from "../evaluation/sky/agreement.ts";
import {
  fitMassProxy,
  ownProxyScatter,
  type ProxyCatalog,
  withinCorrelation,
} from "../evaluation/sky/mass_proxy.ts";
import { SKY_COLUMNS, skyColumns } from "../features/sky_inputs.ts";
import { correlateAtFixed } from "../interpretation/catalog_correlation.ts";
import type { Random } from "../numerics/random.ts";
import {
  binInfluences,
  type InfluenceBin,
  type InfluenceByMass,
  leaveEachOutOfNetwork,
} from "./sky_influence.ts";
import type { SkyNetwork } from "./sky_network.ts";
import { drawSkyPair } from "./sky_training.ts";

/** One of the paper's conclusions, and whether it holds for this survey. */
export interface SkyConclusion {
  /** What the paper concludes of its own survey. */
  readonly claim: string;
  /** Whether it holds for this survey. */
  readonly outcome: "holds" | "holds with the luminosity" | "does not hold" | "not measured";
  /** The numbers that decide, in words. */
  readonly measured: string;
}

/** The six conclusions with the numbers that decide them. */
export interface SkyConclusions {
  /** The six conclusions, in the paper's order. */
  readonly conclusions: readonly SkyConclusion[];
  /** How clusters of each mass influence the network's answer. */
  readonly byMass: readonly InfluenceBin[];
  /**
   * Scatter of ln M about each catalog's own line of the terse value, of terse and ln L, of all columns;
   * and the correlation of terse value and ln M within catalogs.
   */
  readonly proxy: {
    readonly terse: number;
    readonly pair: number;
    readonly best: number;
    readonly correlation: number;
  };
}

/** Mocks of the whole prior for the terse value, and mocks at the fiducial parameters for influence. */
const PROXY_MOCKS = 300;
const INFLUENCE_MOCKS = 40;

/** Fewest clusters of a mock whose own line is fitted. */
const FEWEST = 10;

/** Clusters of a mock that are left out at most, in no order: long catalogs are slow. */
const MOST_LEFT_OUT = 100;

/** A pair that gives mass to within this factor of all columns together is a mass. */
const NEARLY_BEST = 1.5;

/** Widths and errors within this factor of the explicit ones are as good as the catalogs allow. */
const NEARLY_LIMIT = 1.1;

/** Largest correlation of the terse value with S8 at fixed mass of a network that is not overspecialized. */
const MOST_PARTIAL = 0.1;

/** Masses between which the paper finds its peak without weak lensing, log10 [Msun/h]. */
const PEAK: readonly [number, number] = [14.1, 14.4];

/**
 * Measures a network and decides the six conclusions.
 *
 * @param agreement The network next to explicit posteriors, if that was measured
 * @param random Streams "proxy" and "influence" are forked from it
 */
export async function concludeSky(
  network: SkyNetwork,
  survey: SkySurvey,
  agreement: SkyAgreement | null,
  random: Random,
): Promise<SkyConclusions> {
  const drawer = prepareSkyDrawing(survey);
  const known: { lnMass: Float64Array; terse: Float32Array; columns: number[][]; S8: number }[] =
    [];
  for (let i = 0; i < PROXY_MOCKS; i++) {
    const { parameters, mock } = drawSkyPair(drawer, random.fork("proxy", i));
    if (mock.redshift.length < FEWEST) continue;
    const columns = skyColumns(mock);
    known.push({
      lnMass: mock.lnMass,
      terse: await network.encode(mock),
      S8: parameters.S8,
      columns: SKY_COLUMNS.map((_, k) =>
        Array.from(mock.redshift, (_, row) => columns[SKY_COLUMNS.length * row + k]!)
      ),
    });
  }
  const proxiesOf = (columnsOf: (of: (typeof known)[number]) => ArrayLike<number>[]) =>
    known.map((of): ProxyCatalog => ({ lnMass: of.lnMass, columns: columnsOf(of) }));
  const scatter = (columnsOf: Parameters<typeof proxiesOf>[0]) =>
    ownProxyScatter(proxiesOf(columnsOf));
  const proxy = {
    terse: scatter(({ terse }) => [terse]),
    pair: scatter(({ terse, columns }) => [terse, columns[0]!]),
    best: scatter(({ columns }) => columns),
    correlation: withinCorrelation(proxiesOf(({ terse }) => [terse])),
  };
  const fit = fitMassProxy(
    known.map(({ terse, columns }): ProxyCatalog => ({ lnMass: terse, columns })),
    "over all",
  );
  const flat = <T>(of: (catalog: (typeof known)[number], c: number) => ArrayLike<T>) =>
    known.flatMap((catalog, c) => Array.from(of(catalog, c)));
  const partial = correlateAtFixed(
    flat(({ terse }) => terse),
    flat(({ S8, terse }) => new Array<number>(terse.length).fill(S8)),
    flat(({ lnMass }) => lnMass),
    flat(({ terse }, c) => new Array<number>(terse.length).fill(c)),
  );
  const left: InfluenceByMass[] = [];
  for (let i = 0; i < INFLUENCE_MOCKS; i++) {
    const mock = drawer.draw(FIDUCIAL_SKY, random.fork("influence", i));
    if (mock.redshift.length < FEWEST) continue;
    const influences = await leaveEachOutOfNetwork(network, mock, MOST_LEFT_OUT);
    const found = influences.length;
    left.push({ lnMass: mock.lnMass.subarray(0, found), influences, count: mock.redshift.length });
  }
  const byMass = binInfluences(left);
  return {
    proxy,
    byMass,
    conclusions: [
      concludeProxy(proxy, fit.coefficients),
      concludeScatter(agreement),
      concludeHeaviest(byMass),
      {
        claim: "Gas at 0.15 to 1 R500 tells most of mass, the core least",
        outcome: "not measured",
        measured:
          "a flux-limited catalog has no profiles: one temperature and one gas mass per cluster",
      },
      concludePeak(byMass),
      concludePartial(partial),
    ],
  };
}

const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;

function concludeProxy(
  { terse, pair, best, correlation }: SkyConclusions["proxy"],
  coefficients: Float64Array,
): SkyConclusion {
  const formula = SKY_COLUMNS.map((name, k) => `${coefficients[k]!.toFixed(2)} ${name}`).join(", ");
  return {
    claim: "The terse value is a proxy of the cluster's mass",
    outcome: terse < NEARLY_BEST * best
      ? "holds"
      : pair < NEARLY_BEST * best
      ? "holds with the luminosity"
      : "does not hold",
    measured: `within a catalog ln M scatters by ${percent(terse)} about the terse value alone ` +
      `(r ${correlation.toFixed(3)}), ` +
      `${percent(pair)} about it and ln L, ${percent(best)} about all columns; terse = ${formula}`,
  };
}

function concludeScatter(agreement: SkyAgreement | null): SkyConclusion {
  const claim = "S8 is found nearly as well as the catalogs allow";
  if (agreement === null) {
    return { claim, outcome: "not measured", measured: "needs explicit posteriors: calibrate" };
  }
  const ratio = agreement.rmsError / agreement.explicitRmsError;
  const isGood = ratio <= NEARLY_LIMIT && agreement.widthRatio <= NEARLY_LIMIT;
  return {
    claim,
    outcome: isGood ? "holds" : "does not hold",
    measured: `errors are ${ratio.toFixed(3)} times the explicit likelihood's on the same mocks, ` +
      `widths ${agreement.widthRatio.toFixed(3)} times`,
  };
}

function concludeHeaviest(bins: readonly InfluenceBin[]): SkyConclusion {
  const claim = "Leaving out a massive cluster lowers sigma8, the more the heavier it is";
  if (bins.length < 2) return { claim, outcome: "not measured", measured: "too few clusters" };
  const means = bins.map(({ meanS8 }) => meanS8);
  const heavy = bins.slice(-3).map(({ meanS8 }) => meanS8);
  const falls = heavy.every((value, i) => i === 0 || value < heavy[i - 1]!) && heavy.at(-1)! < 0;
  return {
    claim,
    outcome: falls ? "holds" : "does not hold",
    measured: `mean change of S8 by mass, in widths: ${
      bins.map((bin, i) => `${means[i]!.toFixed(3)} at 10^${middle(bin)}`).join(", ")
    }; of omegaM ${bins.map(({ meanOmegaM }) => meanOmegaM.toFixed(3)).join(", ")}`,
  };
}

function concludePeak(bins: readonly InfluenceBin[]): SkyConclusion {
  const claim =
    "Without weak lensing, clusters of 10^14.2 to 10^14.4 matter most: self-calibration";
  if (bins.length === 0) return { claim, outcome: "not measured", measured: "too few clusters" };
  const perDex = (bin: InfluenceBin) => bin.shareS8 / (bin.to - bin.from);
  const top = bins.reduce((best, bin) => perDex(bin) > perDex(best) ? bin : best);
  const single = bins.reduce((best, bin) => bin.rmsS8 > best.rmsS8 ? bin : best);
  const isInside = (bin: InfluenceBin) => bin.from >= PEAK[0] && bin.to <= PEAK[1] + 1e-9;
  return {
    claim,
    outcome: isInside(top) ? "holds" : "does not hold",
    measured: `of the squared changes of S8, ${
      bins.map((bin) => `${percent(bin.shareS8)} at 10^${middle(bin)}`).join(", ")
    }; most per dex at 10^${middle(top)}, most per cluster at 10^${middle(single)}`,
  };
}

function concludePartial(partial: ReturnType<typeof correlateAtFixed>): SkyConclusion {
  const claim = "Correlations of the terse value show whether a network is overspecialized";
  if (partial === null) return { claim, outcome: "not measured", measured: "too few clusters" };
  const { correlation, error } = partial;
  return {
    claim,
    outcome: Math.abs(correlation) < MOST_PARTIAL + 2 * error ? "holds" : "does not hold",
    measured: `r of the terse value and S8 at fixed mass is ${correlation.toFixed(3)} +- ${
      error.toFixed(3)
    }`,
  };
}

function middle({ from, to }: InfluenceBin): string {
  return ((from + to) / 2).toFixed(2);
}
