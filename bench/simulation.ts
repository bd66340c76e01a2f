// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * The whole comparison of base samples: both stand-ins and, if a file is named, the simulation's own
 * table. Table 4, the information limit with one Gaussian and with a mixture, mass proxies,
 * faithfulness, and each base's network on the catalogs of the others. Writes a page.
 *
 *     deno task bench:simulation -- FILE --redshift 0.0663 --to comparison.md
 *
 * Several snapshots are compared at once: FILES, and their redshifts as in `--redshift 0.0663,0.137`.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Catalog } from "../src/catalogs/catalog.ts";
import type { BaseSample } from "../src/clusters/base_sample.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import type { StandInName } from "../src/clusters/stand_ins.ts";
import { measureErrors, type Sigma8Errors } from "../src/evaluation/errors.ts";
import type { ScatterForm } from "../src/evaluation/likelihood_model.ts";
import { prepareLikelihood } from "../src/evaluation/likelihood_model.ts";
import { type InformationLimit, measureLimit } from "../src/evaluation/posterior.ts";
import type { Experiment } from "../src/experiments/experiment.ts";
import type { ExperimentName } from "../src/experiments/experiments.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { isGap } from "../src/interpretation/exact/gap.ts";
import type { Engine } from "../src/model.ts";
import { openEngine } from "../src/network/backends.ts";
import type { TrainingRun } from "../src/network/trained_model.ts";
import { openModel } from "../src/network/trained_model.ts";
import { formatMarkdown } from "../src/report/tables.ts";
import { drawDesign, drawFreshCatalogs } from "../src/runs/catalogs.ts";
import { answersByPlace, createAnswerer, exactTasks } from "../src/runs/exact.ts";
import { interpretRun, type JudgedInterpretation } from "../src/runs/interpretation.ts";
import { createSampler } from "../src/runs/posteriors.ts";
import { buildAll, buildSets } from "../src/runs/sets.ts";
import { openStream } from "../src/runs/streams.ts";
import { trainRun } from "../src/runs/training.ts";
import { drawParameters } from "../src/catalogs/priors.ts";
import { readBase } from "./base_file.ts";
import { machineName } from "./machine.ts";

const options = parseArgs(Deno.args.filter((arg) => arg !== "--"), {
  string: ["redshift", "to", "seed", "fresh", "posteriors", "exact"],
  default: { to: "comparison.md", seed: "1", fresh: "3000", posteriors: "100", exact: "30" },
});
const SEED = Number(options.seed);
const NETWORKS = ["standard", "shuffled", "noWeakLensing", "ones"] as const;

/** A base sample, and the experiments on it. */
interface Ground {
  readonly name: string;
  readonly base: BaseSample;
  readonly standIn: StandInName | undefined;
}

/** Measurements on one base sample. */
interface Found {
  readonly ground: Ground;
  readonly networks: Readonly<Record<string, Sigma8Errors>>;
  readonly limits: Readonly<Record<ScatterForm, InformationLimit>>;
  readonly interpretation: JudgedInterpretation;
  readonly run: TrainingRun<Experiment>;
  readonly fresh: readonly Catalog[];
}

/** An experiment on a base sample, its survey at the sample's redshift. */
function experimentOn({ base, standIn }: Ground, name: ExperimentName): Experiment {
  const choices = experiment(name, "compact", { seed: SEED });
  const survey = { ...choices.catalog.survey, redshift: base.redshift };
  const origin = { ...choices.base, ...standIn === undefined ? {} : { standIn } };
  return { ...choices, base: origin, catalog: { ...choices.catalog, survey } };
}

