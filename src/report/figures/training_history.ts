/** Mean squared errors against epoch, and the epoch that was selected (Figs. 7 and 20). */
import type { Epoch } from "../../model.ts";
import { createPanel, drawPanel, note } from "../chart.ts";
import type { Figure } from "../figure.ts";
import type { LegendEntry } from "../legend.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import { drawLine, drawPoints, drawRule, zipPoints } from "../marks.ts";
import { domainOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

const TRAINING: SeriesStyle = { color: "teal" };
const VALIDATION: SeriesStyle = { color: "purple", dash: "dashed", width: 2 };
const SELECTED: SeriesStyle = { color: "yellow" };
const REFERENCE: SeriesStyle = { color: "lime", dash: "dotted", width: 2.4 };

/** Further content of the figure. */
export interface HistoryOptions {
  /** Prefix of ids; "figure-7" unless given. */
  readonly name?: string;
  /** Validation MSE of another network to compare with (Fig. 20: the Standard one). */
  readonly reference?: { readonly label: string; readonly validationMse: number };
}

/** The epoch whose weights were kept, the last best one so far; `null` if there was none. */
export function selectedEpoch(history: readonly Epoch[]): Epoch | null {
  return history.findLast(({ selected }) => selected) ?? null;
}

/** Draws log10 of the errors in scaled sigma8 against epoch. */
export function drawTrainingHistory(
  history: readonly Epoch[],
  options: HistoryOptions = {},
): Figure {
  const { name = "figure-7", reference } = options;
  const epoch = history.map((entry) => entry.epoch);
  const logTrain = history.map(({ trainMse }) => Math.log10(trainMse));
  const logValidation = history.map(({ validationMse }) => Math.log10(validationMse));
  const chosen = selectedEpoch(history);
  const logReference = reference === undefined ? [] : [Math.log10(reference.validationMse)];
  const panel = createPanel(
    name,
    { x: 78, y: 20, width: 460, height: 320 },
    { label: "epoch", domain: domainOf([epoch], 0.02) },
    { label: "log(MSE)", domain: domainOf([logTrain, logValidation, logReference], 0.08) },
  );
  const marks = [drawLine(panel, zipPoints(epoch, logTrain), TRAINING)];
  const legend: LegendEntry[] = [
    { label: "training set", style: TRAINING },
    { label: "validation set", style: VALIDATION },
  ];
  if (chosen) {
    const best = Math.log10(chosen.validationMse);
    marks.push(
      drawRule(panel, "y", best, SELECTED),
      drawLine(panel, zipPoints(epoch, logValidation), VALIDATION),
      drawPoints(panel, [[chosen.epoch, best]], SELECTED, { symbol: "star", radius: 6 }),
    );
    legend.push({ label: `selected: epoch ${chosen.epoch}`, style: SELECTED, sample: "star" });
  } else {
    marks.push(drawLine(panel, zipPoints(epoch, logValidation), VALIDATION));
  }
  if (reference) {
    marks.push(drawRule(panel, "y", logReference[0]!, REFERENCE));
    legend.push({ label: reference.label, style: REFERENCE });
  }
  return {
    svg: svgDocument(
      { width: 560, height: 400 },
      "Mean squared error of the training and validation sets against epoch",
      [
        drawPanel(panel, history.length === 0 ? [note(panel, "no epochs")] : marks, {
          over: [drawLegend(panel, legend, "top right")],
        }),
      ],
    ),
    columns: {
      history: {
        epoch,
        trainMse: history.map(({ trainMse }) => trainMse),
        validationMse: history.map(({ validationMse }) => validationMse),
        selected: history.map(({ selected }) => selected ? 1 : 0),
      },
    },
  };
}
