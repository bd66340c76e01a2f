/** Experiments from JSON (`experiment.json`, config files, `--set`), checked against one table. */
import type { CatalogPlan } from "../catalogs/catalog.ts";
import type { Grid, Interval } from "../catalogs/grid.ts";
import type { Priors } from "../catalogs/priors.ts";
import type { SigmaExponents } from "../catalogs/observables.ts";
import type { Survey } from "../catalogs/survey.ts";
import type { BaseSamplePlan, Experiment } from "./experiment.ts";
import type { FeatureSpec } from "../features/features.ts";
import type { Architecture, Schedule, Tie } from "../model.ts";
import { RECIPES } from "../catalogs/observables.ts";
import { checkPriors } from "../catalogs/priors.ts";
import { checkSurvey } from "../catalogs/survey.ts";
import { STAND_INS } from "../clusters/stand_ins.ts";
import { MASS_FUNCTIONS } from "../cosmology/mass_function.ts";
import { COLUMNS } from "../features/features.ts";
import type { FieldKind } from "../numerics/fields.ts";
import { checkField, isRecord, recordOf } from "../numerics/fields.ts";
import { readOldForm } from "./old_form.ts";

/**
 * An experiment with the fields of a JSON record in place of its own, as a config file has them.
 * Records are merged field by field, but for those with a `kind`, which are replaced, as lists are.
 * A `$schema`, by which editors know what the file is, is left out.
 *
 * @throws {TypeError | RangeError} If the outcome is not valid; see {@linkcode validateExperiment}
 */
export function mergeExperiment(base: Experiment, json: unknown): Experiment {
  const { $schema: _, ...change } = isRecord(json) ? json : {};
  return validateExperiment(merge(base, isRecord(json) ? change : json));
}

function merge(base: unknown, change: unknown): unknown {
  if (!isRecord(base) || !isRecord(change) || "kind" in change) return change;
  const changed = Object.entries(change).map(([name, value]) =>
    [name, Object.hasOwn(base, name) ? merge(base[name], value) : value] as const
  );
  return Object.fromEntries([...Object.entries(base), ...changed]);
}

/**
 * A JSON value with one field replaced, as `--set schedule.epochs=5` asks. The outcome is to be
 * checked by {@linkcode validateExperiment}, which refuses a field that it does not know.
 *
 * @example
 * ```ts
 * import { applyOverride, experiment, validateExperiment } from "@clusters/terse";
 * import { assertEquals } from "@std/assert";
 *
 * const json = applyOverride(experiment("standard", "compact"), "architecture.encoder.0", "64");
 * assertEquals(validateExperiment(json).architecture.encoder[0], 64);
 * ```
 *
 * @param json The record, which is not changed
 * @param path Names of fields and indices in lists (from 0), joined by dots
 * @param text The value as JSON; text that is not JSON stands for itself
 * @throws {RangeError} If the path leads through a field that does not exist
 */
export function applyOverride(json: unknown, path: string, text: string): unknown {
  return replace(json, path.split("."), parseValue(text), path);
}

function replace(json: unknown, names: readonly string[], value: unknown, path: string): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  const known = typeof json === "object" && json !== null ? Object.keys(json) : [];
  if (!known.includes(name) && (rest.length > 0 || !isRecord(json))) {
    const expected = known.length > 0 ? `one of ${known.join(", ")}` : "nothing inside a value";
    throw new RangeError(`Cannot set ${path}: there is no ${name}, expected ${expected}`);
  }
  const inner = replace((json as Record<string, unknown>)[name], rest, value, path);
  if (Array.isArray(json)) return json.with(Number(name), inner);
  return { ...json as Record<string, unknown>, [name]: inner };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a bare word, as in architecture.pooling=max
  }
}

