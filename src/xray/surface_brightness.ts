/**
 * From a photon image to a brightness profile (section 2.1.2): the X-ray centroid, logarithmic
 * annuli about it of the cluster's own shape, and the counts in each. How many photons a model puts
 * into each annulus is kept with the profile as a matrix that knows every unmasked pixel, so that
 * masks, the field's corners and the shape of pixels are corrected exactly and not by area alone.
 */
import { type Ellipse, ellipticalRadius, pixelsAbout, type Place, ROUND } from "./ellipse.ts";
import type { Pointing } from "./instrument.ts";
import { brightnessStencil, type Projection, STENCIL } from "./projection.ts";

/** Counts in annuli about a center. */
export interface BrightnessProfile {
  /** The center. */
  readonly center: Place;
  /** Edges of the annuli [Mpc/h], one more than annuli */
  readonly edges: Float64Array;
  /** Photons in the unmasked pixels of each annulus. */
  readonly counts: Float64Array;
  /** Area of those pixels [(Mpc/h)^2] */
  readonly areas: Float64Array;
  /** Mean radius of those pixels [Mpc/h]; for ellipses, of the circle of equal area */
  readonly radii: Float64Array;
  /** Integral of the sky over those pixels: row-major [annuli x radii of the grid], (Mpc/h)^2 */
  readonly response: Float64Array;
}

/** Outer edge of the first annulus [pixels]; it holds about 7 pixels. */
const FIRST_EDGE_PIXELS = 1.5;
/** Ratio of outer to inner edge: steps of 0.05 dex, 46 annuli from core to corner. */
const EDGE_RATIO = 1.12;

/** Edges of the annuli [Mpc/h] from the center to at most `outerRadius`. */
function annulusEdges(pixel: number, outerRadius: number): Float64Array {
  const edges = [0];
  for (let r = FIRST_EDGE_PIXELS * pixel; r <= outerRadius; r *= EDGE_RATIO) edges.push(r);
  return Float64Array.from(edges);
}

/** Most rounds of the centroid; each starts from the last round's center. */
const CENTROID_ROUNDS = 12;
/** Move of the centroid at which it has converged [pixels], far below its error. */
const CENTROID_TOLERANCE = 0.01;

/**
 * The X-ray centroid: the mean place of the photons within `radiusPixels` of itself. A pixel is used
 * if its mirror image about the center is unmasked too, so that a mask does not pull the centroid.
 *
 * @param counts Photons, row-major [side x side]
 * @param mask 1 where a pixel is excluded
 * @param start Where to begin
 * @returns The centroid, or undefined if no photon is left within the radius
 */
export function findCentroid(
  counts: ArrayLike<number>,
  mask: Uint8Array,
  side: number,
  start: Place,
  radiusPixels: number,
): Place | undefined {
  let center = start;
  for (let round = 0; round < CENTROID_ROUNDS; round++) {
    const next = meanPlace(counts, mask, side, center, radiusPixels);
    if (next === undefined) return undefined;
    const moved = Math.hypot(next.x - center.x, next.y - center.y);
    center = next;
    if (moved < CENTROID_TOLERANCE) break;
  }
  return center;
}

/** Aperture of the center's centroid, in R500 ... */
const CENTER_APERTURE = 0.15;
/** ... and of the centroid that stays at the peak. */
const PEAK_APERTURE = 0.05;
/** Least radius in pixels within which a centroid is measured. */
const CENTER_PIXELS = 5;

/**
 * The X-ray centroid of the peak next to `start`: a bright neighbor's light in the wider aperture
 * would draw the centroid off the peak, so the peak is kept where the two are more than the peak's
 * aperture apart.
 *
 * @param r500 R500 [pixels]
 * @returns The center, or undefined if no photon is left within the wider aperture
 */
export function findCenter(
  counts: ArrayLike<number>,
  mask: Uint8Array,
  side: number,
  { start, r500 }: { readonly start: Place; readonly r500: number },
): Place | undefined {
  const reach = Math.max(CENTER_PIXELS, PEAK_APERTURE * r500);
  const peak = findCentroid(counts, mask, side, start, reach) ?? start;
  const wide = Math.max(CENTER_PIXELS, CENTER_APERTURE * r500);
  const center = findCentroid(counts, mask, side, peak, wide);
  if (center === undefined) return undefined;
  return Math.hypot(center.x - peak.x, center.y - peak.y) < reach ? center : peak;
}

function meanPlace(
  counts: ArrayLike<number>,
  mask: Uint8Array,
  side: number,
  center: Place,
  radius: number,
): Place | undefined {
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  const columns = pixelsAbout(center.x, radius, side);
  const rows = pixelsAbout(center.y, radius, side);
  for (let j = rows.first; j <= rows.last; j++) {
    const dy = j + 0.5 - center.y;
    for (let i = columns.first; i <= columns.last; i++) {
      const dx = i + 0.5 - center.x;
      const n = counts[j * side + i]!;
      if (n === 0 || dx * dx + dy * dy > radius * radius || mask[j * side + i]) continue;
      const mirrorI = Math.floor(center.x - dx);
      const mirrorJ = Math.floor(center.y - dy);
      const outside = mirrorI < 0 || mirrorJ < 0 || mirrorI >= side || mirrorJ >= side;
      if (outside || mask[mirrorJ * side + mirrorI]) continue;
      sum += n;
      sumX += n * dx;
      sumY += n * dy;
    }
  }
  return sum > 0 ? { x: center.x + sumX / sum, y: center.y + sumY / sum } : undefined;
}

