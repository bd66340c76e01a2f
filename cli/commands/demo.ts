/**
 * `demo`: the network that ships with the package, on catalogs drawn on the spot.
 *
 * @module
 */
import type { Catalog } from "../../src/catalogs/catalog.ts";
import type { Engine } from "../../src/model.ts";
import { tabulateTerse } from "../../src/interpretation/terse_table.ts";
import { chooseBackend, openEngine } from "../../src/network/backends.ts";
import { inputWidths } from "../../src/network/checkpoint.ts";
import { openModel } from "../../src/network/trained_model.ts";
import { countParameters } from "../../src/network/weights.ts";
import { correlation } from "../../src/numerics/statistics.ts";
import type { Provenance } from "../../src/pretrained/packing.ts";
import { loadPretrained } from "../../src/pretrained/pretrained.ts";
import { drawBaseSample } from "../../src/clusters/base_sample.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { buildAll } from "../../src/runs/sets.ts";
import { openStream } from "../../src/runs/streams.ts";
import { drawFresh } from "../stages/fresh_catalogs.ts";
import { wholeNumberOption } from "../program/options.ts";

/** Observables of a cluster that the terse value is set beside, and what the table calls them. */
const COMPANIONS = {
  logMass: "log M500c",
  logGasMass: "log M_gas",
  logTemperature: "log T",
} as const;

/** The command `demo`. */
export const DEMO: Command = defineCommand({
  summary:
    "predict sigma8 of fresh mock catalogs with the network that ships: two seconds, no file",
  details: ["Its training has not seen these catalogs, but others from the same base sample."],
  options: {
    catalogs: wholeNumberOption(1, 3, { description: "catalogs to draw" }),
    seed: wholeNumberOption(0, 2, { description: "root of the random streams that draw them" }),
  },
  async run({ catalogs: count, seed }, { progress }) {
    const { run, provenance } = await loadPretrained();
    const { experiment } = run;
    const { architecture, features } = experiment;
    const base = drawBaseSample(experiment.seed);
    const catalogs = drawFresh({ ...experiment, seed }, base, count, progress);
    const inputs = buildAll(experiment, catalogs, openStream(seed, "fresh"));
    const engine = await openFastest();
    const model = await openModel(engine, run);
    const predicted = await model.predict(inputs);
    const table = await tabulateTerse(model, inputs, catalogs);
    engine.close();
    const json = {
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
    return { json, text: describe(json) };
  },
});

/** The core, which starts at once; what else there is where it does not open. */
async function openFastest(): Promise<Engine> {
  try {
    return await openEngine("core");
  } catch {
    return await openEngine((await chooseBackend()).name);
  }
}

interface DemoFindings {
  readonly network: Provenance & { readonly parameters: number };
  readonly catalogs: readonly {
    readonly clusters: Catalog["clusters"]["count"];
    readonly sigma8: number;
    readonly predicted: number;
  }[];
  readonly terseCorrelations: Readonly<Record<string, number>>;
}

function describe({ network, catalogs, terseCorrelations }: DemoFindings): string {
  const { parameters, fresh: { count, scatter, scatterError } } = network;
  const rows = catalogs.map(({ clusters, sigma8, predicted }) => {
    const error = predicted - sigma8;
    return [
      String(clusters).padStart(8),
      sigma8.toFixed(4).padStart(12),
      predicted.toFixed(4).padStart(12),
      `${error < 0 ? "" : "+"}${error.toFixed(4)}`.padStart(10),
    ].join("");
  });
  const found = Object.entries(COMPANIONS)
    .map(([name, label]) => `${terseCorrelations[name]!.toFixed(2)} with ${label}`);
  return [
    "clusters sigma8 true   predicted     error",
    ...rows,
    `The terse value of a cluster correlates ${found.join(", ")}.`,
    `${parameters} parameters; scatter of sigma8 ${scatter.toFixed(4)} +- ` +
    `${scatterError.toFixed(4)} on ${count} fresh catalogs (${network.command}).`,
  ].join("\n");
}