const ANY_NUMBER: FieldKind = { kind: "number" };
const POSITIVE: FieldKind = { kind: "number", above: 0 };
const NULL: FieldKind = { kind: "choice", of: [null] };
const COUNT: FieldKind = { kind: "whole number", from: 1 };
const DROPPED: FieldKind = { kind: "number", from: 0, below: 1 };
/** Most layers of each kind; beyond it, engines spend their time between layers. */
const MOST_LAYERS = 1000;
const WIDTHS: FieldKind = { kind: "list", of: COUNT, least: 1, most: MOST_LAYERS };
const ANY_WIDTHS: FieldKind = { kind: "list", of: COUNT, least: 0, most: MOST_LAYERS };
const GRID: FieldKind = recordOf<Grid>({ min: POSITIVE, max: POSITIVE, step: POSITIVE });
const INTERVAL: FieldKind = recordOf<Interval>({
  min: { kind: "number", from: 0 },
  max: { kind: "number", from: 0 },
});

function choice(...of: readonly string[]): FieldKind {
  return { kind: "choice", of };
}

function either(...of: readonly FieldKind[]): FieldKind {
  return { kind: "either", of };
}

/** Columns that differ from cluster to cluster and have one value each. */
const TIES = Object.entries(COLUMNS)
  .filter(([, { group, width }]) => width === 1 && group !== "constant")
  .map(([name]) => name);

/** Most columns; columns of ones may repeat. */
const MOST_COLUMNS = 1000;

function columns(least: number): FieldKind {
  return { kind: "list", of: choice(...Object.keys(COLUMNS)), least, most: MOST_COLUMNS };
}

/** The fields of an experiment and the values that each may have. */
export const EXPERIMENT_FIELDS: FieldKind = recordOf<Experiment>({
  base: recordOf<BaseSamplePlan>({
    standIn: choice(...Object.keys(STAND_INS)),
    profiles: choice("drawn", "observed"),
  }),
  catalog: recordOf<CatalogPlan>({
    survey: recordOf<Survey>({
      volumeFraction: POSITIVE,
      redshift: { kind: "number", from: 0 },
      logMassMin: ANY_NUMBER,
      logMassBreak: ANY_NUMBER,
      slope: ANY_NUMBER,
      slopePivot: ANY_NUMBER,
      smoothing: { kind: "number", from: 0 },
    }),
    priors: recordOf<Priors>({
      sigma8: GRID,
      luminosityBias: GRID,
      temperatureBias: GRID,
      gasMassBias: GRID,
      luminositySlopeFactor: INTERVAL,
      luminosityScatterFactor: INTERVAL,
      temperatureScatterFactor: INTERVAL,
      gasMassScatterFactor: INTERVAL,
      weakLensingScatter: INTERVAL,
    }),
    massFunction: choice(...Object.keys(MASS_FUNCTIONS)),
    recipe: choice(...Object.keys(RECIPES)),
    exponents: recordOf<SigmaExponents>({
      luminosity: ANY_NUMBER,
      temperature: ANY_NUMBER,
      gasMass: ANY_NUMBER,
    }),
  }, ["exponents"]),
  features: recordOf<FeatureSpec>({
    pixels: columns(1),
    supplementary: columns(0),
    order: choice("luminosity", "shuffled"),
  }),
  architecture: recordOf<Architecture>({
    encoder: WIDTHS,
    regression: choice("convolution", "set"),
    convolution: ANY_WIDTHS,
    cluster: ANY_WIDTHS,
    context: ANY_WIDTHS,
    frequencies: { kind: "list", of: POSITIVE, least: 0, most: MOST_LAYERS },
    dense: WIDTHS,
    pooling: choice("mean", "max"),
    globalPooling: choice("mean", "max", "mean+max"),
    dropout: recordOf<Architecture["dropout"]>({ encoder: DROPPED, dense: DROPPED }),
    normalization: choice("range", "z-score"),
    label: choice("linear", "probit"),
    outputs: choice("value", "mean and log variance"),
  }),
  schedule: recordOf<Schedule>({
    epochs: COUNT,
    catalogs: choice("fixed", "fresh", "fresh clusters"),
    selectFrom: COUNT,
    batches: either(choice("equal height"), COUNT, recordOf({ random: COUNT })),
    loss: choice("mae", "mse", "gaussian"),
    optimizer: either(
      recordOf({ kind: choice("sgd", "adam") }),
      recordOf({ kind: choice("adamw"), weightDecay: { kind: "number", from: 0 } }),
    ),
    learningRate: POSITIVE,
    decay: choice("constant", "cosine"),
    warmupSteps: { kind: "whole number", from: 0 },
    gradientClip: either(NULL, POSITIVE),
    tie: either(NULL, recordOf<Tie>({ column: choice(...TIES), weight: POSITIVE })),
    jitter: { kind: "number", from: 0 },
    encoderStart: POSITIVE,
    shards: COUNT,
  }),
  seed: { kind: "whole number", from: 0 },
});

