/**
 * Finds and masks structure that does not belong to the smooth cluster (section 2.1.2, after
 * Vikhlinin et al. 1998): wavelet planes of the image minus a smooth elliptical cluster, with a
 * threshold of fixed false alarm rate, and the mask of what exceeds it.
 */
import { measureEllipse, pixelsAbout, ROUND } from "./ellipse.ts";
import { smoothCluster } from "./smooth_cluster.ts";
import type { Place } from "./ellipse.ts";
import { findCenter } from "./surface_brightness.ts";
import { transformWavelets, type WaveletPlane } from "./wavelets.ts";

/** A patch of the mask. */
export interface MaskedRegion {
  /** Center of the region, weighted by the excess photons [pixels] */
  readonly center: Place;
  /** Photons above the smooth cluster. */
  readonly excess: number;
  /** Masked pixels. */
  readonly pixels: number;
}

/** The mask, and the smooth cluster that was subtracted first. */
export interface Substructure {
  /** Mask, 1 where a pixel is excluded, row-major [side x side] */
  readonly mask: Uint8Array;
  /** The connected patches of the mask. */
  readonly regions: readonly MaskedRegion[];
  /** Centroid of the unmasked photons, or where the search began if there are none. */
  readonly center: Place;
  /** Minor over major axis of the cluster, from the second moments of its photons. */
  readonly axisRatio: number;
  /** Angle from the x axis to the major axis [radian] */
  readonly positionAngle: number;
}

/** Wavelet scales, for structure 4 to 32 pixels (0.4' to 3.2') across. */
const SCALES: readonly number[] = [2, 3, 4, 5];
/** Detection threshold in standard errors: one false alarm in a hundred images of noise. */
const DETECTION = 5;
/** A patch grows out to where its wavelet plane falls below this many standard errors. */
const GROWTH = 2;
/** Relative error of the smooth cluster's brightness. */
const SMOOTH_ERROR = 0.02;
/** Radius of the core that is never masked, in R500 ... */
const PROTECTED_R500 = 0.05;
/** ... and in pixels; the larger of the two counts. */
const PROTECTED_PIXELS = 6;
/** Number of rounds; each fills the pixels masked before with the smooth cluster. */
const ROUNDS = 3;
/** Aperture of the ellipse's measurement, in R500. */
const SHAPE_APERTURE = 0.5;

/**
 * Finds substructure about a cluster.
 *
 * @param counts Photons, row-major [side x side]
 * @param start Roughly where the cluster is [pixels]
 * @param r500 R500 [pixels]
 */
export function findSubstructure(
  counts: ArrayLike<number>,
  side: number,
  start: Place,
  r500: number,
): Substructure {
  let mask = new Uint8Array(side * side);
  const none = new Uint8Array(side * side);
  const filled = new Float64Array(counts);
  const residual = new Float64Array(side * side);
  const spare: Float64Array[] = [];
  let center = start;
  let ellipse = ROUND;
  let regions: MaskedRegion[] = [];
  const protectedRadius = Math.max(PROTECTED_PIXELS, PROTECTED_R500 * r500);
  for (let round = 0; round < ROUNDS; round++) {
    center = findCenter(filled, none, side, { start: center, r500 }) ?? center;
    const shaped = round === 0 ? symmetricImage(filled, side, center) : filled;
    ellipse = measureEllipse(shaped, side, center, SHAPE_APERTURE * r500);
    const smooth = smoothCluster(counts, mask, side, center, ellipse);
    const core = discAbout(center, protectedRadius, side);
    for (let p = 0; p < mask.length; p++) residual[p] = core[p] ? 0 : counts[p]! - smooth[p]!;
    mask = new Uint8Array(side * side);
    for (const plane of transformWavelets(residual, side, SCALES, spare)) {
      maskPlane(plane, smooth, side, mask);
      spare.push(plane.values);
    }
    for (const region of listRegions(mask, residual, side)) {
      const apart = Math.hypot(region.center.x - center.x, region.center.y - center.y);
      maskWings(region, WING_LIMIT * apart, residual, smooth, mask);
    }
    for (let p = 0; p < mask.length; p++) {
      if (core[p]) mask[p] = 0;
      filled[p] = mask[p] ? smooth[p]! : counts[p]!;
    }
    regions = listRegions(mask, residual, side);
  }
  return { mask, regions, center, ...ellipse };
}

