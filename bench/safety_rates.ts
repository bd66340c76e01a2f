/**
 * How often `terse predict` passes honest catalogs of base samples that the network that ships has
 * not seen, and how often it finds planted faults. `deno task bench:safety` prints the table and
 * puts it between the two "safety" marks of src/interpretation/safety/README.md; with
 * `--network=global` the rates are those of the smaller network, and the marks "safety global".
 *
 * usage: safety_rates.ts [--network compact] [--bases 40] [--catalogs 10] [--seed 1] [--json]
 *   [--page README.md]
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Predictor } from "../src/runs/prediction.ts";
import { predictTable } from "../src/runs/prediction.ts";
import type { SourceTable } from "../src/observed/source_table.ts";
import { openModel } from "../src/network/trained_model.ts";
import type { PretrainedName, Random } from "../mod.ts";
import type { ObservedClusters } from "../src/clusters/mod.ts";
import type { SafetyVerdict } from "../src/interpretation/safety/mod.ts";
import type { CatalogFaultName } from "../src/observed/mod.ts";
import {
  createRandom,
  drawBaseSample,
  drawCatalog,
  loadPretrained,
  loadPretrainedReference,
  openEngine,
  prepareCatalogs,
} from "../mod.ts";
import { drawParameters } from "../src/catalogs/mod.ts";
import { MAGNETICUM } from "../src/cosmology/mod.ts";
import { CATALOG_FAULTS, takeRows } from "../src/observed/mod.ts";
import { argsort } from "../src/numerics/mod.ts";
import { FIELD_WIDTHS } from "../src/observed/column_mapping.ts";
import { print } from "./files.ts";

type Plant = (clusters: ObservedClusters, random: Random) => ObservedClusters;

/** Kelvin of one keV. */
const KELVIN = 1.160451812e7;
const HONEST = "none: honest catalogs";

/** Faults that are planted in each catalog. Half of the cuts were not used for the reference. */
const PLANTS: Readonly<Record<string, Plant>> = {
  [HONEST]: (clusters) => clusters,
  "weak lensing masses in Msun instead of Msun/h": knownFault("weak lensing masses in Msun"),
  "all masses in Msun instead of Msun/h": knownFault("all masses in Msun"),
  "gas masses alone in Msun instead of Msun/h": knownFault("gas masses in Msun"),
  "temperatures in K for keV": (clusters) => ({
    ...clusters,
    logTemperature: clusters.logTemperature.map((value) => value + Math.log10(KELVIN)),
  }),
  "the luminous half missing": knownFault("faint clusters only"),
  "the faint half missing": (clusters) => keepHighest(clusters, "logLuminosity", 0.5),
  "the faintest 30% missing": (clusters) => keepHighest(clusters, "logLuminosity", 0.7),
  "the cooler half missing": (clusters) => keepHighest(clusters, "logTemperature", 0.5),
  "20% of the clusters shuffled between columns": knownFault("rows mixed up"),
};

/** Faults that need lensing masses, which not every network reads. */
const OF_LENSING: readonly string[] = [
  "weak lensing masses in Msun instead of Msun/h",
  "all masses in Msun instead of Msun/h",
];

function knownFault(name: CatalogFaultName): Plant {
  return (clusters, random) => CATALOG_FAULTS[name].plant(clusters, MAGNETICUM.h, random);
}

function keepHighest(
  clusters: ObservedClusters,
  field: "logLuminosity" | "logTemperature",
  share: number,
): ObservedClusters {
  const order = argsort(clusters[field]);
  return takeRows(clusters, order.slice(Math.floor((1 - share) * clusters.count)));
}

interface Judged {
  readonly base: number;
  readonly verdict: SafetyVerdict;
  /** Predicted less true; `null` if nothing was predicted. */
  readonly error: number | null;
}

/** The counts of one fault. */
interface Rates {
  readonly fault: string;
  readonly catalogs: number;
  readonly consistent: number;
  readonly caution: number;
  readonly doNotApply: number;
  /** Mean of predicted less true sigma8. */
  readonly bias: number | null;
  /** Fewest consistent catalogs of any base sample. */
  readonly fewestOfBase: number;
}

/** Catalogs that are drawn and judged. */
interface Sample {
  readonly network: PretrainedName;
  readonly bases: number;
  readonly catalogs: number;
  readonly seed: number;
}

