/** What `evaluate`, `calibrate` and `robustness` do with the network of a survey on the sky. */
import type { SkyAgreement } from "../../src/evaluation/sky/agreement.ts";
import type { SkyCosmologyName } from "../../src/evaluation/sky/coverage.ts";
import { createRandom } from "../../src/numerics/random.ts";
import {
  compareWithExplicit,
  type ExplicitMock,
  sampleExplicitMocks,
} from "../../src/runs/sky_agreement.ts";
import { evaluateSkyNetwork, type SkyEvaluation } from "../../src/runs/sky_evaluation.ts";
import { openSkyNetwork, type SkyNetwork, type SkyRun } from "../../src/runs/sky_network.ts";
import {
  measureSkyRobustness,
  type SkyRobustnessRow,
  skyVariants,
} from "../../src/runs/sky_robustness.ts";
import type { BackendValues } from "../program/backend_options.ts";
import { openBackend } from "../program/backend_options.ts";
import { RunError } from "../program/errors.ts";
import type { Progress } from "../program/progress.ts";
import { saveSkyCalibration, saveSkyRecord } from "../storage/sky_network_files.ts";
import { requireSkyRoom } from "./sky_room.ts";

/** Where results go, and on how much they are measured. */
export interface MeasuringValues extends BackendValues {
  readonly out: string;
  /** New catalogs. */
  readonly count: number;
}

/** What was measured, which is the document of `--json`. */
export interface MeasuredSurvey {
  readonly out: string;
  readonly backend: string;
  readonly seed: number;
  readonly evaluation: SkyEvaluation;
  /** The network next to explicit posteriors; null if none were sampled. */
  readonly agreement: Readonly<Record<SkyCosmologyName, SkyAgreement>> | null;
  /** Explicit posteriors. */
  readonly explicit: number;
  readonly seconds: number;
}

/** Errors, coverage, ranks and TARP on new catalogs. */
export async function evaluateSurvey(
  run: SkyRun,
  values: MeasuringValues,
  progress: Progress,
): Promise<MeasuredSurvey> {
  const found = await measure(run, { ...values, explicit: 0 }, progress);
  saveSkyRecord(values.out, "evaluation", found);
  return found;
}

/** The same, with explicit posteriors of some mocks next to the network's. */
export async function calibrateSurvey(
  run: SkyRun,
  values: MeasuringValues & { readonly explicit: number },
  progress: Progress,
): Promise<MeasuredSurvey> {
  if (values.explicit === 1) {
    throw new RunError(
      `Cannot calibrate ${values.out}: 1 explicit posterior is asked for, expected 0 or 2 or more`,
    );
  }
  const found = await measure(run, values, progress);
  saveSkyCalibration(values.out, found, found.evaluation.calibration);
  return found;
}

async function measure(
  run: SkyRun,
  values: MeasuringValues & { readonly explicit: number },
  progress: Progress,
): Promise<MeasuredSurvey> {
  const { out, count, explicit } = values;
  const { survey, seed } = run.recipe;
  requireSkyRoom("measure the network", survey, { fresh: count, posteriors: explicit });
  const began = performance.now();
  const random = createRandom(seed);
  const mocks: ExplicitMock[] = [];
  if (explicit > 0) {
    const bar = progress.start("Sampling", explicit, "explicit posteriors");
    for (const mock of sampleExplicitMocks(survey, explicit, random)) {
      mocks.push(mock);
      bar.update(mock.mock + 1);
    }
    bar.end();
  }
  progress.say(`Measuring the network on ${count} new catalogs`);
  const { backend, found } = await withNetwork(run, values, progress, async (network) => ({
    evaluation: await evaluateSkyNetwork(network, survey, count, random.fork("sky evaluation")),
    agreement: mocks.length < 2
      ? null
      : (await compareWithExplicit(network, survey, mocks, random)).agreement,
  }));
  const seconds = (performance.now() - began) / 1000;
  return { out, backend, seed, explicit: mocks.length, ...found, seconds };
}

/** A network on catalogs unlike those of its training. */
export interface RobustSurvey {
  readonly out: string;
  readonly backend: string;
  readonly seed: number;
  readonly rows: readonly SkyRobustnessRow[];
  readonly seconds: number;
}

/** Measures all variants. */
export async function measureSurveyRobustness(
  run: SkyRun,
  values: MeasuringValues,
  progress: Progress,
): Promise<RobustSurvey> {
  const { survey, seed } = run.recipe;
  requireSkyRoom("measure robustness", survey, { fresh: 2 * values.count });
  const began = performance.now();
  const bar = progress.start("Robustness", skyVariants(survey).length, "variants");
  const { backend, found: rows } = await withNetwork(run, values, progress, async (network) => {
    const rows: SkyRobustnessRow[] = [];
    const random = createRandom(seed).fork("sky robustness");
    for await (const row of measureSkyRobustness(network, survey, values.count, random)) {
      rows.push(row);
      bar.update(rows.length, row.name);
    }
    return rows;
  });
  bar.end();
  const seconds = (performance.now() - began) / 1000;
  const found = { out: values.out, backend, seed, rows, seconds };
  saveSkyRecord(values.out, "robustness", found);
  return found;
}

/** Opens a network on the backend that was asked for, and frees both. */
async function withNetwork<T>(
  run: SkyRun,
  values: BackendValues,
  progress: Progress,
  action: (network: SkyNetwork) => Promise<T>,
): Promise<{ readonly backend: string; readonly found: T }> {
  const engine = await openBackend(values, progress);
  try {
    const network = await openSkyNetwork(engine, run);
    const found = await action(network);
    network.dispose();
    return { backend: engine.name, found };
  } finally {
    engine.close();
  }
}
