/** Whether this machine has room for work on a survey's network. */
import type { SkySurvey } from "../../src/catalogs/sky/survey.ts";
import {
  checkSkySize,
  sizeSurvey,
  skyNeeds,
  type SkySize,
  type SkyWork,
} from "../../src/runs/sky_needs.ts";
import { requireRoom } from "../program/machine.ts";

/**
 * Throws unless a survey finds enough and there is room for the work.
 *
 * @param action What cannot be done otherwise: "train"
 * @returns The sizes of its catalogs
 * @throws {RangeError} If it finds next to nothing
 * @throws {RunError} Naming the largest need
 */
export function requireSkyRoom(action: string, survey: SkySurvey, work: SkyWork): SkySize {
  const size = sizeSurvey(survey);
  checkSkySize(size);
  requireRoom(action, skyNeeds(size, work));
  return size;
}
