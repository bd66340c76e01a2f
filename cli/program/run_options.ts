/**
 * Options that several commands share: the run folder, what is simulated, and how much is
 * evaluated.
 */
import type { BaseSampleValues } from "./base_sample_options.ts";
import { BASE_SAMPLE_OPTIONS } from "./base_sample_options.ts";
import type { ExperimentValues } from "./experiment_options.ts";
import { EXPERIMENT_OPTIONS } from "./experiment_options.ts";
import type { Option, OptionTable } from "./options.ts";
import { textOption, wholeNumberOption } from "./options.ts";

/** The option `--out`: always a folder. */
export const OUT_OPTION: Option<string> = textOption("DIR", "runs/standard", {
  description: "the run folder",
  role: "run folder",
});

/** What is simulated, and the folder it goes to. */
export interface SimulateValues extends ExperimentValues, BaseSampleValues {
  /** The run folder. */
  readonly out: string;
}

/** Options of the commands that simulate. */
export const SIMULATE_OPTIONS: OptionTable<SimulateValues> = {
  ...EXPERIMENT_OPTIONS,
  out: OUT_OPTION,
  ...BASE_SAMPLE_OPTIONS,
};

/** How much is evaluated. */
export interface EvaluateValues {
  /** Catalogs of the same priors that no training has seen. */
  readonly "fresh-test": number;
}

/** Options of the commands that evaluate. */
export const EVALUATE_OPTIONS: OptionTable<EvaluateValues> = {
  "fresh-test": wholeNumberOption(2, 3000, {
    description: "fresh catalogs to test on, in addition to the test set",
  }),
};
