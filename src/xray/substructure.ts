/**
 * Finds and masks what does not belong to the smooth cluster (section 2.1.2, after Vikhlinin et al.
 * 1998): wavelet planes of the image less a smooth elliptical cluster, thresholded at a fixed chance
 * of a false alarm, and the mask of what stands out.
 *
 * @module
 */
import { findCentroid, type Place } from "./surface_brightness.ts";
import { transformWavelets, type WaveletPlane } from "./wavelets.ts";

/** A patch of the mask. */
export interface MaskedRegion {
  /** Its center, weighted by the photons in excess [pixels] */
  readonly center: Place;
  /** Photons above the smooth cluster. */
  readonly excess: number;
  /** Masked pixels. */
  readonly pixels: number;
}

/** What was masked, and the smooth cluster that was taken off first. */
export interface Substructure {
  /** 1 where a pixel is left out, row-major [side x side] */
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

/** Structure 4 to 32 pixels (0.4' to 3.2') across is looked for. */
const SCALES: readonly number[] = [2, 3, 4, 5];
/** Standard errors: about one false alarm in a hundred images of Gaussian noise. */
const DETECTION = 5;
/** A patch grows out to where its wavelet plane falls below this many standard errors. */
const GROWTH = 2;
/** The smooth cluster is trusted to this share of its own brightness. */
const SMOOTH_ERROR = 0.02;
/** The core of the cluster is never masked: within this many R500 ... */
const PROTECTED_R500 = 0.05;
/** ... and this many pixels of the centroid. */
const PROTECTED_PIXELS = 6;
/** Each round knows the one before: masked pixels are filled with the smooth cluster. */
const ROUNDS = 3;
/** Centroid and ellipse are measured within this many R500. */
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
  let filled = Float64Array.from(counts);
  let center = start;
  let ellipse: Ellipse = { axisRatio: 1, positionAngle: 0 };
  let regions: MaskedRegion[] = [];
  const protectedRadius = Math.max(PROTECTED_PIXELS, PROTECTED_R500 * r500);
  for (let round = 0; round < ROUNDS; round++) {
    const aperture = SHAPE_APERTURE * r500;
    center = findCentroid(filled, none, side, center, aperture) ?? center;
    ellipse = measureEllipse(filled, side, center, aperture);
    const smooth = smoothCluster(counts, mask, side, center, ellipse);
    const core = discAbout(center, protectedRadius, side);
    const residual = smooth.map((b, i) => core[i] ? 0 : counts[i]! - b);
    mask = new Uint8Array(side * side);
    for (const plane of transformWavelets(residual, side, SCALES)) {
      maskPlane(plane, smooth, side, mask);
    }
    for (let p = 0; p < mask.length; p++) if (core[p]) mask[p] = 0;
    filled = smooth.map((b, p) => mask[p] ? b : counts[p]!);
    regions = listRegions(mask, residual, side);
  }
  return { mask, regions, center, ...ellipse };
}

/** 1 within a radius of a center. */
function discAbout(center: Place, radius: number, side: number): Uint8Array {
  const disc = new Uint8Array(side * side);
  const low = (c: number) => Math.max(0, Math.floor(c - radius));
  const high = (c: number) => Math.min(side - 1, Math.ceil(c + radius));
  for (let j = low(center.y); j <= high(center.y); j++) {
    for (let i = low(center.x); i <= high(center.x); i++) {
      const distance = Math.hypot(i + 0.5 - center.x, j + 0.5 - center.y);
      if (distance < radius) disc[j * side + i] = 1;
    }
  }
  return disc;
}

interface Ellipse {
  readonly axisRatio: number;
  readonly positionAngle: number;
}

const ELLIPSE_ROUNDS = 8;
/** No flatter ellipse is used, so that a few photons in a row make no needle. */
const LEAST_AXIS_RATIO = 0.4;

/** Axis ratio and angle from second moments within an ellipse that adapts to them. */
function measureEllipse(
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
function smoothCluster(
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
    // The threshold is above this at any level: most pixels need no closer look.
    if (values[p]! > least) visit(p, DETECTION);
  }
  while (queue.length > 0) {
    const p = queue.pop()!;
    for (const q of neighboursOf(p, side)) visit(q, GROWTH);
  }
  widen(grown, mask, side, 2 ** (scale - 1));
}

/** The up to four pixels beside a pixel. */
function neighboursOf(p: number, side: number): number[] {
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
    const j = Math.floor(p / side);
    for (let b = Math.max(0, j - radius); b <= Math.min(side - 1, j + radius); b++) {
      const width = Math.floor(Math.sqrt(radius * radius - (b - j) ** 2));
      mask.fill(1, b * side + Math.max(0, i - width), b * side + Math.min(side, i + width + 1));
    }
  }
}

/** The connected patches of a mask. */
function listRegions(mask: Uint8Array, residual: Float64Array, side: number): MaskedRegion[] {
  const seen = new Uint8Array(mask.length);
  const regions: MaskedRegion[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const queue = [start];
    seen[start] = 1;
    let pixels = 0;
    let excess = 0;
    let weight = 0;
    let x = 0;
    let y = 0;
    while (queue.length > 0) {
      const p = queue.pop()!;
      pixels++;
      excess += residual[p]!;
      const w = Math.max(residual[p]!, 0);
      weight += w;
      x += w * (p % side + 0.5);
      y += w * (Math.floor(p / side) + 0.5);
      for (const q of neighboursOf(p, side)) {
        if (mask[q] && !seen[q]) {
          seen[q] = 1;
          queue.push(q);
        }
      }
    }
    // A patch exists because photons stand out in it, so its weight is above zero.
    regions.push({ center: { x: x / weight, y: y / weight }, excess, pixels });
  }
  return regions;
}
