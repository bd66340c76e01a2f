/**
 * What a command will hold at once, estimated from its choices before anything is made: catalogs, their
 * clusters, a network's weights and layers, posteriors and answers.
 *
 * The bytes of each are estimates of what this code holds, rounded up: never below what is measured, and at most
 * five times as much (`tests/needs_test.ts`).
 */
import { counted } from "../numerics/counted.ts";
import { mostClusters } from "../catalogs/catalog.ts";
import { designCount } from "../catalogs/priors.ts";
import type { BaseSample } from "../clusters/base_sample.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { Architecture, Schedule } from "../model.ts";
import { inputWidths } from "../network/checkpoint.ts";
import { countParameters, layerShapes } from "../network/weights.ts";

/** Room that something takes. */
export interface Need {
  /** What it is, with its numbers: "4968 catalogs of up to 121 clusters". */
  readonly what: string;
  /** All memory. */
  readonly bytes: number;
  /** The part of it that is objects, which an engine of JavaScript keeps apart. */
  readonly objects: number;
  /** Characters of the longest text. */
  readonly characters: number;
}

/** How much a command makes. */
export interface Work {
  /** Whether it holds the design's catalogs, or only their parameters. */
  readonly design?: "catalogs" | "parameters" | undefined;
  /** Fresh catalogs that are held at once. */
  readonly fresh?: number;
  /** Posteriors of single catalogs. */
  readonly posteriors?: number;
  /** Catalogs that are answered for exactly. */
  readonly exact?: number;
  /** Networks that are compared. */
  readonly networks?: number;
  /** Whether the network is trained, or only applied; undefined for neither. */
  readonly network?: "trained" | "applied" | undefined;
  /** Workers of their own, each with its memory. */
  readonly workers?: number;
  /** Workers that hold the design's catalogs as well. */
  readonly copies?: number;
}

/** Bytes of a catalog's arrays and records, its clusters aside. */
const CATALOG_OBJECTS = 3000;
/**
 * Bytes of a cluster: 20 doubles held four times (catalog, table, file, parts of the file), and the
 * network's inputs twice.
 */
const CLUSTER_BYTES = 20 * 8 * 4 + 2 * 20 * 4;
/** The mean number of clusters over many catalogs is at most this share of the most. */
const MEAN_SHARE = 0.75;
/** Bytes of a catalog's parameters. */
const PARAMETER_OBJECTS = 300;
/** Bytes of a posterior and its record. */
const POSTERIOR_OBJECTS = 1000;
/** Characters of a posterior in JSON. */
const POSTERIOR_CHARACTERS = 500;
/** Characters of the exact answers for a cluster: a change, an index, ten slopes and their errors. */
const ANSWER_CHARACTERS = 30 * 20;
/** Memory per catalog of a user's table: the prediction with its verdict, and both as text. */
const PREDICTION_OBJECTS = 15_000;
const PREDICTION_CHARACTERS = 14_000;
/** Characters of an epoch in a checkpoint's header. */
const EPOCH_CHARACTERS = 120;
/** Bytes of a worker's program and heap. */
const WORKER_BYTES = 60e6;
/** Rows that a network is applied to at once. */
const APPLIED_ROWS = 4096;
/** A batch of one height holds at most this share of the rows: catalogs of the most clusters are few. */
const SHARE_OF_A_HEIGHT = 0.01;

const NOTHING: Need = { what: "", bytes: 0, objects: 0, characters: 0 };

/**
 * All that some work holds, each need by itself; a command needs their sum.
 *
 * @throws {RangeError} If the survey's or the priors' values are not allowed
 */