/**
 * The fainter of each pixel and its mirror image about the center, so that structure on one side is
 * removed and isophotes keep their shape. Zero where the mirror image is off the field.
 */
function symmetricImage(counts: Float64Array, side: number, center: Place): Float64Array {
  const image = new Float64Array(counts.length);
  for (let j = 0; j < side; j++) {
    const mirrorJ = Math.floor(2 * center.y - j - 0.5);
    if (mirrorJ < 0 || mirrorJ >= side) continue;
    for (let i = 0; i < side; i++) {
      const mirrorI = Math.floor(2 * center.x - i - 0.5);
      if (mirrorI < 0 || mirrorI >= side) continue;
      const p = j * side + i;
      image[p] = Math.min(counts[p]!, counts[mirrorJ * side + mirrorI]!);
    }
  }
  return image;
}

/** A disc: 1 within a radius of a center, 0 elsewhere. */
function discAbout(center: Place, radius: number, side: number): Uint8Array {
  const disc = new Uint8Array(side * side);
  const columns = pixelsAbout(center.x, radius, side);
  const rows = pixelsAbout(center.y, radius, side);
  for (let j = rows.first; j <= rows.last; j++) {
    for (let i = columns.first; i <= columns.last; i++) {
      const distance = Math.hypot(i + 0.5 - center.x, j + 0.5 - center.y);
      if (distance < radius) disc[j * side + i] = 1;
    }
  }
  return disc;
}

/**
 * Adds to the mask what stands out of one plane. The threshold is that of Poisson noise: k standard
 * errors, raised for the noise's skewness (Cornish and Fisher 1938), which matters where a wavelet
 * covers few photons.
 */
function maskPlane(
  { scale, values, squares, cubes }: WaveletPlane,
  smooth: Float64Array,
  side: number,
  mask: Uint8Array,
): void {
  const noise = Math.sqrt(squares);
  const skewness = cubes / squares ** 1.5;
  const threshold = (k: number, level: number) => {
    const poisson = noise * (k * Math.sqrt(level) + (k * k - 1) / 6 * skewness);
    const smoothError = k * SMOOTH_ERROR * level;
    return Math.sqrt(poisson * poisson + smoothError * smoothError);
  };
  const grown = new Uint8Array(values.length);
  const queue: number[] = [];
  const visit = (p: number, k: number) => {
    if (grown[p] || values[p]! <= threshold(k, smooth[p]!)) return;
    grown[p] = 1;
    queue.push(p);
  };
  const least = noise * (DETECTION * DETECTION - 1) / 6 * skewness;
  for (let p = 0; p < values.length; p++) {
    // The threshold exceeds this at any level, so that most pixels need no closer look.
    if (values[p]! > least) visit(p, DETECTION);
  }
  while (queue.length > 0) {
    const p = queue.pop()!;
    for (const q of neighborsOf(p, side)) visit(q, GROWTH);
  }
  widen(grown, mask, side, 2 ** (scale - 1));
}

/** The up to four pixels next to a pixel. */
function neighborsOf(p: number, side: number): number[] {
  const i = p % side;
  const found: number[] = [];
  if (i > 0) found.push(p - 1);
  if (i < side - 1) found.push(p + 1);
  if (p >= side) found.push(p - side);
  if (p < side * (side - 1)) found.push(p + side);
  return found;
}