/** Distance within which pixels are split, since the brightness curves across them. */
const SPLIT_RADIUS = 12;
/** Within this many pixels of the center a pixel is split finer still. */
const CORE_RADIUS = 3;

/** Into how many parts along each side a pixel at this distance [pixels] from the center is split. */
export function pixelParts(distance: number): number {
  return distance < CORE_RADIUS ? 8 : distance < SPLIT_RADIUS ? 3 : 1;
}

/**
 * The counts in logarithmic annuli about a center, with the response to a model.
 *
 * @param counts Photons, row-major [side x side]
 * @param mask 1 where a pixel is excluded
 * @param outerRadius Largest radius of an annulus [Mpc/h]
 * @param ellipse The shape of the annuli and of the isophotes; a circle unless given. A mask takes
 * more of one side of an ellipse than of the other, which circles would take for less or more gas
 * @throws {RangeError} If no annulus fits within the outer radius
 */
export function measureProfile(
  counts: ArrayLike<number>,
  mask: Uint8Array,
  pointing: Pointing,
  projection: Projection,
  { center, outerRadius, ellipse = ROUND }: {
    readonly center: Place;
    readonly outerRadius: number;
    readonly ellipse?: Ellipse;
  },
): BrightnessProfile {
  const { side, pixel } = pointing;
  const edges = annulusEdges(pixel, outerRadius);
  const annuli = edges.length - 1;
  if (annuli < 1) {
    throw new RangeError(
      `Cannot measure a profile: it ends at ${outerRadius} Mpc/h, at least ${
        FIRST_EDGE_PIXELS * pixel
      } is needed`,
    );
  }
  const grid = projection.grid;
  const n = grid.radii.length;
  const sums = {
    counts: new Float64Array(annuli),
    areas: new Float64Array(annuli),
    radii: new Float64Array(annuli),
  };
  const sky = new Float64Array(annuli * n); // response to the brightness at each grid radius
  const weights = new Float64Array(STENCIL);
  const radiusOf = ellipticalRadius(ellipse);
  const lnFirstEdge = Math.log(edges[1]!);
  const lnRatio = Math.log(EDGE_RATIO);
  for (let j = 0; j < side; j++) {
    const dy = j + 0.5 - center.y;
    for (let i = 0; i < side; i++) {
      if (mask[j * side + i]) continue;
      const dx = i + 0.5 - center.x;
      const r = radiusOf(dx, dy) * pixel;
      if (r >= edges[annuli]!) continue;
      // r is below the last edge, so rounding alone could lead past the last annulus.
      const place = Math.ceil((Math.log(r) - lnFirstEdge) / lnRatio);
      const annulus = r < edges[1]! ? 0 : Math.min(Math.max(place, 1), annuli - 1);
      sums.counts[annulus]! += counts[j * side + i]!;
      sums.areas[annulus]! += pixel * pixel;
      sums.radii[annulus]! += r * pixel * pixel;
      const parts = pixelParts(Math.sqrt(dx * dx + dy * dy)); // hypot is ten times slower
      const area = (pixel / parts) ** 2;
      for (let b = 0; b < parts; b++) {
        const partY = dy + (b + 0.5) / parts - 0.5;
        for (let a = 0; a < parts; a++) {
          const partX = dx + (a + 0.5) / parts - 0.5;
          const radius = radiusOf(partX, partY) * pixel;
          const first = brightnessStencil(grid, radius, weights);
          for (let k = 0; k < STENCIL; k++) sky[annulus * n + first + k]! += area * weights[k]!;
        }
      }
    }
  }
  for (let a = 0; a < annuli; a++) {
    if (sums.areas[a]! > 0) sums.radii[a]! /= sums.areas[a]!;
  }
  return { center, edges, ...sums, response: throughProjection(sky, projection, annuli) };
}

/** Sky response times projection: how the counts depend on the squared density at each radius. */
function throughProjection(
  sky: Float64Array,
  { matrix, grid }: Projection,
  annuli: number,
): Float64Array {
  const n = grid.radii.length;
  const response = new Float64Array(annuli * n);
  for (let a = 0; a < annuli; a++) {
    for (let i = 0; i < n; i++) {
      const weight = sky[a * n + i]!;
      if (weight === 0) continue;
      for (let k = 0; k < n; k++) response[a * n + k]! += weight * matrix[i * n + k]!;
    }
  }
  return response;
}

/** The counts per (Mpc/h)^2 of each annulus and their Poisson errors (zero counts: error of one). */
export function surfaceBrightness(
  profile: BrightnessProfile,
): { readonly value: Float64Array; readonly error: Float64Array } {
  const { counts, areas } = profile;
  const value = counts.map((n, a) => areas[a]! > 0 ? n / areas[a]! : 0);
  const error = counts.map((n, a) => areas[a]! > 0 ? Math.sqrt(Math.max(n, 1)) / areas[a]! : 0);
  return { value, error };
}
