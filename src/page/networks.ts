/** The networks of a page: packed as text, and opened on an engine. */
import { validateExperiment } from "../experiments/validation.ts";
import { decodeSafetensors } from "../formats/safetensors.ts";
import type { Engine } from "../model.ts";
import { openModel, trainingRunFromArrays } from "../network/trained_model.ts";
import { FIELD_WIDTHS, shellsOf } from "../observed/column_mapping.ts";
import { unpackBytes } from "../pretrained/packing.ts";
import { decodeReference } from "../pretrained/reference_file.ts";
import type { NetworkFacts } from "../runs/observed_prediction.ts";
import type { Predictor } from "../runs/prediction.ts";
import { listRanges } from "../runs/prediction.ts";
import type { NetworkSummary, PackedNetwork, TargetSummary } from "./protocol.ts";

/** An open network, with its reference and its facts. */
export interface OpenNetwork {
  /** Predictor that runs the network. */
  readonly predictor: Predictor;
  /** Summary of the network for the page. */
  readonly summary: NetworkSummary;
  /** Origin and errors of the network. */
  readonly facts: NetworkFacts;
}

/**
 * Unpacks a network and opens it.
 *
 * @throws {SyntaxError | TypeError} If its bytes are damaged
 */
export async function openNetwork(engine: Engine, packed: PackedNetwork): Promise<OpenNetwork> {
  const { name, title, weights, reference: measured, ...known } = packed;
  const file = decodeSafetensors(await unpackBytes(weights));
  const run = trainingRunFromArrays(file, validateExperiment);
  const { reference } = decodeReference(await unpackBytes(measured));
  const { experiment } = run;
  const predictor = { experiment, model: await openModel(engine, run), reference };
  const { min, max } = experiment.catalog.priors.sigma8;
  const summary = {
    name,
    title,
    scatter: known.scatter,
    targets: listTargets(predictor),
    prior: { min, max },
  };
  return { predictor, summary, facts: { ...known, backend: engine.name } };
}

/** The fields that a network needs, and the redshift, each with the range of the mocks. */
function listTargets({ experiment, reference }: Predictor): TargetSummary[] {
  const ranges = listRanges(experiment, reference);
  const fields = reference.fields.map((name): TargetSummary => {
    const shells = shellsOf(name);
    const all = (shells.length === 0 ? [name] : shells).map((shell) => ranges[shell]!);
    return {
      name,
      width: FIELD_WIDTHS[name],
      min: Math.min(...all.map(({ min }) => min)),
      max: Math.max(...all.map(({ max }) => max)),
    };
  });
  return [...fields, { name: "redshift", width: 1, ...ranges["redshift"]! }];
}
