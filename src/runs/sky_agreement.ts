/**
 * The network of a survey on the sky next to the explicit likelihood, on the same mock catalogs.
 */
import { drawSkyParameters, prepareSkyDrawing } from "../catalogs/sky/draw.ts";
import { skyPriors } from "../catalogs/sky/parameters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import { compareJudged, type SkyAgreement } from "../evaluation/sky/agreement.ts";
import {
  type JudgedCosmology,
  type JudgedSkyMock,
  judgePosterior,
  judgeSkyMock,
  type SkyCosmologyName,
} from "../evaluation/sky/coverage.ts";
import { jointPoints } from "../evaluation/sky/joint_posterior.ts";
import type { Random } from "../numerics/random.ts";
import type { SkyNetwork } from "./sky_network.ts";

/** A mock with its explicit posterior. */
export interface ExplicitMock extends JudgedSkyMock {
  /** Number of the mock: its stream is `fork("mock", number)`. */
  readonly mock: number;
}

/**
 * Samples explicit posteriors of mocks, one after the other; mocks without clusters are left out.
 *
 * @param random Mock i takes `fork("mock", i)`
 */
export function* sampleExplicitMocks(
  survey: SkySurvey,
  count: number,
  random: Random,
): Generator<ExplicitMock, void, void> {
  const drawer = prepareSkyDrawing(survey);
  for (let mock = 0; mock < count; mock++) {
    const judged = judgeSkyMock(survey, drawer, random.fork("mock", mock));
    if (judged !== null) yield { mock, ...judged };
  }
}

/** Posteriors of the same mocks by the network and by explicit sampling. */
export interface SkyComparison {
  /** The network's posteriors against the truth, in the order of the mocks. */
  readonly network: readonly JudgedCosmology[];
  /** How close they are to the explicit ones, by number. */
  readonly agreement: Readonly<Record<SkyCosmologyName, SkyAgreement>>;
}

/**
 * Asks the network about mocks whose explicit posteriors are known.
 *
 * @param explicit From {@linkcode sampleExplicitMocks} with the same survey and stream, two or more
 * @throws {RangeError} If a mock is not the one whose posterior is known
 */
export async function compareWithExplicit(
  network: SkyNetwork,
  survey: SkySurvey,
  explicit: readonly ExplicitMock[],
  random: Random,
): Promise<SkyComparison> {
  const drawer = prepareSkyDrawing(survey);
  const mocks = explicit.map(({ mock, count }) => {
    const stream = random.fork("mock", mock);
    const truth = drawSkyParameters(skyPriors(survey), stream.fork("parameters"));
    const clusters = drawer.draw(truth, stream.fork("catalog"));
    if (clusters.redshift.length === count) return { truth, clusters };
    throw new RangeError(
      `Cannot compare mock ${mock}: it has ${clusters.redshift.length} clusters, its explicit ` +
        `posterior is of ${count}`,
    );
  });
  const posteriors = await network.posteriors(mocks.map(({ clusters }) => clusters));
  const judged = posteriors.map((posterior, i) =>
    judgePosterior(jointPoints(posterior), mocks[i]!.truth)
  );
  return { network: judged, agreement: compareJudged(judged, explicit) };
}
