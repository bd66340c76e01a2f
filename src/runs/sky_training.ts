/**
 * Trains the network of a survey on the sky, on catalogs that are drawn while it trains: an epoch's
 * catalogs are those of the one before, of which the oldest have made room for new ones.
 *
 * Catalog i follows from the seed and i alone, so that a training resumes with the same bits.
 */
import { prepareSkyCoreDrawing } from "../catalogs/sky/core/draw_core.ts";
import { drawSkyParameters, type SkyDrawer } from "../catalogs/sky/draw.ts";
import { priorCoordinate, SKY_PRIORS, type SkyParameters } from "../catalogs/sky/parameters.ts";
import type { SkyClusters } from "../catalogs/sky/sky_clusters.ts";
import type { SkySurvey } from "../catalogs/sky/survey.ts";
import {
  fitSkyScales,
  joinSkyCatalogs,
  type SkyBatchOptions,
  skyInputs,
  skyWidth,
  surveyColumns,
} from "../features/sky_inputs.ts";
import type { LinearScale } from "../features/normalization.ts";
import type { Engine, Network, Schedule } from "../model.ts";
import { learningRateAt } from "../network/schedule.ts";
import { initialWeights } from "../network/weights.ts";
import type { NamedArrays } from "../numerics/arrays.ts";
import { createRandom, type Random } from "../numerics/random.ts";
import type { SkyRecipe } from "./sky_recipe.ts";

/** Decay and clipping are those of the presets; the rate falls as a cosine to zero. */
const OPTIMIZER: Schedule["optimizer"] = { kind: "adamw", weightDecay: 1e-3 };
const WARMUP_STEPS = 200;
const GRADIENT_CLIP = 1;

/** Catalogs that scales are fitted to, and catalogs that each epoch is validated on. */
const SCALED_CATALOGS = 1000;
const VALIDATION_CATALOGS = 2000;

/** A catalog as the network sees it, with the parameters it was drawn with. */
export interface LabeledSkyCatalog {
  /** Inputs of the network from `surveyColumns`, [clusters x columns]. */
  readonly columns: Float32Array;
  /** Probits of S8 and omegaM. */
  readonly label: readonly [number, number];
}

/** Parameters from the priors and a catalog drawn with them, of one cluster or more. */
export function drawSkyPair(
  drawer: SkyDrawer,
  random: Random,
): { readonly parameters: SkyParameters; readonly mock: ReturnType<SkyDrawer["draw"]> } {
  for (let again = 0;; again++) {
    const stream = again === 0 ? random : random.fork("again", again);
    const parameters = drawSkyParameters(drawer.priors, stream.fork("parameters"));
    const mock = drawer.draw(parameters, stream.fork("catalog"));
    if (mock.redshift.length > 0) return { parameters, mock };
  }
}

/** A catalog with its label. */
export function labelSkyCatalog(
  clusters: SkyClusters,
  { S8, omegaM }: SkyParameters,
  survey: SkySurvey,
): LabeledSkyCatalog {
  const label = [priorCoordinate(SKY_PRIORS.S8, S8), priorCoordinate(SKY_PRIORS.omegaM, omegaM)];
  return { columns: surveyColumns(clusters, survey), label: label as [number, number] };
}

/** A training between two epochs: all that a resumed one needs. */
export interface SkyTrainingState {
  /** Number of epochs that are done. */
  readonly epoch: number;
  /** Validation loss after each of them. */
  readonly history: readonly number[];
  /** The scales of the inputs. */
  readonly scales: readonly LinearScale[];
  /** The network's weights. */
  readonly weights: NamedArrays;
  /** The optimizer's moments and number of steps. */
  readonly optimizer: NamedArrays;
}

/**
 * Trains, handing out the state after every epoch.
 *
 * @param engine Makes the network, which this disposes
 * @param recipe The survey has been checked
 * @param resume The state to continue from
 * @throws {RangeError} If a loss is not finite; the last state stays good
 */
