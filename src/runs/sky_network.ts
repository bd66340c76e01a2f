/**
 * The trained network of a survey on the sky: what a training leaves behind, and the questions it
 * answers about catalogs.
 */
import { counted } from "../numerics/counted.ts";
import { prepareSkyDrawing } from "../catalogs/sky/draw.ts";
import { NOT_MEASURED } from "../catalogs/sky/missing.ts";
import type { SkyClusters } from "../catalogs/sky/sky_clusters.ts";
import { countLensing, mayHaveLensing } from "../catalogs/sky/lensing.ts";
import { readSkySurvey, type SkySurvey } from "../catalogs/sky/survey.ts";
import {
  decodeJoint,
  type JointNormal,
  type ScoreWarp,
} from "../evaluation/sky/joint_posterior.ts";
import type { LinearScale } from "../features/normalization.ts";
import { joinSkyCatalogs, SKY_COLUMNS, skyInputs, surveyColumns } from "../features/sky_inputs.ts";
import type { Engine } from "../model.ts";
import {
  arraysUnder,
  openArrays,
  prefixArrays,
  type SavedArrays,
  sealArrays,
} from "../network/saved_arrays.ts";
import { turnTerse } from "../network/terse_sign.ts";
import { checkWeights } from "../network/weights.ts";
import type { NamedArrays } from "../numerics/arrays.ts";
import { createRandom } from "../numerics/random.ts";
import { correlation } from "../numerics/statistics.ts";
import type { SkyRecipe } from "./sky_recipe.ts";
import { drawSkyPair, type SkyTrainingState } from "./sky_training.ts";

/** A trained network with all that is needed to answer. */
export interface SkyRun {
  /** The survey, the layers and the training. */
  readonly recipe: SkyRecipe;
  /** The scales of the inputs. */
  readonly scales: readonly LinearScale[];
  /** Validation loss after each epoch. */
  readonly history: readonly number[];
  /** Weights by name. */
  readonly weights: NamedArrays;
  /** How its posteriors of S8 and omegaM are recalibrated; not at all if left out. */
  readonly warps?: readonly [ScoreWarp, ScoreWarp];
}

/** A network that answers. */
export interface SkyNetwork {
  /** The posterior of each catalog, one cluster or more each. */
  posteriors(catalogs: readonly SkyClusters[]): Promise<JointNormal[]>;
  /** Terse value of each cluster. */
  encode(catalog: SkyClusters): Promise<Float32Array>;
  /**
   * d terse value / d column in physical units, [clusters x 4]: of ln L at the same T, gas mass and
   * redshift, and so on.
   */
  encoderGradient(catalog: SkyClusters): Promise<Float32Array>;
  /** Frees what the engine holds. */
  dispose(): void;
}

/** Clusters that are predicted at once, unless one catalog has more. */
const ROWS_A_CALL = 20_000;

/** Opens a trained network on an engine. */
export async function openSkyNetwork(engine: Engine, run: SkyRun): Promise<SkyNetwork> {
  const { scales, recipe: { architecture, survey, relations = false }, warps } = run;
  const network = await engine.create(architecture, skyInputs(run.recipe), run.weights);
  const columnsOf = (catalog: SkyClusters) => surveyColumns(requireMeasured(catalog), survey);
  const join = (catalogs: readonly Float32Array[]) =>
    joinSkyCatalogs(catalogs, scales, { relations });
  return {
    async posteriors(catalogs) {
      const found: JointNormal[] = [];
      while (found.length < catalogs.length) {
        const part: Float32Array[] = [];
        for (let rows = 0; found.length + part.length < catalogs.length;) {
          const next = catalogs[found.length + part.length]!;
          rows += next.redshift.length;
          if (part.length > 0 && rows > ROWS_A_CALL) break;
          part.push(columnsOf(next));
        }
        const outputs = await network.predict(join(part));
        part.forEach((_, c) => {
          const joint = decodeJoint(outputs, c);
          found.push(warps === undefined ? joint : { ...joint, warps });
        });
      }
      return found;
    },
    encode: (catalog) => network.encode(join([columnsOf(catalog)])),
    async encoderGradient(catalog) {
      const gradient = await network.encoderGradient(join([columnsOf(catalog)]));
      return gradient.map((slope, at) => slope / scales[at % SKY_COLUMNS.length]!.scale);
    },
    dispose: () => network.dispose(),
  };
}

/** Number of clusters that lack a temperature or a gas mass. */
export function countUnmeasured({ lnTemperatureError, lnGasMassError }: SkyClusters): number {
  return lnTemperatureError.reduce(
    (count, error, i) =>
      count + (error >= NOT_MEASURED || lnGasMassError[i]! >= NOT_MEASURED ? 1 : 0),
    0,
  );
}

/** A share of lensing masses is another than a survey's from this many deviations on. */
const MOST_DEVIATIONS = 4;

