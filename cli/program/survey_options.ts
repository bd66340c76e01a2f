/**
 * Options by which commands take the network of a survey on the sky in place of an experiment's.
 */
import type { Option } from "./options.ts";
import { textOption } from "./options.ts";
import { SURVEY_PLACEHOLDER } from "./sky_options.ts";

/** The survey whose network is taken. */
export const SURVEY_NETWORK_OPTION: Option<string | undefined> = textOption(
  SURVEY_PLACEHOLDER,
  undefined,
  {
    description:
      "take the network of this survey on the sky: the run folder's, or the one that ships",
    fallbackText: "what the run folder holds",
    role: "input",
  },
);

/** A catalog of that survey. */
export const SURVEY_CATALOG_OPTION: Option<string | undefined> = textOption("FILE", undefined, {
  description: "a catalog of the survey on the sky",
  fallbackText: "none",
  role: "input",
});
