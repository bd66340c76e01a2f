/**
 * The mock telescope of section 2.1.2, and the number of photons from a luminosity: a flat
 * effective area, no background and perfect optics. Lengths are converted here, once, from pixels
 * to Mpc/h.
 */
import {
  angularDiameterDistance,
  type Cosmology,
  luminosityDistance,
} from "../cosmology/cosmology.ts";
import { gaussLegendre } from "../numerics/calculus.ts";

/** An X-ray telescope with a flat effective area, no background and perfect optics. */
export interface Instrument {
  /** Effective area, the same at every energy of the band [cm^2] */
  readonly areaCm2: number;
  /** Exposure time [s] */
  readonly exposureSeconds: number;
  /** Side of the square field of view [arcmin] */
  readonly fieldArcmin: number;
  /** Side of a square pixel [arcsec] */
  readonly pixelArcsec: number;
  /** Lower and upper end of the energy band, in the observer's frame [keV] */
  readonly bandKeV: readonly [number, number];
}

/** Section 2.1.2: 600 cm^2, 100 ks, 42' x 42' field, 6" pixels, 0.5-2 keV. */
export const STANDARD_INSTRUMENT: Instrument = {
  areaCm2: 600,
  exposureSeconds: 1e5,
  fieldArcmin: 42,
  pixelArcsec: 6,
  bandKeV: [0.5, 2],
};

/** An instrument pointed at a redshift: the pixel grid in Mpc/h and what a luminosity yields. */
export interface Pointing {
  /** The instrument. */
  readonly instrument: Instrument;
  /** Redshift of the cluster. */
  readonly redshift: number;
  /** Pixels along one side of the square image. */
  readonly side: number;
  /** Side of a pixel at the cluster [Mpc/h, physical] */
  readonly pixel: number;
  /** Luminosity distance [cm] */
  readonly luminosityDistanceCm: number;
}

const ARCSEC_PER_RADIAN = 648000 / Math.PI;
const CM_PER_MPC = 3.0856775814913673e24; // IAU 2015 parsec
const ERG_PER_KEV = 1.602176634e-9; // SI 2019
/** Unit of luminosities in catalogs [erg/s]. */
const LUMINOSITY_UNIT = 1e44;

/**
 * Points an instrument at clusters of one redshift.
 *
 * @param cosmology Sets the distances
 * @param redshift Above 0
 * @throws {RangeError} If the redshift is not above 0 or the field holds no whole pixel
 */
export function pointInstrument(
  instrument: Instrument,
  cosmology: Cosmology,
  redshift: number,
): Pointing {
  if (!(redshift > 0)) {
    throw new RangeError(`Cannot point the instrument: redshift is ${redshift}, should be above 0`);
  }
  const side = Math.floor(instrument.fieldArcmin * 60 / instrument.pixelArcsec);
  if (!(side >= 1)) {
    throw new RangeError(
      `Cannot point the instrument: ${side} pixels per side, should be 1 or more`,
    );
  }
  return {
    instrument,
    redshift,
    side,
    pixel: angularDiameterDistance(cosmology, redshift) * instrument.pixelArcsec /
      ARCSEC_PER_RADIAN,
    luminosityDistanceCm: luminosityDistance(cosmology, redshift) / cosmology.h * CM_PER_MPC,
  };
}

/** Exponent of the thermal Gaunt factor, (E/T)^-0.4 near E = T (Rybicki and Lightman 1979, 5.2). */
const GAUNT_INDEX = 0.4;
/** Points of the quadrature over the band; the spectrum is smooth: they give it to 1e-10. */
const SPECTRUM_POINTS = 10;

/** The thermal bremsstrahlung photon spectrum, photons per keV up to a constant factor. */
function photonSpectrum(energyKeV: number, temperatureKeV: number): number {
  return energyKeV ** (-1 - GAUNT_INDEX) * Math.exp(-energyKeV / temperatureKeV);
}

/**
 * Mean energy [keV] of the photons of hot gas in a band, for a bremsstrahlung spectrum
 * E^-1.4 exp(-E/T) without lines or absorption: about 1.0 keV in 0.5-2 keV, 0.9 for T = 1 keV.
 *
 * @param temperatureKeV Temperature of the gas, above 0
 * @param bandKeV Energy band in the gas's frame
 */
export function meanPhotonEnergy(
  temperatureKeV: number,
  bandKeV: readonly [number, number],
): number {
  const [low, high] = bandKeV;
  const energy = gaussLegendre(
    (e) => e * photonSpectrum(e, temperatureKeV),
    low,
    high,
    SPECTRUM_POINTS,
  );
  return energy / countPhotons(temperatureKeV, low, high);
}

function countPhotons(temperatureKeV: number, low: number, high: number): number {
  return gaussLegendre((e) => photonSpectrum(e, temperatureKeV), low, high, SPECTRUM_POINTS);
}

/**
 * The mean number of photons in one exposure from a cluster of L_X = 1e44 erg/s.
 *
 * L_X is the luminosity in the band in the cluster's frame. It is turned into a photon rate by
 * {@linkcode meanPhotonEnergy}, shifted to the observer's band by the same spectrum, and diluted:
 * photons / (area time) = (1 + z) rate / (4 pi D_L^2). The constant enters the mock and its
 * reduction alike, so it sets the Poisson noise but cancels in every gas mass.
 *
 * @param pointing Instrument, redshift and distance
 * @param temperatureKeV Temperature of the gas, above 0
 */
export function photonsPerLuminosity(pointing: Pointing, temperatureKeV: number): number {
  const { instrument, redshift, luminosityDistanceCm } = pointing;
  const [low, high] = instrument.bandKeV;
  const stretch = 1 + redshift;
  const rate = LUMINOSITY_UNIT /
    (ERG_PER_KEV * meanPhotonEnergy(temperatureKeV, instrument.bandKeV));
  const shift = countPhotons(temperatureKeV, low * stretch, high * stretch) /
    countPhotons(temperatureKeV, low, high);
  const sphere = 4 * Math.PI * luminosityDistanceCm ** 2;
  return rate * shift * stretch / sphere * instrument.areaCm2 * instrument.exposureSeconds;
}
