/** What `train-survey` prints for people. */
import { counted } from "../../src/numerics/counted.ts";
import type { TrainedSurvey } from "../stages/sky_network.ts";

/** Errors and calibration, a line per number. */
export function formatTrainedSurvey(found: TrainedSurvey): string {
  const { evaluation: { count, coverage, calibration, joint }, epochs, catalogs } = found;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return [
    `Trained on ${counted(catalogs, "catalog")} in ${counted(epochs, "epoch")}; validation loss ` +
    found.validationLoss.toFixed(4),
    `On ${
      counted(count, "new catalog")
    }: rms error, mean width, share within 68% and 95% intervals, ` +
    "probability of the ranks (SBC) and of TARP:",
    ...(["S8", "omegaM", "sigma8"] as const).map((name) => {
      const { rmsError, rmsWidth, intervals } = coverage[name];
      const { ranks, randomPoints } = calibration[name];
      const [low, high] = intervals.map(({ covered }) => percent(covered));
      return `  ${name.padEnd(7)} ${rmsError.toFixed(4)}  ${
        rmsWidth.toFixed(4)
      }  ${low}  ${high}  ` +
        `${ranks.kolmogorovSmirnov.probability.toFixed(3)}  ${randomPoints.probability.toFixed(3)}`;
    }),
    `  (S8, omegaM) together, TARP: ${joint.probability.toFixed(3)}`,
    `Written to ${found.out}`,
  ].join("\n");
}
