/**
 * The options that choose an experiment, and the experiment they choose: a named one or that of the
 * run folder, changed by a config file, then by `--set`, then by the short options.
 */
import type { ProfileSource } from "../../src/experiments/experiment.ts";
import type { Experiment } from "../../src/experiments/experiment.ts";
import type { ExperimentName, PresetName } from "../../src/experiments/experiments.ts";
import { experiment, EXPERIMENTS, PRESETS } from "../../src/experiments/experiments.ts";
import {
  applyOverride,
  mergeExperiment,
  validateExperiment,
} from "../../src/experiments/validation.ts";
import { UsageError } from "./errors.ts";
import { readJson } from "./files.ts";
import type { OptionTable } from "./options.ts";
import { choiceOption, flag, repeatedOption, textOption, wholeNumberOption } from "./options.ts";

/** Choices of an experiment; those that are left out stay as they are. */
export interface ExperimentValues {
  readonly experiment: ExperimentName | undefined;
  readonly preset: PresetName | undefined;
  /** Path of a JSON file. */
  readonly config: string | undefined;
  /** Fields to change, each as "path=value". */
  readonly set: readonly string[];
  readonly seed: number | undefined;
  /** Where the base sample's gas profiles come from. */
  readonly profiles: ProfileSource | undefined;
  readonly epochs: number | undefined;
  /** Whether to train on new catalogs in every epoch. */
  readonly "fresh-training": boolean;
}

/** Options of every command that simulates or trains. */
export const EXPERIMENT_OPTIONS: OptionTable<ExperimentValues> = {
  experiment: choiceOption(Object.keys(EXPERIMENTS) as ExperimentName[], undefined, {
    description: "the named experiment",
    fallbackText: "that of the run folder, or standard",
  }),
  preset: choiceOption(Object.keys(PRESETS) as PresetName[], undefined, {
    description:
      "network and schedule: the paper's (Table 3, section 3.3); compact, blind to the order of " +
      "clusters, in seconds; best, the same network on fresh clusters, in minutes",
    fallbackText: "that of the run folder, or compact",
  }),
  config: textOption("FILE", undefined, {
    description: "a JSON file with fields of the experiment to change",
    fallbackText: "none",
    role: "input",
  }),
  set: repeatedOption("PATH=VALUE", {
    description: "change one field, as in schedule.learningRate=1e-3; may be repeated",
    fallbackText: "none",
  }),
  seed: wholeNumberOption(0, undefined, {
    description: "root of every random stream",
    fallbackText: "that of the run folder, or 1",
  }),
  profiles: choiceOption(["drawn", "observed"] as const, undefined, {
    description: "the base sample's gas profiles: drawn at once, or from mock observations",
    fallbackText: "those of the run folder, or drawn",
  }),
  epochs: wholeNumberOption(1, undefined, {
    description: "passes over the training catalogs",
    fallbackText: Object.entries(PRESETS)
      .map(([name, { schedule }]) => `${schedule.epochs} for ${name}`).join(", "),
  }),
  "fresh-training": flag(
    "train on fresh catalogs of the same clusters in every epoch (schedule.catalogs)",
  ),
};

/** Former names of these options, each with the name to use instead. */
export const RENAMED_OPTIONS: Readonly<Record<string, string>> = { fresh: "fresh-training" };

/**
 * The experiment that the options choose.
 *
 * @param values The options' values
 * @param stored The experiment of the run folder; null if it has none
 * @throws {UsageError} If a field is unknown or its value out of range
 */
export function chooseExperiment(
  values: ExperimentValues,
  stored: Experiment | null,
): Experiment {
  const isNamed = values.experiment !== undefined || values.preset !== undefined;
  const named = stored !== null && !isNamed
    ? stored
    : experiment(values.experiment ?? "standard", values.preset ?? "compact");
  // A folder's seed and base sample apply to all that is done in it, unless others are given.
  const seeded = {
    ...named,
    base: stored?.base ?? named.base,
    seed: values.seed ?? stored?.seed ?? named.seed,
  };
  let json: unknown = seeded;
  if (values.config !== undefined) {
    const config = readJson(values.config);
    json = asUsage(values.config, () => mergeExperiment(seeded, config));
  }
  if (values.seed !== undefined) json = applyOverride(json, "seed", String(values.seed));
  const fields = refuseRepeated(values);
  for (const [entry, path, text] of fields) {
    json = asUsage(`--set ${entry}`, () => applyOverride(json, path, text));
  }
  if (values.profiles !== undefined) {
    json = applyOverride(json, "base.profiles", values.profiles);
  }
  if (values.epochs !== undefined) {
    json = applyOverride(json, "schedule.epochs", String(values.epochs));
  }
  if (values["fresh-training"]) json = applyOverride(json, "schedule.catalogs", "fresh");
  return asUsage("", () => validateExperiment(json));
}

/** The fields that short options set. */
const SHORT = {
  seed: "seed",
  profiles: "base.profiles",
  epochs: "schedule.epochs",
  "fresh-training": "schedule.catalogs",
} as const satisfies Partial<Record<keyof ExperimentValues, string>>;

/** The entries of `--set`, each with path and value; a field that is given twice is refused. */
function refuseRepeated(values: ExperimentValues): [string, string, string][] {
  const entries = values.set.map((
    entry,
  ): [string, string, string] => [entry, ...splitEntry(entry)]);
  const given = Object.entries(SHORT)
    .filter(([option]) =>
      ![undefined, false].includes(values[option as keyof typeof SHORT] as false)
    )
    .map(([option, path]) => ({ path: path as string, by: `--${option}` }));
  for (const [entry, path] of entries) {
    const other = given.find((earlier) =>
      `${path}.`.startsWith(`${earlier.path}.`) || `${earlier.path}.`.startsWith(`${path}.`)
    );
    if (other !== undefined) {
      throw new UsageError(
        `Cannot read --set ${entry}: ${path} is given twice, by ${other.by} as well, expected once`,
      );
    }
    given.push({ path, by: `--set ${entry}` });
  }
  return entries;
}

function splitEntry(entry: string): [string, string] {
  const at = entry.indexOf("=");
  if (at > 0) return [entry.slice(0, at), entry.slice(at + 1)];
  throw new UsageError(`Cannot read --set: it is "${entry}", expected PATH=VALUE`);
}

function asUsage<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const message = (error as Error).message;
    throw new UsageError(place === "" ? message : `${message} (in ${place})`);
  }
}
