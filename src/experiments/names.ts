/**
 * The name of the experiment that a record is, and experiments that follow from another: Table 4's
 * networks and the overspecialized sister of a run.
 */
import type { CatalogPlan } from "../catalogs/catalog.ts";
import type { Experiment } from "./experiment.ts";
import type { ExperimentName } from "./experiments.ts";
import { EXPERIMENTS, PRESETS } from "./experiments.ts";

/**
 * The name of the experiment with these catalogs and columns; "custom" if there is none.
 *
 * Architecture, schedule and seed do not count, nor does the base sample with its redshift and
 * profiles.
 */
export function nameExperiment(
  { catalog, features }: Experiment,
): ExperimentName | "custom" {
  const text = canonicalJson({ catalog: plainCatalog(catalog), features });
  const names = Object.keys(EXPERIMENTS) as ExperimentName[];
  return names.find((name) => {
    const entry = EXPERIMENTS[name];
    return canonicalJson({ catalog: plainCatalog(entry.catalog), features: entry.features }) ===
      text;
  }) ?? "custom";
}

/** A plan without its redshift, which follows from the base sample. */
function plainCatalog({ survey, ...catalog }: CatalogPlan) {
  const { redshift: _, ...rest } = survey;
  return { ...catalog, survey: rest };
}

/** The preset with this architecture; "custom" if there is none. */
export function nameNetwork({ architecture }: Experiment): string {
  const text = canonicalJson(architecture);
  return Object.entries(PRESETS).find(([, preset]) => canonicalJson(preset.architecture) === text)
    ?.[0] ?? "custom";
}

/** JSON with the names of every record in alphabetical order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  );
}

/** The networks of Table 4: the experiments that draw catalogs as Standard does. */
export type Table4Network = Exclude<ExperimentName, "overspecialized">;

/** Names of the networks of Table 4, in the table's order. */
export const TABLE4_NETWORKS: readonly Table4Network[] =
  (Object.keys(EXPERIMENTS) as ExperimentName[])
    .filter((name) => name !== "overspecialized");

/** The row of Table 4 that an experiment fills, by its network's columns; undefined if none. */
export function table4Row({ features, catalog }: Experiment): Table4Network | undefined {
  if (catalog.recipe !== "neighbor") return undefined;
  const own = canonicalJson(features);
  return TABLE4_NETWORKS.find((name) => canonicalJson(EXPERIMENTS[name].features) === own);
}

/** The preset whose changes an experiment takes over, chosen by the form of its network. */
function formOf({ architecture }: Experiment): "paper" | "compact" {
  return architecture.regression === "set" ? "compact" : "paper";
}

/**
 * The network of another row of Table 4 for a run: it sees that row's columns, and has the changes
 * of that row's named experiment; everything else is the run's.
 */
export function table4Sister(experiment: Experiment, name: Table4Network): Experiment {
  const { features, architecture, schedule } = EXPERIMENTS[name];
  const form = formOf(experiment);
  return {
    ...experiment,
    features,
    architecture: { ...experiment.architecture, ...architecture[form] },
    schedule: { ...experiment.schedule, ...schedule[form] },
  };
}

/** App. B's experiment with a run's survey, priors and seed; it is shortened as the run was. */
export function overspecialize(experiment: Experiment): Experiment {
  const { catalog, features, architecture, schedule } = EXPERIMENTS.overspecialized;
  const preset = experiment.schedule.optimizer.kind === "sgd" ? "paper" : "compact";
  const usual = PRESETS[preset].schedule.epochs;
  const { epochs = usual, ...changes } = schedule[preset];
  const share = experiment.schedule.epochs / usual;
  return {
    ...experiment,
    catalog: { ...experiment.catalog, recipe: catalog.recipe },
    features,
    architecture: { ...experiment.architecture, ...architecture[formOf(experiment)] },
    schedule: {
      ...experiment.schedule,
      ...changes,
      epochs: Math.max(1, Math.round(epochs * share)),
    },
  };
}
