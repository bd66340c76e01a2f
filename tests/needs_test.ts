/**
 * Estimates of what a command will hold, against what small pieces of the same work take: never less, and at
 * most five times as much.
 */
import { assert, assertEquals } from "@std/assert";
import { mostClusters } from "../src/catalogs/catalog.ts";
import { drawBaseSample } from "../src/clusters/base_sample.ts";
import { POSTERIOR_QUANTILES } from "../src/evaluation/posterior.ts";
import { experiment } from "../src/experiments/experiments.ts";
import { createRandom } from "../src/numerics/random.ts";
import { inputWidths } from "../src/network/checkpoint.ts";
import { layerShapes } from "../src/network/weights.ts";
import { needsOf, predictionNeed } from "../src/runs/needs.ts";
import { documentOf, terse } from "./cli_process.ts";
import { drawMockTable } from "./mock_table.ts";
import { formatTable } from "../src/formats/csv.ts";

const FACTOR = 5;
const choices = experiment("standard", "compact");
const base = drawBaseSample(createRandom(1));

function check(what: string, measured: number, estimate: number): void {
  const text = `${what}: ${measured} measured, ${estimate} estimated`;
  assert(measured <= estimate && estimate <= FACTOR * measured, text);
}

/** The only need whose words begin so. */
function need(start: string, ...args: Parameters<typeof needsOf>) {
  const found = needsOf(...args).filter(({ what }) => what.startsWith(start));
  assertEquals(found.length, 1);
  return found[0]!;
}

Deno.test("Catalogs, their parameters and a training need no more than was estimated, and a fifth at least", () => {
  const script = new URL("./needs_measured.ts", import.meta.url).pathname;
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", script];
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const found = JSON.parse(new TextDecoder().decode(stdout));
  const catalogs = need(`${found.catalogs} catalogs`, choices, base, { fresh: found.catalogs });
  check("catalogs", found.bytes, catalogs.bytes);
  check("objects of catalogs", found.objects, catalogs.objects);
  // The bytes of a cluster alone, without the factor between the most clusters and their mean.
  const most = Math.ceil(mostClusters(base, choices.catalog));
  const ofClusters = (catalogs.bytes - catalogs.objects) / found.catalogs / (0.75 * most);
  assert(found.clusters < 0.75 * most * found.catalogs, `${found.clusters} clusters`);
  check("a cluster", (found.bytes - found.objects) / found.clusters, ofClusters);
  const parameters = need("a design of", choices, base, { design: "parameters" });
  check("parameters", found.parameters.objects, parameters.objects);

  const architecture = { ...choices.architecture, cluster: [512], dense: [2048, 1024] };
  const wide = experiment("standard", "compact", { architecture });
  const network = need("a network of", wide, base, { network: "trained" });
  const width = layerShapes(wide.architecture, inputWidths(wide.features))
    .reduce((sum, { bias }) => sum + bias[0]!, 0);
  // The estimate has a batch of the tallest catalogs, 4096 rows at least; the measured one was smaller.
  const batch = Math.max(4096, 32 * most);
  check("a network", found.trained.bytes, network.bytes - 8 * width * (batch - found.trained.rows));
});

Deno.test("Posteriors, epochs and predictions need no more text than was estimated, and a fifth at least", async () => {
  const digits = 0.12345678901234566;
  const posterior = {
    catalog: 4967,
    clusters: 121,
    sigma8: digits,
    mean: digits,
    standardDeviation: digits,
    effectiveSamples: 1000 * digits,
    lastChange: digits,
    quantiles: POSTERIOR_QUANTILES.map(() => digits),
  };
  const written = JSON.stringify([posterior], null, 1).length;
  check("a posterior", written, need("1 posterior", choices, base, { posteriors: 1 }).characters);
  const epoch = { epoch: 100, trainMse: digits, validationMse: digits, selected: false };
  const { characters } = need("the history", choices, base, { network: "trained" });
  check("an epoch", JSON.stringify(epoch).length, characters / choices.schedule.epochs);

  const folder = Deno.makeTempDirSync({ prefix: "terse_needs_" });
  const path = `${folder}/mock.csv`;
  Deno.writeTextFileSync(path, [...formatTable(drawMockTable({ seed: 3, catalogs: 6 }))].join(""));
  const args = ["predict", `--catalog=${path}`, "--backend=core", "--threads=1", "--json"];
  const named = await terse(folder, ...args, "--catalog-id=id");
  const { catalogs } = documentOf(named) as { catalogs: readonly unknown[] };
  assertEquals(catalogs.length, 6);
  check("a prediction", named.stdout.length / 6, predictionNeed(1, "id").characters);
  Deno.removeSync(folder, { recursive: true });
});