function log(text: string): void {
  console.log(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${text}`);
}

async function measure(engine: Engine, ground: Ground): Promise<Found> {
  const { base } = ground;
  const standard = experimentOn(ground, "standard");
  const catalogs = [...drawDesign(standard, base)];
  const fresh = [...drawFreshCatalogs(standard, base, Number(options.fresh))];
  const networks: Record<string, Sigma8Errors> = {};
  let run: TrainingRun<Experiment> | null = null;
  for (const name of NETWORKS) {
    const choices = experimentOn(ground, name);
    const trained = await trainRun(engine, choices, { sets: buildSets(choices, catalogs), base });
    networks[name] = await errorsOn(engine, trained, fresh);
    run ??= trained;
    log(`${ground.name}: ${name} ${networks[name].scatter.toFixed(4)}`);
  }
  const limits = {
    gaussian: measureLimitBy("gaussian", standard, base),
    mixture: measureLimitBy("mixture", standard, base),
  };
  log(
    `${ground.name}: limits ${limits.gaussian.width.toFixed(4)} ${limits.mixture.width.toFixed(4)}`,
  );
  const model = prepareLikelihood(base, standard.catalog);
  const tasks = exactTasks(standard).slice(0, Number(options.exact));
  const exact = answersByPlace(tasks.map(createAnswerer({ model, seed: SEED })));
  const interpretation = await interpretRun(engine, run!, catalogs, { ground: { base, exact } });
  log(`${ground.name}: ${interpretation.faithfulness!.scores.verdict.text}`);
  return { ground, networks, limits, interpretation, run: run!, fresh };
}

function measureLimitBy(form: ScatterForm, { catalog, seed }: Experiment, base: BaseSample) {
  const model = prepareLikelihood(base, catalog, "with weak lensing", form);
  const random = openStream(seed, "limit");
  const sample = createSampler({ model, seed });
  const parameters = drawParameters(catalog.priors, Number(options.posteriors), random);
  const records = parameters.map((parameters, catalog) => sample({ catalog, parameters }));
  return measureLimit(records, random.fork("bootstrap"));
}

async function errorsOn(
  engine: Engine,
  run: TrainingRun<Experiment>,
  catalogs: readonly Catalog[],
): Promise<Sigma8Errors> {
  const inputs = buildAll(run.experiment, catalogs, openStream(SEED, "fresh"));
  const model = await openModel(engine, run);
  const predicted = await model.predict(inputs);
  model.dispose();
  const truth = inputs.map(({ sigma8 }) => sigma8);
  return measureErrors(predicted, truth, openStream(SEED, "bootstrap").fork("simulation"));
}

const four = (value: number): string => value.toFixed(4);
const percent = (value: number | undefined): string =>
  value === undefined ? "none" : `${value.toFixed(1)}%`;

/** Rows of the page: a measure, and its value on each base sample. */
function tabulate(found: readonly Found[]): string {
  const row = (label: string, value: (found: Found) => string) => [label, ...found.map(value)];
  const proxies = ({ interpretation }: Found) => {
    const fits = interpretation.faithfulness!.details.proxies;
    return isGap(fits) ? {} : fits;
  };
  const scores = ({ interpretation }: Found) => interpretation.faithfulness!.scores;
  const rows = [
    row(
      "clusters, redshift",
      ({ ground: { base } }) => `${base.clusters.count}, ${base.redshift.toFixed(3)}`,
    ),
    ...NETWORKS.map((name) =>
      row(
        `sigma8 scatter, ${name}, fresh`,
        ({ networks }) =>
          `${four(networks[name]!.scatter)} +- ${four(networks[name]!.scatterError)}`,
      )
    ),
    ...(["gaussian", "mixture"] as const).flatMap((form) => [
      row(
        `information limit, ${form}`,
        ({ limits }) => `${four(limits[form].width)} +- ${four(limits[form].widthError)}`,
      ),
      row(
        `scatter / width, ${form}`,
        ({ limits }) =>
          `${limits[form].agreement.toFixed(3)} +- ${limits[form].agreementError.toFixed(3)}`,
      ),
      row(`bias of the posterior mean, ${form}`, ({ limits }) => four(limits[form].bias)),
    ]),
    ...(["terse", "optimal", "logYx", "logGasMass", "logTemperature"] as const).map((name) =>
      row(
        `${name} as mass proxy: one line, within catalogs`,
        (entry) =>
          `${percent(proxies(entry)[name]?.line)}, ${
            percent(proxies(entry)[name]?.withinCatalogs)
          }`,
      )
    ),
    row("leave-one-out: r, slope with exact", (entry) => {
      const score = scores(entry).leaveOneOut;
      return isGap(score) ? score.gap : `${score.r.toFixed(3)}, ${score.slope.toFixed(2)}`;
    }),
    row("saliency: raw, projected cosine, off-manifold", (entry) => {
      const score = scores(entry).saliency;
      return isGap(score) ? score.gap : [score.rawCosine, score.projectedCosine, score.offManifold]
        .map((value) => value.toFixed(3)).join(", ");
    }),
    row("verdict", (entry) => scores(entry).verdict.faithful ? "faithful" : "not faithful"),
  ];
  const columns = ["", ...found.map(({ ground }) => ground.name)];
  return formatMarkdown({ caption: "Both stand-ins and the simulation's tables", columns, rows });
}

/** Each base's network on fresh catalogs of every base: scatter and bias. */
async function tabulateTransfer(engine: Engine, found: readonly Found[]): Promise<string> {
  const rows: string[][] = [];
  for (const { ground, run } of found) {
    const cells: string[] = [];
    for (const { fresh } of found) {
      const { scatter, bias } = await errorsOn(engine, run, fresh.slice(0, 1000));
      cells.push(`${four(scatter)}, ${bias < 0 ? "" : "+"}${four(bias)}`);
    }
    rows.push([`trained on ${ground.name}`, ...cells]);
  }
  const columns = ["sigma8 scatter, bias", ...found.map(({ ground }) => ground.name)];
  return formatMarkdown({ caption: "Trained on one, applied to another", columns, rows });
}

const grounds: Ground[] = [
  { name: "table2", base: drawBaseSample(SEED), standIn: "table2" },
  { name: "measured", base: drawBaseSample(SEED, "measured"), standIn: "measured" },
];
const redshifts = options.redshift?.split(",") ?? [];
for (const [i, file] of options._.entries()) {
  const base = await readBase(String(file), redshifts[i]);
  const name = options._.length === 1 ? "table" : `table ${i + 1}`;
  grounds.push({ name, base, standIn: undefined });
}
const engine = await openEngine("core");
const found: Found[] = [];
for (const ground of grounds) found.push(await measure(engine, ground));
const page = [
  "# Base samples compared",
  "",
  `Seed ${SEED}, compact network, ${options.fresh} fresh catalogs, ${options.posteriors} posteriors, ` +
  `exact answers of ${options.exact} catalogs; ${await machineName()}, load ${
    Deno.loadavg()[0]!.toFixed(0)
  }.`,
  "",
  tabulate(found),
  "",
  await tabulateTransfer(engine, found),
  "",
].join("\n");
engine.close();
Deno.writeTextFileSync(options.to, page);
console.log(page);
log(`Written to ${options.to}`);
