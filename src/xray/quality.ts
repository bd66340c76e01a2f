/**
 * The ways in which a mock observation can end, and why. Nothing that could not be measured is
 * filled in.
 */

/** The way in which an observation ended. */
export type Quality =
  | "good"
  | "larger than field"
  | "blended"
  | "no photons"
  | "too few photons"
  | "not converged"
  | "off center"
  | "poor fit";

/** The meaning of each quality, and whether measured values come with it. */
export const QUALITIES: Readonly<
  Record<Quality, { readonly code: number; readonly measured: boolean; readonly reason: string }>
> = {
  "good": { code: 0, measured: true, reason: "all of R500 is in the field and the fit converged" },
  "larger than field": {
    code: 1,
    measured: true,
    reason: "R500 reaches beyond the field: the outermost values rest on its corners",
  },
  "blended": {
    code: 2,
    measured: true,
    reason: "a masked source within 2 R500 has over a tenth of the cluster's photons",
  },
  "no photons": { code: 3, measured: false, reason: "no photon was left to fit inside 2 R500" },
  "too few photons": {
    code: 4,
    measured: false,
    reason: "fewer photons inside R500 than nine parameters need",
  },
  "not converged": { code: 5, measured: false, reason: "the density fit found no minimum" },
  "off center": {
    code: 6,
    measured: false,
    reason: "the centroid is not where the telescope points: another source outshines the cluster",
  },
  "poor fit": {
    code: 7,
    measured: true,
    reason: "the fitted density misses the profile by more than twice its Poisson errors",
  },
};

/** How many observations ended in each way. */
export type QualityCounts = Readonly<Record<Quality, number>>;

/** Counts observations by quality. */
export function countQualities(qualities: readonly Quality[]): QualityCounts {
  const names = Object.keys(QUALITIES) as Quality[];
  return Object.fromEntries(
    names.map((name) => [name, qualities.filter((quality) => quality === name).length]),
  ) as Record<Quality, number>;
}
