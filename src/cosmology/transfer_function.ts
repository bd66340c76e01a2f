/**
 * The shape that matter and radiation give to the linear power spectrum (section 2.2.1): the
 * transfer functions of Eisenstein and Hu 1998 (ApJ 496, 605), with and without acoustic
 * oscillations. Equation numbers are theirs; their k is in 1/Mpc, ours in h/Mpc.
 */
import { CMB_TEMPERATURE, type Cosmology } from "./cosmology.ts";

/** Names of the transfer functions. */
export type TransferName = "eisenstein98" | "eisenstein98-no-wiggles";

/** T(k) for k in h/Mpc; it is 1 at k = 0. */
export type Transfer = (k: number) => number;

/** Transfer functions by name; each takes a cosmology and returns T(k). */
export const TRANSFER_FUNCTIONS: Readonly<Record<TransferName, (of: Cosmology) => Transfer>> = {
  "eisenstein98": transferWithWiggles,
  "eisenstein98-no-wiggles": transferWithoutWiggles,
};

/** CMB temperature in units of 2.7 K. */
const THETA = CMB_TEMPERATURE / 2.7;

/** Eqs. 2-24: cold matter and baryons, with the acoustic oscillations. */
function transferWithWiggles(cosmology: Cosmology): Transfer {
  const { omegaM, omegaB, h } = cosmology;
  const matter = omegaM * h * h;
  const baryons = omegaB * h * h;
  const baryonFraction = omegaB / omegaM;
  const coldFraction = 1 - baryonFraction;

  const equalityRedshift = 2.50e4 * matter * THETA ** -4; // Eq. 2
  const equalityScale = 7.46e-2 * matter * THETA ** -2; // Eq. 3, 1/Mpc
  const dragRedshift = computeDragRedshift(matter, baryons);
  const momentumRatio = (z: number) => 31.5 * baryons * THETA ** -4 * (1e3 / z); // Eq. 5
  const dragRatio = momentumRatio(dragRedshift);
  const equalityRatio = momentumRatio(equalityRedshift);
  const soundHorizon = 2 / (3 * equalityScale) * Math.sqrt(6 / equalityRatio) * Math.log(
    (Math.sqrt(1 + dragRatio) + Math.sqrt(dragRatio + equalityRatio)) /
      (1 + Math.sqrt(equalityRatio)),
  ); // Eq. 6, Mpc
  const silkScale = 1.6 * baryons ** 0.52 * matter ** 0.73 * (1 + (10.4 * matter) ** -0.95); // Eq. 7

  const a1 = (46.9 * matter) ** 0.670 * (1 + (32.1 * matter) ** -0.532); // Eq. 11
  const a2 = (12.0 * matter) ** 0.424 * (1 + (45.0 * matter) ** -0.582);
  const alphaC = a1 ** -baryonFraction * a2 ** -(baryonFraction ** 3);
  const b1 = 0.944 / (1 + (458 * matter) ** -0.708); // Eq. 12
  const b2 = (0.395 * matter) ** -0.0266;
  const betaC = 1 / (1 + b1 * (coldFraction ** b2 - 1));

  const y = (1 + equalityRedshift) / (1 + dragRedshift);
  const alphaB = 2.07 * equalityScale * soundHorizon * (1 + dragRatio) ** -0.75 *
    baryonSuppression(y); // Eq. 14
  const betaNode = 8.41 * matter ** 0.435; // Eq. 23
  const betaB = 0.5 + baryonFraction +
    (3 - 2 * baryonFraction) * Math.sqrt((17.2 * matter) ** 2 + 1); // Eq. 24

  return (k) => {
    const kMpc = k * h;
    const q = kMpc / (13.41 * equalityScale); // Eq. 10
    const ks = kMpc * soundHorizon;
    const blend = 1 / (1 + (ks / 5.4) ** 4); // Eq. 18
    const bend = 386 / (1 + 69.9 * q ** 1.08); // in Eq. 20
    const ln = Math.log(Math.E + 1.8 * betaC * q);
    const cold = blend * pressureless(q, ln, 14.2 + bend) +
      (1 - blend) * pressureless(q, ln, 14.2 / alphaC + bend); // Eq. 17
    const shiftedScale = ks / Math.cbrt(1 + (betaNode / ks) ** 3); // Eq. 22, k times s-tilde
    const damping = Math.exp(-((kMpc / silkScale) ** 1.4));
    const smooth = pressureless(q, Math.log(Math.E + 1.8 * q), 14.2 + bend);
    const envelope = smooth / (1 + (ks / 5.2) ** 2) +
      alphaB / (1 + (betaB / ks) ** 3) * damping;
    const baryon = envelope * Math.sin(shiftedScale) / shiftedScale; // Eq. 21
    return baryonFraction * baryon + coldFraction * cold; // Eq. 16
  };
}

/** Eq. 4: the redshift at which baryons are released from the Compton drag of the photons. */
function computeDragRedshift(matter: number, baryons: number): number {
  const b1 = 0.313 * matter ** -0.419 * (1 + 0.607 * matter ** 0.674);
  const b2 = 0.238 * matter ** 0.223;
  return 1291 * matter ** 0.251 / (1 + 0.659 * matter ** 0.828) * (1 + b1 * baryons ** b2);
}

/** The suppression function G(y) of baryons, Eq. 15. */
function baryonSuppression(y: number): number {
  const root = Math.sqrt(1 + y);
  return y * (-6 * root + (2 + 3 * y) * Math.log((root + 1) / (root - 1)));
}

/** Eqs. 19-20: the transfer function of pressureless matter, from its logarithm and its C. */
function pressureless(q: number, ln: number, c: number): number {
  return ln / (ln + c * q * q);
}

/** Eqs. 26 and 28-31: the shape without oscillations. */
function transferWithoutWiggles(cosmology: Cosmology): Transfer {
  const { omegaM, omegaB, h } = cosmology;
  const matter = omegaM * h * h;
  const baryonFraction = omegaB / omegaM;
  const soundHorizon = 44.5 * Math.log(9.83 / matter) /
    Math.sqrt(1 + 10 * (omegaB * h * h) ** 0.75); // Eq. 26, Mpc
  const alpha = 1 - 0.328 * Math.log(431 * matter) * baryonFraction +
    0.38 * Math.log(22.3 * matter) * baryonFraction ** 2; // Eq. 31
  return (k) => {
    const step = 1 / (1 + (0.43 * k * h * soundHorizon) ** 4);
    const q = k * THETA ** 2 / (omegaM * h * (alpha + (1 - alpha) * step)); // Eqs. 28 and 30
    const ln = Math.log(2 * Math.E + 1.8 * q); // Eq. 29
    return ln / (ln + (14.2 + 731 / (1 + 62.5 * q)) * q * q);
  };
}