export function needsOf(experiment: Experiment, base: BaseSample, work: Work): Need[] {
  const { catalog } = experiment;
  const design = work.design === undefined ? 0 : designCount(catalog.priors);
  const catalogs = (work.design === "catalogs" ? design : 0) + (work.fresh ?? 0);
  const most = Math.ceil(mostClusters(base, catalog));
  const { posteriors = 0, exact = 0, networks = 1, workers = 0, copies = 0 } = work;
  return [
    {
      ...NOTHING,
      what: `${counted(catalogs, "catalog")} of up to ${counted(most, "cluster")}`,
      bytes: catalogs * (CATALOG_OBJECTS + MEAN_SHARE * most * CLUSTER_BYTES),
      objects: catalogs * CATALOG_OBJECTS,
    },
    parametersNeed(design),
    {
      what: counted(posteriors, "posterior"),
      bytes: posteriors * (POSTERIOR_OBJECTS + 2 * POSTERIOR_CHARACTERS),
      objects: posteriors * POSTERIOR_OBJECTS,
      characters: posteriors * POSTERIOR_CHARACTERS,
    },
    {
      what: `exact answers for ${counted(exact, "catalog")} of up to ${counted(most, "cluster")}`,
      bytes: 2 * exact * most * ANSWER_CHARACTERS,
      objects: exact * CATALOG_OBJECTS,
      characters: exact * most * ANSWER_CHARACTERS,
    },
    {
      ...NOTHING,
      what: `the findings of ${counted(networks, "network")}`,
      bytes: (networks - 1) * Math.max(design, work.fresh ?? 0, 1) * 0.1 * (most * 24 + 64),
    },
    {
      ...NOTHING,
      what: `${workers} workers`,
      bytes: workers * WORKER_BYTES + copies * design * (CATALOG_OBJECTS + most * CLUSTER_BYTES),
    },
    ...work.network === undefined ? [] : networkNeeds(experiment, most, work.network),
  ];
}

/** What the predictions of a table's catalogs hold. */
export function predictionNeed(catalogs: number, column: string): Need {
  const objects = catalogs * PREDICTION_OBJECTS;
  return {
    what: `${catalogs} catalogs, as many as ${column} has entries`,
    bytes: objects + 2 * catalogs * PREDICTION_CHARACTERS,
    objects,
    characters: catalogs * PREDICTION_CHARACTERS,
  };
}

/** The parameters of a design, which are laid out at once. */
function parametersNeed(count: number): Need {
  const objects = count * PARAMETER_OBJECTS;
  return { ...NOTHING, what: `a design of ${counted(count, "catalog")}`, bytes: objects, objects };
}

/** What a network takes on any engine, applied or in training. */
function networkNeeds(
  { architecture, features, schedule, catalog }: Experiment,
  clusters: number,
  use: "trained" | "applied",
): Need[] {
  const inputs = inputWidths(features);
  const weights = countParameters(architecture, inputs);
  const train = 0.8 * designCount(catalog.priors);
  const rows = use === "applied"
    ? APPLIED_ROWS
    : Math.max(APPLIED_ROWS, Math.min(batchOf(schedule, train), train) * clusters);
  const copies = use === "applied" ? 2 : 7 + schedule.shards;
  const width = widthOf(architecture, inputs);
  const bytes = 4 * weights * copies + 4 * rows * width * (use === "applied" ? 1 : 2);
  const characters = use === "applied" ? 0 : schedule.epochs * EPOCH_CHARACTERS;
  return [
    { ...NOTHING, what: `a network of ${weights} weights and ${width} units`, bytes },
    {
      what: `the history of ${counted(schedule.epochs, "epoch")}`,
      bytes: 2 * characters,
      objects: characters,
      characters,
    },
  ];
}

/** Units of all layers: values that each row has on its way through the network. */
function widthOf(architecture: Architecture, inputs: Parameters<typeof layerShapes>[1]): number {
  return layerShapes(architecture, inputs).reduce((sum, { bias }) => sum + bias[0]!, 0);
}

/** Catalogs of a batch. */
function batchOf({ batches }: Schedule, train: number): number {
  if (batches === "equal height") return Math.ceil(train * SHARE_OF_A_HEIGHT);
  return typeof batches === "number" ? batches : batches.random;
}
