/**
 * The base sample of a run: drawn or read from a file, then observed if observed profiles are asked
 * for.
 */
import { counted } from "../../src/numerics/counted.ts";
import type { NeighborCounts } from "../../src/catalogs/neighbors.ts";
import { countNeighbors, FEW_NEIGHBORS, NEIGHBOR_REACH } from "../../src/catalogs/neighbors.ts";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { BASE_REDSHIFT, drawBaseSample } from "../../src/clusters/base_sample.ts";
import type { StandInName } from "../../src/clusters/stand_ins.ts";
import { readSimulationTable } from "../../src/clusters/simulation_table.ts";
import type { Cosmology } from "../../src/cosmology/cosmology.ts";
import { checkCosmology, MAGNETICUM } from "../../src/cosmology/cosmology.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { fieldsRead } from "../../src/features/fields_read.ts";
import { decodeFits, isFits } from "../../src/formats/fits_reader.ts";
import type { Random } from "../../src/numerics/random.ts";
import { openStream } from "../../src/runs/streams.ts";
import { baseSampleFromTables } from "../../src/runs/cluster_tables.ts";
import type { BaseSampleValues } from "../program/base_sample_options.ts";
import { inFile, RunError, UsageError } from "../program/errors.ts";
import type { Progress } from "../program/progress.ts";
import type { PlannedWork } from "./needed_room.ts";
import { requireWork } from "./needed_room.ts";
import { observeBaseSample } from "./observed_base.ts";
import { parseBaseMapping, readBaseTable } from "../storage/base_table.ts";
import { claimRunFolder, hasFile } from "../storage/run_folder.ts";
import { loadBaseSample } from "../storage/simulation_files.ts";
import { readSourceBytes } from "../storage/source_table.ts";

/**
 * The base sample that a seed draws, or that a file holds: FITS with the columns of
 * `base_sample.fits`, or a table with those of the simulation's portal.
 *
 * @throws {RunError} If the file cannot be read or a value is not what it should be
 */
export function openBaseSample(
  values: BaseSampleValues,
  { seed, standIn }: { readonly seed: number; readonly standIn?: StandInName | undefined },
  progress: Progress,
): BaseSample {
  const { "base-sample": path } = values;
  const random = openStream(seed, "baseSample");
  if (path === undefined) {
    refuseAlone(values);
    return drawBaseSample(random, standIn);
  }
  const bytes = readSourceBytes(path);
  if (isFits(bytes)) {
    const base = inFile(path, () => baseSampleFromTables(decodeFits(bytes).tables));
    progress.say(`Base sample: ${counted(base.clusters.count, "cluster")} from ${path}`);
    return base;
  }
  return inFile(path, () => readTable(path, bytes, values, random, progress));
}

/** Refuses options that describe a table when none is named. */
function refuseAlone(values: BaseSampleValues): void {
  const alone = (["base-redshift", "base-cosmology", "base-columns"] as const)
    .find((name) => values[name] !== undefined);
  if (alone === undefined) return;
  throw new UsageError(
    `Cannot use --${alone}: it describes a table, and --base-sample names none`,
  );
}

function readTable(
  path: string,
  bytes: Uint8Array,
  values: BaseSampleValues,
  random: Random,
  progress: Progress,
): BaseSample {
  const cosmology = readCosmology(values["base-cosmology"]);
  const mapping = values["base-columns"] === undefined
    ? {}
    : parseBaseMapping(values["base-columns"]);
  const table = readBaseTable(bytes, mapping, cosmology.h);
  const redshift = values["base-redshift"] ?? table.redshift ?? BASE_REDSHIFT;
  const { belowLimit, radii, missing, ...base } = readSimulationTable(table.rows, random, {
    redshift,
    cosmology,
  });
  const notes = [
    `${counted(base.clusters.count, "cluster")} from ${path} at redshift ${redshift}`,
    radii === null ? "no radii to check the masses by" : `${radii} radii agree with the masses`,
    ...belowLimit > 0
      ? [
        `${counted(belowLimit, "cluster")} below the mass limit ${
          belowLimit === 1 ? "was" : "were"
        } left out`,
      ]
      : [],
    ...missing.length > 0 ? [`no ${missing.join(", no ")}`] : [],
    describeNeighbors(countNeighbors(base.clusters.logMass)),
  ];
  progress.say(`Base sample: ${notes.join("; ")}`);
  return base;
}

