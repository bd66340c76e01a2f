/**
 * `mass-function`: dn/dlnM of any flat cosmology (section 2.2.1).
 */
import { MAGNETICUM } from "../../src/cosmology/cosmology.ts";
import type { MassFunctionName } from "../../src/cosmology/mass_function.ts";
import { computeMassFunction, MASS_FUNCTIONS } from "../../src/cosmology/mass_function.ts";
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { choiceOption, numberOption, numbersOption } from "../program/options.ts";

/** The command `mass-function`. */
export const MASS_FUNCTION: Command = defineCommand({
  summary: "print sigma(M) and dn/dlnM of a flat cosmology (section 2.2.1)",
  details: [
    "sigma is the linear rms fluctuation at the redshift; dn/dlnM counts halos per comoving (Mpc/h)^3 " +
    "and unit of ln M. The defaults are the cosmology and redshift of the simulation.",
  ],
  options: {
    fit: choiceOption(Object.keys(MASS_FUNCTIONS) as MassFunctionName[], "tinker08", {
      description: "the published fit",
    }),
    definition: choiceOption(["500c", "200c", "200m"] as const, "500c", {
      description: "overdensity within the radius, of the critical (c) or mean (m) density",
    }),
    "omega-m": numberOption(MAGNETICUM.omegaM, { description: "matter density" }),
    "omega-b": numberOption(MAGNETICUM.omegaB, { description: "baryon density" }),
    h: numberOption(MAGNETICUM.h, { description: "Hubble constant", unit: "100 km/s/Mpc" }),
    ns: numberOption(MAGNETICUM.ns, { description: "slope of the primordial spectrum" }),
    sigma8: numberOption(MAGNETICUM.sigma8, { description: "rms fluctuation in 8 Mpc/h, z = 0" }),
    redshift: numberOption(0.07, { description: "redshift" }),
    "log-mass": numbersOption([13.5, 14, 14.5, 15], {
      description: "masses",
      unit: "log10 Msun/h",
    }),
  },
  run(values) {
    const cosmology = {
      omegaM: values["omega-m"],
      omegaB: values["omega-b"],
      h: values.h,
      ns: values.ns,
      sigma8: values.sigma8,
    };
    const { fit, definition, redshift } = values;
    const plan = { cosmology, fit, definition, redshift };
    const { logMass, sigma, dndlnM } = computeMassFunction(plan, values["log-mass"]);
    const json = { log10MassMsunH: [...logMass], sigma: [...sigma], dndlnM: [...dndlnM] };
    const rows = json.log10MassMsunH.map((mass, i) =>
      `${mass.toFixed(3).padStart(14)}  ${sigma[i]!.toFixed(5).padStart(10)}  ` +
      dndlnM[i]!.toExponential(5).padStart(18)
    );
    const head = "log10 M [Msun/h]       sigma  dn/dlnM [(h/Mpc)^3]";
    return Promise.resolve({ json, text: [head, ...rows].join("\n") });
  },
});
