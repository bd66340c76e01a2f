/**
 * Whether networks are faithful, from the recipes to the tables of src/interpretation/README.md: trains what
 * is not there, answers exactly, measures, and decides the paper's six conclusions, on the stand-in and, if a
 * file is named, on the simulation's own clusters. It resumes: every network, answer and measurement is kept
 * in a folder. Without `record.json`, the networks of a ground are measured again and none is trained.
 *
 *     deno task bench:faithful -- [FILE] [--redshift Z] [--out runs/faithful] [--seeds 10]
 *         [--grounds stand-in,table] [--only compact,best] [--lensed 1] [--unlensed 0.25] [--epochs 12]
 *         [--page README.md]
 *
 * `--lensed` and `--unlensed` are the share of Table 3's widths that the paper's network has, with and without
 * lensing masses, and `--epochs` how long it is trained.
 */
import { parseArgs } from "@std/cli/parse-args";
import { deserialize, serialize } from "node:v8";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import type { WeakLensingUse } from "../src/evaluation/likelihood.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { summarizeExact } from "../src/interpretation/exact/summary.ts";
import type { Conclusion } from "../src/interpretation/faithfulness/conclusions.ts";
import { openEngine } from "../src/network/backends.ts";
import { drawDesign, drawFreshCatalogs } from "../src/runs/catalogs.ts";
import { concludeRun } from "../src/runs/conclusions.ts";
import type { ExactRecord } from "../src/runs/exact.ts";
import { answersByPlace, createAnswerer, exactTasks } from "../src/runs/exact.ts";
import type { JudgedInterpretation } from "../src/runs/interpretation.ts";
import { interpretRun } from "../src/runs/interpretation.ts";
import { weakLensingUse } from "../src/runs/posteriors.ts";
import { readBase } from "./base_file.ts";
import type { NetworkRecord } from "./faithful_measures.ts";
import { measureNetwork } from "./faithful_measures.ts";
import type { Ground, Recipe } from "./faithful_networks.ts";
import { experimentOf, listRecipes, openNetwork } from "./faithful_networks.ts";
import { prepareRanks } from "./faithful_ranks.ts";
import { writeTables } from "./faithful_tables.ts";
import { print } from "./files.ts";

const options = parseArgs(Deno.args.filter((arg) => arg !== "--"), {
  string: [
    "redshift",
    "out",
    "seeds",
    "only",
    "lensed",
    "unlensed",
    "epochs",
    "page",
    "grounds",
    "exact",
    "ranks",
    "fresh",
  ],
  default: {
    out: "runs/faithful",
    seeds: "10",
    lensed: "1",
    unlensed: "0.25",
    epochs: "12",
    grounds: "stand-in,table",
    exact: "80",
    ranks: "20000",
    fresh: "3000",
  },
});
/** Seed of the catalogs. */
const SEED = 1;

/** Record of a ground: measurements, and conclusions by network. */
export interface GroundRecord {
  readonly networks: Record<string, NetworkRecord>;
  readonly conclusions: Record<string, readonly Conclusion[]>;
}

/** Networks that conclusions are drawn from, each with one without lensing. */
const FAMILIES = ["compact", "best", "paper"];

function makeGround(name: Ground["name"], base: BaseSample): Ground {
  const recipe: Recipe = {
    name: "",
    experiment: "standard",
    preset: "compact",
    overrides: {},
    seed: SEED,
  };
  const bare = { name, base, seed: SEED, catalogs: [], fresh: [] };
  return drawCatalogsOf(experimentOf(recipe, bare), bare);
}

/** The ground with the catalogs of an experiment. */
function drawCatalogsOf(choices: Experiment, ground: Ground): Ground {
  const { base } = ground;
  const fresh = [...drawFreshCatalogs(choices, base, Number(options.fresh))];
  return { ...ground, catalogs: [...drawDesign(choices, base)], fresh };
}