/** Sets the mask within `radius` pixels of every marked pixel. */
function widen(marked: Uint8Array, mask: Uint8Array, side: number, radius: number): void {
  for (let p = 0; p < marked.length; p++) {
    if (!marked[p]) continue;
    const i = p % side;
    const isInside = i > 0 && i < side - 1 && marked[p - 1] && marked[p + 1] &&
      marked[p - side] && marked[p + side];
    if (isInside) { // the pixels about it reach as far
      mask[p] = 1;
      continue;
    }
    const j = Math.floor(p / side);
    for (let b = Math.max(0, j - radius); b <= Math.min(side - 1, j + radius); b++) {
      const width = Math.floor(Math.sqrt(radius * radius - (b - j) ** 2));
      mask.fill(1, b * side + Math.max(0, i - width), b * side + Math.min(side, i + width + 1));
    }
  }
}

/** Width of the rings that measure a patch's wings, relative to its radius; at least 2 pixels. */
const WING_RING = 0.15;
/** Wings end where a ring's excess is below this many standard errors ... */
const WING_SIGMA = 2;
/** ... or this share of the smooth cluster, or at this many radii of the patch. */
const WING_SHARE = 0.02;
const WING_REACH = 3;
/** A disc reaches no farther than this share of the way to the cluster's center. */
const WING_LIMIT = 0.7;

/**
 * Widens a patch to a disc that ends where its wings fade. Wavelets do not see wings, which are
 * smooth, and negative around a peak.
 */
function maskWings(
  { center, pixels }: MaskedRegion,
  limit: number,
  residual: Float64Array,
  smooth: Float64Array,
  mask: Uint8Array,
): void {
  const side = Math.sqrt(mask.length);
  const radius = Math.sqrt(pixels / Math.PI);
  const width = Math.max(2, WING_RING * radius);
  const rings = Math.floor((Math.min(limit, WING_REACH * radius) - radius) / width);
  if (rings < 1) return;
  const excess = new Float64Array(rings);
  const level = new Float64Array(rings);
  const reach = radius + rings * width;
  const columns = pixelsAbout(center.x, reach, side);
  const rows = pixelsAbout(center.y, reach, side);
  const forPixels = (visit: (p: number, distance: number) => void) => {
    for (let j = rows.first; j <= rows.last; j++) {
      for (let i = columns.first; i <= columns.last; i++) {
        const dx = i + 0.5 - center.x;
        const dy = j + 0.5 - center.y;
        visit(j * side + i, Math.sqrt(dx * dx + dy * dy));
      }
    }
  };
  forPixels((p, distance) => {
    const ring = Math.floor((distance - radius) / width);
    if (ring < 0 || ring >= rings || mask[p]) return;
    excess[ring]! += residual[p]!;
    level[ring]! += smooth[p]!;
  });
  const faded = excess.findIndex((sum, ring) =>
    sum < WING_SIGMA * Math.sqrt(level[ring]!) || sum < WING_SHARE * level[ring]!
  );
  const end = radius + (faded < 0 ? rings : faded) * width;
  if (end === radius) return;
  forPixels((p, distance) => {
    if (distance < end) mask[p] = 1;
  });
}

/** The connected patches of a mask. */
function listRegions(mask: Uint8Array, residual: Float64Array, side: number): MaskedRegion[] {
  const seen = new Uint8Array(mask.length);
  const regions: MaskedRegion[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const pixels = [start]; // grows while it is walked
    seen[start] = 1;
    for (const p of pixels) {
      for (const q of neighborsOf(p, side)) {
        if (!mask[q] || seen[q]) continue;
        seen[q] = 1;
        pixels.push(q);
      }
    }
    regions.push(describeRegion(pixels, residual, side));
  }
  return regions;
}

/** The description of a patch; a patch without excess photons has the center of its pixels. */
function describeRegion(
  pixels: readonly number[],
  residual: Float64Array,
  side: number,
): MaskedRegion {
  const excess = pixels.reduce((sum, p) => sum + residual[p]!, 0);
  const hasPeak = pixels.some((p) => residual[p]! > 0);
  let weights = 0;
  let x = 0;
  let y = 0;
  for (const p of pixels) {
    const weight = hasPeak ? Math.max(residual[p]!, 0) : 1;
    weights += weight;
    x += weight * (p % side + 0.5);
    y += weight * (Math.floor(p / side) + 0.5);
  }
  return { center: { x: x / weights, y: y / weights }, excess, pixels: pixels.length };
}
