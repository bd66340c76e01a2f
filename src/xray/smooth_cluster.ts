/**
 * The smooth cluster that substructure stands out of: its ellipse from second moments, and its
 * brightness in elliptical rings, blind to clumps.
 *
 * @module
 */
import type { Place } from "./surface_brightness.ts";

/** The shape of a cluster's isophotes. */
export interface Ellipse {
  /** Minor over major axis, 0 to 1. */
  readonly axisRatio: number;
  /** Angle from the x axis to the major axis [radian] */
  readonly positionAngle: number;
}

const ELLIPSE_ROUNDS = 8;
/** No flatter ellipse is used, so that a few photons in a row make no needle. */
const LEAST_AXIS_RATIO = 0.4;

/** Axis ratio and angle from second moments within an ellipse that adapts to them. */
export function measureEllipse(
  counts: ArrayLike<number>,
  side: number,
  center: Place,
  radius: number,
): Ellipse {
  let ellipse: Ellipse = { axisRatio: 1, positionAngle: 0 };
  const reach = radius / Math.sqrt(LEAST_AXIS_RATIO);
  const low = (c: number) => Math.max(0, Math.floor(c - reach));
  const high = (c: number) => Math.min(side - 1, Math.ceil(c + reach));
  for (let round = 0; round < ELLIPSE_ROUNDS; round++) {
    let xx = 0;
    let xy = 0;
    let yy = 0;
    const radiusOf = ellipticalRadius(ellipse);
    for (let j = low(center.y); j <= high(center.y); j++) {
      const dy = j + 0.5 - center.y;
      for (let i = low(center.x); i <= high(center.x); i++) {
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

function ellipticalRadius({ axisRatio, positionAngle }: Ellipse): (x: number, y: number) => number {
  const cos = Math.cos(positionAngle);
  const sin = Math.sin(positionAngle);
  return (x, y) => {
    const major = cos * x + sin * y;
    const minor = cos * y - sin * x;
    return Math.sqrt(axisRatio * major * major + minor * minor / axisRatio);
  };
}

const SECTORS = 16;
/** Outer over inner radius of a ring, and the least width of one [pixels]. */
const RING_RATIO = 1.12;
const RING_WIDTH = 2;
/** The middle half of Poisson numbers has its mean this far below the mean of all. */
const MIDMEAN_OFFSET = 0.25;

/**
 * The cluster without its substructure: in elliptical rings, the mean of the middle half of 16
 * sectors, so that a clump in a quarter of a ring changes nothing.
 */
export function smoothCluster(
  counts: ArrayLike<number>,
  mask: Uint8Array,
  side: number,
  center: Place,
  ellipse: Ellipse,
): Float64Array {
  const edges = [0];
  while (edges.at(-1)! < 1.5 * side) {
    edges.push(Math.max(edges.at(-1)! * RING_RATIO, edges.at(-1)! + RING_WIDTH));
  }
  const rings = edges.length - 1;
  const photons = new Float64Array(rings * SECTORS);
  const pixels = new Float64Array(rings * SECTORS);
  const radiusSums = new Float64Array(rings);
  const radiusOf = ellipticalRadius(ellipse);
  const lookup = ringLookup(edges);
  const radii = new Float64Array(side * side);
  for (let j = 0; j < side; j++) {
    const dy = j + 0.5 - center.y;
    for (let i = 0; i < side; i++) {
      const dx = i + 0.5 - center.x;
      const r = radiusOf(dx, dy);
      radii[j * side + i] = r;
      if (mask[j * side + i]) continue;
      const ring = lookup[Math.floor(r)]! + (r >= edges[lookup[Math.floor(r)]! + 1]! ? 1 : 0);
      const turn = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) % 1;
      const sector = ring * SECTORS + Math.floor(turn * SECTORS);
      photons[sector]! += counts[j * side + i]!;
      pixels[sector]!++;
      radiusSums[ring]! += r;
    }
  }
  const lnRadius: number[] = [];
  const lnLevel: number[] = [];
  for (let ring = 0; ring < rings; ring++) {
    const level = middleLevel(photons, pixels, ring);
    if (level === undefined) continue;
    const area = pixels.subarray(ring * SECTORS, (ring + 1) * SECTORS).reduce((s, p) => s + p, 0);
    lnRadius.push(Math.log(radiusSums[ring]! / area));
    lnLevel.push(Math.log(level));
  }
  return radii.map(interpolator(lnRadius, lnLevel));
}

/** The first ring that each whole radius may be in; rings are at least two pixels wide. */
function ringLookup(edges: readonly number[]): Int32Array {
  const lookup = new Int32Array(Math.ceil(edges.at(-1)!) + 1);
  for (let r = 0, ring = 0; r < lookup.length; r++) {
    while (ring < edges.length - 2 && edges[ring + 1]! <= r) ring++;
    lookup[r] = ring;
  }
  return lookup;
}

/** Photons per pixel of a ring: the middle half of its sectors, or undefined without any. */
function middleLevel(
  photons: Float64Array,
  pixels: Float64Array,
  ring: number,
): number | undefined {
  const sectors = Array.from({ length: SECTORS }, (_, s) => ring * SECTORS + s)
    .filter((sector) => pixels[sector]! > 0)
    .sort((a, b) => photons[a]! / pixels[a]! - photons[b]! / pixels[b]!);
  if (sectors.length === 0) return undefined;
  const cut = Math.floor(sectors.length / 4);
  const middle = sectors.slice(cut, sectors.length - cut);
  const sum = middle.reduce((s, sector) => s + photons[sector]! + MIDMEAN_OFFSET, 0);
  return sum / middle.reduce((s, sector) => s + pixels[sector]!, 0);
}

/** Interpolates ln level in ln radius by straight lines, constant outside. */
function interpolator(
  lnRadius: readonly number[],
  lnLevel: readonly number[],
): (radius: number) => number {
  const last = lnRadius.length - 1;
  let at = 0; // neighbouring pixels lie in neighbouring rings: start where the last search ended
  return (radius) => {
    const ln = Math.log(radius);
    while (at > 0 && ln < lnRadius[at]!) at--;
    while (at < last - 1 && ln >= lnRadius[at + 1]!) at++;
    if (last === 0) return Math.exp(lnLevel[0]!);
    const t = (ln - lnRadius[at]!) / (lnRadius[at + 1]! - lnRadius[at]!);
    const inside = Math.min(1, Math.max(0, t));
    return Math.exp(lnLevel[at]! + inside * (lnLevel[at + 1]! - lnLevel[at]!));
  };
}
