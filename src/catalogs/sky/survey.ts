/**
 * A flux-limited survey of an area of the sky: which clusters it finds and how well it measures them.
 *
 * In addition to the paper's survey, which selects by mass in a volume at one redshift, this one selects by
 * the observed flux, as real catalogs are made.
 */
import { checkLensing, lensingSchema, readLensing, type SkyLensing } from "./lensing.ts";
import { readNumbers } from "./record.ts";

/** A flux-limited survey. Redshifts are without error. */
export interface SkySurvey {
  /** Solid angle [sr]. */
  readonly area: number;
  /** Lowest redshift of the sample. */
  readonly redshiftMin: number;
  /** Highest redshift of the sample. */
  readonly redshiftMax: number;
  /** Least observed flux [1e-12 erg/s/cm2], in the observed band from 0.1 to 2.4 keV. */
  readonly fluxLimit: number;
  /** Standard deviation of ln of the measured flux about the true one. */
  readonly fluxError: number;
  /** Standard deviation of ln of the measured temperature. */
  readonly temperatureError: number;
  /** Standard deviation of ln of the measured gas mass. */
  readonly gasMassError: number;
  /** Weak lensing masses of some of its clusters; none if left out. */
  readonly lensing?: SkyLensing;
}

/** Fields that are numbers. */
type NumberField = Exclude<keyof SkySurvey, "lensing">;

/** The band of all fluxes and luminosities of this room, as it is quoted [keV]. */
export const FLUX_BAND = "0.1-2.4 keV";

/** Allowed least and greatest value of each field; `area` and the limits exclude 0. */
const LIMITS: Readonly<Record<NumberField, readonly [number, number]>> = {
  area: [1e-6, 4 * Math.PI],
  redshiftMin: [0.001, 0.3],
  redshiftMax: [0.001, 0.3],
  fluxLimit: [0.01, 1e4],
  fluxError: [0, 0.5],
  temperatureError: [0, 0.5],
  gasMassError: [0, 0.5],
};

/** The unit of a field, or why its range ends, for messages. */
const REASONS: Partial<Record<NumberField, string>> = {
  area: " [sr]",
  redshiftMin: ", where the K-correction was fitted",
  redshiftMax: ", where the K-correction was fitted",
  fluxLimit: " [1e-12 erg/s/cm2]",
};

/** Fields that a record may leave out, with their values then. */
const FALLBACKS: Partial<Record<NumberField, number>> = {
  temperatureError: 0.05,
  gasMassError: 0.1,
};

/**
 * Checks a survey.
 *
 * @throws {RangeError} Naming the field, its value and its range
 */
export function checkSkySurvey(survey: SkySurvey): void {
  for (const name of Object.keys(LIMITS) as NumberField[]) {
    const [min, max] = LIMITS[name];
    const value = survey[name];
    if (!(value >= min && value <= max)) {
      throw new RangeError(
        `Cannot use survey: ${name} is ${value}, should be from ${min} to ` +
          `${Number(max.toPrecision(6))}${REASONS[name] ?? ""}`,
      );
    }
  }
  if (!(survey.redshiftMin < survey.redshiftMax)) {
    throw new RangeError(
      `Cannot use survey: redshiftMin is ${survey.redshiftMin}, should be below redshiftMax, ` +
        `${survey.redshiftMax}`,
    );
  }
  if (survey.lensing !== undefined) checkLensing(survey.lensing);
}

/**
 * A survey from a record of unknown content, such as a JSON file's.
 *
 * @throws {RangeError} If it is not a record, a field is missing, unknown, not a number or out of
 * range
 */
export function readSkySurvey(record: unknown): SkySurvey {
  const values = readNumbers(record, "survey", Object.keys(LIMITS), FALLBACKS, ["lensing"]);
  const numbers = values as unknown as SkySurvey;
  const { lensing } = record as { readonly lensing?: unknown };
  const survey = lensing === undefined ? numbers : { ...numbers, lensing: readLensing(lensing) };
  checkSkySurvey(survey);
  return survey;
}

/** The JSON Schema of a survey's file; editors complete and check by it. */
export function skySurveySchema(): Readonly<Record<string, unknown>> {
  const fields = Object.entries(LIMITS).map(([name, [minimum, maximum]]) => [
    name,
    { type: "number", minimum, maximum },
  ]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A flux-limited survey of Terse; fluxes in 1e-12 erg/s/cm2 (0.1-2.4 keV), area in sr",
    type: "object",
    properties: {
      $schema: { type: "string" },
      ...Object.fromEntries(fields),
      lensing: lensingSchema(),
    },
    required: Object.keys(LIMITS).filter((name) => !Object.hasOwn(FALLBACKS, name)),
    additionalProperties: false,
  };
}