/** The exact answers, from the folder or computed and saved there. */
function answer(ground: Ground, use: WeakLensingUse, folder: string): readonly ExactRecord[] {
  const path = `${folder}/exact ${use}`;
  try {
    return deserialize(Deno.readFileSync(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const choices = experiment("standard", "compact", { seed: ground.seed });
  const survey = { ...choices.catalog.survey, redshift: ground.base.redshift };
  const model = prepareLikelihood(ground.base, { ...choices.catalog, survey }, use);
  const find = createAnswerer({ model, seed: ground.seed });
  const records = exactTasks(choices).slice(0, Number(options.exact)).map(find);
  Deno.writeFileSync(path, serialize(records));
  return records;
}

/** What interpretation found about a network that conclusions are drawn from; `null` if it is not kept. */
function readFound(folder: string, name: string): JudgedInterpretation | null {
  try {
    return deserialize(Deno.readFileSync(`${folder}/${name}.found`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Networks that conclusions are drawn from. */
const CONCLUDED = FAMILIES.flatMap((name) => [name, `${name} without lensing`])
  .concat("overspecialized");

/** Measures the requested networks of a ground that are not yet measured. */
async function measureGround(
  name: Ground["name"],
  make: () => Promise<Ground>,
): Promise<GroundRecord> {
  const folder = `${options.out}/${name}`;
  Deno.mkdirSync(folder, { recursive: true });
  const path = `${folder}/record.json`;
  const record: GroundRecord = await Deno.readTextFile(path).then(JSON.parse, () => ({
    networks: {},
    conclusions: {},
  }));
  if (!options.grounds.split(",").includes(name)) return record;
  const ground = await make();
  const paper = {
    lensed: Number(options.lensed),
    unlensed: Number(options.unlensed),
    epochs: Number(options.epochs),
  };
  const recipes = listRecipes(ground.name, Number(options.seeds), paper)
    .filter(({ name }) => !options.only || options.only.split(",").includes(name));
  const engine = await openEngine("core");
  const ranks = prepareRanks(ground.base, ground.seed, Number(options.ranks));
  for (const recipe of recipes) {
    const { name } = recipe;
    const known = record.networks[name];
    if (known && (!CONCLUDED.includes(name) || readFound(folder, name))) {
      await print(`${ground.name}, ${name}: kept, as ${path} has it`);
      continue;
    }
    const origin = experimentOf(recipe, ground);
    const network = await openNetwork(
      engine,
      recipe,
      ground,
      `${folder}/${name}.safetensors`,
      origin,
    );
    const use = weakLensingUse(origin);
    // Overspecialized networks see other catalogs, which have no likelihood.
    const hasLikelihood = origin.catalog.recipe === "neighbor";
    const seen = hasLikelihood ? ground : drawCatalogsOf(origin, ground);
    const records = hasLikelihood ? answer(ground, use, folder) : [];
    const found = await interpretRun(engine, network.run, seen.catalogs, {
      origin,
      ground: { base: ground.base, exact: answersByPlace(records) },
    });
    if (CONCLUDED.includes(name)) {
      Deno.writeFileSync(`${folder}/${name}.found`, serialize(found));
    }
    record.networks[name] = known ?? await measureNetwork(engine, recipe, network, seen, {
      judged: found,
      // Overspecialized networks see other catalogs, which these are not.
      ranks: name === "overspecialized" || Number(options.ranks) === 0 ? null : ranks,
    });
    Deno.writeTextFileSync(path, `${JSON.stringify(record, null, 1)}\n`);
    await print(`${ground.name}, ${name}: ${describe(record.networks[name]!)}`);
  }
  let isFirst = true;
  for (const name of FAMILIES) {
    const network = readFound(folder, name);
    if (!network || !record.networks[name]) continue;
    const { network: own, exact } = concludeRun({
      network,
      withoutLensing: readFound(folder, `${name} without lensing`),
      summary: summarizeExact(answer(ground, "with weak lensing", folder)),
      scatter: record.networks[name]!.fresh.scatter,
      overspecialized: readFound(folder, "overspecialized"),
    });
    record.conclusions[name] = own.map((conclusion) =>
      sayWidths(conclusion, record.networks[`${name} without lensing`]?.share ?? 1)
    );
    // The optimal gradient is the least in the network's own scaling of pixels: that of compact is shown.
    if (isFirst) record.conclusions.exact = exact;
    isFirst = false;
  }
  Deno.writeTextFileSync(path, `${JSON.stringify(record, null, 1)}\n`);
  engine.close();
  return record;
}

/** The fifth conclusion is that of the network without lensing, which may have other widths. */
function sayWidths(conclusion: Conclusion, share: number): Conclusion {
  if (conclusion.number !== 5 || share === 1 || conclusion.measured === "") return conclusion;
  return { ...conclusion, measured: `with ${share} of the widths, ${conclusion.measured}` };
}

function describe(
  { fresh, ranks, leaveOneOut: change, verdict, partial, seconds }: NetworkRecord,
): string {
  return [
    `scatter ${fresh.scatter.toFixed(4)}`,
    ranks && `ranks p ${ranks.probability.toPrecision(2)}, ${ranks.covered68}, ${ranks.covered95}`,
    change && `leave-one-out r ${change.r.toFixed(3)}`,
    partial && `partial ${partial.r.toFixed(4)} +- ${partial.error.toFixed(4)}`,
    seconds === null ? "" : `${seconds} CPU s`,
    verdict,
  ].filter(Boolean).join("; ");
}

const [file] = options._;
const grounds: Record<string, GroundRecord> = {
  "stand-in": await measureGround(
    "stand-in",
    () => Promise.resolve(makeGround("stand-in", drawBaseSample(SEED))),
  ),
};
if (file !== undefined) {
  grounds.table = await measureGround(
    "table",
    async () => makeGround("table", await readBase(String(file), options.redshift)),
  );
}
await writeTables(grounds, options.page);
