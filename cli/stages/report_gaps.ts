/** What a report does not show, and the command that computes it. */
import type { Experiment } from "../../src/experiments/experiment.ts";
import { labelFigure } from "../../src/report/figure_list/entry.ts";
import { FIGURES } from "../../src/report/figure_list.ts";
import type { ReportData } from "../../src/report/report_data.ts";
import { labelText } from "../../src/report/svg.ts";
import { table4Row } from "../../src/experiments/names.ts";

/** Something that a report does not show. */
export interface Gap {
  /** The missing figure or row, as in "Fig. 12: Saliency without weak lensing". */
  readonly what: string;
  /** The command that computes it, or what is missing where there is none. */
  readonly remedy: string;
}

/** Networks other than Standard's are made in its folder only. */
const STANDARD_NEEDED = "needs a run folder of standard";

/** What is not in the report of a run folder. */
export function listGaps(folder: string, experiment: Experiment, data: ReportData): Gap[] {
  const isStandard = table4Row(experiment) === "standard";
  const train = `report --out ${folder} --train-missing`;
  const remedies: Readonly<Record<number, string>> = {
    2: `observe --cluster N --out ${folder} --base-sample FILE shows one cluster; the folder has ` +
      "no profiles from before the observation",
    3: "needs the neighbor recipe and a base cluster near log M 14",
    12: isStandard ? train : STANDARD_NEEDED,
    19: train,
    20: train,
    21: train,
  };
  const figures = FIGURES.filter(({ draw }) => draw(data) === null)
    .map((entry): Gap => ({
      what: `Fig. ${labelFigure(entry)}: ${labelText(entry.title)}`,
      remedy: (entry.variant === undefined ? remedies[entry.number] : `exact --out ${folder}`) ??
        `needs ${entry.needs}`,
    }));
  const spread: Gap[] = data.seeds ? [] : [{
    what: "Spread over trainings",
    remedy: `interpret --out ${folder} --seeds 10`,
  }];
  const measure = isStandard ? `table4 --out ${folder}` : STANDARD_NEEDED;
  return [...listRows(data, measure), ...spread, ...figures];
}

/** Rows of Table 4 that are empty on both sets, with the reason where they have one. */
function listRows({ scatter }: ReportData, measure: string): Gap[] {
  if (!scatter) return [{ what: "Table 4", remedy: "needs an experiment that is one of its rows" }];
  return scatter.rows.filter(({ test, fresh }) => !test.measured && !fresh.measured)
    .map(({ label, fresh: { reason } }): Gap => ({
      what: `Table 4: ${label}`,
      remedy: reason === null || reason === "not measured" ? measure : reason,
    }));
}