export async function* trainSky(
  engine: Engine,
  recipe: SkyRecipe,
  resume?: SkyTrainingState,
): AsyncGenerator<SkyTrainingState, void, void> {
  const { architecture, epochs, catalogs: size, fresh, survey } = recipe;
  const inputs = skyInputs(recipe);
  const random = createRandom(recipe.seed).fork("sky network");
  const drawer = prepareSkyCoreDrawing(survey);
  const draw = (kind: string, i: number) => {
    const { mock, parameters } = drawSkyPair(drawer, random.fork(kind, i));
    return labelSkyCatalog(mock, parameters, survey);
  };
  const validation = Array.from({ length: VALIDATION_CATALOGS }, (_, i) => draw("validation", i));
  const scales = resume?.scales ??
    fitSkyScales(
      validation.slice(0, SCALED_CATALOGS).map(({ columns }) => columns),
      skyWidth(survey),
    );
  const start = resume?.weights ?? initialWeights(architecture, inputs, random);
  const network = await engine.create(architecture, inputs, start);
  try {
    if (resume) await network.load(resume.weights, resume.optimizer);
    const history = [...resume?.history ?? []];
    /** Catalog i is at i % size. */
    const catalogs: LabeledSkyCatalog[] = [];
    for (let epoch = history.length + 1; epoch <= epochs; epoch++) {
      const newest = size + fresh * (epoch - 1);
      const first = catalogs.length === 0 ? newest - size : newest - fresh;
      for (let i = first; i < newest; i++) catalogs[i % size] = draw("catalog", i);
      await runEpoch(network, recipe, { catalogs, scales, epoch, random });
      history.push(await measureLoss(network, recipe, { catalogs: validation, scales }));
      yield {
        epoch,
        history: [...history],
        scales,
        weights: await network.weights(),
        optimizer: await network.optimizerState(),
      };
    }
  } finally {
    network.dispose();
  }
}

/** Catalogs and batches of an epoch. */
interface EpochData {
  readonly catalogs: readonly LabeledSkyCatalog[];
  readonly scales: readonly LinearScale[];
  readonly epoch: number;
  readonly random: Random;
}

async function runEpoch(
  network: Network,
  { batch: size, epochs, learningRate, relations = false, tieWeight = 0 }: SkyRecipe,
  { catalogs, scales, epoch, random }: EpochData,
): Promise<void> {
  const order = random.fork("order", epoch).permutation(catalogs.length);
  const steps = Math.ceil(order.length / size);
  const schedule = { learningRate, warmupSteps: WARMUP_STEPS, decay: "cosine" } as Schedule;
  for (let step = 0; step < steps; step++) {
    const chosen = Array.from(
      order.subarray(step * size, (step + 1) * size),
      (i) => catalogs[i]!,
    );
    await network.step(joinLabeled(chosen, scales, { relations, tied: tieWeight !== 0 }), {
      loss: "joint gaussian",
      optimizer: OPTIMIZER,
      learningRate: learningRateAt(schedule, (epoch - 1) * steps + step, epochs * steps),
      gradientClip: GRADIENT_CLIP,
      dropoutKey: null,
      shards: 2,
      tieWeight,
    });
  }
}

function joinLabeled(
  catalogs: readonly LabeledSkyCatalog[],
  scales: readonly LinearScale[],
  options: Pick<SkyBatchOptions, "relations" | "tied">,
) {
  const labels = Float32Array.from(catalogs.flatMap(({ label }) => label));
  return joinSkyCatalogs(catalogs.map(({ columns }) => columns), scales, { ...options, labels });
}

/** Catalogs that are predicted at once. */
const PREDICTED = 256;

/** Mean -ln of the posterior density at the truth, in probits, without the Gaussian's constant. */
async function measureLoss(
  network: Network,
  { relations = false }: SkyRecipe,
  { catalogs, scales }: Pick<EpochData, "catalogs" | "scales">,
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < catalogs.length; from += PREDICTED) {
    const some = catalogs.slice(from, from + PREDICTED);
    const outputs = await network.predict(joinLabeled(some, scales, { relations }));
    some.forEach(({ label: [u1, u2] }, c) => {
      const [m1, m2, ln1, ln2, slope] = outputs.subarray(5 * c, 5 * c + 5) as unknown as number[];
      const second = m2! - u2;
      const first = Math.exp(ln1!) * (m1! - u1 + slope! * second);
      sum += 0.5 * (first ** 2 + (Math.exp(ln2!) * second) ** 2) - ln1! - ln2!;
    });
  }
  return sum / catalogs.length;
}
