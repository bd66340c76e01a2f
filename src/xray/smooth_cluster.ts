/**
 * The smooth cluster that substructure stands out of: its brightness in elliptical rings, blind to
 * clumps.
 */
import { type Ellipse, ellipticalRadius } from "./ellipse.ts";
import type { Place } from "./ellipse.ts";

const SECTORS = 16;
/** Ratio of the outer to the inner radius of a ring, and the least width of a ring [pixels]. */
const RING_RATIO = 1.12;
const RING_WIDTH = 2;
/** Mean of all Poisson numbers minus the mean of the middle half. */
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
  const radii = ellipticalRadii(side, center, ellipse);
  let reach = 0;
  for (let p = 0; p < radii.length; p++) reach = Math.max(reach, radii[p]!);
  const edges = [0];
  while (edges.at(-1)! <= reach) {
    edges.push(Math.max(edges.at(-1)! * RING_RATIO, edges.at(-1)! + RING_WIDTH));
  }
  const rings = edges.length - 1;
  const photons = new Float64Array(rings * SECTORS);
  const pixels = new Float64Array(rings * SECTORS);
  const radiusSums = new Float64Array(rings);
  const lookup = ringLookup(edges);
  for (let j = 0; j < side; j++) {
    const dy = j + 0.5 - center.y;
    for (let i = 0; i < side; i++) {
      if (mask[j * side + i]) continue;
      const r = radii[j * side + i]!;
      const before = lookup[Math.floor(r)]!;
      const ring = before + (r >= edges[before + 1]! ? 1 : 0);
      const sector = ring * SECTORS + sectorOf(i + 0.5 - center.x, dy);
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
  const levels = tabulateLevels(lnRadius, lnLevel, reach);
  for (let p = 0; p < radii.length; p++) { // a callback for each pixel takes ten times longer
    const place = radii[p]! * LEVELS_PER_PIXEL;
    const below = Math.floor(place);
    radii[p] = levels[below]! + (place - below) * (levels[below + 1]! - levels[below]!);
  }
  return radii;
}

/** The elliptical radius of every pixel [pixels]. */
function ellipticalRadii(side: number, center: Place, ellipse: Ellipse): Float64Array {
  const radii = new Float64Array(side * side);
  const radiusOf = ellipticalRadius(ellipse);
  for (let j = 0; j < side; j++) {
    const dy = j + 0.5 - center.y;
    for (let i = 0; i < side; i++) radii[j * side + i] = radiusOf(i + 0.5 - center.x, dy);
  }
  return radii;
}

const TAN_OF_SECTOR = Math.tan(2 * Math.PI / SECTORS);

/** Index, of 16, of the sector of 22.5 degrees that has an offset; their order is any. */
function sectorOf(dx: number, dy: number): number {
  const a = Math.abs(dx);
  const b = Math.abs(dy);
  const inQuadrant = b < TAN_OF_SECTOR * a ? 0 : b < a ? 1 : b * TAN_OF_SECTOR < a ? 2 : 3;
  return (dx < 0 ? 8 : 0) + (dy < 0 ? 4 : 0) + inQuadrant;
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

/** Levels per pixel in the table; straight lines between them are good to 1e-3 in any ring. */
const LEVELS_PER_PIXEL = 8;

/** The level at radii up to `reach`: straight lines of ln level in ln radius, constant outside. */
function tabulateLevels(
  lnRadius: readonly number[],
  lnLevel: readonly number[],
  reach: number,
): Float64Array {
  const last = lnRadius.length - 1;
  let at = 0;
  return Float64Array.from({ length: Math.ceil(reach * LEVELS_PER_PIXEL) + 2 }, (_, place) => {
    if (last < 1) return last < 0 ? 0 : Math.exp(lnLevel[0]!);
    const ln = Math.log(place / LEVELS_PER_PIXEL);
    while (at < last - 1 && ln >= lnRadius[at + 1]!) at++;
    const t = (ln - lnRadius[at]!) / (lnRadius[at + 1]! - lnRadius[at]!);
    const inside = Math.min(1, Math.max(0, t));
    return Math.exp(lnLevel[at]! + inside * (lnLevel[at + 1]! - lnLevel[at]!));
  });
}