/**
 * Why the network of a survey cannot answer for a catalog, in words; null if it can. It was trained on
 * clusters that all have a temperature and a gas mass, and of which the survey's share has lensing masses.
 */
export function whyNotAsked(catalog: SkyClusters, { lensing }: SkySurvey): string | null {
  const unmeasured = countUnmeasured(catalog);
  if (unmeasured > 0) {
    return `${counted(unmeasured, "cluster")} ${
      unmeasured === 1 ? "lacks" : "lack"
    } a temperature or a gas mass, which it needs of all`;
  }
  if (lensing === undefined) return null;
  const possible = catalog.redshift.filter((z, i) =>
    mayHaveLensing(lensing, z, catalog.lnFlux[i]!)
  );
  const count = countLensing(catalog.lensing);
  const { fraction } = lensing;
  const expected = fraction * possible.length;
  const width = Math.sqrt(expected * (1 - fraction));
  if (Math.abs(count - expected) <= MOST_DEVIATIONS * width + 1) return null;
  return `${counted(count, "cluster")} ${
    count === 1 ? "has a lensing mass" : "have lensing masses"
  }, it was trained on catalogs where some ` +
    `${Math.round(expected)} of ${possible.length} do`;
}

/** The network was trained on clusters that all have a temperature and a gas mass. */
function requireMeasured(catalog: SkyClusters): SkyClusters {
  const missing = countUnmeasured(catalog);
  if (missing === 0) return catalog;
  throw new RangeError(
    `Cannot ask the network: ${missing} of ${counted(catalog.redshift.length, "cluster")} ${
      missing === 1 ? "lacks" : "lack"
    } a temperature ` +
      "or a gas mass, each should have both",
  );
}

/** Catalogs that settle the sign of the terse value: thousands of clusters. */
const CATALOGS_FOR_SIGN = 64;

/** The network at the end of a training, turned so that the terse value rises with gas mass. */
export async function finishSkyRun(
  engine: Engine,
  recipe: SkyRecipe,
  { scales, history, weights }: SkyTrainingState,
): Promise<SkyRun> {
  const run = { recipe, scales, history, weights };
  const drawer = prepareSkyDrawing(recipe.survey);
  const random = createRandom(recipe.seed).fork("sky network");
  const network = await openSkyNetwork(engine, run);
  const terse: number[] = [];
  const lnGasMass: number[] = [];
  for (let i = 0; i < CATALOGS_FOR_SIGN; i++) {
    const { mock } = drawSkyPair(drawer, random.fork("validation", i));
    terse.push(...await network.encode(mock));
    lnGasMass.push(...mock.lnGasMass);
  }
  network.dispose();
  if (correlation(terse, lnGasMass) >= 0) return run;
  return { ...run, weights: turnTerse(weights, recipe.architecture, skyInputs(recipe)) };
}

const KIND = "terse network of a survey on the sky";

/** A trained network as arrays and text. */
export function skyRunToArrays({ weights, ...header }: SkyRun): SavedArrays {
  return sealArrays(KIND, header, weights);
}

/**
 * The network that {@linkcode skyRunToArrays} saved.
 *
 * @throws {SyntaxError} If the arrays are not such a network, or are damaged
 */
export function skyRunFromArrays(saved: SavedArrays): SkyRun {
  const header = openArrays(KIND, saved) as Omit<SkyRun, "weights">;
  readSkySurvey(header.recipe.survey);
  checkWeights(saved.arrays, header.recipe.architecture, skyInputs(header.recipe));
  return { ...header, recipe: completeRecipe(header.recipe), weights: saved.arrays };
}

const STATE_KIND = "terse training of a survey's network";

/** A training between two epochs as arrays and text. */
export function skyStateToArrays(recipe: SkyRecipe, state: SkyTrainingState): SavedArrays {
  const { weights, optimizer, ...header } = state;
  return sealArrays(STATE_KIND, { recipe, ...header }, {
    ...prefixArrays("weights/", weights),
    ...prefixArrays("optimizer/", optimizer),
  });
}

/**
 * The training that {@linkcode skyStateToArrays} saved.
 *
 * @throws {SyntaxError} If the arrays are not such a training, or are damaged
 */
export function skyStateFromArrays(
  saved: SavedArrays,
): { readonly recipe: SkyRecipe; readonly state: SkyTrainingState } {
  type Header = Omit<SkyTrainingState, "weights" | "optimizer"> & { readonly recipe: SkyRecipe };
  const { recipe, ...header } = openArrays(STATE_KIND, saved) as Header;
  const weights = arraysUnder("weights/", saved.arrays);
  const optimizer = arraysUnder("optimizer/", saved.arrays);
  return { recipe: completeRecipe(recipe), state: { ...header, weights, optimizer } };
}

/** A recipe of a time that knew no recalibration. */
function completeRecipe(recipe: SkyRecipe): SkyRecipe {
  return { ...recipe, recalibration: recipe.recalibration ?? 0 };
}
