/**
 * Table 4 for a report: the networks that are there, measured again; the limits as they were
 * measured.
 */
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import { measureLimit } from "../../src/evaluation/posterior.ts";
import type { Table4, Table4Entry } from "../../src/evaluation/table4.ts";
import { limitEntry, makeTable4 } from "../../src/evaluation/table4.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { Engine } from "../../src/model.ts";
import { openStream } from "../../src/runs/streams.ts";
import { loadPosteriors } from "../storage/limit_file.ts";
import type { Progress } from "../program/progress.ts";
import { baseSampleChecksum } from "../storage/simulation_files.ts";
import { measureRows } from "./table4_measurement.ts";
import type { Table4Catalogs, Table4Folders } from "./table4_networks.ts";

/** Where Table 4 is read from. */
export interface Table4Place {
  /** The run folder, for the limits. */
  readonly folder: string;
  /** The networks' folders. */
  readonly folders: Table4Folders;
  readonly progress: Progress;
}

/** Table 4 as far as the folder has it; undefined for an experiment that is not one of its rows. */
export async function gatherTable4(
  experiment: Experiment,
  catalogs: Table4Catalogs,
  engine: Engine,
  { folder, folders, progress }: Table4Place,
): Promise<Table4 | undefined> {
  if (Object.keys(folders).length === 0) return undefined;
  const rows = await measureRows(experiment, catalogs, engine, { folders, progress });
  return makeTable4(
    {
      ...rows,
      limit: readLimit(folder, experiment, "with weak lensing"),
      limitNoWeakLensing: readLimit(folder, experiment, "without weak lensing"),
    },
    openStream(experiment.seed, "comparisons"),
  );
}

/** The limit that `limit` or `table4` measured; in words, why there is none. */
function readLimit(
  folder: string,
  { seed, catalog: plan }: Experiment,
  weakLensing: WeakLensingUse,
): Table4Entry {
  const origin = { seed, weakLensing, baseSample: baseSampleChecksum(folder), plan };
  const posteriors = loadPosteriors(folder, origin, [])
    .sort((a, b) => a.catalog - b.catalog);
  if (posteriors.length < 2) return { test: "not measured", fresh: "not measured" };
  return limitEntry(measureLimit(posteriors, openStream(seed, "limit").fork("bootstrap")));
}
