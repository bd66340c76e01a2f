/** Mock catalogs of the whole prior, by what the verdict on a catalog compares. */
import { drawSkyParameters, type SkyDrawer } from "../../catalogs/sky/draw.ts";
import { skyPriors } from "../../catalogs/sky/parameters.ts";
import { MISSING_ERROR, type SkyClusters } from "../../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../../catalogs/sky/survey.ts";
import type { Random } from "../../numerics/random.ts";
import { FEWEST_MOCKS } from "./comparison.ts";
import { findJoinedColumns, findMismatch, type JoinedColumn } from "./mismatch.ts";
import { skyStatistics } from "./statistics.ts";
import { testVolumes, type VolumeTest } from "./volume_check.ts";

/**
 * Number of mocks of the prior on which the verdict rests: on a catalog of up to 100 clusters, and on a
 * larger one, each mock of which takes longer (60 ms at 5200 clusters).
 */
const REFERENCE_MOCKS = [3000, 1500] as const;

const referenceMocks = (count: number) => REFERENCE_MOCKS[count <= 100 ? 0 : 1];

/** Most mocks that are drawn to find them. */
const MOST_DRAWN = 30000;

/** After so many of which none is like the catalog, none is expected: fewer than one in a thousand is. */
const SEARCHED = 3000;

/** Reference mocks have as many clusters as the catalog to within this factor. */
const NUMBER_FACTOR = 1.5;

/** Statistics of mocks by number of clusters, which many verdicts share. */
export interface SkyReference {
  /** Number of clusters of each mock. */
  readonly counts: readonly number[];
  /** The mocks' statistics. */
  readonly statistics: readonly Float64Array[];
  /** The mocks' V / Vmax. */
  readonly volumes: readonly VolumeTest[];
  /** Columns that were searched for rows of other clusters. */
  readonly joined: readonly JoinedColumn[];
  /** How much likelier each mock is with rows mixed up, in ln; null where it has too few rows. */
  readonly mismatches: readonly (number | null)[];
}

/**
 * Draws mocks of the prior that are like a catalog: about as many clusters, of which as many lack a
 * temperature or a gas mass.
 *
 * @param like The catalog, or a number of clusters that have all columns
 * @throws {RangeError} If hardly any mock has about as many clusters
 */
export function drawReference(
  survey: SkySurvey,
  like: SkyClusters | number,
  drawer: SkyDrawer,
  random: Random,
  mocks: number = referenceMocks(typeof like === "number" ? like : like.redshift.length),
): SkyReference {
  const priors = skyPriors(survey);
  const count = typeof like === "number" ? like : like.redshift.length;
  const joined = typeof like === "number" ? ["ln T", "ln Mgas"] as const : findJoinedColumns(like);
  const counts: number[] = [];
  const statistics: Float64Array[] = [];
  const volumes: VolumeTest[] = [];
  const mismatches: (number | null)[] = [];
  const numbers: number[] = [];
  const isLike = (found: number) => {
    numbers.push(found);
    return found >= count / NUMBER_FACTOR && found <= count * NUMBER_FACTOR;
  };
  for (let i = 0; i < MOST_DRAWN && counts.length < mocks; i++) {
    if (i === SEARCHED && counts.length === 0) refuseNumber(count, numbers);
    const stream = random.fork("reference", i);
    const parameters = drawSkyParameters(priors, stream.fork("parameters"));
    const drawn = drawer.drawIf(parameters, stream, isLike);
    if (drawn === null) continue;
    const found = drawn.redshift.length;
    const mock = typeof like === "number" ? drawn : leaveOutAs(like, drawn, stream.fork("missing"));
    counts.push(found);
    statistics.push(skyStatistics(mock, survey));
    volumes.push(testVolumes(mock, survey));
    mismatches.push(findMismatch(mock, joined)?.gain ?? null);
  }
  if (counts.length < Math.min(mocks, FEWEST_MOCKS)) refuseNumber(count, numbers);
  return { counts, statistics, volumes, joined, mismatches };
}

/** Share of mocks on either side of the numbers that a message names. */
const OUTSIDE = 0.005;

/** Says how many clusters the survey finds instead. */
function refuseNumber(count: number, numbers: readonly number[]): never {
  const sorted = Float64Array.from(numbers).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  throw new RangeError(
    `Cannot use catalog: it has ${count} clusters, the survey finds ${at(OUTSIDE)} to ` +
      `${at(1 - OUTSIDE)} in 99% of ${sorted.length} mocks of all that the priors allow ` +
      `(${sorted[0]} to ${
        sorted.at(-1)
      } in all): area, flux limit, redshifts or fluxes should be others`,
  );
}

/** A mock each of whose clusters lacks what a cluster of the catalog lacks. */
function leaveOutAs(
  { lnTemperatureError, lnGasMassError }: SkyClusters,
  mock: SkyClusters,
  random: Random,
): SkyClusters {
  const isMissing = (error: number) => error >= MISSING_ERROR;
  if (!lnTemperatureError.some(isMissing) && !lnGasMassError.some(isMissing)) return mock;
  const rows = mock.redshift.map(() => random.integer(lnTemperatureError.length));
  const leaveOut = (own: Float64Array, catalog: Float64Array) =>
    own.map((error, i) => isMissing(catalog[rows[i]!]!) ? MISSING_ERROR : error);
  return {
    ...mock,
    lnTemperatureError: leaveOut(mock.lnTemperatureError, lnTemperatureError),
    lnGasMassError: leaveOut(mock.lnGasMassError, lnGasMassError),
  };
}
