/** Predictions with the posterior of an ensemble, from the library alone. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  createRandom,
  drawBaseSample,
  drawCatalog,
  loadPretrained,
  loadPretrainedReference,
  openEngine,
  openModel,
  prepareCatalogs,
} from "../mod.ts";
import { drawParameters } from "../src/catalogs/priors.ts";
import type { ProbitScale } from "../src/features/normalization.ts";
import type { TrainedModel } from "../src/network/trained_model.ts";
import { parseMapping } from "../src/observed/column_mapping.ts";
import type { SourceTable } from "../src/observed/source_table.ts";
import { predictTable, QUOTED_PROBABILITIES } from "../src/runs/prediction.ts";

const { run } = await loadPretrained();
const FIELDS = [
  "logLuminosity",
  "logTemperature",
  "logWeakLensingMass",
  "logGasMassProfile",
  "gasSlopeProfile",
] as const;

/** A mock catalog as a table whose columns have the names of the fields. */
function makeTable(): SourceTable {
  const random = createRandom(11);
  const { catalog } = run.experiment;
  const maker = prepareCatalogs(drawBaseSample(1), catalog);
  const [parameters] = drawParameters(catalog.priors, 1, random);
  const { clusters } = drawCatalog(maker, parameters!, random);
  const columns = FIELDS.map((name) => {
    const values = clusters[name];
    return { name, unit: "", width: values.length / clusters.count, values };
  });
  return { count: clusters.count, columns, textsOf: () => [] };
}

Deno.test("an ensemble's prediction is the mixture of its members' posteriors", async () => {
  const engine = await openEngine("core", { threads: 1 });
  const scale = run.normalization.sigma8 as ProbitScale;
  // The same network, whose posteriors lie 1.5 widths higher.
  const moved = {
    ...run,
    normalization: { ...run.normalization, sigma8: { ...scale, shift: scale.shift + 1.5 } },
  };
  const [own, other] = [await openModel(engine, run), await openModel(engine, moved)];
  const reference = await loadPretrainedReference();
  const mapping = parseMapping(FIELDS.map((name) => `${name}=${name}`).join(","));
  const predict = async (model: TrainedModel, members?: readonly TrainedModel[]) => {
    const predictor = { experiment: run.experiment, model, reference, members };
    const reading = { mapping, h: 0.7, catalogId: undefined };
    return (await predictTable(predictor, makeTable(), reading)).catalogs[0]!;
  };
  const [a, b, both] = [await predict(own), await predict(other), await predict(own, [other])];
  engine.close();
  assertGreater(b.sigma8!, a.sigma8! + a.error!);
  assertAlmostEquals(both.sigma8!, (a.sigma8! + b.sigma8!) / 2, 1e-12);
  const within = (a.error! ** 2 + b.error! ** 2) / 2;
  const between = ((b.sigma8! - a.sigma8!) / 2) ** 2;
  assertAlmostEquals(both.error!, Math.sqrt(within + between), 1e-12);
  assertEquals(both.quantiles!.length, QUOTED_PROBABILITIES.length);
  for (const [k, value] of both.quantiles!.entries()) {
    const ends = [a.quantiles![k]!, b.quantiles![k]!];
    assert(value > Math.min(...ends) && value < Math.max(...ends));
    assert(k === 0 || value > both.quantiles![k - 1]!);
  }
  // A single posterior's middle 68% is about two standard deviations wide, and inside the prior.
  const [low95, low, , high, high95] = a.quantiles as [number, number, number, number, number];
  assertAlmostEquals((high - low) / (2 * a.error!), 1, 0.1);
  assertGreater(low95, 0.695);
  assertLess(high95, 0.925);
  assertEquals(a.verdict, both.verdict);
});
