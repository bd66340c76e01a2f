/** The names of a run folder's files. */

/** A run folder's files. */
export const FILES = {
  experiment: "experiment.json",
  baseSample: "base_sample.fits",
  observedProfiles: "observed_profiles.fits",
  catalogs: "catalogs.fits",
  catalogShard: "catalogs_shard.fits",
  weights: "weights.safetensors",
  checkpoint: "checkpoints/last.safetensors",
  history: "history.csv",
  results: "results.json",
  limit: "limit.json",
  limitWithoutLensing: "limit_no_wl.json",
  exact: "exact.json",
  exactWithoutLensing: "exact_no_wl.json",
  interpretation: "interpretation.json",
  table4: "table4.json",
  robustness: "robustness.json",
  calibration: "calibration.json",
  report: "report.html",
  safety: "safety.safetensors",
} as const;

/** The path of one of a folder's files. */
export function fileIn(folder: string, file: keyof typeof FILES): string {
  return `${folder}/${FILES[file]}`;
}

/** The file of a folder that says who works in it. */
export const LOCK_FILE = ".terse.lock";

/** Folders of a run folder whose every file is the run's. */
export const RUN_FOLDERS = ["checkpoints", "figures"] as const;
