/**
 * The shape of a cluster on the sky: its ellipse from second moments, and radii along that ellipse.
 */

/** A place on the image in pixels; pixel (i, j) spans i to i + 1 along x and j to j + 1 along y. */
export interface Place {
  /** Coordinate along a row [pixels]. */
  readonly x: number;
  /** Coordinate down the rows [pixels]. */
  readonly y: number;
}

/** The first and last pixel of a row or column of an image that a reach about a coordinate touches. */
export function pixelsAbout(
  center: number,
  reach: number,
  side: number,
): { readonly first: number; readonly last: number } {
  return {
    first: Math.max(0, Math.floor(center - reach)),
    last: Math.min(side - 1, Math.ceil(center + reach)),
  };
}

/** The shape of a cluster's isophotes. */
export interface Ellipse {
  /** Minor over major axis, 0 to 1. */
  readonly axisRatio: number;
  /** Angle from the x axis to the major axis [radian] */
  readonly positionAngle: number;
}

/** The shape of a circle. */
export const ROUND: Ellipse = { axisRatio: 1, positionAngle: 0 };

const ELLIPSE_ROUNDS = 8;
/** Least axis ratio that is used, so that a few photons in a row do not make a needle. */
const LEAST_AXIS_RATIO = 0.4;

/** Axis ratio and angle from second moments within an aperture that adapts to them. */
export function measureEllipse(
  counts: ArrayLike<number>,
  side: number,
  center: Place,
  radius: number,
): Ellipse {
  let ellipse = ROUND;
  const reach = radius / Math.sqrt(LEAST_AXIS_RATIO);
  const columns = pixelsAbout(center.x, reach, side);
  const rows = pixelsAbout(center.y, reach, side);
  for (let round = 0; round < ELLIPSE_ROUNDS; round++) {
    let xx = 0;
    let xy = 0;
    let yy = 0;
    const radiusOf = ellipticalRadius(ellipse);
    for (let j = rows.first; j <= rows.last; j++) {
      const dy = j + 0.5 - center.y;
      for (let i = columns.first; i <= columns.last; i++) {
        const n = counts[j * side + i]!;
        if (n === 0) continue;
        const dx = i + 0.5 - center.x;
        if (radiusOf(dx, dy) > radius) continue;
        xx += n * dx * dx;
        xy += n * dx * dy;
        yy += n * dy * dy;
      }
    }
    if (!(xx + yy > 0)) return ellipse;
    const half = Math.hypot((xx - yy) / 2, xy);
    const middle = (xx + yy) / 2;
    ellipse = {
      axisRatio: Math.max(
        LEAST_AXIS_RATIO,
        Math.sqrt(Math.max(0, middle - half) / (middle + half)),
      ),
      positionAngle: Math.atan2(2 * xy, xx - yy) / 2,
    };
  }
  return ellipse;
}

/**
 * The radius of the circle that has the area of the ellipse through an offset from the center:
 * R^2 = q x^2 + y^2 / q along the axes, for an axis ratio q.
 */
export function ellipticalRadius(
  { axisRatio, positionAngle }: Ellipse,
): (x: number, y: number) => number {
  const cos = Math.cos(positionAngle);
  const sin = Math.sin(positionAngle);
  return (x, y) => {
    const major = cos * x + sin * y;
    const minor = cos * y - sin * x;
    return Math.sqrt(axisRatio * major * major + minor * minor / axisRatio);
  };
}
