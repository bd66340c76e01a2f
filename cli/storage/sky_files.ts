/**
 * The files of a survey on the sky: the survey, its parameters, its detection table and its
 * catalog.
 */
import type { DetectionTable } from "../../src/catalogs/sky/detection.ts";
import { checkDetectionTable } from "../../src/catalogs/sky/detection.ts";
import { readSkyParameters, type SkyParameters } from "../../src/catalogs/sky/parameters.ts";
import { SKY_PRESETS, type SkyPresetName } from "../../src/catalogs/sky/presets.ts";
import { readSkySurvey, type SkySurvey } from "../../src/catalogs/sky/survey.ts";
import {
  type OutsideRows,
  readSkyCatalog,
  type SkyCatalog,
} from "../../src/observed/sky_catalog.ts";
import { formatCsv } from "../../src/formats/csv.ts";
import type { Figure } from "../../src/report/figure.ts";
import { drawSkyPosterior, type SkyCloud } from "../../src/report/figures/sky_posterior.ts";
import { drawSkySurvey } from "../../src/report/figures/sky_survey.ts";
import { inFile, RunError } from "../program/errors.ts";
import { exists, readJson } from "../program/files.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
import { readSourceTable } from "./source_table.ts";

/** A survey by the name of a preset, or from a JSON file. */
export function openSkySurvey(name: string): SkySurvey {
  if (Object.hasOwn(SKY_PRESETS, name)) return SKY_PRESETS[name as SkyPresetName].survey;
  if (!exists(name)) {
    throw new RunError(
      `Cannot read survey: ${name} is neither a file nor one of ` +
        Object.keys(SKY_PRESETS).join(", "),
    );
  }
  const json = readJson(name);
  return inFile(name, () => readSkySurvey(json));
}

/** Parameters from a JSON file. */
export function openSkyParameters(path: string): SkyParameters {
  const json = readJson(path);
  return inFile(path, () => readSkyParameters(json));
}

/** The clusters of a table that a survey has found, or those of a larger sample that it finds. */
export function openSkyCatalog(
  path: string,
  survey: SkySurvey,
  outside: OutsideRows = "refuse",
): SkyCatalog {
  const table = readSourceTable(path, undefined);
  return inFile(path, () => readSkyCatalog(table, survey, outside));
}

/** A detection table: the columns flux, z and probability, a row for each pair of flux and z. */
export function openDetectionTable(path: string): DetectionTable {
  const { columns, count } = readSourceTable(path, undefined);
  return inFile(path, () => {
    const [fluxes, redshifts, values] = ["flux", "z", "probability"].map((name) => {
      const found = columns.find((column) => column.name === name)?.values;
      if (found) return Float64Array.from(found);
      throw new RangeError(`Cannot read detection table: there is no column of numbers ${name}`);
    }) as [Float64Array, Float64Array, Float64Array];
    const flux = Float64Array.from(new Set(fluxes)).sort();
    const redshift = Float64Array.from(new Set(redshifts)).sort();
    if (flux.length * redshift.length !== count) {
      throw new RangeError(
        `Cannot read detection table: it has ${count} rows, should have ${redshift.length} ` +
          `redshifts x ${flux.length} fluxes, each pair once`,
      );
    }
    const probability = new Float64Array(count).fill(NaN);
    for (let row = 0; row < count; row++) {
      const at = redshift.indexOf(redshifts[row]!) * flux.length + flux.indexOf(fluxes[row]!);
      probability[at] = values[row]!;
    }
    const table = { flux, redshift, probability };
    checkDetectionTable(table);
    return table;
  });
}

/** Writes what a survey finds to a folder: the figure, and the numbers of each panel as CSV. */
export function saveSkyFigure(
  folder: string,
  ...content: Parameters<typeof drawSkySurvey>
): void {
  saveFigure(folder, "survey", drawSkySurvey(...content));
}

/** Writes a posterior to a folder: its contours, and its points as CSV. */
export function saveSkyPosterior(folder: string, cloud: SkyCloud): void {
  saveFigure(folder, "posterior", drawSkyPosterior(cloud));
}

function saveFigure(folder: string, name: string, { svg, columns }: Figure): void {
  const panels = Object.entries(columns)
    .map(([panel, values]): Output => [`${folder}/${panel}.csv`, formatCsv(values)]);
  writeFiles([[`${folder}/${name}.svg`, svg], ...panels]);
}