async function judgeAll({ network, bases, catalogs, seed }: Sample): Promise<Rates[]> {
  const { run } = await loadPretrained(network);
  const { experiment } = run;
  const { catalog: plan } = experiment;
  const engine = await openEngine("core");
  const model = await openModel(engine, run);
  const predictor = { experiment, model, reference: await loadPretrainedReference(network) };
  const { pixels, supplementary } = experiment.features;
  const hasLensing = [...pixels, ...supplementary].includes("logWeakLensingMass");
  const plants = Object.entries(PLANTS)
    .filter(([name]) => hasLensing || !OF_LENSING.includes(name));
  const judged = new Map<string, Judged[]>(plants.map(([name]) => [name, []]));
  for (let base = 0; base < bases; base++) {
    const random = createRandom(seed).fork("safety rates", base);
    const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), plan);
    for (const [i, parameters] of drawParameters(plan.priors, catalogs, random).entries()) {
      const { clusters } = drawCatalog(maker, parameters, random.fork("catalog", i));
      for (const [name, plant] of plants) {
        const { verdict, sigma8 } = await judge(predictor, plant(clusters, random.fork(name, i)));
        const error = sigma8 === null ? null : sigma8 - parameters.sigma8;
        judged.get(name)!.push({ base, verdict, error });
      }
    }
  }
  engine.close();
  return Array.from(judged, ([name, all]) => count(name, all, bases));
}

/** The result of `predict` for these clusters in a file. */
async function judge(predictor: Predictor, clusters: ObservedClusters) {
  const fields = Object.keys(FIELD_WIDTHS) as (keyof typeof FIELD_WIDTHS)[];
  const table: SourceTable = {
    count: clusters.count,
    columns: fields.map((name) => ({
      name,
      unit: "",
      width: FIELD_WIDTHS[name],
      values: clusters[name],
    })),
    textsOf: () => [],
  };
  const reading = { mapping: {}, h: MAGNETICUM.h, catalogId: undefined };
  return (await predictTable(predictor, table, reading)).catalogs[0]!;
}

function count(fault: string, all: readonly Judged[], bases: number): Rates {
  const of = (verdict: SafetyVerdict) => all.filter((one) => one.verdict === verdict).length;
  const errors = all.flatMap(({ error }) => error === null ? [] : [error]);
  const byBase = Array.from(
    { length: bases },
    (_, b) => all.filter(({ base, verdict }) => base === b && verdict === "consistent").length,
  );
  return {
    fault,
    catalogs: all.length,
    consistent: of("consistent"),
    caution: of("caution"),
    doNotApply: of("do not apply"),
    bias: errors.length === 0 ? null : errors.reduce((sum, e) => sum + e, 0) / errors.length,
    fewestOfBase: Math.min(...byBase),
  };
}

function formatRates(all: readonly Rates[], bases: number): string {
  const percent = (part: number, whole: number) => `${(100 * part / whole).toFixed(1)}%`;
  const honest = all.find(({ fault }) => fault === HONEST)!;
  const { catalogs, fewestOfBase } = honest;
  return [
    `${catalogs} catalogs, from ${bases} base samples that no training has seen; of the ` +
    `${catalogs / bases} honest ones of one base sample, at least ${fewestOfBase} are consistent.`,
    "",
    "| fault | consistent | caution | do not apply | mean error of sigma8 |",
    "| --- | --- | --- | --- | --- |",
    ...all.map(({ fault, catalogs, consistent, caution, doNotApply, bias }) => {
      const shares = [consistent, caution, doNotApply].map((part) => percent(part, catalogs));
      const error = bias === null ? "not predicted" : `${bias < 0 ? "" : "+"}${bias.toFixed(3)}`;
      return `| ${[fault, ...shares, error].join(" | ")} |`;
    }),
  ].join("\n");
}

async function updatePage(page: string, network: PretrainedName, table: string): Promise<void> {
  const mark = network === "compact" ? "safety" : `safety ${network}`;
  const text = await Deno.readTextFile(page);
  const marks = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(\\n?<!-- \\/${mark} -->)`);
  if (!marks.test(text)) throw new SyntaxError(`Cannot update ${page}: it has no ${mark} marks`);
  const updated = text.replace(
    marks,
    (_, open: string) => `${open}\n${table}\n\n<!-- /${mark} -->`,
  );
  await Deno.writeTextFile(page, updated);
}

if (import.meta.main) {
  const values = parseArgs(Deno.args, {
    string: ["network", "bases", "catalogs", "seed", "page"],
    boolean: ["json"],
    default: { network: "compact", bases: "40", catalogs: "10", seed: "1" },
  });
  const bases = Number(values.bases);
  const { network } = values;
  if (network !== "compact" && network !== "global") {
    throw new RangeError(
      `Cannot measure the rates: --network is ${network}, compact or global is needed`,
    );
  }
  const rates = await judgeAll({
    network,
    bases,
    catalogs: Number(values.catalogs),
    seed: Number(values.seed),
  });
  const table = formatRates(rates, bases);
  await print(values.json ? JSON.stringify(rates, undefined, 1) : table);
  if (values.page !== undefined) await updatePage(values.page, network, table);
}
