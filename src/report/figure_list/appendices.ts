/** Figs. 17 to 21: other surveys (App. A) and overspecialization (App. B). */
import { drawAbundance } from "../figures/abundance.ts";
import { drawPredictions } from "../figures/predictions.ts";
import { drawSurveyCalibrations } from "../figures/self_calibration.ts";
import { drawTerseLayer, OVERSPECIALIZED_PANELS } from "../figures/terse_layer.ts";
import { drawTrainingHistory, selectedEpoch } from "../figures/training_history.ts";
import { formatNumber } from "../scale.ts";
import { formatScatter } from "../scatter_table.ts";
import type { FigureEntry } from "./entry.ts";
import { showNumber, showPercent, whereGiven } from "./entry.ts";

/** Figs. 17 to 21. */
export const APPENDIX_FIGURES: readonly FigureEntry[] = [
  {
    number: 17,
    section: "A",
    title: "Smoothed abundance in other volumes",
    caption: "As Fig. 1 with a smooth transition from flux- to volume-limited, for 30% (top) and " +
      "80% (bottom) of the simulation volume.",
    needs: "expected counts of the smaller and the larger survey",
    draw: (data) =>
      whereGiven(
        data.surveyAbundance,
        ({ panels, binWidth }) => drawAbundance("figure-17", panels, binWidth),
      ),
  },
  {
    number: 18,
    section: "A",
    title: "Self-calibration in other volumes",
    caption:
      "As Fig. 14 for the smaller (left) and the larger survey (right): mean σ_8 (top) and " +
      "its scatter in each bin (bottom). The planes differ, so a survey has to be modeled first.",
    needs: "mock catalogs of the smaller and the larger survey",
    draw: (data) => whereGiven(data.surveyCalibrations, drawSurveyCalibrations),
    compare: (data) =>
      whereGiven(data.surveyCalibrations, (surveys) =>
        surveys.map(({ title, calibration }) => ({
          quantity: `scatter of σ_8 in a bin, ${title}`,
          paper: "about 0.03",
          ours: showNumber(calibration.scatter, 4),
        }))) ?? [],
  },
  {
    number: 19,
    section: "B",
    title: "Overspecialized predictions",
    caption: "A network trained on mocks whose observables are shifted by a fixed rule in σ_8. " +
      "In the paper they look far too good, and are not to be trusted; the table says how these look.",
    needs: "the overspecialized experiment",
    draw: (data) =>
      whereGiven(data.overspecialized?.predictions, (p) => drawPredictions("figure-19", p)),
    compare: (data) =>
      whereGiven(data.overspecialized?.predictions, ({ errors }) => [
        { quantity: "scatter Δσ_8", paper: "0.0016", ours: formatScatter(errors) },
        {
          quantity: "Standard's scatter over this",
          paper: "about 10",
          ours: data.predictions
            ? formatNumber(data.predictions.errors.scatter / errors.scatter, 3)
            : "not computed in this run",
        },
      ]) ?? [],
  },
  {
    number: 20,
    section: "B",
    title: "Overspecialized training",
    caption: "Overspecialization is not overfitting: where training and validation errors fall " +
      "together, as in the paper, nothing here shows it.",
    needs: "the overspecialized experiment",
    draw: (data) =>
      whereGiven(data.overspecialized?.history, (history) => {
        const best = data.history && selectedEpoch(data.history);
        return drawTrainingHistory(history, {
          name: "figure-20",
          ...(best
            ? {
              reference: {
                label: "best of this report's Fig. 7",
                validationMse: best.validationMse,
              },
            }
            : {}),
        });
      }),
  },
  {
    number: 21,
    section: "B",
    title: "Overspecialized terse layer",
    caption:
      "The terse value of the overspecialized network against mass (left) and σ_8 (right). In the " +
      "paper a single cluster tells σ_8, which only a population should.",
    needs: "the overspecialized experiment",
    draw: (data) =>
      whereGiven(
        data.overspecialized?.terseTable,
        (table) => drawTerseLayer("figure-21", table, OVERSPECIALIZED_PANELS),
      ),
    compare: (data) =>
      whereGiven(data.overspecialized?.verdict, ({ numbers }) => [
        {
          quantity: "r(terse, log M_{500})",
          paper: "virtually none",
          ours: showNumber(numbers.logMass, 3),
        },
        { quantity: "r(terse, σ_8)", paper: "strong", ours: showNumber(numbers.sigma8, 3) },
        {
          quantity: "variance of σ_8 explained by one terse value",
          paper: "no number",
          ours: showPercent(100 * numbers.explained),
        },
      ]) ?? [],
  },
];
