/** Scores of a network that were measured once and are shown next to others. */

/** Leave-one-outs of a network against the exact ones. */
export interface RecordedNetwork {
  /** Correlation with the exact ones. */
  readonly r: number;
  /** Its jackknife error over catalogs. */
  readonly rError: number;
  /** Root mean square of the difference to the exact ones, in sigma8. */
  readonly noise: number;
  /** The command that measures it again. */
  readonly command: string;
}
