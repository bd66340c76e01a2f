/**
 * The base sample of a run: drawn or read from a file, then observed if profiles are to be.
 *
 * @module
 */
import { parse } from "@std/csv/parse";
import type { BaseSample } from "../../src/clusters/base_sample.ts";
import { drawBaseSample } from "../../src/clusters/base_sample.ts";
import { readSimulationTable } from "../../src/clusters/simulation_table.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import { decodeFits } from "../../src/formats/fits_reader.ts";
import type { Random } from "../../src/numerics/random.ts";
import { openStream } from "../../src/runs/streams.ts";
import { baseSampleFromTables } from "../../src/runs/cluster_tables.ts";
import { inFile } from "../program/errors.ts";
import { readBytes, readText } from "../program/files.ts";
import type { Progress } from "../program/progress.ts";
import { observeBaseSample } from "./observed_base.ts";
import { claimRunFolder, hasFile } from "../storage/run_folder.ts";
import { loadBaseSample } from "../storage/simulation_files.ts";

/** What a FITS file begins with. */
const FITS_START = "SIMPLE  =";

/**
 * The base sample that a seed draws, or that a file holds: FITS with the columns of
 * `base_sample.fits`, or CSV with those of the simulation's portal.
 *
 * @throws {RunError} If the file cannot be read or a value is not what it should be
 */
export function openBaseSample(
  path: string | undefined,
  seed: number,
  progress: Progress,
): BaseSample {
  const random = openStream(seed, "baseSample");
  if (path === undefined) return drawBaseSample(random);
  const start = new TextDecoder("latin1").decode(readBytes(path).subarray(0, FITS_START.length));
  const base = start === FITS_START
    ? inFile(path, () => baseSampleFromTables(decodeFits(readBytes(path)).tables))
    : readCsv(path, random, progress);
  progress.say(`Base sample: ${base.clusters.count} clusters from ${path}`);
  return base;
}

/** Where a base sample comes from, and where it goes. */
export interface BaseSampleChoices {
  /** Its file; drawn if undefined. */
  readonly path: string | undefined;
  /** The run folder, where observations are kept. */
  readonly folder: string;
  /** Workers that observe; one a CPU core if undefined. */
  readonly threads: number | undefined;
  readonly progress: Progress;
}

/**
 * The base sample of an experiment: opened, and observed if the experiment asks for that.
 *
 * @throws {RunError} If a file cannot be read, or the folder is another experiment's
 */
export async function makeBaseSample(
  experiment: Experiment,
  { path, folder, threads = navigator.hardwareConcurrency, progress }: BaseSampleChoices,
): Promise<BaseSample> {
  const { seed, catalog } = experiment;
  const base = openBaseSample(path, seed, progress);
  if (catalog.profiles !== "observed") return base;
  claimRunFolder(folder, experiment); // before minutes of work for a folder that is another's
  return await observeBaseSample(base, { folder, seed, threads, progress });
}

/**
 * The base sample that a run folder has, unless a file is named; see {@linkcode makeBaseSample}
 * for where it has none.
 */
export async function chooseBaseSample(
  experiment: Experiment,
  choices: BaseSampleChoices,
): Promise<BaseSample> {
  const { path, folder } = choices;
  return path === undefined && hasFile(folder, "baseSample")
    ? loadBaseSample(folder)
    : await makeBaseSample(experiment, choices);
}

function readCsv(path: string, random: Random, progress: Progress): BaseSample {
  const text = readText(path);
  return inFile(path, () => {
    const { belowLimit, ...base } = readSimulationTable(
      parse(text, { skipFirstRow: true }),
      random,
    );
    if (belowLimit > 0) progress.say(`${belowLimit} clusters below the mass limit were left out`);
    return base;
  });
}
