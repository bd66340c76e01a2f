/**
 * A flux-limited survey of an area of the sky: which clusters it finds and how well it measures them.
 *
 * In addition to the paper's survey, which selects by mass in a volume at one redshift, this one selects by
 * the observed flux, as real catalogs are made.
 *
 * @module
 */
import { editDistance } from "../../numerics/edit_distance.ts";

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
}

/** The band of all fluxes and luminosities of this room, as it is quoted [keV]. */
export const FLUX_BAND = "0.1-2.4 keV";

/** Allowed least and greatest value of each field; `area` and the limits exclude 0. */
const LIMITS: Readonly<Record<keyof SkySurvey, readonly [number, number]>> = {
  area: [1e-6, 4 * Math.PI],
  redshiftMin: [0.001, 0.3],
  redshiftMax: [0.001, 0.3],
  fluxLimit: [0.01, 1e4],
  fluxError: [0, 0.5],
  temperatureError: [0, 0.5],
  gasMassError: [0, 0.5],
};

/** Why a redshift cannot be beyond the range. */
const REDSHIFT_REASON = ", where the K-correction was fitted";

/** Fields that a description may leave out, and what they are then. */
const FALLBACKS: Partial<SkySurvey> = { temperatureError: 0.05, gasMassError: 0.1 };

/**
 * Checks a survey.
 *
 * @throws {RangeError} Naming the field, its value and its range
 */
export function checkSkySurvey(survey: SkySurvey): void {
  for (const name of Object.keys(LIMITS) as (keyof SkySurvey)[]) {
    const [min, max] = LIMITS[name];
    const value = survey[name];
    if (!(value >= min && value <= max)) {
      const reason = name.startsWith("redshift") ? REDSHIFT_REASON : "";
      throw new RangeError(
        `Cannot use survey: ${name} is ${value}, should be from ${min} to ${max}${reason}`,
      );
    }
  }
  if (!(survey.redshiftMin < survey.redshiftMax)) {
    throw new RangeError(
      `Cannot use survey: redshiftMin is ${survey.redshiftMin}, should be below redshiftMax, ` +
        `${survey.redshiftMax}`,
    );
  }
}

/**
 * A survey from a record of unknown content, such as a JSON file's.
 *
 * @throws {RangeError} If it is not a record, a field is missing, unknown, not a number or out of
 * range
 */
export function readSkySurvey(record: unknown): SkySurvey {
  const values = readNumbers(record, "survey", Object.keys(LIMITS), FALLBACKS);
  const survey = values as unknown as SkySurvey;
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
    properties: { $schema: { type: "string" }, ...Object.fromEntries(fields) },
    required: Object.keys(LIMITS).filter((name) => !Object.hasOwn(FALLBACKS, name)),
    additionalProperties: false,
  };
}

/**
 * The numbers of a record by name; a `$schema`, which is for editors, is not read.
 *
 * @param record Of unknown content
 * @param what What the record is, for messages
 * @param names Names that it must have and no others
 * @param fallbacks Values of names that may be left out
 * @throws {RangeError} If it is not such a record
 */
export function readNumbers(
  record: unknown,
  what: string,
  names: readonly string[],
  fallbacks: Readonly<Record<string, number>> = {},
): Record<string, number> {
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new RangeError(
      `Cannot read ${what}: it is ${describe(record)}, should be an object with the fields ` +
        names.join(", "),
    );
  }
  for (const name of Object.keys(record)) {
    if (names.includes(name) || name === "$schema") continue;
    const nearest = [...names].sort((a, b) => editDistance(name, a) - editDistance(name, b))[0]!;
    const hint = editDistance(name, nearest) <= 3 ? `; did you mean ${nearest}?` : "";
    throw new RangeError(
      `Cannot read ${what}: there is no field ${JSON.stringify(name)}${hint}` +
        (hint === "" ? `; the fields are ${names.join(", ")}` : ""),
    );
  }
  return Object.fromEntries(names.map((name) => {
    const value = (record as Record<string, unknown>)[name] ?? fallbacks[name];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(
        `Cannot read ${what}: ${name} is ${describe(value)}, should be a number`,
      );
    }
    return [name, value];
  }));
}

/** A value in a message. */
function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}