/**
 * An experiment read from JSON: every field present, none unknown, each in its range. Records of
 * earlier versions are read, too.
 *
 * @throws {TypeError} If a field is missing, unknown or of the wrong kind, naming its path
 * @throws {RangeError} If a number is out of range, survey or priors are not a range, or loss and outputs,
 * or the regression and its layers, do not go together
 */
export function validateExperiment(json: unknown): Experiment {
  const present = readOldForm(json);
  checkField(present, EXPERIMENT_FIELDS, "read experiment");
  const experiment = present as Experiment;
  checkSurvey(experiment.catalog.survey);
  checkPriors(experiment.catalog.priors);
  const { loss } = experiment.schedule;
  const { outputs } = experiment.architecture;
  if ((loss === "gaussian") !== (outputs === "mean and log variance")) {
    throw new RangeError(
      `Cannot read experiment: architecture.outputs is "${outputs}" and schedule.loss "${loss}", ` +
        'expected "mean and log variance" with "gaussian" or "value" with another',
    );
  }
  if (experiment.architecture.label === "probit" && outputs === "value") {
    throw new RangeError(
      'Cannot read experiment: architecture.label is "probit" and architecture.outputs "value", ' +
        'expected "mean and log variance", without which a probit has no mean sigma8',
    );
  }
  checkRegression(experiment.architecture);
  checkColumns(experiment.features);
  return experiment;
}

/** Throws if a varying column is named twice; an array of ones repeats columns that do not vary. */
function checkColumns({ pixels, supplementary }: FeatureSpec): void {
  for (const [list, names] of Object.entries({ pixels, supplementary })) {
    const twice = names.find((name, i) =>
      names.indexOf(name) !== i && COLUMNS[name].group !== "constant"
    );
    if (twice === undefined) continue;
    throw new RangeError(
      `Cannot read experiment: features.${list} names ${twice} twice, once is enough`,
    );
  }
}

/** Throws unless the regression's layers are there, and those of the other form are not. */
function checkRegression(architecture: Architecture): void {
  const { regression, convolution, cluster, context, frequencies } = architecture;
  const isSet = regression === "set";
  const faults = [
    isSet === (convolution.length > 0) && `convolution [${convolution.join(", ")}]`,
    isSet !== (cluster.length > 0) && `cluster [${cluster.join(", ")}]`,
    (isSet ? context.length === 1 : context.length > 0) && `context [${context.join(", ")}]`,
    !isSet && frequencies.length > 0 && `frequencies [${frequencies.join(", ")}]`,
  ].filter((fault) => fault !== false);
  if (faults.length === 0) return;
  const expected = isSet
    ? "no convolution, 1 or more of cluster, and none or 2 or more of context"
    : "1 or more of convolution, and none of cluster, context and frequencies";
  throw new RangeError(
    `Cannot read experiment: architecture.regression is "${regression}" with ${
      faults.join(" and ")
    }, expected ${expected}`,
  );
}
