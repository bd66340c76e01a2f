/**
 * Records of earlier versions, which kept the choices of the base sample in the catalog plan and
 * had no factor on the encoder's start values.
 */
import { STANDARD_BASE } from "./experiment.ts";
import { isRecord } from "../numerics/fields.ts";

/**
 * An experiment in the present form: `catalog.profiles` and `catalog.base` become `base.profiles` and
 * `base.standIn`, a record without `base` gets the usual one, and a schedule without `encoderStart` 1.
 *
 * @param json As parsed; anything but a record of an earlier version is returned as it is
 */
export function readOldForm(json: unknown): unknown {
  return readOldSchedule(readOldBase(json));
}

function readOldSchedule(json: unknown): unknown {
  if (!isRecord(json) || !isRecord(json.schedule)) return json;
  return { ...json, schedule: { encoderStart: 1, ...json.schedule } };
}

function readOldBase(json: unknown): unknown {
  if (!isRecord(json) || !isRecord(json.catalog)) return json;
  const { profiles, base: standIn } = json.catalog;
  const moved = {
    ...profiles === undefined ? {} : { profiles },
    ...standIn === undefined ? {} : { standIn },
  };
  if (Object.hasOwn(json, "base") && Object.keys(moved).length === 0) return json;
  const base = isRecord(json.base) ? json.base : STANDARD_BASE;
  return { base: { ...base, ...moved }, ...omitBase(json), catalog: readOldPlan(json.catalog) };
}

function omitBase({ base: _, ...rest }: Readonly<Record<string, unknown>>) {
  return rest;
}

/**
 * A catalog plan in the present form, without the choices of the base sample.
 *
 * @param json As parsed; anything but a record is returned as it is
 */
export function readOldPlan(json: unknown): unknown {
  if (!isRecord(json)) return json;
  const { profiles: _, base: __, ...plan } = json;
  return plan;
}

/**
 * The origin that a file records, with its catalog plan in the present form.
 *
 * @param json As parsed; anything but a record with a plan is returned as it is
 */
export function readOldOrigin(json: unknown): unknown {
  return isRecord(json) && isRecord(json.plan) ? { ...json, plan: readOldPlan(json.plan) } : json;
}
