/**
 * The survey: which share of the clusters of a mass it finds (section 2.1.1, Eq. 1; App. A).
 *
 * @module
 */

/** An X-ray survey that is flux limited below a mass and volume limited above it. */
export interface Survey {
  /** Share of the simulation's (352 Mpc/h)^3 that is searched; above 0, may exceed 1. */
  readonly volumeFraction: number;
  /** Redshift of the mass function. */
  readonly redshift: number;
  /** Clusters below this are not in the survey, log10 [Msun/h]. */
  readonly logMassMin: number;
  /** Above this the whole volume is searched, at the baseline luminosity relation, log10 [Msun/h]. */
  readonly logMassBreak: number;
  /** A of V_obs ~ M^A below the break. */
  readonly slope: number;
  /** The mass at which a changed luminosity slope leaves L_X as it was, log10 [Msun/h]. */
  readonly slopePivot: number;
  /** Width of the Gaussian that smooths the abundance [dex]; 0 for a sharp break (App. A: 0.076). */
  readonly smoothing: number;
}