/** How many neighbors a mass finds, and from which mass on they are few. */
function describeNeighbors({ median, fewFrom }: NeighborCounts): string {
  const few = fewFrom === null
    ? ""
    : `, fewer than ${FEW_NEIGHBORS} above 10^${fewFrom.toFixed(2)}`;
  return `${median} neighbors within ${NEIGHBOR_REACH} dex in the median${few}`;
}

/** The cosmology of a JSON record; fields that it leaves out are Magneticum's. */
function readCosmology(text: string | undefined): Cosmology {
  if (text === undefined) return MAGNETICUM;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(
      `Cannot read --base-cosmology: it is ${text}, expected JSON as in {"omegaM":0.3}`,
    );
  }
  const unknown = Object.keys(Object(json)).find((name) => !Object.hasOwn(MAGNETICUM, name));
  if (unknown !== undefined || typeof json !== "object" || json === null) {
    throw new UsageError(
      `Cannot read --base-cosmology: it has ${unknown ?? text}, expected a record of ` +
        Object.keys(MAGNETICUM).join(", "),
    );
  }
  const cosmology = { ...MAGNETICUM, ...json };
  checkCosmology(cosmology);
  return cosmology;
}

/** Where a base sample comes from, and where it goes. */
export interface BaseSampleChoices {
  readonly values: BaseSampleValues;
  /** The run folder, where observations are kept. */
  readonly folder: string;
  /** Workers that observe; one per CPU core if undefined. */
  readonly threads: number | undefined;
  readonly progress: Progress;
  /** What is to be made of it, which the machine must have room for. */
  readonly work: PlannedWork;
  /** Called once there is room, and before anything is written. */
  onRoom?(): Promise<void>;
}

/** A base sample, and the experiment whose survey lies at its redshift. */
export interface BasedExperiment {
  readonly experiment: Experiment;
  readonly base: BaseSample;
}

/**
 * The base sample of an experiment: opened, and observed if the experiment asks for that. The
 * experiment's survey follows to the base sample's redshift, unless it was given one.
 *
 * @throws {RunError} If a file cannot be read, or the folder is another experiment's
 */
export async function makeBaseSample(
  asked: Experiment,
  choices: BaseSampleChoices,
): Promise<BasedExperiment> {
  const { values, folder, threads = navigator.hardwareConcurrency, progress, work } = choices;
  const origin = { seed: asked.seed, standIn: asked.base.standIn };
  const unobserved = openBaseSample(values, origin, progress);
  const experiment = followBaseSample(asked, unobserved);
  requireObservables(experiment, unobserved);
  requireWork(experiment, unobserved, work);
  await choices.onRoom?.();
  const { seed } = experiment;
  if (experiment.base.profiles !== "observed") return { experiment, base: unobserved };
  claimRunFolder(folder, experiment); // before minutes of work for a folder that is another's
  const base = await observeBaseSample(unobserved, { folder, seed, threads, progress });
  return { experiment, base };
}

/** The experiment at the base sample's redshift, where it names none but the usual one. */
function followBaseSample(experiment: Experiment, { redshift }: BaseSample): Experiment {
  const { survey } = experiment.catalog;
  if (survey.redshift !== BASE_REDSHIFT || redshift === BASE_REDSHIFT) return experiment;
  return {
    ...experiment,
    catalog: { ...experiment.catalog, survey: { ...survey, redshift } },
  };
}

/** Throws if a network reads what the base sample does not have. */
function requireObservables({ features }: Experiment, { clusters }: BaseSample): void {
  const gap = fieldsRead(features).find((field) =>
    field !== "logWeakLensingMass" && Number.isNaN(clusters[field][0]!)
  );
  if (gap === undefined) return;
  throw new RunError(
    `Cannot simulate: the network reads ${gap}, which the base sample does not have; ` +
      "name other features.pixels, features.supplementary or features.order",
  );
}

/**
 * The base sample that a run folder has, unless a file is named; see {@linkcode makeBaseSample}
 * for where it has none.
 */
export async function chooseBaseSample(
  experiment: Experiment,
  choices: BaseSampleChoices,
): Promise<BasedExperiment> {
  const { values, folder, work } = choices;
  if (values["base-sample"] !== undefined || !hasFile(folder, "baseSample")) {
    return await makeBaseSample(experiment, choices);
  }
  const base = loadBaseSample(folder);
  requireWork(experiment, base, work);
  return { experiment, base };
}
