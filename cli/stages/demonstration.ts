/** The demonstration: the network that ships, on catalogs drawn on the spot. */
import { drawBaseSample } from "../../src/clusters/base_sample.ts";
import { tabulateTerse } from "../../src/interpretation/terse_table.ts";
import type { Engine } from "../../src/model.ts";
import { chooseBackend, openEngine } from "../../src/network/backends.ts";
import { inputWidths } from "../../src/network/checkpoint.ts";
import { openModel } from "../../src/network/trained_model.ts";
import { countParameters } from "../../src/network/weights.ts";
import { correlation } from "../../src/numerics/statistics.ts";
import type { Provenance } from "../../src/pretrained/packing.ts";
import { loadPretrained } from "../../src/pretrained/pretrained.ts";
import { buildAll } from "../../src/runs/sets.ts";
import { openStream } from "../../src/runs/streams.ts";
import type { Progress } from "../program/progress.ts";
import { drawFresh } from "./fresh_catalogs.ts";
import { requireWork } from "./needed_room.ts";

/** Observables of a cluster that the terse value is compared with, by the table's columns. */
export const COMPANIONS = {
  logMass: "log M500c",
  logGasMass: "log M_gas",
  logTemperature: "log T",
} as const;

/** The predictions of a demonstration. */
export interface Demonstration {
  readonly network: Provenance & { readonly parameters: number };
  readonly backend: string;
  readonly seed: number;
  readonly catalogs: readonly {
    readonly clusters: number;
    readonly sigma8: number;
    readonly predicted: number;
  }[];
  /** Correlation of the terse value with each companion. */
  readonly terseCorrelations: Readonly<Record<string, number>>;
}

/**
 * Predicts sigma8 of catalogs that are drawn from a seed.
 *
 * @throws {RunError} If this machine has no room for so many
 */
export async function demonstrate(
  count: number,
  seed: number,
  progress: Progress,
): Promise<Demonstration> {
  const { run, provenance } = await loadPretrained();
  const { experiment } = run;
  const { architecture, features } = experiment;
  const base = drawBaseSample(experiment.seed);
  requireWork(experiment, base, { action: "demonstrate", fresh: count, network: "applied" });
  const catalogs = drawFresh({ ...experiment, seed }, base, count, progress);
  const inputs = buildAll(experiment, catalogs, openStream(seed, "fresh"));
  const engine = await openFastest();
  const model = await openModel(engine, run);
  const predicted = await model.predict(inputs);
  const table = await tabulateTerse(model, inputs, catalogs);
  engine.close();
  return {
    network: { parameters: countParameters(architecture, inputWidths(features)), ...provenance },
    backend: engine.name,
    seed,
    catalogs: catalogs.map(({ parameters, clusters }, i) => ({
      clusters: clusters.count,
      sigma8: parameters.sigma8,
      predicted: predicted[i]!,
    })),
    terseCorrelations: Object.fromEntries(
      Object.keys(COMPANIONS).map((name) => [
        name,
        correlation(table.terse, table[name as keyof typeof COMPANIONS]),
      ]),
    ),
  };
}

/** Opens the core, which starts at once, or another backend where the core does not open. */
async function openFastest(): Promise<Engine> {
  try {
    return await openEngine("core");
  } catch {
    return await openEngine((await chooseBackend()).name);
  }
}
