/**
 * The networks of `bench:faithful` and their catalogs: recipes, training, and reading of networks
 * that exist.
 */
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import type {
  ExperimentName,
  ExperimentOverrides,
  PresetName,
} from "../src/experiments/experiments.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { validateExperiment } from "../src/experiments/validation.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/formats/safetensors.ts";
import type { Engine } from "../src/model.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { trainingRunFromArrays, trainingRunToArrays } from "../src/network/trained_model.ts";
import { buildSets } from "../src/runs/sets.ts";
import { trainRun } from "../src/runs/training.ts";

/** A base sample, and the catalogs that all networks on it share. */
export interface Ground {
  readonly name: "stand-in" | "table";
  readonly base: BaseSample;
  readonly seed: number;
  /** Catalogs of the design. */
  readonly catalogs: readonly Catalog[];
  /** Catalogs of the same priors and clusters that no training has seen. */
  readonly fresh: readonly Catalog[];
}

/** A network that is measured. */
export interface Recipe {
  /** Name, as in "compact" or "best without lensing". */
  readonly name: string;
  readonly experiment: ExperimentName;
  readonly preset: PresetName;
  readonly overrides: ExperimentOverrides;
  /** Seed of the training; the catalogs are the ground's. */
  readonly seed: number;
  /** Share of Table 3's widths that a network of the paper's form has. */
  readonly share?: number;
}

/** How much of the paper's network is trained. */
export interface PaperShare {
  /** Share of Table 3's widths with weak lensing masses. */
  readonly lensed: number;
  /** Share of the widths without them. */
  readonly unlensed: number;
  /** Epochs of training. */
  readonly epochs: number;
}

/** The optimizer of the paper's network here, a file in README.md of src/network. */
const ADAM: ExperimentOverrides = {
  architecture: { dropout: { encoder: 0, dense: 0 } },
  schedule: {
    selectFrom: 1,
    batches: 8,
    optimizer: { kind: "adam" },
    learningRate: 4e-4,
    decay: "cosine",
    warmupSteps: 100,
    gradientClip: 1,
  },
};

/** The paper's network, with a share of Table 3's widths. */
function narrow(share: number, epochs: number): ExperimentOverrides {
  const width = (units: number) => Math.max(1, Math.round(units * share));
  return {
    ...ADAM,
    schedule: { ...ADAM.schedule, epochs },
    architecture: {
      ...ADAM.architecture,
      encoder: [2048, 1024, 512, 256, 128, 64, 32].map(width),
      convolution: [128, 256, 512, 1024].map(width),
      dense: [2048, 1024, 512, 256, 128].map(width),
    },
  };
}

/**
 * The networks of a ground, in the order of the tables.
 *
 * @param seeds Number of seeds of compact
 * @param paper How much of the paper's network is trained
 */
export function listRecipes(
  ground: Ground["name"],
  seeds: number,
  { lensed, unlensed, epochs }: PaperShare,
): Recipe[] {
  // New clusters cannot be drawn where the base sample is a table: new catalogs of those that are there.
  const fresh: ExperimentOverrides = ground === "table" ? { schedule: { catalogs: "fresh" } } : {};
  const recipe = (name: string, preset: PresetName, overrides: ExperimentOverrides = {}) => ({
    name,
    preset,
    overrides,
    seed: 1,
    experiment: name.endsWith("without lensing") ? "noWeakLensing" : "standard",
  } as const);
  return [
    recipe("compact", "compact"),
    ...Array.from({ length: seeds - 1 }, (_, k) => ({
      ...recipe(`compact ${k + 2}`, "compact"),
      seed: k + 2,
    })),
    recipe("compact without lensing", "compact"),
    recipe("best", "best", fresh),
    recipe("best without lensing", "best", fresh),
    { ...recipe("paper", "paper", narrow(lensed, epochs)), share: lensed },
    { ...recipe("paper without lensing", "paper", narrow(unlensed, epochs)), share: unlensed },
    ...ground === "table"
      ? []
      : [{ ...recipe("overspecialized", "compact"), experiment: "overspecialized" } as const],
  ];
}

/** The experiment of a recipe, its survey at the redshift of the clusters. */
export function experimentOf(
  { experiment: name, preset, overrides }: Recipe,
  ground: Ground,
): Experiment {
  const choices = experiment(name, preset, { ...overrides, seed: ground.seed });
  const survey = { ...choices.catalog.survey, redshift: ground.base.redshift };
  return { ...choices, catalog: { ...choices.catalog, survey } };
}

/** A network, read from a file or trained and written to it, and the CPU seconds that training took. */
export async function openNetwork(
  engine: Engine,
  recipe: Recipe,
  { base, catalogs, seed }: Ground,
  path: string,
  origin: Experiment,
): Promise<{ readonly run: TrainingRun<Experiment>; readonly seconds: number | null }> {
  try {
    const saved = decodeSafetensors(Deno.readFileSync(path));
    return { run: trainingRunFromArrays(saved, validateExperiment), seconds: null };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const sets = buildSets(origin, catalogs);
  const began = cpuSeconds();
  const run = await trainRun(engine, { ...origin, seed: recipe.seed }, { sets, base, seed });
  const { arrays, metadata } = trainingRunToArrays(run);
  Deno.writeFileSync(path, encodeSafetensors(arrays, metadata));
  return { run, seconds: cpuSeconds() - began };
}

/** CPU seconds of this process so far. */
function cpuSeconds(): number {
  const ticks = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
  return (Number(ticks[11]) + Number(ticks[12])) / 100;
}
