/**
 * The scaling relations of one catalog as straight lines: what its clusters say together, for a
 * network whose regression sees each of them as one number.
 *
 * How much a temperature or a gas mass is worth depends on its scatter, which differs between
 * catalogs; an encoder weights them alike in all.
 */

/** Numbers of a catalog: two means, six slopes and four scatters. */
export const RELATION_INPUTS = 12;

/** Columns in the order in which each is fitted by what is left of those before it: ln z, ln L, ln T, ln Mgas. */
const ORDER = [3, 0, 1, 2] as const;

/** Columns of a cluster. */
const WIDTH = 4;

/** The variance of one more cluster, which keeps lines through few clusters from running away. */
const RIDGE = 0.1;

/** Middle of ln scatter and its spread over catalogs, so that inputs are of order 1. */
const [LN_SCATTER, SPREAD] = [-1, 0.5];

/**
 * The relations of the clusters of a catalog, whose columns have been scaled.
 *
 * @param pixels Scaled ln L, ln T, ln Mgas and ln z, [clusters x 4]
 * @param first The catalog's first cluster
 * @param end The cluster after its last
 * @returns Means of ln T and ln Mgas; slopes of each column with the first of the order, with what that
 * leaves of the second, and so on; ln of what all of them leave of each column
 */
export function fitSkyRelations(pixels: Float32Array, first: number, end: number): Float32Array {
  const count = end - first;
  const means = ORDER.map((k) => {
    let sum = 0;
    for (let i = first; i < end; i++) sum += pixels[WIDTH * i + k]!;
    return sum / count;
  });
  // The lower triangle of the covariance, row by row.
  const covariance = new Float64Array(WIDTH * WIDTH);
  for (let i = first; i < end; i++) {
    for (let r = 0; r < WIDTH; r++) {
      const a = pixels[WIDTH * i + ORDER[r]!]! - means[r]!;
      for (let c = 0; c <= r; c++) {
        covariance[WIDTH * r + c]! += a * (pixels[WIDTH * i + ORDER[c]!]! - means[c]!);
      }
    }
  }
  for (let at = 0; at < covariance.length; at++) {
    const ridge = at % (WIDTH + 1) === 0 ? RIDGE : 0;
    covariance[at] = (covariance[at]! + ridge) / (count + 1);
  }
  // Covariance = L D L^T with ones on L's diagonal: column r is fitted by residuals of those before.
  const found = [means[2]!, means[3]!];
  const variances = new Float64Array(WIDTH);
  for (let r = 0; r < WIDTH; r++) {
    variances[r] = covariance[WIDTH * r + r]!;
    for (let c = 0; c < r; c++) {
      let rest = covariance[WIDTH * r + c]!;
      for (let k = 0; k < c; k++) {
        rest -= covariance[WIDTH * r + k]! * covariance[WIDTH * c + k]! * variances[k]!;
      }
      const slope = rest / variances[c]!;
      covariance[WIDTH * r + c] = slope;
      variances[r]! -= slope * slope * variances[c]!;
      found.push(slope);
    }
  }
  for (const variance of variances) {
    found.push((Math.log(Math.max(variance, 1e-6)) / 2 - LN_SCATTER) / SPREAD);
  }
  return Float32Array.from(found);
}
