/** What the help of `predict` explains. */
import { FILES } from "../program/run_files.ts";

/** What the help of `predict` explains, by paragraph. */
export const PREDICT_DETAILS: readonly string[] = [
  "Takes a table and a mapping of its columns to what the network reads; terse columns proposes " +
  "one:\n" +
  '  --columns "logTemperature=log10(T[keV]), logLuminosity=log10(Lx)-44, redshift=z"',
  "Targets are logLuminosity [1e44 erg/s], logTemperature [keV], logGasMass and logWeakLensingMass " +
  "[Msun/h], logGasMassProfile and gasSlopeProfile (7 shells, or _0 to _6 one by one), and redshift. " +
  "Expressions have + - * / ^, log10, ln, exp, h, and columns by name or in double quotes; " +
  '"T[keV]" checks the unit.',
  'Masses in Msun become Msun/h by * h, as in "logGasMass=log10(M gas[Msun] * h)", with --h of the ' +
  "catalog. Rows that cannot be used are counted by reason.",
  "Of the two networks that ship, compact needs every target but logGasMass and the redshift; global " +
  "needs logLuminosity, logTemperature and logGasMass.",
  "A network may be trained on any of these columns:\n" +
  '  train --set features.pixels=["logLuminosity","logTemperature"] \\\n' +
  "    --set features.supplementary=[]",
  "With --ensemble, the posteriors of several networks are mixed with equal weights:\n" +
  "  interpret --out runs/standard --seeds 3\n" +
  "  predict --run runs/standard --ensemble runs/standard/seeds/2 --ensemble runs/standard/seeds/3 ...\n" +
  "Verdict and terse values are those of --run.",
  `The verdict compares the catalog with ${FILES.safety}, which "train" writes. Where it is missing, the ` +
  "first call measures the network on mock catalogs (some seconds) and writes it.",
  "With --survey, the likelihood of a flux-limited survey answers (see terse help survey). Targets are " +
  "name, z, flux [1e-12 erg/s/cm2, 0.1-2.4 keV], T [keV], Mgas [1e14 Msun], e_lnL, e_lnT, e_lnMgas, " +
  "beta and core (beta model; core radius over r500); T and Mgas may be missing. Gas masses are " +
  "converted from --h and --source-omega-m. Rows outside the survey are left out.",
];
